import { clausesOfLines } from "./document-clauses.ts";
import type { PackProblem } from "./pack-problem.ts";
import type { Pack } from "./pack-schema.ts";
import { squeeze } from "./quote.ts";
import type { Cite, Rule, Variant } from "./rule-schema.ts";
import { CLASSES, RULE_IDS, type RuleId } from "./vocabulary.ts";

/** Sections and rules of a pack must say the same, and neither may deny what the document has. */
export const agreementProblems = (pack: Pack, document: string): PackProblem[] => [
  ...pairProblems(pack),
  ...classProblems(pack),
  ...bulletinProblems(pack),
  ...capProblems(pack),
  ...deniedProblems(pack, document),
  ...bodyProblems(pack, document),
];

const isAnswered = (rule: Rule): boolean => "variants" in rule && rule.variants.some((variant) => "readings" in variant);

const clauseOf = (rule: Rule): string => {
  const variants: readonly Variant[] = "variants" in rule ? rule.variants : [{ when: {}, ...rule }];
  const cites = variants.flatMap((variant): readonly Cite[] =>
    "readings" in variant ? variant.readings.flatMap((reading) => reading.cites) : variant.cites,
  );
  return [...new Set(cites.map(({ clause }) => clause))].join(", ") || "no clause";
};

const pairProblems = (pack: Pack): PackProblem[] => {
  const pairs = [
    ["defaultRating", ["default-rating"]],
    ["reminder", ["reminder"]],
    ["extension", ["rectification-extended"]],
    ["appeal", ["appeal"]],
    ["review", ["review"]],
    ["bulletins", ["bulletin-month", "bulletin-half-year", "bulletin-year"]],
  ] as const satisfies readonly (readonly [keyof Pack, readonly RuleId[]])[];
  const found: PackProblem[] = [];
  for (const [section, ids] of pairs) {
    const answered = ids.filter((id) => isAnswered(pack.rules[id]));
    if (pack[section].said === answered.length > 0) continue;
    const clause = [...new Set(ids.map((id) => clauseOf(pack.rules[id])))].join(" / ");
    const message = `contradiction: ${section} and rules.${ids.join(", rules.")} do not agree on whether the document has it: make both say it, or neither`;
    found.push({ path: section, clause, message });
  }
  if (pack.review.said && pack.review.everyInvalidRating && !pack.invalidRatings.said)
    found.push({
      path: "invalidRatings",
      message: "contradiction: review takes every invalid rating, and there are none: say which there are",
    });
  return found;
};

/** A class is in the list if, and only if, the rules answer it by itself. */
const classProblems = (pack: Pack): PackProblem[] => {
  const found: PackProblem[] = [];
  const { classes } = pack;
  for (const id of RULE_IDS) {
    const rule = pack.rules[id];
    if (classes.said || !("variants" in rule) || rule.variants.every(({ when }) => when.class === undefined)) continue;
    const message = `contradiction: classes says that there are none, and rules.${id} tells them apart: say the classes, or answer all alike`;
    found.push({ path: "classes", clause: clauseOf(rule), message });
  }
  const rule = pack.rules.rectification;
  if (!classes.said || !("variants" in rule)) return found;
  for (const one of CLASSES) {
    const isListed = classes.list.some((entry) => entry.class === one);
    const hasAnswer = rule.variants.some((variant) => "readings" in variant && (variant.when.class?.includes(one) ?? true));
    if (isListed === hasAnswer) continue;
    const message = `contradiction: class ${one} is ${isListed ? "" : "not "}listed, and rules.rectification ${hasAnswer ? "answers" : "does not answer"} it: make both agree`;
    found.push({ path: "classes", clause: clauseOf(rule), message });
  }
  return found;
};

/** A bulletin with a date must be in the list of its period. */
const bulletinProblems = ({ bulletins, rules }: Pack): PackProblem[] => {
  if (!bulletins.said) return [];
  return (["month", "half-year", "year"] as const).flatMap((period) => {
    const rule = rules[`bulletin-${period}`];
    const isListed = bulletins.list.some((entry) => entry.period === period || entry.period === "regular");
    if (!isAnswered(rule) || isListed) return [];
    const message = `contradiction: rules.bulletin-${period} has an answer, and no bulletin of that period is listed: list it, or say nothing`;
    return [{ path: "bulletins", clause: clauseOf(rule), message }];
  });
};

