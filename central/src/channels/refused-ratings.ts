import { WindowRatingError } from "@window-rating/protocol/error";
import type { CentralDatabase } from "../database/tables.ts";
import type { Tx } from "../ratings/rating-rows.ts";
import type { Refusal } from "../ratings/rules.ts";
import { cutPage, type Page } from "../reading/page.ts";
import type { Caller } from "../registry/systems.ts";
import type { ChannelKeys } from "./keys.ts";
import type { Digits } from "./system-entry.ts";

/** An entry with what the digits of its request meant. */
export interface SentEntry {
  readonly entry: unknown;
  readonly digits: Digits | undefined;
}

/** Keeps what was refused, once however often it is sent; sealed, for it may name a person. @returns its number */
export const keepRefused = async (
  tx: Tx,
  keys: ChannelKeys,
  { systemNo }: Caller,
  sent: SentEntry,
  { code, field, detail }: Refusal,
  nowMs: number,
): Promise<number> => {
  const content = rawText(sent);
  const fingerprint = keys.sign("refused rating", Buffer.from(`${code}\n${field}\n${content}`), 32).toString("hex");
  const known = () =>
    tx
      .selectFrom("refused_reports")
      .select("seq")
      .where("system_no", "=", systemNo)
      .where("fingerprint", "=", fingerprint)
      .executeTakeFirst();
  const before = await known();
  if (before !== undefined) return before.seq;
  const made = await tx
    .insertInto("refused_reports")
    .values({
      system_no: systemNo,
      kind: "rating",
      code,
      field,
      detail,
      content: null,
      fingerprint,
      received_at_ms: nowMs,
    })
    .returning("seq")
    .executeTakeFirstOrThrow();
  const sealed = keys.sealRefused(made.seq, content);
  await tx.insertInto("sealed_texts").values({ kind: "refused", subject_no: made.seq, sealed }).execute();
  return made.seq;
};

const rawText = (sent: SentEntry): string => {
  try {
    return JSON.stringify(sent);
  } catch (error) {
    throw new WindowRatingError("WR7001", "entries: an entry is nested too deeply", error);
  }
};

const opened = (keys: ChannelKeys, refusedNo: number, sealed: string): SentEntry =>
  JSON.parse(keys.openRefused(refusedNo, sealed)) as SentEntry;

/**
 * A refused rating, as it was sent.
 * @throws WindowRatingError WR7012 if this system has no such refused rating
 */
export const refusedRating = async (
  db: CentralDatabase,
  keys: ChannelKeys,
  { systemNo }: Caller,
  refusedNo: number,
): Promise<SentEntry> => {
  const kept = await db
    .selectFrom("refused_reports")
    .innerJoin("sealed_texts as kept", (join) => join.onRef("kept.subject_no", "=", "refused_reports.seq").on("kept.kind", "=", "refused"))
    .select("sealed")
    .where("seq", "=", refusedNo)
    .where("refused_reports.kind", "=", "rating")
    .where("system_no", "=", systemNo)
    .executeTakeFirst();
  if (kept === undefined) throw new WindowRatingError("WR7012", `There is no refused rating ${refusedNo} of this system`);
  return opened(keys, refusedNo, kept.sealed);
};

/** Refused ratings of a system that were not taken since, newest first. */
export const readRefusedRatings = async (db: CentralDatabase, keys: ChannelKeys, { systemNo }: Caller, page: Page) => {
  const rows = await db
    .selectFrom("refused_reports as refused")
    .leftJoin("retaken_reports as retaken", "retaken.refused", "refused.seq")
    .innerJoin("sealed_texts as kept", (join) => join.onRef("kept.subject_no", "=", "refused.seq").on("kept.kind", "=", "refused"))
    .select(["refused.seq", "code", "field", "detail", "sealed", "received_at_ms as receivedAtMs"])
    .where("system_no", "=", systemNo)
    .where("refused.kind", "=", "rating")
    .where("retaken.refused", "is", null)
    .$if(page.after !== undefined, (select) => select.where("refused.seq", "<", page.after as number))
    .orderBy("refused.seq", "desc")
    .limit(page.limit + 1)
    .execute();
  const cut = cutPage(rows, page.limit);
  return {
    refused: cut.rows.map(({ seq, sealed, ...row }) => ({ refusedNo: seq, ...row, entry: opened(keys, seq, sealed).entry })),
    next: cut.next,
  };
};
