import { WindowRatingError } from "@window-rating/protocol/error";
import { addDays, dateAt, endOf, startOf, yearOf } from "../calendar/civil-date.ts";
import type { Text } from "../calendar/schema.ts";
import type { Explanation } from "../policy/explain.ts";
import type { RuleBook } from "../policy/rule-book.ts";
import type { Span } from "../policy/rule-schema.ts";
import type { EventId, RuleId } from "../policy/vocabulary.ts";

/** Until when, for each of many cases, by one rule of one region. Every answer is the deadline engine's. */
export interface Deadline {
  readonly region: string;
  readonly rule: RuleId;
  readonly event: EventId;
  /**
   * @param eventMs when that happened which starts the clock, Unix milliseconds
   * @throws WindowRatingError WR7104 if a year without a paper is needed
   */
  dueMs(eventMs: number): number;
  explain(eventMs: number): Explanation;
}

/** What a rule asks of the jobs. */
export type RuleAsks =
  | { readonly is: "deadline"; readonly deadline: Deadline }
  /** The document demands the step and gives no number: nothing happens before a person has set one. */
  | { readonly is: "number-missing"; readonly clause: string; readonly event: EventId; readonly explain: Deadline["explain"] }
  /** The document has no such step. */
  | { readonly is: "nothing"; readonly why: Text };

const isClockSpan = ({ unit }: Span): boolean => unit === "minutes" || unit === "hours" || unit === "on-the-spot";
const isDaySpan = ({ unit }: Span): boolean => unit === "calendar-days" || unit === "working-days";

/**
 * @param nowMs any moment whose year has a paper; only to ask the rule what kind of answer it gives
 * @throws WindowRatingError WR7101 to WR7106
 */
export const ruleAsks = (book: RuleBook, region: string, rule: RuleId, nowMs: number): RuleAsks => {
  const { pack } = book.pack(region);
  const declared = pack.rules[rule];
  const explain = (at: number): Explanation => book.explain(region, { rule, at });
  if ("saysNothing" in declared) return { is: "nothing", why: declared.saysNothing };
  const reading = chosenOf(book, region, rule, nowMs);
  if (reading === undefined) return { is: "nothing", why: { zh: "文件未作规定", en: "The document says nothing of it" } };
  const { event } = declared;
  if (reading.spans === undefined) return { is: "number-missing", clause: reading.clause, event, explain };
  const { spans } = reading;
  return { is: "deadline", deadline: { region, rule, event, explain, dueMs: dueBy(spans, (at) => explain(at).dueMs as number) } };
};

/** The chosen reading's stretches of time; undefined stretches: no number, undefined: no answer. */
const chosenOf = (
  book: RuleBook,
  region: string,
  rule: RuleId,
  nowMs: number,
): { readonly clause: string; readonly spans: readonly Span[] | undefined } | undefined => {
  const declared = book.pack(region).pack.rules[rule];
  // A day well within the past has a paper whatever year it is now.
  const past = Math.min(nowMs, startOf(dateAt(Date.UTC(Math.max(...book.calendar(region).years), 0, 15))));
  const { reading, clause } = book.explain(region, { rule, at: past });
  if (reading === null || !("variants" in declared)) return undefined;
  const readings = declared.variants.flatMap((variant) => ("readings" in variant ? variant.readings : []));
  const answer = readings.find(({ name }) => name === reading)?.answer;
  return { clause, spans: answer?.is === "deadline" ? answer.spans : undefined };
};

/**
 * The engine takes 15 to 40 µs for an answer with its reasons. A deadline in hours is the same stretch from any moment, one in days is
 * the same for all moments of a day: each is asked for once.
 */
const dueBy = (spans: readonly Span[], ask: (eventMs: number) => number): ((eventMs: number) => number) => {
  if (spans.every(isClockSpan)) {
    let stretchMs: number | undefined;
    return (eventMs) => {
      stretchMs ??= ask(eventMs) - eventMs;
      return eventMs + stretchMs;
    };
  }
  if (!spans.every(isDaySpan)) return ask;
  const byDay = new Map<string, number>();
  return (eventMs) => {
    const day = dateAt(eventMs);
    const due = byDay.get(day) ?? ask(eventMs);
    byDay.set(day, due);
    return due;
  };
};

/** Due at 24:00 of so many days after the day of the event, by a person's decision where the document gives no number. */
export const decidedDueMs = (days: number, eventMs: number): number => endOf(addDays(dateAt(eventMs), days));

/** Which events have come due, and whether that can be said at all. */
export interface DueEvents {
  /** Every event up to here, Unix milliseconds, has come due; undefined: none. */
  readonly upToMs: number | undefined;
  /** Later ones may have, but the paper of a year is missing: nothing is guessed. */
  readonly held: WindowRatingError | undefined;
}

/**
 * The newest event that has come due. Deadlines are monotone, so one search in the engine's answers stands for a look at every case.
 * @param fromMs the oldest event there can be
 */
export const dueEvents = ({ dueMs }: Pick<Deadline, "dueMs">, years: readonly number[], fromMs: number, nowMs: number): DueEvents => {
  let blocked: WindowRatingError | undefined;
  const isDue = (eventMs: number): boolean => {
    try {
      return dueMs(eventMs) <= nowMs;
    } catch (error) {
      if (!(error instanceof WindowRatingError) || error.code !== "WR7104") throw error;
      blocked = error;
      return false;
    }
  };
  // Needs a day of a year to come: that is not due yet. It is a hindrance only when that year has begun.
  const held = () => (years.includes(yearOf(dateAt(nowMs))) ? undefined : blocked);
  if (fromMs > nowMs || !isDue(fromMs)) return { upToMs: undefined, held: held() };
  let [due, open] = [fromMs, nowMs + 1];
  while (open - due > 1) {
    const middle = Math.floor((due + open) / 2);
    if (isDue(middle)) due = middle;
    else open = middle;
  }
  return { upToMs: due, held: held() };
};
