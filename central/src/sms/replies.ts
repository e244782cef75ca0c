import { WindowRatingError } from "@window-rating/protocol/error";
import type { Level } from "@window-rating/protocol/rating";
import { sql } from "kysely";
import { z } from "zod";
import type { SmsReplyTable } from "../database/job-tables.ts";
import { type Acceptance, acceptRating } from "../ratings/accept.ts";
import type { RatingPolicy } from "../ratings/policy.ts";
import { submissionId, type Tx } from "../ratings/rating-rows.ts";
import { boundTo, type ContactKeys } from "./contact-keys.ts";
import { nothingOpenText, type TextParts, thanksText, tooLateText, unclearText } from "./message-text.ts";
import { readPhone } from "./phone.ts";
import { type ReplyMeaning, readReply } from "./reply-text.ts";

const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;
/** A person who answers several reminders and corrects some stays well below. */
const REPLIES_AN_HOUR = 20;
/** One helpful answer a day; whoever goes on has understood or does not want to. */
const ANSWER_EVERY_MS = DAY_MS;
/** A reminder older than this is no longer what a reply speaks of. */
const REMINDER_DAYS = 60;

/** A reply as the gateway hands it on. */
export const replySchema = z.strictObject({
  messageId: z
    .string()
    .trim()
    .min(1)
    .max(128)
    .regex(/^[^\p{Cc}]*$/u, "no control characters"),
  phone: z.string().min(1).max(40),
  text: z.string().max(2000),
});
export type Reply = z.output<typeof replySchema>;

export interface ReplyParts {
  readonly keys: ContactKeys;
  readonly text: TextParts;
  readonly policy: RatingPolicy;
  /** Whether a rating is answered with its receipt code. */
  readonly thank: boolean;
  readonly nowMs: number;
}

export type ReplyAnswer = "duplicate" | SmsReplyTable["outcome"];

/**
 * Takes a reply of a citizen: a rating of the case of the newest reminder of this phone that is not rated yet; if all are, a correction
 * of the newest one. A reply that came before is a duplicate and changes nothing.
 * @throws WindowRatingError WR7001 for a number that is none, WR7029 if too many come from one phone; nothing was written then
 */
export const takeReply = async (tx: Tx, { messageId, phone: written, text }: Reply, parts: ReplyParts): Promise<ReplyAnswer> => {
  const { keys, nowMs } = parts;
  const known = await tx.selectFrom("sms_replies").select("reply_no").where("gateway_message_id", "=", messageId).executeTakeFirst();
  if (known !== undefined) return "duplicate";
  const phone = readPhone(written);
  if (phone === undefined) throw new WindowRatingError("WR7001", "phone: is no telephone number");
  const fromHash = keys.phoneHash(phone);
  await requireCalm(tx, fromHash, nowMs);
  const meaning = readReply(text, parts.text.labels);
  const outcome = await work(tx, { messageId, fromHash, phone }, meaning, parts);
  const { reply_no } = await tx
    .insertInto("sms_replies")
    .values({ gateway_message_id: messageId, from_hash: fromHash, ...outcome, received_at_ms: nowMs })
    .returning("reply_no")
    .executeTakeFirstOrThrow();
  const sealed = keys.seal({ phone, words: text.trim().slice(0, 200) }, boundTo("reply", messageId));
  await tx.insertInto("sealed_texts").values({ kind: "reply", subject_no: reply_no, sealed }).execute();
  return outcome.outcome;
};

/** Two replies of one phone are taken one after the other, so that neither slips past the count. */
const requireCalm = async (tx: Tx, fromHash: string, nowMs: number): Promise<void> => {
  await sql`select pg_advisory_xact_lock(hashtextextended(${`sms ${fromHash}`}, 0))`.execute(tx);
  const { rows } = await sql<{ count: number }>`
    select count(*) as count from sms_replies where from_hash = ${fromHash} and received_at_ms > ${nowMs - HOUR_MS}::bigint`.execute(tx);
  if ((rows[0]?.count ?? 0) >= REPLIES_AN_HOUR)
    throw new WindowRatingError("WR7029", `More than ${REPLIES_AN_HOUR} replies of one phone in an hour`);
};

interface Sender {
  readonly messageId: string;
  readonly fromHash: string;
  readonly phone: string;
}

