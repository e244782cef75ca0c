import { clausesOfLines } from "./document-clauses.ts";
import { agreementProblems } from "./pack-agreement.ts";
import { defaultRatingProblems, levelProblems, rateProblems } from "./pack-levels.ts";
import { readingProblems } from "./pack-numbers.ts";
import type { PackProblem } from "./pack-problem.ts";
import type { Pack } from "./pack-schema.ts";
import { sectionProblems } from "./pack-sections.ts";
import { findQuote } from "./quote.ts";
import type { Cite, Reading, Rule, Variant } from "./rule-schema.ts";
import { CHANNELS, CLASSES, type ReviewChannel, type ReviewClass, RULE_IDS, type RuleId } from "./vocabulary.ts";

/**
 * Everything that is wrong with a pack whose form is right: quotes that the document does not hold, numbers that no quote gives,
 * gaps, contradictions.
 * @param document the text of the pack's document
 */
export const checkPack = (pack: Pack, document: string): PackProblem[] => [
  ...quoteProblems(pack, document),
  ...RULE_IDS.flatMap((id) => ruleProblems(id, pack.rules[id])),
  ...extensionProblems(pack),
  ...levelProblems(pack),
  ...defaultRatingProblems(pack),
  ...rateProblems(pack),
  ...sectionProblems(pack),
  ...agreementProblems(pack, document),
];

/** Every cite anywhere in the pack, with its path. */
const citesOf = (value: unknown, path: string): { path: string; cite: Cite }[] => {
  if (typeof value !== "object" || value === null) return [];
  if ("quote" in value && "line" in value) return [{ path, cite: value as Cite }];
  return Object.entries(value).flatMap(([key, inner]) => citesOf(inner, path === "" ? key : `${path}.${key}`));
};

/** Each quote is on its line, and that line stands under the clause that is named: a wrong clause would be printed as the law. */
const quoteProblems = (pack: Pack, document: string): PackProblem[] => {
  const clauses = clausesOfLines(document);
  const hasHeadings = clauses.some((clause) => clause !== "");
  return citesOf(pack, "").flatMap(({ path, cite }): PackProblem[] => {
    const { clause, line, quote } = cite;
    if (!findQuote(document, cite)) {
      return [
        { path, clause, message: `line ${line} of ${pack.document.file} has no “${quote}”: correct the line, or quote it word for word` },
      ];
    }
    const standsUnder = clauses[line - 1] ?? "";
    if (standsUnder === clause || !hasHeadings) return [];
    const message = `line ${line} of ${pack.document.file} stands under ${standsUnder || "no heading"}, not under ${clause}: correct the clause`;
    return [{ path, clause, message }];
  });
};

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
    return [
      {
        path,
        clause,
        message:
          fitting.length === 0
            ? `gap: nothing answers ${what}: answer it, or say nothing of it`
            : `contradiction: two answers for ${what}: part them by class and channel`,
      },
    ];
  });
  const variants = rule.variants.flatMap((variant, index) =>
    "readings" in variant ? variantProblems(`${path}.variants.${index}`, id, variant) : [],
  );
  return [...covering, ...variants];
};

const variantProblems = (path: string, id: RuleId, variant: Extract<Variant, { readings: unknown }>): PackProblem[] => {
  const { readings, chosen } = variant;
  const names = readings.map(({ name }) => name);
  const problem = (message: string): PackProblem => ({ path, clause: clausesOf(variant), message });
  const found: PackProblem[] = [];
  if (new Set(names).size < names.length) found.push(problem("two readings have one name: rename one"));
  if (names.length > 1 && chosen === undefined)
    found.push(problem(`${names.length} readings, and none is marked as chosen: name one in chosen`));
  if (chosen !== undefined && !names.includes(chosen.reading))
    found.push(problem(`the chosen reading ${chosen.reading} is not there: choose one of ${names.join(", ")}`));
  return [...found, ...readings.flatMap((reading, index) => readingProblems(`${path}.readings.${index}`, id, reading))];
};

/** An extended limit may not be shorter than the limit it extends. */
const extensionProblems = (pack: Pack): PackProblem[] =>
  COMBINATIONS.flatMap((facts): PackProblem[] => {
    const base = workingDaysOf(pack.rules.rectification, facts);
    const extended = workingDaysOf(pack.rules["rectification-extended"], facts);
    if (base === undefined || extended === undefined || extended.days >= base.days) return [];
    const message = `contradiction: ${extended.days} working days extended, but ${base.days} without extension, for ${facts.class}, ${facts.channel}: correct one of them`;
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
