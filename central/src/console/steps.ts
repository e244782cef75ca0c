import { randomUUID } from "node:crypto";
import { WindowRatingError } from "@window-rating/protocol/error";
import { type RawBuilder, sql } from "kysely";
import type { z } from "zod";
import { recordEvent } from "../access/events.ts";
import { isRatingIn } from "../access/row-scope.ts";
import type { Scope } from "../access/viewer.ts";
import type { CentralDatabase } from "../database/tables.ts";
import { inTransaction } from "../database/transaction.ts";
import { closeStep, type DateSetting, openStep, type PolicyStep, setDate } from "../policy/policy-step.ts";
import { questionOf } from "../policy/question.ts";
import { recomputeSteps } from "../policy/recompute-steps.ts";
import type { RuleBook } from "../policy/rule-book.ts";
import { newestOf, recordStep } from "../policy/step-store.ts";
import type { Tx } from "../ratings/rating-rows.ts";
import { readSite } from "../ratings/site.ts";
import type { newStepSchema, recomputedSchema, Step, stepDateSchema, stepListSchema, stepQuerySchema } from "./contract/steps.ts";
import { cursorOf, cutPage, readCursor } from "./cursor.ts";

/** Who changes a step: an account, and the rows that are its own. */
export interface StepDoer {
  readonly scope: Scope;
  /** Name of the account that is signed in. */
  readonly by: string;
  readonly address: string;
}

const RATING = /^rating ([1-9]\d{0,14})$/;
const ratingNoOf = (subject: string): number | null => {
  const no = RATING.exec(subject)?.[1];
  return no === undefined ? null : Number(no);
};

/** A step is seen by whoever sees the rating it belongs to; any other one by accounts of the whole alone. */
const isStepIn = (scope: Scope): RawBuilder<boolean> =>
  scope.is === "all"
    ? sql<boolean>`true`
    : sql<boolean>`case when s.subject ~ '^rating [1-9][0-9]{0,14}$'
        then exists (select from ratings r where r.seq = substring(s.subject from 8)::bigint and ${isRatingIn(scope, "r")}) else false end`;

const STATES = {
  "waits-for-date": sql<boolean>`s.due_ms is null and s.closed_at_ms is null`,
  open: sql<boolean>`s.due_ms is not null and s.closed_at_ms is null`,
  closed: sql<boolean>`s.closed_at_ms is not null`,
} as const;

/** Steps of one state, in the order in which they were begun. */
export const listSteps = async (
  db: CentralDatabase,
  scope: Scope,
  { state, region, after, limit }: z.output<typeof stepQuerySchema>,
): Promise<z.output<typeof stepListSchema>> => {
  const [began, stepId] = after === undefined ? [-1, ""] : readCursor(after, ["number", "text"]);
  const { rows } = await sql<{ step_id: string; began: number }>`
    select s.step_id, first.recorded_at_ms as began from newest_policy_steps s
      join policy_steps first on first.step_id = s.step_id and first.revision = 1
    where ${STATES[state]} and ${region === undefined ? sql`true` : sql`s.region = ${region}`} and ${isStepIn(scope)}
      and (first.recorded_at_ms, s.step_id::text collate "C") > (${began}::bigint, ${stepId}::text)
    order by first.recorded_at_ms, s.step_id::text collate "C" limit ${sql.lit(limit + 1)}`.execute(db);
  const page = cutPage(rows, limit, (last) => cursorOf(last.began, last.step_id));
  const steps = await Promise.all(page.rows.map(({ step_id }) => newestOf(db, step_id)));
  return { steps: steps.map(shown), next: page.next };
};

const shown = (step: PolicyStep): Step => {
  const { explanation, dateSetting, closedAtMs, dueMs } = step;
  const { extension } = explanation;
  return {
    stepId: step.stepId,
    revision: step.revision,
    subject: step.subject,
    ratingNo: ratingNoOf(step.subject),
    region: explanation.region,
    rule: explanation.rule,
    ruleName: explanation.ruleName,
    class: explanation.class,
    channel: explanation.channel,
    at: explanation.at,
    clause: explanation.clause,
    actor: explanation.actor,
    state: closedAtMs !== null ? "closed" : dueMs === null ? "waits-for-date" : "open",
    ask: explanation.ask,
    dueMs,
    closedAtMs,
    setting: dateSetting === null ? null : { ...dateSetting, approvedBy: dateSetting.approvedBy ?? null },
    extension:
      extension === null
        ? null
        : { base: extension.base, tellBefore: extension.tellBefore, approvalBy: extension.approvalBy, tell: [...extension.tell] },
  };
};

