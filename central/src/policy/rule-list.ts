import type { Text } from "../calendar/schema.ts";
import { clauseText } from "./explain.ts";
import { chosenReading } from "./pack-check.ts";
import type { Pack } from "./pack-schema.ts";
import type { Reading, Span, Variant } from "./rule-schema.ts";
import { EVENTS, type ReviewChannel, type ReviewClass, RULE_IDS, RULE_NAMES, type RuleId } from "./vocabulary.ts";

/** One reading of one rule, for one set of classes and channels. */
interface RuleLine {
  readonly rule: RuleId;
  readonly ruleName: Text;
  /** Absent: the same for all. */
  readonly class: readonly ReviewClass[] | null;
  readonly channel: readonly ReviewChannel[] | null;
  readonly event: Text | null;
  readonly actor: string | null;
  /** Null where the document says nothing. */
  readonly reading: string | null;
  readonly chosen: boolean;
  readonly answer: Text;
  readonly text: Text;
  readonly ask: boolean;
  readonly clause: string;
}

/** Every rule of a pack, every reading of it, in the order of a case's life. */
export const listRules = (pack: Pack): RuleLine[] =>
  RULE_IDS.flatMap((id) => {
    const rule = pack.rules[id];
    const variants: readonly Variant[] = "variants" in rule ? rule.variants : [{ when: {}, ...rule }];
    const of = { rule: id, ruleName: RULE_NAMES[id] };
    const clock = "variants" in rule ? { event: EVENTS[rule.event], actor: rule.actor } : { event: null, actor: null };
    return variants.flatMap((variant): RuleLine[] => {
      const when = { class: variant.when.class ?? null, channel: variant.when.channel ?? null };
      if ("saysNothing" in variant) {
        const nothing = {
          reading: null,
          chosen: true,
          answer: { zh: "未作规定", en: "nothing said" },
          text: variant.saysNothing,
          ask: false,
        };
        return [{ ...of, ...when, ...clock, ...nothing, clause: clauseText(pack, variant.cites) }];
      }
      return variant.readings.map((reading) => ({
        ...of,
        ...when,
        ...clock,
        reading: reading.name,
        chosen: reading === chosenReading(variant),
        answer: answerText(reading),
        text: reading.text,
        ask: reading.answer.is === "no-number",
        clause: clauseText(pack, reading.cites),
      }));
    });
  });

export const answerText = ({ answer }: Reading): Text => {
  if (answer.is === "no-number") return { zh: "无数字，由人设定", en: "no number, a person sets it" };
  const texts = answer.spans.map(spanText);
  return { zh: texts.map(({ zh }) => zh).join(" + "), en: texts.map(({ en }) => en).join(" + ") };
};

const plural = (count: number, unit: string): string => `${count} ${unit}${count === 1 ? "" : "s"}`;

const spanText = (span: Span): Text => {
  switch (span.unit) {
    case "on-the-spot":
      return { zh: "当场", en: "on the spot" };
    case "minutes":
      return { zh: `${span.count}分钟`, en: plural(span.count, "minute") };
    case "hours":
      return { zh: `${span.count}小时`, en: plural(span.count, "hour") };
    case "calendar-days":
      return span.lastDay === "moves-on"
        ? { zh: `${span.count}天（末日顺延）`, en: `${plural(span.count, "day")} (last day moves on)` }
        : { zh: `${span.count}天（不顺延）`, en: `${plural(span.count, "day")} (last day stays)` };
    case "working-days":
      return span.startDay === "counted"
        ? { zh: `${span.count}个工作日（含当日）`, en: `${plural(span.count, "working day")}, the first day counted` }
        : { zh: `${span.count}个工作日`, en: plural(span.count, "working day") };
    case "fixed-date": {
      const period = { month: "次月", "half-year": "半年后次月", year: "次年1月" }[span.period];
      const after = { month: "month", "half-year": "half-year", year: "year" }[span.period];
      return {
        zh: `${period}${span.day}日前（${span.included ? "含当日" : "不含当日"}）`,
        en: `before day ${span.day} after the ${after}, ${span.included ? "that day included" : "that day not included"}`,
      };
    }
  }
};
