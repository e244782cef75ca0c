import { WindowRatingError } from "@window-rating/protocol/error";
import type { Calendar } from "../calendar/calendar.ts";
import { type CivilDate, momentText } from "../calendar/civil-date.ts";
import type { Text } from "../calendar/schema.ts";
import { assumptionsOf, isOnTheSpot, warningsOf } from "./caveats.ts";
import { type Count, countSpans, momentOf, positionText, type Step } from "./count.ts";
import type { LoadedPack } from "./load.ts";
import { chosenReading, matches } from "./pack-check.ts";
import type { Pack } from "./pack-schema.ts";
import type { Chosen, Cite, Reading, Rule, Variant } from "./rule-schema.ts";
import { EVENTS, type EventId, type ReviewChannel, type ReviewClass, RULE_NAMES, type RuleId, STOPS } from "./vocabulary.ts";

/** What is asked: until when, by this rule, after this event? */
export interface Question {
  readonly rule: RuleId;
  readonly class?: ReviewClass | undefined;
  readonly channel?: ReviewChannel | undefined;
  /** When the event happened that starts the clock, Unix milliseconds. */
  readonly at: number;
  /** Name of a reading; the chosen one if absent. */
  readonly reading?: string | undefined;
  /** When what stops the clock happened, if it did. */
  readonly doneAt?: number | undefined;
}

interface Due {
  /** "2022-03-22T24:00+08:00" for the end of a day, "2022-03-01T10:00+08:00" for a moment; null without a deadline. */
  readonly due: string | null;
  readonly dueDate: CivilDate | null;
  /** Unix milliseconds of `due`. */
  readonly dueMs: number | null;
  /** The document demands the step without a number: a person must set the date. */
  readonly ask: boolean;
}

/** One of several readings and what it would give. */
interface ReadingResult extends Due {
  readonly name: string;
  readonly text: Text;
  readonly chosen: boolean;
  /** Code of the error with which it could not be counted. */
  readonly refused?: string;
}

/** What the document says of going beyond the limit, and the limit that would be extended. */
interface ExtensionInfo {
  readonly capWorkingDays: number | null;
  readonly approvalBy: string | null;
  readonly tell: readonly string[];
  /** The limit without extension, by the chosen reading. */
  readonly base: string | null;
  /** It must be told before this day begins; null where the document does not say. */
  readonly tellBefore: CivilDate | null;
}

/** The whole answer: JSON as it is. */
export interface Explanation extends Due {
  readonly region: string;
  readonly rule: RuleId;
  readonly ruleName: Text;
  readonly class: ReviewClass | null;
  readonly channel: ReviewChannel | null;
  readonly at: string;
  /** Name of the reading that was counted; null where the document says nothing. */
  readonly reading: string | null;
  readonly readings: readonly ReadingResult[];
  readonly chosen: Chosen | null;
  readonly clause: string;
  readonly cites: readonly Cite[];
  readonly actor: string | null;
  /** Who acts together with the actor, and to whom the thing is handed or reported. */
  readonly with: readonly string[];
  readonly to: readonly string[];
  readonly event: { readonly id: EventId; readonly text: Text } | null;
  readonly steps: readonly Step[];
  readonly extension: ExtensionInfo | null;
  /** `inTime` is null without a deadline, while it is not done, and on the spot, which is no matter of minutes. */
  readonly stop: { readonly text: Text; readonly at: string | null; readonly inTime: boolean | null } | null;
  readonly assumptions: readonly Text[];
  readonly warnings: readonly Text[];
  readonly pack: { readonly version: number; readonly hash: string; readonly status: Pack["status"]; readonly signOff: Pack["signOff"] };
  readonly calendar: { readonly version: string };
}

/**
 * Until when, and why. Pure.
 * @throws WindowRatingError WR7103 for an unknown reading, WR7104 if a year without a paper is needed, WR7106 if a fact is missing
 */
