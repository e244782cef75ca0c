import type { Pack } from "./pack-schema.ts";
import { findQuote } from "./quote.ts";
import type { Cite, Reading, Rule, Span, Variant } from "./rule-schema.ts";
import { CHANNELS, CLASSES, type ReviewChannel, type ReviewClass, RULE_IDS, type RuleId } from "./vocabulary.ts";

/** What is wrong with a pack, and at which clause of its document. */
export interface PackProblem {
  readonly path: string;
  readonly clause?: string;
  readonly message: string;
}

export const problemText = ({ path, clause, message }: PackProblem): string =>
  `${path}${clause === undefined ? "" : ` (${clause})`}: ${message}`;

/**
 * Everything that is wrong with a pack whose form is right: quotes that the document does not hold, numbers that no quote gives,
 * gaps, contradictions.
 * @param document the text of the pack's document
 */
export const checkPack = (pack: Pack, document: string): PackProblem[] => [
  ...quoteProblems(pack, document),
  ...RULE_IDS.flatMap((id) => ruleProblems(id, pack.rules[id])),
  ...extensionProblems(pack),
  ...sectionProblems(pack),
];

/** Every cite anywhere in the pack, with its path. */
const citesOf = (value: unknown, path: string): { path: string; cite: Cite }[] => {
  if (typeof value !== "object" || value === null) return [];
  if ("quote" in value && "line" in value) return [{ path, cite: value as Cite }];
  return Object.entries(value).flatMap(([key, inner]) => citesOf(inner, path === "" ? key : `${path}.${key}`));
};

const quoteProblems = (pack: Pack, document: string): PackProblem[] =>
  citesOf(pack, "")
    .filter(({ cite }) => !findQuote(document, cite))
    .map(({ path, cite }) => ({
      path,
      clause: cite.clause,
      message: `line ${cite.line} of ${pack.document.file} has no “${cite.quote}”`,
    }));

const COMBINATIONS = CLASSES.flatMap((one) => CHANNELS.map((channel) => ({ class: one, channel })));

export const matches = ({ when }: Variant, facts: { readonly class?: ReviewClass; readonly channel?: ReviewChannel }): boolean =>
  (facts.class === undefined || when.class === undefined || when.class.includes(facts.class)) &&
  (facts.channel === undefined || when.channel === undefined || when.channel.includes(facts.channel));

const clausesOf = (variant: Variant): string => {
  const cites = "readings" in variant ? variant.readings.flatMap((reading) => reading.cites) : variant.cites;
  return [...new Set(cites.map(({ clause }) => clause))].join(", ") || "no clause";
};

const ruleProblems = (id: RuleId, rule: Rule): PackProblem[] => {
  if (!("variants" in rule)) return [];
  const path = `rules.${id}`;
  const covering = COMBINATIONS.flatMap((facts): PackProblem[] => {
    const fitting = rule.variants.filter((variant) => matches(variant, facts));
    const what = `${facts.class}, ${facts.channel}`;
    if (fitting.length === 1) return [];
    const clause = (fitting.length === 0 ? rule.variants : fitting).map(clausesOf).join(" / ");
    return [{ path, clause, message: fitting.length === 0 ? `gap: nothing answers ${what}` : `contradiction: two answers for ${what}` }];
  });
  const variants = rule.variants.flatMap((variant, index) =>
    "readings" in variant ? variantProblems(`${path}.variants.${index}`, variant) : [],
  );
  return [...covering, ...variants];
};

const variantProblems = (path: string, variant: Extract<Variant, { readings: unknown }>): PackProblem[] => {
  const { readings, chosen } = variant;
  const names = readings.map(({ name }) => name);
  const problem = (message: string): PackProblem => ({ path, clause: clausesOf(variant), message });
  const found: PackProblem[] = [];
  if (new Set(names).size < names.length) found.push(problem("two readings have one name"));
  if (names.length > 1 && chosen === undefined) found.push(problem(`${names.length} readings, and none is marked as chosen`));
  if (chosen !== undefined && !names.includes(chosen.reading)) found.push(problem(`the chosen reading ${chosen.reading} is not there`));
  return [...found, ...readings.flatMap((reading, index) => numberProblems(`${path}.readings.${index}`, reading))];
};

