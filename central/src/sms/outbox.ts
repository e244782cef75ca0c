import { sql } from "kysely";
import type { SmsState } from "../database/job-tables.ts";
import { type PackedColumn, packedRows } from "../database/packed-columns.ts";
import type { CentralDatabase } from "../database/tables.ts";
import { inTransaction } from "../database/transaction.ts";
import { isOver, isRatedOnSite, type ReminderLimits, servedAtOfCase } from "../jobs/reminder-limits.ts";
import type { JobSettings } from "../jobs/settings.ts";
import type { Tx } from "../ratings/rating-rows.ts";
import { boundTo, type ContactKeys } from "./contact-keys.ts";
import type { OutgoingSms } from "./gateway.ts";
import type { Invitation } from "./invitation.ts";
import { reminderText, shortItem, type TextParts } from "./message-text.ts";
import { readPhone } from "./phone.ts";
import { quietUntilMs } from "./quiet-hours.ts";

const DAY_MS = 86_400_000;

/** A message as it lies in the outbox, with what must be known to send it now. */
interface Waiting {
  readonly message_no: number;
  readonly key: string;
  readonly kind: "reminder" | "answer";
  readonly case_no: string | null;
  readonly sealed: string | null;
  readonly due_ms: number;
  readonly item_name: string | null;
  readonly contact: string | null;
  readonly hall_no: string | null;
  readonly is_rated: boolean;
  readonly served_at_ms: number | null;
}

/** What becomes of it now. */
interface Move {
  readonly messageNo: number;
  readonly state: SmsState;
  readonly notBeforeMs: number | null;
  readonly toHash: string | null;
  readonly item: string | null;
}

/** A message that this claim may send, until its time is over. */
export interface Claimed extends OutgoingSms {
  readonly messageNo: number;
}

export interface ClaimParts {
  readonly keys: ContactKeys;
  readonly settings: JobSettings;
  readonly text: TextParts;
  readonly limits: ReminderLimits;
  /** Absent: a reminder asks for a reply alone. */
  readonly invitation?: Invitation | undefined;
  readonly nowMs: number;
  /** Names this instance's claim. */
  readonly claim: string;
  /** Until when nobody else sends these. */
  readonly untilMs: number;
  readonly limit: number;
}

/**
 * Takes messages whose time has come out of the outbox, oldest first, for this instance alone; those that must not be sent are settled,
 * those of quiet hours wait for the morning. That a message is being sent is on disk before the gateway hears of it.
 * @returns what to send now, and whether there was any
 */
export const claimMessages = (db: CentralDatabase, parts: ClaimParts): Promise<{ readonly claimed: Claimed[]; readonly looked: number }> =>
  inTransaction(db, async (tx) => {
    const waiting = await readWaiting(tx, parts);
    const optedOut = new Set<string>();
    const judged = waiting.map((one) => ({ one, ...judge(one, parts) }));
    const hashes = judged.flatMap(({ move }) => (move.toHash === null ? [] : [move.toHash]));
    if (hashes.length > 0) {
      const rows = await tx.selectFrom("sms_opt_outs").select("to_hash").where("to_hash", "in", hashes).execute();
      for (const { to_hash } of rows) optedOut.add(to_hash);
    }
    const final = judged.map(({ one, move, sending }) =>
      one.kind === "reminder" && move.toHash !== null && optedOut.has(move.toHash)
        ? { one, move: { ...move, state: "opted-out" as const }, sending: undefined }
        : { one, move, sending },
    );
    await writeMoves(
      tx,
      final.map(({ move }) => move),
      parts,
    );
    const claimed: Claimed[] = [];
    for (const { one, sending } of final) {
      if (sending === undefined) continue;
      const { invitation, text, nowMs } = parts;
      const isInvited = invitation !== undefined && one.kind === "reminder" && one.case_no !== null;
      claimed.push(isInvited ? { ...sending, text: reminderText(text, sending.item, await invitation(tx, one.case_no, nowMs)) } : sending);
    }
    return { claimed, looked: waiting.length };
  });

const readWaiting = async (tx: Tx, { limits, nowMs, limit }: ClaimParts): Promise<Waiting[]> => {
  const { rows } = await sql<Waiting>`
    with taken as materialized (
      select message_no, key, kind, case_no, sealed, due_ms, not_before_ms from sms_messages
      where state = 'waiting' and not_before_ms <= ${nowMs}::bigint
      order by not_before_ms, due_ms, message_no limit ${limit} for update skip locked)
    select taken.*, c.item_name, k.sealed as contact,
      (select w.hall_no from visits v join windows w on w.window_no = v.window_no
        where v.case_no = taken.case_no order by v.visit_no desc limit 1) as hall_no,
      exists (select 1 from ratings r where r.channel <> 'default' and r.seq = c.item_rating) or ${isRatedOnSite(limits)} as is_rated,
      ${servedAtOfCase(limits)} as served_at_ms
    from taken left join cases c on c.case_no = taken.case_no left join case_contacts k on k.case_no = taken.case_no
    order by not_before_ms, due_ms, message_no`.execute(tx);
  return rows;
};

