import type { Generated, JSONColumnType } from "kysely";

/** What was decided about reminding the applicant of a case. Append-only; one of a case is `queued` at most. */
export interface ReminderTable {
  case_no: string;
  /** When that happened which starts the clock. */
  event_ms: number;
  due_ms: number;
  /** Step of `policy_steps`: the rule's answer for the cases of that day. */
  step_id: string;
  outcome: "queued" | "no-contact" | "too-late";
  decided_at_ms: number;
}

/**
 * `waiting` for its time or a further try; `sending`: given to the gateway, no answer known yet; `accepted` by the gateway; `refused` by
 * it for good; `given-up` after many tries; `unsure`: the gateway may have it and cannot be asked twice; `needless`: rated meanwhile;
 * `no-phone`: none on file, or not readable; `opted-out`: the person wants none; `too-late`: it waited too long to be of use.
 */
export type SmsState =
  | "waiting"
  | "sending"
  | "accepted"
  | "refused"
  | "given-up"
  | "unsure"
  | "needless"
  | "no-phone"
  | "opted-out"
  | "too-late";

/** The outbox of SMS: what must be sent, and how far it has come. */
export interface SmsMessageTable {
  message_no: Generated<number>;
  /** Given to the gateway with every try, so that it takes the message once. */
  key: string;
  kind: "reminder" | "answer";
  /** Of a reminder. */
  case_no: string | null;
  /** Of an answer: phone and text, sealed; of a reminder they are made when it is sent. */
  sealed: string | null;
  /** Keyed hash of the phone, once it is known. */
  to_hash: string | null;
  state: SmsState;
  due_ms: number;
  not_before_ms: number;
  /** Who is sending it, until when nobody else may. */
  claim: string | null;
  claimed_until_ms: number | null;
  attempts: Generated<number>;
  /** Short name of the item as it stood in the message. */
  item: string | null;
  gateway_id: string | null;
  fault: string | null;
  queued_at_ms: number;
  settled_at_ms: number | null;
}

/** A reply as the gateway handed it on; phone and words are in `sealed_texts`. Append-only. */
export interface SmsReplyTable {
  reply_no: Generated<number>;
  gateway_message_id: string;
  from_hash: string;
  outcome: "rated" | "refused" | "unclear" | "nothing-open" | "opted-out";
  /** Why it was refused. */
  code: string | null;
  case_no: string | null;
  rating: number | null;
  received_at_ms: number;
}

/** Phones that want no more reminders. */
export interface SmsOptOutTable {
  to_hash: string;
  since_ms: number;
}

/** What the site decided about the jobs; the newest is in force. Append-only. */
export interface JobSettingTable {
  version: Generated<number>;
  content: JSONColumnType<object, string, string>;
  set_by: string;
  set_at_ms: number;
}

/** A run of a job that did something. Append-only. */
export interface JobRunTable {
  run_no: Generated<number>;
  job: string;
  done: number;
  started_at_ms: number;
  finished_at_ms: number;
}
