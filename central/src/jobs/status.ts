import { sql } from "kysely";
import type { Text } from "../calendar/schema.ts";
import type { SmsState } from "../database/job-tables.ts";
import type { CentralDatabase } from "../database/tables.ts";
import { inTransaction } from "../database/transaction.ts";
import type { RuleBook } from "../policy/rule-book.ts";
import { type JobRule, readRulesInForce } from "./rules-in-force.ts";
import type { JobSettingsInForce } from "./settings.ts";

/** How one rule's job stands. `held`: it cannot say more before the paper of a year is there. */
export interface RuleStatus {
  readonly rule: "reminder" | "default-rating";
  readonly state: "runs" | "held" | "waits" | "off";
  readonly why: Text | null;
  /** Cases completed before are none of its business. */
  readonly sinceMs: number | null;
  /** Cases whose time has come and for which nothing has been done yet; at most 10,000 are counted. */
  readonly due: number;
  readonly lastRun: { readonly done: number; readonly finishedAtMs: number } | null;
}

export interface JobStatus {
  readonly region: string | null;
  readonly settings: JobSettingsInForce;
  readonly rules: readonly RuleStatus[];
  readonly messages: Readonly<Partial<Record<SmsState, number>>>;
}

const COUNTED = 10_000;

/** How the jobs stand at this moment. */
export const readJobStatus = (db: CentralDatabase, book: RuleBook, nowMs: number): Promise<JobStatus> =>
  inTransaction(db, async (tx) => {
    const { region, settings, reminder, defaultRating } = await readRulesInForce(tx, book, nowMs);
    const states = await sql<{ state: SmsState; count: number }>`select state, count(*) as count from sms_messages group by state`.execute(
      tx,
    );
    const status = async (rule: RuleStatus["rule"], job: JobRule): Promise<RuleStatus> => {
      const last = await tx
        .selectFrom("job_runs")
        .select(["done", "finished_at_ms as finishedAtMs"])
        .where("job", "=", rule)
        .orderBy("run_no", "desc")
        .limit(1)
        .executeTakeFirst();
      const lastRun = last ?? null;
      if (job.is !== "runs") return { rule, state: job.is, why: job.why, sinceMs: null, due: 0, lastRun };
      const { held, upToMs, sinceMs } = job;
      const undecided = rule === "reminder" ? sql`and reminder_decided_at_ms is null` : sql``;
      const { rows } = await sql<{ count: number }>`
        select count(*) as count from (
          select 1 from cases where item_rating is null and completed_at_ms is not null ${undecided}
            and completed_at_ms >= ${sinceMs}::bigint and completed_at_ms <= ${upToMs ?? sinceMs - 1}::bigint limit ${COUNTED}) due`.execute(
        tx,
      );
      const why = held === undefined ? null : { zh: held.detail, en: held.detail };
      return { rule, state: held === undefined ? "runs" : "held", why, sinceMs, due: rows[0]?.count ?? 0, lastRun };
    };
    return {
      region,
      settings,
      rules: [await status("reminder", reminder), await status("default-rating", defaultRating)],
      messages: Object.fromEntries(states.rows.map(({ state, count }) => [state, count])),
    };
  });