/** The cap is the last stretch of every extended deadline; without a cap no deadline can be counted. */
const capProblems = ({ extension, rules }: Pack): PackProblem[] => {
  const rule = rules["rectification-extended"];
  if (!extension.said || !("variants" in rule)) return [];
  const found: PackProblem[] = [];
  const path = "extension.capWorkingDays";
  const { capWorkingDays: cap } = extension;
  for (const variant of rule.variants) {
    if (!("readings" in variant)) continue;
    for (const { name, answer, cites } of variant.readings) {
      const last = answer.is === "deadline" ? answer.spans.at(-1) : undefined;
      const extended = last?.unit === "working-days" ? last.count : null;
      if (extended === cap) continue;
      const message = `contradiction: the cap is ${cap ?? "none"}, and the reading ${name} extends by ${extended ?? "no number of"} working days: make both agree`;
      found.push({ path, clause: cites[0]?.clause ?? "no clause", message });
    }
  }
  for (const one of CLASSES) {
    const hasAnswer = rule.variants.some((variant) => "readings" in variant && (variant.when.class?.includes(one) ?? true));
    if (hasAnswer === extension.classes.includes(one)) continue;
    const message = `contradiction: extension and rules.rectification-extended do not agree on class ${one}: make both agree`;
    found.push({ path: "extension.classes", clause: clauseOf(rule), message });
  }
  return found;
};

/** Words that a document uses only if it has the thing: who denies it has overlooked them. */
const TELLTALES = {
  ways: /一次一评|一事一评|综合点评|监督查评/,
  subjects: /一次一评|一事一评|评价对象/,
  channels: /评价器|二维码/,
  batch: /批量业务/,
  theme: /主题式/,
  realName: /实名/,
  reminder: /提醒评价|短信邀请/,
  defaultRating: /默认为|应视为“/,
  classes: /（简易）|情况复杂/,
  extension: /延期/,
  appeal: /申诉|申请复核/,
  review: /复核/,
  invalidRatings: /误评|恶意差评/,
  errorTolerance: /容错/,
  returnVisits: /回访/,
  targets: /率[^，。；]{0,6}\d+%/,
  rates: /好评率/,
  bulletins: /定期通报|月通报|年度通报/,
  publication: /向社会公开|公开发布评价结果|对外公示/,
  raterProtection: /评价人信息|打击报复/,
} as const satisfies Partial<Record<keyof Pack, RegExp>>;

const deniedProblems = (pack: Pack, document: string): PackProblem[] => {
  const lines = document.split("\n");
  const text = squeeze(document);
  const clauses = clausesOfLines(document);
  return Object.entries(TELLTALES).flatMap(([section, words]): PackProblem[] => {
    if (pack[section as keyof typeof TELLTALES].said) return [];
    const found = words.exec(text);
    if (found === null) return [];
    const line = lineAt(lines, found.index);
    const clause = clauses[line - 1] || "no clause";
    return [{ path: section, clause, message: `gap: line ${line} says “${found[0]}”: say and quote what the document has of it` }];
  });
};

/** Number of the line that holds a character of the text without white space. */
const lineAt = (lines: readonly string[], index: number): number => {
  let passed = 0;
  const at = lines.findIndex((line) => {
    passed += squeeze(line).length;
    return passed > index;
  });
  return at + 1;
};

/** Bodies that the document does not name. */
const NOT_NAMED = "文件未写明";

/** Who acts, decides, is told or approves is named as the document names it. */
const bodyProblems = (
  { rules, appeal, review, invalidRatings, returnVisits, bulletins, extension }: Pack,
  document: string,
): PackProblem[] => {
  const text = squeeze(document);
  const bodies: [path: string, clause: string, name: string | null | undefined][] = [];
  for (const id of RULE_IDS) {
    const rule = rules[id];
    if (!("variants" in rule)) continue;
    bodies.push([`rules.${id}.actor`, clauseOf(rule), rule.actor]);
    for (const variant of rule.variants) {
      if (!("readings" in variant)) continue;
      for (const name of [...(variant.to ?? []), ...(variant.with ?? [])]) bodies.push([`rules.${id}`, clauseOf(rule), name]);
    }
  }
  const of = (path: string, cites: readonly Cite[], ...names: (string | null | undefined)[]): void => {
    for (const name of names) bodies.push([path, cites[0]?.clause ?? "no clause", name]);
  };
  if (appeal.said) of("appeal", appeal.cites, appeal.by, appeal.to);
  if (review.said) of("review", review.cites, review.by);
  if (invalidRatings.said) of("invalidRatings", invalidRatings.cites, invalidRatings.ruledBy, invalidRatings.reviewedBy);
  if (returnVisits.said) of("returnVisits", returnVisits.cites, ...returnVisits.list.map(({ by }) => by));
  if (bulletins.said) of("bulletins", bulletins.cites, ...bulletins.list.map(({ by }) => by));
  if (extension.said) of("extension", extension.cites, extension.approvalBy);
  return bodies.flatMap(([path, clause, name]) =>
    name === null || name === undefined || name === NOT_NAMED || text.includes(squeeze(name))
      ? []
      : [{ path, clause, message: `the document nowhere names ${name}: write the body as the document does, or ${NOT_NAMED}` }],
  );
};
