import type { SmsState } from "../database/job-tables.ts";
import type { CentralDatabase } from "../database/tables.ts";
import { cutPage, type Page } from "../reading/page.ts";

/** A message as the log shows it: no phone, and of the case its number, as every list of central has. */
export interface LoggedMessage {
  readonly messageNo: number;
  readonly kind: "reminder" | "answer";
  readonly caseNo: string | null;
  readonly item: string | null;
  readonly state: SmsState;
  readonly dueMs: number;
  readonly attempts: number;
  readonly fault: string | null;
  readonly queuedAtMs: number;
  readonly settledAtMs: number | null;
}

/** Messages, newest first. */
export const readMessages = async (db: CentralDatabase, page: Page) => {
  const rows = await db
    .selectFrom("sms_messages")
    .select(["message_no as seq", "kind", "case_no as caseNo", "item", "state", "due_ms as dueMs", "attempts", "fault"])
    .select(["queued_at_ms as queuedAtMs", "settled_at_ms as settledAtMs"])
    .$if(page.after !== undefined, (select) => select.where("message_no", "<", page.after as number))
    .orderBy("message_no", "desc")
    .limit(page.limit + 1)
    .execute();
  const cut = cutPage(rows, page.limit);
  return { messages: cut.rows.map(({ seq, ...row }): LoggedMessage => ({ messageNo: seq, ...row })), next: cut.next };
};

/** Replies, newest first; what they said is sealed. */
export const readReplies = async (db: CentralDatabase, page: Page) => {
  const rows = await db
    .selectFrom("sms_replies")
    .select(["reply_no as seq", "outcome", "code", "case_no as caseNo", "rating", "received_at_ms as receivedAtMs"])
    .$if(page.after !== undefined, (select) => select.where("reply_no", "<", page.after as number))
    .orderBy("reply_no", "desc")
    .limit(page.limit + 1)
    .execute();
  const cut = cutPage(rows, page.limit);
  return { replies: cut.rows.map(({ seq, ...row }) => ({ replyNo: seq, ...row })), next: cut.next };
};