export const explain = ({ pack, hash, strays = [] }: LoadedPack, calendar: Calendar, question: Question): Explanation => {
  const rule = pack.rules[question.rule];
  const { variant, channel } = select(rule, question);
  const isAnswered = "readings" in variant && "variants" in rule;
  const reading = isAnswered ? readingOf(variant, question.reading) : undefined;
  if (!isAnswered && question.reading !== undefined)
    throw new WindowRatingError("WR7103", `"${question.reading}": the document says nothing here`);
  const count = reading === undefined ? undefined : countReading(calendar, reading, question.at);
  const due = dueOf(reading, count);
  const cites = reading?.cites ?? ("saysNothing" in variant ? variant.cites : []);
  const readings = isAnswered ? variant.readings.map((one) => resultOf(calendar, variant, one, question.at)) : [];
  const presumed = channel !== question.channel ? channel : undefined;
  return {
    ...due,
    region: pack.region,
    rule: question.rule,
    ruleName: RULE_NAMES[question.rule],
    class: question.class ?? null,
    channel: channel ?? null,
    at: momentText(question.at),
    reading: reading?.name ?? null,
    readings,
    chosen: (isAnswered ? variant.chosen : undefined) ?? null,
    clause: clauseText(pack, cites),
    cites,
    actor: "variants" in rule ? rule.actor : null,
    with: isAnswered ? (variant.with ?? []) : [],
    to: isAnswered ? (variant.to ?? []) : [],
    event: "variants" in rule ? { id: rule.event, text: EVENTS[rule.event] } : null,
    steps: stepsOf(rule, variant, reading, count, question.at, due),
    extension: question.rule === "rectification-extended" && isAnswered ? extensionOf(pack, calendar, question) : null,
    stop: "variants" in rule && isAnswered ? stopOf(rule, due, reading, question.doneAt) : null,
    assumptions: assumptionsOf(reading, presumed),
    warnings: [...strays, ...warningsOf(pack, calendar, { at: question.at, count, reading, variant })],
    pack: { version: pack.version, hash, status: pack.status, signOff: pack.signOff },
    calendar: { version: calendar.version },
  };
};

/** The variant that the facts name. A whole rule of which the document says nothing is its own only variant. */
const select = (rule: Rule, question: Question): { variant: Variant; channel: ReviewChannel | undefined } => {
  if (!("variants" in rule)) return { variant: { when: {}, ...rule }, channel: question.channel };
  const channel = question.channel ?? rule.presumes?.channel;
  const fitting = rule.variants.filter((variant) =>
    matches(variant, { ...optional("class", question.class), ...optional("channel", channel) }),
  );
  const [variant, second] = fitting;
  if (variant !== undefined && second === undefined) return { variant, channel };
  const missing = [
    question.class === undefined && fitting.some(({ when }) => when.class !== undefined) ? "--class simple, general or complex" : "",
    channel === undefined && fitting.some(({ when }) => when.channel !== undefined) ? "--channel onsite or online" : "",
  ].filter((option) => option !== "");
  throw new WindowRatingError("WR7106", `${question.rule} differs by ${missing.join(" and ")}`);
};

const optional = <K extends string, V>(key: K, value: V | undefined): { [P in K]?: V } =>
  (value === undefined ? {} : { [key]: value }) as { [P in K]?: V };

type Answered = Extract<Variant, { readings: unknown }>;

const readingOf = (variant: Answered, name: string | undefined): Reading => {
  if (name === undefined) return chosenReading(variant);
  const found = variant.readings.find((reading) => reading.name === name);
  if (found !== undefined) return found;
  throw new WindowRatingError("WR7103", `"${name}" is none of ${variant.readings.map((reading) => reading.name).join(", ")}`);
};

const countReading = (calendar: Calendar, { answer }: Reading, at: number): Count | undefined =>
  answer.is === "deadline" ? countSpans(calendar, answer.spans, momentOf(at)) : undefined;

const dueOf = (reading: Reading | undefined, count: Count | undefined): Due =>
  count === undefined
    ? { due: null, dueDate: null, dueMs: null, ask: reading?.answer.is === "no-number" }
    : { due: positionText(count.end), dueDate: count.end.date, dueMs: count.end.ms, ask: false };

