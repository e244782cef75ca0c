import { WindowRatingError } from "@window-rating/protocol/error";
import { type CivilDate, dateAt } from "../calendar/civil-date.ts";
import { closeStep, openStep, type PolicyStep, setDate } from "../policy/policy-step.ts";
import { recordStep } from "../policy/step-store.ts";
import { submissionId, type Tx } from "../ratings/rating-rows.ts";
import type { RunningRule } from "./rules-in-force.ts";

/** Ids of steps by the day of the event. */
export type DaySteps = ReadonlyMap<CivilDate, string>;

/**
 * Records under what the effects of a rule were computed: version of pack and calendar, reading, and every counted and skipped day. A
 * million cases of one day have one answer, so they share one step; each effect names it and keeps its own moments. A step is closed
 * with its first effect: a later pack gives later effects a step of their own and changes none.
 * @param events moments of the events, Unix milliseconds
 */
export const recordDaySteps = async (tx: Tx, rule: RunningRule, events: readonly number[], nowMs: number): Promise<DaySteps> => {
  const firstOfDay = new Map<CivilDate, number>();
  for (const eventMs of events) {
    const day = dateAt(eventMs);
    firstOfDay.set(day, Math.min(eventMs, firstOfDay.get(day) ?? eventMs));
  }
  const made = [...firstOfDay].map(([day, eventMs]) => ({ day, revisions: revisionsOf(rule, day, eventMs, nowMs) }));
  const ids = made.map(({ revisions }) => revisions[0].stepId);
  if (ids.length === 0) return new Map();
  const known = await tx.selectFrom("policy_steps").select("step_id").where("step_id", "in", ids).where("revision", "=", 1).execute();
  const isKnown = new Set(known.map(({ step_id }) => step_id));
  for (const { revisions } of made) {
    if (isKnown.has(revisions[0].stepId)) continue;
    for (const revision of revisions) await recordUnlessThere(tx, revision, nowMs);
  }
  return new Map(made.map(({ day, revisions }) => [day, revisions[0].stepId]));
};

const revisionsOf = (rule: RunningRule, day: CivilDate, eventMs: number, nowMs: number): [PolicyStep, ...PolicyStep[]] => {
  const explanation = rule.explain(eventMs);
  const { pack, calendar, reading, region } = explanation;
  const basis = [region, rule.rule, day, pack.hash, calendar.version, reading, rule.dateSetting?.atMs ?? ""].join("\n");
  const opened = openStep(submissionId("day-step", basis), `${rule.rule}: cases of ${day}`, explanation);
  if (rule.dateSetting === null) return [opened, closeStep(opened, nowMs)];
  const dueDate = dateAt(rule.dueMs(eventMs) - 1);
  const dated = setDate(opened, dueDate, rule.dateSetting);
  return [opened, dated, closeStep(dated, nowMs)];
};

const recordUnlessThere = async (tx: Tx, step: PolicyStep, nowMs: number): Promise<void> => {
  try {
    await recordStep(tx, step, nowMs);
  } catch (error) {
    // Another instance recorded the same at this moment.
    if (!(error instanceof WindowRatingError) || error.code !== "WR7107") throw error;
  }
};