type Worked = Pick<SmsReplyTable, "outcome" | "code" | "case_no" | "rating">;
const done = (outcome: Worked["outcome"], over: Partial<Worked> = {}): Worked => ({
  outcome,
  code: null,
  case_no: null,
  rating: null,
  ...over,
});

const work = async (tx: Tx, sender: Sender, meaning: ReplyMeaning, parts: ReplyParts): Promise<Worked> => {
  if (meaning.is === "stop") {
    const row = { to_hash: sender.fromHash, since_ms: parts.nowMs };
    await tx
      .insertInto("sms_opt_outs")
      .values(row)
      .onConflict((conflict) => conflict.doNothing())
      .execute();
    return done("opted-out");
  }
  const caseNo = await remindedCase(tx, sender.fromHash, parts.nowMs);
  if (caseNo === undefined) {
    await answerOnce(tx, sender, nothingOpenText(parts.text), parts);
    return done("nothing-open");
  }
  if (meaning.is === "unclear") {
    await answerOnce(tx, sender, unclearText(parts.text), parts);
    return done("unclear", { case_no: caseNo });
  }
  const { level } = meaning;
  const acceptance = await rate(tx, caseNo, level, sender, parts);
  if (acceptance.is === "refused") {
    await answerOnce(tx, sender, tooLateText(parts.text), parts);
    return done("refused", { case_no: caseNo, code: acceptance.code });
  }
  if (acceptance.is === "accepted" && parts.thank) await answer(tx, sender, thanksText(parts.text, level, acceptance.receipt), parts);
  return done("rated", { case_no: caseNo, rating: acceptance.seq });
};

const rate = (tx: Tx, caseNo: string, level: Level, { messageId, fromHash }: Sender, { policy, nowMs }: ReplyParts): Promise<Acceptance> =>
  acceptRating(
    tx,
    {
      channel: "sms",
      key: messageId,
      subject: { kind: "item", caseNo },
      level,
      atMs: nowMs,
      // The phone on file answered.
      rater: { named: "verified", person: fromHash },
    },
    policy,
    nowMs,
  );

/** The newest reminder of this phone whose case nobody has rated; if there is none, the newest at all. */
const remindedCase = async (tx: Tx, fromHash: string, nowMs: number): Promise<string | undefined> => {
  const { rows } = await sql<{ case_no: string }>`
    select m.case_no from sms_messages m join cases c on c.case_no = m.case_no left join ratings r on r.seq = c.item_rating
    where m.to_hash = ${fromHash} and m.kind = 'reminder' and m.state in ('sending', 'waiting', 'accepted', 'unsure') and m.attempts > 0
      and m.queued_at_ms > ${nowMs - REMINDER_DAYS * DAY_MS}::bigint
    order by (r.seq is null or r.channel = 'default') desc, m.message_no desc limit 1`.execute(tx);
  return rows[0]?.case_no;
};

/** Helps, but does not begin a conversation of two machines. */
const answerOnce = async (tx: Tx, sender: Sender, text: string, parts: ReplyParts): Promise<void> => {
  const before = await tx
    .selectFrom("sms_replies")
    .select("reply_no")
    .where("from_hash", "=", sender.fromHash)
    .where("received_at_ms", ">", parts.nowMs - ANSWER_EVERY_MS)
    .where("outcome", "in", ["unclear", "nothing-open", "refused"])
    .limit(1)
    .executeTakeFirst();
  if (before === undefined) await answer(tx, sender, text, parts);
};

const answer = async (tx: Tx, { messageId, fromHash, phone }: Sender, words: string, { keys, nowMs }: ReplyParts): Promise<void> => {
  const key = submissionId("sms answer", messageId);
  await tx
    .insertInto("sms_messages")
    .values({
      key,
      kind: "answer",
      case_no: null,
      // It may hold a receipt code, which is the citizen's alone.
      sealed: keys.seal({ phone, words }, boundTo("message", key)),
      to_hash: fromHash,
      state: "waiting",
      due_ms: nowMs,
      not_before_ms: nowMs,
      claim: null,
      claimed_until_ms: null,
      item: null,
      gateway_id: null,
      fault: null,
      queued_at_ms: nowMs,
      settled_at_ms: null,
    })
    .execute();
};