/** A number may stand in a pack only if a quote of the reading gives it. */
const numberProblems = (path: string, { answer, cites }: Reading): PackProblem[] => {
  if (answer.is !== "deadline") return [];
  const quotes = cites.map(({ quote }) => quote.replace(/\s/g, "")).join("\n");
  const found: PackProblem[] = [];
  for (const [index, span] of answer.spans.entries()) {
    if (!wordsOf(span).test(quotes)) {
      const number = "count" in span ? `${span.count} ${span.unit}` : span.unit === "fixed-date" ? `day ${span.day}` : span.unit;
      found.push({ path, clause: cites[0]?.clause ?? "no clause", message: `no quote gives the ${number}` });
    }
    const isDayless = span.unit === "on-the-spot" || span.unit === "fixed-date";
    if (isDayless && answer.spans.length > 1) found.push({ path, message: `${span.unit} stands alone or not at all` });
    if (span.unit === "working-days" && span.startDay !== undefined && index > 0) {
      found.push({ path, message: "only the day of the event itself can be counted as the first" });
    }
  }
  return found;
};

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

/** An extended limit may not be shorter than the limit it extends. */
const extensionProblems = (pack: Pack): PackProblem[] =>
  COMBINATIONS.flatMap((facts): PackProblem[] => {
    const base = workingDaysOf(pack.rules.rectification, facts);
    const extended = workingDaysOf(pack.rules["rectification-extended"], facts);
    if (base === undefined || extended === undefined || extended.days >= base.days) return [];
    const message = `contradiction: ${extended.days} working days extended, but ${base.days} without extension, for ${facts.class}, ${facts.channel}`;
    return [{ path: "rules.rectification-extended", clause: `${extended.clause} / ${base.clause}`, message }];
  });

const workingDaysOf = (rule: Rule, facts: { class: ReviewClass; channel: ReviewChannel }): { days: number; clause: string } | undefined => {
  const variant = "variants" in rule ? rule.variants.find((one) => matches(one, facts)) : undefined;
  if (variant === undefined || !("readings" in variant)) return undefined;
  const reading = chosenReading(variant);
  if (reading.answer.is !== "deadline") return undefined;
  const counts = reading.answer.spans.map((span) => (span.unit === "working-days" ? span.count : Number.NaN));
  const days = counts.reduce((sum, count) => sum + count, 0);
  return Number.isNaN(days) ? undefined : { days, clause: clausesOf(variant) };
};

/** The reading that counts: the chosen one, or the only one. */
export const chosenReading = ({ readings, chosen }: Extract<Variant, { readings: unknown }>): Reading => {
  const found = readings.find(({ name }) => name === chosen?.reading) ?? readings[0];
  if (found === undefined) throw new Error("A variant without readings passed the schema");
  return found;
};

const sectionProblems = (pack: Pack): PackProblem[] => {
  const found: PackProblem[] = [];
  const levels = new Set(pack.levels.labels.map((label) => label.level));
  if (levels.size !== 5)
    found.push({ path: "levels", clause: pack.levels.cites[0]?.clause ?? "", message: "not every level from 1 to 5 has a label" });
  const pairs = [
    ["defaultRating", pack.defaultRating.said, "default-rating"],
    ["reminder", pack.reminder.said, "reminder"],
    ["extension", pack.extension.said, "rectification-extended"],
    ["appeal", pack.appeal.said, "appeal"],
    ["review", pack.review.said, "review"],
  ] as const;
  for (const [section, isSaid, id] of pairs) {
    if (isSaid !== "variants" in pack.rules[id])
      found.push({ path: section, message: `contradiction: ${section} and rules.${id} do not agree on whether the document has it` });
  }
  for (const section of [pack.returnVisits, pack.targets] as const) {
    if (!section.said) continue;
    const quotes = section.cites.map(({ quote }) => quote.replace(/\s/g, "")).join("\n");
    for (const { percent } of section.list) {
      if (percent === null || quotes.includes(`${percent}%`)) continue;
      found.push({ path: "targets", clause: section.cites[0]?.clause ?? "", message: `no quote gives the ${percent} %` });
    }
  }
  const { batch } = pack;
  if (batch.said && !batch.cites.some(({ quote }) => quote.includes(`${batch.minCases}笔`))) {
    found.push({ path: "batch", clause: batch.cites[0]?.clause ?? "", message: `no quote gives the ${batch.minCases} cases` });
  }
  return found;
};