const judge = (
  one: Waiting,
  { keys, settings, text, limits, nowMs }: ClaimParts,
): { readonly move: Move; readonly sending: Claimed | undefined } => {
  const move = (state: SmsState, over: Partial<Move> = {}): { readonly move: Move; readonly sending: undefined } => ({
    move: { messageNo: one.message_no, state, notBeforeMs: null, toHash: null, item: null, ...over },
    sending: undefined,
  });
  if (one.kind === "answer") {
    // Asked for a moment ago by the person, so it is no disturbance at night.
    const { phone, words } = keys.open(one.sealed ?? "", boundTo("message", one.key)) ?? {};
    if (phone === undefined || words === undefined) return move("no-phone");
    const sending = { messageNo: one.message_no, key: one.key, phone, text: words, item: "" };
    return { ...move("sending", { toHash: keys.phoneHash(phone) }), sending };
  }
  const caseNo = one.case_no as string;
  if (one.is_rated) return move("needless");
  if (nowMs - one.due_ms > settings.remindWithinDays * DAY_MS || isOver(limits, one.served_at_ms, nowMs)) return move("too-late");
  const quiet = one.hall_no === null ? undefined : settings.hallQuietHours[one.hall_no];
  const untilMs = quietUntilMs(quiet === undefined ? settings.quietHours : quiet, nowMs);
  if (untilMs !== undefined) return move("waiting", { notBeforeMs: untilMs });
  const contact = one.contact === null ? undefined : keys.open(one.contact, boundTo("case", caseNo));
  const phone = contact?.phone === undefined ? undefined : readPhone(contact.phone);
  if (phone === undefined) return move("no-phone");
  const item = shortItem(one.item_name ?? "", caseNo);
  const sending = { messageNo: one.message_no, key: one.key, phone, text: reminderText(text, item), item };
  return { ...move("sending", { toHash: keys.phoneHash(phone), item }), sending };
};

const COLUMNS: readonly PackedColumn<Move>[] = [
  { name: "message_no", type: "bigint", of: ({ messageNo }) => messageNo },
  { name: "state", type: "text", of: ({ state }) => state },
  { name: "not_before_ms", type: "bigint", of: ({ notBeforeMs }) => notBeforeMs },
  { name: "to_hash", type: "text", of: ({ toHash }) => toHash },
  { name: "item", type: "text", of: ({ item }) => item },
];

const writeMoves = async (tx: Tx, moves: readonly Move[], { claim, untilMs, nowMs }: ClaimParts): Promise<void> => {
  if (moves.length === 0) return;
  await sql`
    update sms_messages m set
      state = moved.state,
      not_before_ms = coalesce(moved.not_before_ms, m.not_before_ms),
      to_hash = coalesce(moved.to_hash, m.to_hash),
      item = coalesce(moved.item, m.item),
      claim = case moved.state when 'sending' then ${claim}::uuid end,
      claimed_until_ms = case moved.state when 'sending' then ${untilMs}::bigint end,
      attempts = m.attempts + case moved.state when 'sending' then 1 else 0 end,
      settled_at_ms = case when moved.state in ('sending', 'waiting') then null else ${nowMs}::bigint end
    from ${packedRows("moved", COLUMNS, moves)} where m.message_no = moved.message_no`.execute(tx);
};

/** How a message came out of a send. */
export interface Settlement {
  readonly state: "accepted" | "refused" | "given-up" | "unsure" | "waiting";
  /** Of one that waits for a further try. */
  readonly notBeforeMs?: number;
  readonly gatewayId?: string | null;
  readonly fault?: string;
}

/** Writes what became of a send, unless the claim was lost meanwhile. @returns how many tries there were, undefined if it was lost */
export const settleMessage = async (
  db: CentralDatabase,
  { messageNo, claim }: { readonly messageNo: number; readonly claim: string },
  settlementOf: (attempts: number) => Settlement,
  nowMs: number,
): Promise<Settlement | undefined> =>
  inTransaction(db, async (tx) => {
    const row = await tx
      .selectFrom("sms_messages")
      .select("attempts")
      .where("message_no", "=", messageNo)
      .where("claim", "=", claim)
      .where("state", "=", "sending")
      .forUpdate()
      .executeTakeFirst();
    if (row === undefined) return undefined;
    const settlement = settlementOf(row.attempts);
    const { state, notBeforeMs, gatewayId = null, fault = null } = settlement;
    await tx
      .updateTable("sms_messages")
      .set({
        state,
        gateway_id: gatewayId,
        fault,
        claim: null,
        claimed_until_ms: null,
        settled_at_ms: state === "waiting" ? null : nowMs,
        ...(notBeforeMs === undefined ? {} : { not_before_ms: notBeforeMs }),
      })
      .where("message_no", "=", messageNo)
      .execute();
    return settlement;
  });

/**
 * Messages whose sender was never heard of again. The gateway may have them: where it takes a known key once only they are sent again,
 * else they are shown as unsure.
 */
export const recoverMessages = async (db: CentralDatabase, isIdempotent: boolean, nowMs: number): Promise<number> => {
  const recovered = await db
    .updateTable("sms_messages")
    .set({
      state: isIdempotent ? "waiting" : "unsure",
      claim: null,
      claimed_until_ms: null,
      fault: "its sender ended before the gateway had answered",
      settled_at_ms: isIdempotent ? null : nowMs,
    })
    .where("state", "=", "sending")
    .where("claimed_until_ms", "<=", nowMs)
    .returning("message_no")
    .execute();
  return recovered.length;
};