const resultOf = (calendar: Calendar, variant: Answered, reading: Reading, at: number): ReadingResult => {
  const named = { name: reading.name, text: reading.text, chosen: reading === chosenReading(variant) };
  try {
    return { ...named, ...dueOf(reading, countReading(calendar, reading, at)) };
  } catch (error) {
    if (!(error instanceof WindowRatingError)) throw error;
    return { ...named, due: null, dueDate: null, dueMs: null, ask: false, refused: error.code };
  }
};

/** "鲁…号 三(二)3 (L63)" of every cite. */
export const clauseText = ({ document }: Pack, cites: readonly Cite[]): string => {
  const places = [...new Set(cites.map(({ clause, line }) => `${clause} (L${line})`))];
  return places.length === 0 ? `${document.number}：未作规定 says nothing of it` : `${document.number} ${places.join("；")}`;
};

const stepsOf = (rule: Rule, variant: Variant, reading: Reading | undefined, count: Count | undefined, at: number, due: Due): Step[] => {
  if ("saysNothing" in variant || !("variants" in rule) || reading === undefined) {
    const why = "saysNothing" in variant ? variant.saysNothing : { zh: "未作规定", en: "says nothing" };
    return [{ kind: "answer", counted: false, why }];
  }
  const start = startStep(rule.event, reading, at);
  if (count === undefined) {
    const why = { zh: `${reading.text.zh}：须由人设定日期并留名`, en: `${reading.text.en}: a person must set the date, by name` };
    return [start, { kind: "answer", counted: false, why }];
  }
  const end: Step = {
    kind: "due",
    counted: false,
    why: { zh: `期限：${due.due}`, en: `due ${due.due}` },
    ...optional("date", due.dueDate ?? undefined),
    ...optional("at", due.due ?? undefined),
  };
  return [start, ...count.steps, end];
};

const startStep = (event: EventId, { answer }: Reading, at: number): Step => {
  const { zh, en } = EVENTS[event];
  const first = answer.is === "deadline" ? answer.spans[0] : undefined;
  const isDays = first?.unit === "calendar-days" || first?.unit === "working-days";
  const isCounted =
    first?.unit === "working-days" ? first.startDay === "counted" : !isDays && first !== undefined && first.unit !== "fixed-date";
  const detail = isDays
    ? isCounted
      ? { zh: "当日计入", en: "this day is counted" }
      : { zh: "开始的当日不计入（民法典第二百零一条）", en: "the starting day is not counted (Civil Code Art. 201)" }
    : isCounted
      ? { zh: "自此时刻起算", en: "the clock runs from this moment" }
      : { zh: "起点", en: "start" };
  return {
    kind: "start",
    date: momentOf(at).date,
    at: momentText(at),
    counted: isCounted,
    why: { zh: `${zh}：${detail.zh}`, en: `${en}: ${detail.en}` },
  };
};

const extensionOf = (pack: Pack, calendar: Calendar, question: Question): ExtensionInfo | null => {
  const { extension } = pack;
  if (!extension.said) return null;
  const rule = pack.rules.rectification;
  const { variant } = select(rule, { ...question, rule: "rectification" });
  const base = "readings" in variant ? resultOf(calendar, variant, chosenReading(variant), question.at) : undefined;
  return {
    capWorkingDays: extension.capWorkingDays,
    approvalBy: extension.approvalBy,
    tell: extension.tell,
    base: base?.due ?? null,
    tellBefore: extension.beforeDueDay ? (base?.dueDate ?? null) : null,
  };
};

/** “On the spot” names no minute: whether a later moment was still on the spot, a person says, not the clock. */
const stopOf = (
  rule: Extract<Rule, { variants: unknown }>,
  { dueMs }: Due,
  reading: Reading | undefined,
  doneAt: number | undefined,
): Explanation["stop"] => ({
  text: STOPS[rule.stop],
  at: doneAt === undefined ? null : momentText(doneAt),
  inTime: doneAt === undefined || dueMs === null || isOnTheSpot(reading) ? null : doneAt <= dueMs,
});
