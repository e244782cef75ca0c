import { clausesIn, type PackProblem, wordsIn } from "./pack-problem.ts";
import type { Cite, Reading, Span } from "./rule-schema.ts";
import type { RuleId } from "./vocabulary.ts";

/** Words of which at least one must stand in the quotes of a rule's reading: a number of another step proves nothing. */
const SUBJECTS: Readonly<Record<RuleId, RegExp>> = {
  reminder: /提醒|短信|消息|邀请/,
  "default-rating": /默认|视为/,
  supplementary: /补充|补评|作出评价/,
  "hand-over": /转给|转办|交办|转交/,
  response: /响应|回访|初步答复|当场答复|联系|启动/,
  verification: /核实|核查|回访|联系/,
  rectification: /整改|办结|回复评价人|立行立改/,
  "rectification-extended": /延期|延长|整改期限|整改/,
  report: /报告|通报|反馈|报送/,
  appeal: /复核|申诉|异议/,
  review: /复核/,
  "bulletin-month": /通报|调度/,
  "bulletin-half-year": /通报/,
  "bulletin-year": /通报/,
};

/** Any stretch of time with a number. */
const ANY_NUMBER = /\d+(?:个工作日|小时|分钟|天|日|h|d|min)/;

/**
 * A number may stand in a pack only if the clause gives it: each clause that a reading cites must give every number of it, so that none
 * is borrowed from a clause on another matter; and the quotes must speak of the rule.
 */
export const readingProblems = (path: string, rule: RuleId, { answer, cites }: Reading): PackProblem[] => {
  const found: PackProblem[] = [];
  const problem = (message: string, clause = clausesIn(cites)): void => void found.push({ path, clause, message });
  if (!SUBJECTS[rule].test(wordsIn(cites))) problem(`no quote speaks of ${rule}: quote the words of the clause that are about it`);
  if (answer.is === "no-number") {
    const number = ANY_NUMBER.exec(wordsIn(cites))?.[0];
    if (number !== undefined) problem(`a quote gives ${number}, and the answer has no number: take the number, or quote what has none`);
    return found;
  }
  for (const [index, span] of answer.spans.entries()) {
    for (const [clause, quotes] of byClause(cites)) {
      if (!wordsOf(span).test(quotes))
        problem(`no quote gives the ${nameOf(span)}: quote the words that do, or correct the number`, clause);
    }
    if (answer.spans.length === 1 && "count" in span && isOfAnotherStep(rule, span, cites))
      problem(`the ${nameOf(span)} of the quotes are for another step than ${rule}: take the number of this one`);
    const isDayless = span.unit === "on-the-spot" || span.unit === "fixed-date";
    if (isDayless && answer.spans.length > 1) problem(`${span.unit} stands alone or not at all: take away the other spans`);
    if (span.unit === "working-days" && span.startDay !== undefined && index > 0)
      problem("only the day of the event itself can be counted as the first: take startDay away");
  }
  return found;
};

/** Every phrase with the number, and what it is said of, speaks of other steps only. */
const isOfAnotherStep = (rule: RuleId, span: Span, cites: readonly Cite[]): boolean => {
  const phrases = cites.flatMap(({ quote }) => phrasesOf(quote)).filter((phrase) => wordsOf(span).test(phrase));
  const isOfOthers = (phrase: string): boolean => Object.values(SUBJECTS).some((words) => words.test(phrase));
  return phrases.length > 0 && phrases.every((phrase) => !SUBJECTS[rule].test(phrase) && isOfOthers(phrase));
};

/** The parts between commas, each with the next one where that has no number of its own: “1个工作日内回访，答复整改结果”. */
const phrasesOf = (quote: string): string[] => {
  const parts = quote.replace(/\s/g, "").split(/[，,；;。]/);
  return parts.map((part, index) => {
    const next = parts[index + 1] ?? "";
    return ANY_NUMBER.test(next) ? part : `${part}，${next}`;
  });
};

const byClause = (cites: readonly Cite[]): [clause: string, quotes: string][] =>
  [...new Set(cites.map(({ clause }) => clause))].map((clause) => [clause, wordsIn(cites.filter((cite) => cite.clause === clause))]);

const nameOf = (span: Span): string =>
  "count" in span ? `${span.count} ${span.unit}` : span.unit === "fixed-date" ? `day ${span.day}` : span.unit;

/** How the document says a span. */
const wordsOf = (span: Span): RegExp => {
  switch (span.unit) {
    case "on-the-spot":
      return /当场|即时|立即/;
    case "minutes":
      return new RegExp(`(?<!\\d)${span.count}(分钟|min)`);
    case "hours":
      return new RegExp(`(?<!\\d)${span.count}(小时|h)${span.count % 24 === 0 ? `|(?<!\\d)${span.count / 24}(日|天|d)` : ""}`);
    case "calendar-days":
      return new RegExp(`(?<!\\d)${span.count}(日|天|d)`);
    case "working-days":
      return new RegExp(`(?<!\\d)${span.count}个工作日`);
    case "fixed-date":
      return new RegExp(`(?<!\\d)${span.day}日前`);
  }
};