const settingOf = (
  { by }: StepDoer,
  { reason, approvedBy }: { readonly reason: string; readonly approvedBy?: string | undefined },
  atMs: number,
): DateSetting => ({ by, atMs, reason, ...(approvedBy === undefined ? {} : { approvedBy }) });

/**
 * Begins a step of the handling of a rating, by the rules of the site's own region.
 * @throws WindowRatingError WR7012 for a rating that is not there for this account; WR7101 to WR7107
 */
export const beginStep = (
  db: CentralDatabase,
  book: RuleBook,
  doer: StepDoer,
  asked: z.output<typeof newStepSchema>,
  nowMs: number,
): Promise<Step> =>
  inTransaction(db, async (tx) => {
    const { ratingNo, reason, approvedBy } = asked;
    await requireRating(tx, doer.scope, ratingNo);
    const { region } = await readSite(tx);
    if (region === null) throw new WindowRatingError("WR7107", "No region was chosen yet: window-central site --region");
    const explanation = book.explain(region, questionOf({ ...asked, region }));
    const extension = reason === undefined ? null : settingOf(doer, { reason, approvedBy }, nowMs);
    const step = openStep(randomUUID(), `rating ${ratingNo}`, explanation, extension);
    await recordStep(tx, step, nowMs);
    await recordChange(tx, "step-begun", step, doer, nowMs);
    return shown(step);
  });

const requireRating = async (tx: Tx, scope: Scope, ratingNo: number): Promise<void> => {
  const { rows } = await sql`select from ratings r where r.seq = ${ratingNo}::bigint and ${isRatingIn(scope, "r")}`.execute(tx);
  if (rows.length === 0) throw new WindowRatingError("WR7012", `There is no rating ${ratingNo} for this account`);
};

const change = (
  db: CentralDatabase,
  doer: StepDoer,
  { stepId, kind, nowMs }: { readonly stepId: string; readonly kind: "step-dated" | "step-closed"; readonly nowMs: number },
  changed: (step: PolicyStep) => PolicyStep,
): Promise<Step> =>
  inTransaction(db, async (tx) => {
    const { rows } = await sql`select from newest_policy_steps s where s.step_id = ${stepId}::uuid and ${isStepIn(doer.scope)}`.execute(tx);
    if (rows.length === 0) throw new WindowRatingError("WR7012", `There is no step ${stepId} for this account`);
    const step = changed(await newestOf(tx, stepId));
    await recordStep(tx, step, nowMs);
    await recordChange(tx, kind, step, doer, nowMs);
    return shown(step);
  });

const recordChange = (
  tx: Tx,
  kind: "step-begun" | "step-dated" | "step-closed",
  { stepId, subject, explanation }: PolicyStep,
  { by, address }: StepDoer,
  nowMs: number,
): Promise<void> => recordEvent(tx, { kind, by, address, detail: `${explanation.rule} of ${subject}, ${stepId}` }, nowMs);

/** A person sets the date that the document leaves open. @throws WindowRatingError WR7012, WR7107 */
export const dateStep = (
  db: CentralDatabase,
  doer: StepDoer,
  stepId: string,
  { dueDate, ...decision }: z.output<typeof stepDateSchema>,
  nowMs: number,
): Promise<Step> =>
  change(db, doer, { stepId, kind: "step-dated", nowMs }, (step) => setDate(step, dueDate, settingOf(doer, decision, nowMs)));

/** What stops the clock has happened. @throws WindowRatingError WR7012, WR7107 */
export const endStep = (db: CentralDatabase, doer: StepDoer, stepId: string, nowMs: number): Promise<Step> =>
  change(db, doer, { stepId, kind: "step-closed", nowMs }, (step) => closeStep(step, nowMs));

/** Computes the open steps of the site's region anew. @throws WindowRatingError WR7101, WR7102, WR7107 */
export const recomputeOwn = async (db: CentralDatabase, book: RuleBook, nowMs: number): Promise<z.output<typeof recomputedSchema>> => {
  const { region } = await inTransaction(db, readSite);
  if (region === null) throw new WindowRatingError("WR7107", "No region was chosen yet: window-central site --region");
  const { changed, unchanged, refused } = await recomputeSteps(db, book, region, nowMs);
  return { changed: changed.length, unchanged, refused: [...refused] };
};
