import { createHash, randomBytes } from "node:crypto";
import { WindowRatingError } from "@window-rating/protocol/error";
import { sql } from "kysely";
import type { CentralDatabase } from "../database/tables.ts";
import type { Tx } from "../ratings/rating-rows.ts";
import { type AccountRow, viewerOf } from "./account-row.ts";
import { recordEvent } from "./events.ts";
import type { Viewer } from "./viewer.ts";

const MINUTE_MS = 60_000;
/** A session in which nothing is asked for so long is over. */
export const IDLE_MS = 30 * MINUTE_MS;
/** A session is over after a working day in any case. */
export const LONGEST_MS = 12 * 60 * MINUTE_MS;
/** When it was last used is written no more often than this: reading must not become writing. */
const TOUCH_EVERY_MS = MINUTE_MS;
/** Sessions that are over are kept so long, for their owner to look at. */
const KEPT_MS = 90 * 24 * 60 * MINUTE_MS;

/** A session that is open, and whose. */
export interface Session {
  readonly sessionNo: number;
  readonly viewer: Viewer;
  readonly mustChangePassword: boolean;
  readonly way: "password" | "oidc";
  readonly idleEndsAtMs: number;
  readonly endsAtMs: number;
}

/** Where a session comes from. */
export interface Caller {
  readonly address: string;
  /** What the browser calls itself. */
  readonly device: string;
}

const hashOf = (token: string): string => createHash("sha256").update(token).digest("hex");

/** Begins a session. @returns its token, 256 random bits, which nothing else tells again */
export const startSession = async (
  tx: Tx,
  { account_no, name }: Pick<AccountRow, "account_no" | "name">,
  way: Session["way"],
  { address, device }: Caller,
  nowMs: number,
): Promise<string> => {
  const token = randomBytes(32).toString("base64url");
  const times = { started_at_ms: nowMs, last_seen_at_ms: nowMs, ends_at_ms: nowMs + LONGEST_MS };
  await tx
    .insertInto("sessions")
    .values({ token_hash: hashOf(token), account_no, way, address, device, ...times })
    .execute();
  await tx.updateTable("accounts").set({ last_sign_in_at_ms: nowMs }).where("account_no", "=", account_no).execute();
  await tx
    .deleteFrom("sessions")
    .where("ends_at_ms", "<", nowMs - KEPT_MS)
    .execute();
  await recordEvent(tx, { kind: "signed-in", accountNo: account_no, name, address, detail: way }, nowMs);
  return token;
};

/** The open session of a token, with role and scope as they are now; its idle time begins anew. */
export const readSession = async (db: CentralDatabase, token: string, nowMs: number): Promise<Session | undefined> => {
  const row = await db
    .selectFrom("sessions")
    .innerJoin("accounts", "accounts.account_no", "sessions.account_no")
    .select(["session_no", "way", "last_seen_at_ms", "ends_at_ms"])
    .select(["accounts.account_no", "name", "display_name", "role", "scope", "scope_no", "start_until_ms"])
    .where("token_hash", "=", hashOf(token))
    .where("ended_at_ms", "is", null)
    .where("ends_at_ms", ">", nowMs)
    .where("last_seen_at_ms", ">", nowMs - IDLE_MS)
    .where("disabled_at_ms", "is", null)
    .executeTakeFirst();
  if (row === undefined) return undefined;
  if (nowMs - row.last_seen_at_ms >= TOUCH_EVERY_MS)
    await sql`update sessions set last_seen_at_ms = greatest(last_seen_at_ms, ${nowMs}::bigint) where session_no = ${row.session_no}`.execute(
      db,
    );
  return {
    sessionNo: row.session_no,
    viewer: viewerOf(row),
    // Who comes by the organisation's sign-in knows no start password and needs none.
    mustChangePassword: row.way === "password" && row.start_until_ms !== null,
    way: row.way,
    idleEndsAtMs: Math.min(nowMs + IDLE_MS, row.ends_at_ms),
    endsAtMs: row.ends_at_ms,
  };
};

/** Sessions of an account that are open, newest first. */
export const readSessions = async (db: CentralDatabase, accountNo: number, nowMs: number) =>
  db
    .selectFrom("sessions")
    .select(["session_no as sessionNo", "way", "address", "device", "started_at_ms as startedAtMs", "last_seen_at_ms as lastSeenAtMs"])
    .where("account_no", "=", accountNo)
    .where("ended_at_ms", "is", null)
    .where("ends_at_ms", ">", nowMs)
    .where("last_seen_at_ms", ">", nowMs - IDLE_MS)
    .orderBy("session_no", "desc")
    .limit(100)
    .execute();

/** Which sessions of an account: one, or all, or all but one. */
interface Which {
  readonly accountNo: number;
  readonly sessionNo?: number;
  readonly butNot?: number;
}

/** Ends sessions, at once on every instance: each request looks at this row. @returns how many were open */
export const endSessions = async (tx: Tx, { accountNo, sessionNo, butNot }: Which, why: string, nowMs: number): Promise<number> => {
  const ended = await tx
    .updateTable("sessions")
    .set({ ended_at_ms: nowMs, ended_by: why })
    .where("account_no", "=", accountNo)
    .where("ended_at_ms", "is", null)
    .$if(sessionNo !== undefined, (update) => update.where("session_no", "=", sessionNo as number))
    .$if(butNot !== undefined, (update) => update.where("session_no", "<>", butNot as number))
    .returning("session_no")
    .execute();
  if (ended.length > 0)
    await recordEvent(
      tx,
      { kind: why === "signed out" ? "signed-out" : "session-ended", accountNo, detail: `${ended.length}: ${why}` },
      nowMs,
    );
  return ended.length;
};

/** One of one's own sessions. @throws WindowRatingError WR7057 if it is not open or not one's own */
export const endOwnSession = async (tx: Tx, viewer: Viewer, sessionNo: number, nowMs: number): Promise<void> => {
  const ended = await endSessions(tx, { accountNo: viewer.accountNo, sessionNo }, `ended by ${viewer.name}`, nowMs);
  if (ended === 0) throw new WindowRatingError("WR7057", `You have no open session ${sessionNo}`);
};
