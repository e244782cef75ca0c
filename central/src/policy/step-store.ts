import { WindowRatingError } from "@window-rating/protocol/error";
import type { Selectable } from "kysely";
import type { PolicyStepTable } from "../database/policy-tables.ts";
import type { CentralDatabase } from "../database/tables.ts";
import type { PolicyStep } from "./policy-step.ts";

/**
 * Keeps a revision of a step. Two people who change one step at the same time cannot both be first.
 * @param now Unix milliseconds
 * @throws WindowRatingError WR7107 if another revision of that number is there already
 */
export const recordStep = async (db: CentralDatabase, step: PolicyStep, now: number): Promise<void> => {
  const { explanation, dateSetting } = step;
  const added = await db
    .insertInto("policy_steps")
    .values({
      step_id: step.stepId,
      revision: step.revision,
      subject: step.subject,
      region: explanation.region,
      rule: explanation.rule,
      due_ms: step.dueMs,
      ask: explanation.ask,
      date_set_by: dateSetting?.by ?? null,
      date_set_at_ms: dateSetting?.atMs ?? null,
      date_reason: dateSetting?.reason ?? null,
      date_approved_by: dateSetting?.approvedBy ?? null,
      closed_at_ms: step.closedAtMs,
      reading: explanation.reading,
      pack_version: explanation.pack.version,
      pack_hash: explanation.pack.hash,
      calendar_version: explanation.calendar.version,
      explanation: JSON.stringify(explanation),
      recorded_at_ms: now,
    })
    .onConflict((conflict) => conflict.columns(["step_id", "revision"]).doNothing())
    .returning("revision")
    .execute();
  if (added.length === 0) throw new WindowRatingError("WR7107", `Step ${step.stepId} was changed by somebody else meanwhile`);
};

/** @throws WindowRatingError WR7012 if there is no such step */
export const newestOf = async (db: CentralDatabase, stepId: string): Promise<PolicyStep> => {
  const row = await db.selectFrom("newest_policy_steps").selectAll().where("step_id", "=", stepId).executeTakeFirst();
  if (row === undefined) throw new WindowRatingError("WR7012", `There is no step ${stepId}`);
  return fromRow(row);
};

/** Newest revision of every step of a subject, oldest step first. */
export const stepsOf = async (db: CentralDatabase, subject: string): Promise<PolicyStep[]> =>
  (await db.selectFrom("newest_policy_steps").selectAll().where("subject", "=", subject).orderBy("recorded_at_ms").execute()).map(fromRow);

/** Open steps for which a person must set the date, oldest first. */
export const stepsWaitingForDate = async (db: CentralDatabase, region: string, limit: number): Promise<PolicyStep[]> =>
  (
    await db
      .selectFrom("newest_policy_steps")
      .selectAll()
      .where("region", "=", region)
      .where("due_ms", "is", null)
      .where("closed_at_ms", "is", null)
      .orderBy("recorded_at_ms")
      .limit(limit)
      .execute()
  ).map(fromRow);

/** Open steps of a region in the order of their ids. @param after the last one of the page before */
export const openStepsAfter = async (
  db: CentralDatabase,
  region: string,
  after: string | undefined,
  limit: number,
): Promise<PolicyStep[]> =>
  (
    await db
      .selectFrom("newest_policy_steps")
      .selectAll()
      .where("region", "=", region)
      .where("closed_at_ms", "is", null)
      .$if(after !== undefined, (select) => select.where("step_id", ">", after as string))
      .orderBy("step_id")
      .limit(limit)
      .execute()
  ).map(fromRow);

/** Every revision of a step, first to last. */
export const historyOf = async (db: CentralDatabase, stepId: string): Promise<PolicyStep[]> =>
  (await db.selectFrom("policy_steps").selectAll().where("step_id", "=", stepId).orderBy("revision").execute()).map(fromRow);

const fromRow = (row: Selectable<PolicyStepTable>): PolicyStep => ({
  stepId: row.step_id,
  revision: row.revision,
  subject: row.subject,
  dueMs: row.due_ms,
  dateSetting:
    row.date_set_by === null || row.date_set_at_ms === null
      ? null
      : {
          by: row.date_set_by,
          atMs: row.date_set_at_ms,
          reason: row.date_reason ?? "",
          ...(row.date_approved_by === null ? {} : { approvedBy: row.date_approved_by }),
        },
  closedAtMs: row.closed_at_ms,
  explanation: row.explanation,
});
