import { sql } from "kysely";
import type { z } from "zod";
import type { CentralDatabase } from "../database/tables.ts";
import { readJobStatus } from "../jobs/status.ts";
import type { RuleBook } from "../policy/rule-book.ts";
import {
  type importListSchema,
  type importQuerySchema,
  JOBS,
  type JobStatusAnswer,
  type jobRunListSchema,
  type jobRunQuerySchema,
  type replyListSchema,
  type replyQuerySchema,
  type smsListSchema,
  type smsQuerySchema,
} from "./contract/work.ts";
import { cursorOf, cutPage, readCursor } from "./cursor.ts";

const before = (after: string | undefined): number => (after === undefined ? Number.MAX_SAFE_INTEGER : readCursor(after, ["number"])[0]);

/** How the jobs stand: those of the rules, and those beside them. */
export const readJobs = async (db: CentralDatabase, book: RuleBook, nowMs: number): Promise<JobStatusAnswer> => {
  const { region, settings, rules, messages } = await readJobStatus(db, book, nowMs);
  const { rows: last } = await sql<{ job: string; done: number; finished_at_ms: number }>`
    select run.job, run.done, run.finished_at_ms from unnest(${[...JOBS]}::text[]) named(job)
      cross join lateral (select * from job_runs where job_runs.job = named.job order by run_no desc limit 1) run`.execute(db);
  const waitingMatches = await sql<{
    count: number;
  }>`select count(*) as count from (select from static_waiting limit 10000) waiting`.execute(db);
  const waiting: Partial<Record<(typeof JOBS)[number], number>> = {
    send: (messages.waiting ?? 0) + (messages.sending ?? 0),
    "static-match": waitingMatches.rows[0]?.count ?? 0,
  };
  return {
    atMs: nowMs,
    region,
    settings: { ...settings },
    rules: rules.map((rule) => ({ ...rule })),
    others: JOBS.filter((job) => job !== "reminder" && job !== "default-rating").map((job) => {
      const run = last.find((one) => one.job === job);
      return {
        job,
        waiting: waiting[job] ?? null,
        lastRun: run === undefined ? null : { done: run.done, finishedAtMs: run.finished_at_ms },
      };
    }),
    messages: { ...messages },
  };
};

/** Runs that did something, newest first. */
export const listJobRuns = async (
  db: CentralDatabase,
  { job, after, limit }: z.output<typeof jobRunQuerySchema>,
): Promise<z.output<typeof jobRunListSchema>> => {
  const rows = await db
    .selectFrom("job_runs")
    .select(["run_no as runNo", "job", "done", "started_at_ms as startedAtMs", "finished_at_ms as finishedAtMs"])
    .where("run_no", "<", before(after))
    .$if(job !== undefined, (select) => select.where("job", "=", job as string))
    .orderBy("run_no", "desc")
    .limit(limit + 1)
    .execute();
  const page = cutPage(rows, limit, ({ runNo }) => cursorOf(runNo));
  return { runs: page.rows, next: page.next };
};

/** Messages, newest first: no phone, no words. */
export const listMessages = async (
  db: CentralDatabase,
  { state, caseNo, after, limit }: z.output<typeof smsQuerySchema>,
): Promise<z.output<typeof smsListSchema>> => {
  const rows = await db
    .selectFrom("sms_messages")
    .select(["message_no as messageNo", "kind", "case_no as caseNo", "item", "state", "due_ms as dueMs", "attempts", "fault"])
    .select(["queued_at_ms as queuedAtMs", "settled_at_ms as settledAtMs"])
    .where("message_no", "<", before(after))
    .$if(state !== undefined, (select) => select.where("state", "=", state as "waiting"))
    .$if(caseNo !== undefined, (select) => select.where("case_no", "=", caseNo as string))
    .orderBy("message_no", "desc")
    .limit(limit + 1)
    .execute();
  const page = cutPage(rows, limit, ({ messageNo }) => cursorOf(messageNo));
  return { messages: page.rows, next: page.next };
};

/** Replies, newest first; what they said is sealed. */
export const listReplies = async (
  db: CentralDatabase,
  { after, limit }: z.output<typeof replyQuerySchema>,
): Promise<z.output<typeof replyListSchema>> => {
  const rows = await db
    .selectFrom("sms_replies")
    .select(["reply_no as replyNo", "outcome", "code", "case_no as caseNo", "rating", "received_at_ms as receivedAtMs"])
    .where("reply_no", "<", before(after))
    .orderBy("reply_no", "desc")
    .limit(limit + 1)
    .execute();
  const page = cutPage(rows, limit, ({ replyNo }) => cursorOf(replyNo));
  return { replies: page.rows, next: page.next };
};

/** Files that were taken in, newest first. */
export const listImports = async (
  db: CentralDatabase,
  { after, limit }: z.output<typeof importQuerySchema>,
): Promise<z.output<typeof importListSchema>> => {
  const rows = await db
    .selectFrom("imports")
    .select(["import_no as importNo", "kind", "file_name as fileName", "file_hash as fileHash", "rows", "taken", "known"])
    .select(["applied_by as appliedBy", "applied_at_ms as appliedAtMs"])
    .where("import_no", "<", before(after))
    .orderBy("import_no", "desc")
    .limit(limit + 1)
    .execute();
  const page = cutPage(rows, limit, ({ importNo }) => cursorOf(importNo));
  return { imports: page.rows, next: page.next };
};
