import type { Text } from "../calendar/schema.ts";
import type { CentralDatabase } from "../database/tables.ts";
import type { Explanation } from "../policy/explain.ts";
import { stepsOf } from "../policy/step-store.ts";
import type { RuleId } from "../policy/vocabulary.ts";

/** What is done about a rating, as its citizen sees it: until when, and why. */
export interface FollowUp {
  readonly rule: RuleId;
  readonly name: Text;
  readonly state: "open" | "closed" | "waits-for-date";
  /** Unix milliseconds; null while a person has still to set the date. */
  readonly dueMs: number | null;
  readonly closedAtMs: number | null;
  readonly clause: string;
  /** Each counted and skipped day with its reason. */
  readonly steps: Explanation["steps"];
  /** True if a person set the date, for the document gives none. */
  readonly isDateSet: boolean;
}

/** Steps of a rating's handling; reminders and bulletins are none of it. */
const OF_HANDLING: ReadonlySet<RuleId> = new Set([
  "hand-over",
  "response",
  "verification",
  "rectification",
  "rectification-extended",
  "report",
  "review",
]);

/** What a step of a rating's handling names as its subject. */
const handlingSubject = (rating: number): string => `rating ${rating}`;

/** What is being done and was done about the ratings of one chain, in the order in which it was begun. */
export const followUpOf = async (db: CentralDatabase, ratings: readonly number[]): Promise<FollowUp[]> => {
  const steps = (await Promise.all(ratings.map((seq) => stepsOf(db, handlingSubject(seq))))).flat();
  return steps
    .filter(({ explanation }) => OF_HANDLING.has(explanation.rule))
    .map(({ explanation, dueMs, closedAtMs, dateSetting }) => ({
      rule: explanation.rule,
      name: explanation.ruleName,
      state: closedAtMs !== null ? "closed" : dueMs === null ? "waits-for-date" : "open",
      dueMs,
      closedAtMs,
      clause: explanation.clause,
      steps: explanation.steps,
      // An extension whose limit the rules give names who asked for it; its date is the rules' all the same.
      isDateSet: dateSetting !== null && explanation.ask,
    }));
};
