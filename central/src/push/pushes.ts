import { createHash, randomUUID } from "node:crypto";
import { WindowRatingError } from "@window-rating/protocol/error";
import type { AnswerPush, HandedPush, PushRequest, PushState } from "@window-rating/protocol/sync";
import type { Selectable, Transaction } from "kysely";
import type { PushTable } from "../database/push-tables.ts";
import type { CentralDatabase, CentralTables } from "../database/tables.ts";
import { inTransaction } from "../database/transaction.ts";
import type { Caller } from "../registry/systems.ts";

/** Handed over at a time. */
const AT_ONCE = 16;
/** A window PC that comes back is asked whether it did what it was given before, for so long. */
const ASKED_BACK_MS = 86_400_000;

type Row = Selectable<PushTable>;

const stateOf = (row: Row): PushState => ({
  pushNo: row.push_no,
  state: row.outcome ?? (row.handed_at_ms === null ? "waiting" : "handed"),
  requestId: row.request_id,
  code: row.code,
  detail: row.detail,
  askedAtMs: row.asked_at_ms,
  expiresAtMs: row.expires_at_ms,
  answeredAtMs: row.answered_at_ms,
});

/**
 * Keeps a push. The same number with the same content is the same push, however often it is sent.
 * @returns what has become of it so far
 * @throws WindowRatingError WR7035 if the number stands for something else
 */
export const keepPush = (db: CentralDatabase, { systemNo }: Caller, { pushNo, validSeconds, order }: PushRequest, nowMs: number) => {
  const content = JSON.stringify(order);
  const fingerprint = createHash("sha256").update(`${validSeconds}\n${content}`).digest("hex");
  return inTransaction(db, async (tx) => {
    const added = await tx
      .insertInto("pushes")
      .values({
        push_id: randomUUID(),
        system_no: systemNo,
        push_no: pushNo,
        fingerprint,
        window_no: order.windowNo,
        content,
        asked_at_ms: nowMs,
        expires_at_ms: nowMs + validSeconds * 1000,
      })
      .onConflict((conflict) => conflict.columns(["system_no", "push_no"]).doNothing())
      .returningAll()
      .executeTakeFirst();
    if (added !== undefined) return { isNew: true, state: stateOf(added) };
    const known = await find(tx, systemNo, pushNo, nowMs);
    if (known?.fingerprint !== fingerprint) throw new WindowRatingError("WR7035", `pushNo: ${pushNo} stands for another push`);
    return { isNew: false, state: stateOf(known) };
  });
};

/** What has become of a push. @throws WindowRatingError WR7012 */
export const readPush = (db: CentralDatabase, { systemNo }: Caller, pushNo: string, nowMs: number): Promise<PushState> =>
  inTransaction(db, async (tx) => {
    const row = await find(tx, systemNo, pushNo, nowMs);
    if (row === undefined) throw new WindowRatingError("WR7012", `pushNo: this system pushed nothing as ${pushNo}`);
    return stateOf(row);
  });

/** Looks it up, and settles that it is over if it is: from then on nobody is given it. */
const find = async (tx: Transaction<CentralTables>, systemNo: number, pushNo: string, nowMs: number): Promise<Row | undefined> => {
  await tx
    .updateTable("pushes")
    .set({ outcome: "expired", detail: "no window PC of this window took it in time" })
    .where("system_no", "=", systemNo)
    .where("push_no", "=", pushNo)
    .where("outcome", "is", null)
    .where("handed_at_ms", "is", null)
    .where("expires_at_ms", "<=", nowMs)
    .execute();
  return tx.selectFrom("pushes").selectAll().where("system_no", "=", systemNo).where("push_no", "=", pushNo).executeTakeFirst();
};

/**
 * Hands a window PC what waits for its windows, each push to one PC; and again what that PC was handed and has not answered, because the
 * answer may have been lost either way. A window that a PC was enrolled for belongs to such a PC, whatever another one says.
 */
export const takePushes = (db: CentralDatabase, windowPcId: string, windowNos: readonly string[], nowMs: number): Promise<HandedPush[]> =>
  inTransaction(db, async (tx) => {
    const rows = await tx
      .selectFrom("pushes")
      .innerJoin("systems", "systems.system_no", "pushes.system_no")
      .select(["push_id", "systems.name as by", "content", "expires_at_ms", "handed_at_ms"])
      .where("window_no", "in", windowNos)
      .where("outcome", "is", null)
      .where((of) =>
        of.or([
          of.and([of("handed_to", "=", windowPcId), of("handed_at_ms", ">", nowMs - ASKED_BACK_MS)]),
          of.and([
            of("handed_at_ms", "is", null),
            of("expires_at_ms", ">", nowMs),
            of.or([
              of.exists(
                of
                  .selectFrom("window_pcs")
                  .select("window_pc_id")
                  .whereRef("window_pcs.window_no", "=", "pushes.window_no")
                  .where("window_pc_id", "=", windowPcId),
              ),
              of.not(
                of.exists(of.selectFrom("window_pcs").select("window_pc_id").whereRef("window_pcs.window_no", "=", "pushes.window_no")),
              ),
            ]),
          ]),
        ]),
      )
      .orderBy("seq")
      .limit(AT_ONCE)
      .forUpdate("pushes")
      .skipLocked()
      .execute();
    if (rows.length === 0) return [];
    const ids = rows.map((row) => row.push_id);
    await tx.updateTable("pushes").set({ handed_to: windowPcId, handed_at_ms: nowMs }).where("push_id", "in", ids).execute();
    return rows.map((row) => ({
      pushId: row.push_id,
      by: row.by,
      expiresInMs: row.expires_at_ms - nowMs,
      isAgain: row.handed_at_ms !== null,
      order: row.content,
    }));
  });

/**
 * What the window PC made of a push; sent again it changes nothing.
 * @returns whose push it is
 * @throws WindowRatingError WR7012 if this PC was given no such push
 */
export const answerPush = async (db: CentralDatabase, { windowPcId, pushId, outcome }: AnswerPush, nowMs: number) => {
  const answer =
    outcome.is === "taken"
      ? { outcome: "taken" as const, request_id: outcome.requestId }
      : { outcome: "refused" as const, code: outcome.code, detail: outcome.detail };
  const answered = await db
    .updateTable("pushes")
    .set({ ...answer, answered_at_ms: nowMs })
    .where("push_id", "=", pushId)
    .where("handed_to", "=", windowPcId)
    .where("outcome", "is", null)
    .returning(["system_no as systemNo", "push_no as pushNo"])
    .executeTakeFirst();
  if (answered !== undefined) return answered;
  const known = await db
    .selectFrom("pushes")
    .select(["system_no as systemNo", "push_no as pushNo"])
    .where("push_id", "=", pushId)
    .where("handed_to", "=", windowPcId)
    .executeTakeFirst();
  if (known === undefined) throw new WindowRatingError("WR7012", "pushId: this window PC was given no such push");
  return known;
};
