import type { Calendar, Day } from "../calendar/calendar.ts";
import {
  addDays,
  type CivilDate,
  civilDate,
  dateAt,
  endOf,
  endOfDayText,
  momentText,
  monthOf,
  weekdayOf,
  yearOf,
} from "../calendar/civil-date.ts";
import type { Text } from "../calendar/schema.ts";
import { dayReason, WEEKDAYS } from "./day-reason.ts";
import type { Span } from "./rule-schema.ts";

/** One line of an explanation. `number` counts the counted days of a span. */
export interface Step {
  readonly kind: "start" | "day" | "clock" | "date" | "stretch" | "due" | "answer";
  readonly date?: CivilDate;
  /** The moment, for what is not a whole day. */
  readonly at?: string;
  readonly counted: boolean;
  readonly number?: number;
  readonly why: Text;
}

/** Where a count has come to: a moment, or the end of a day. */
export interface Position {
  readonly date: CivilDate;
  /** Unix milliseconds; the end of a day is the first moment of the next. */
  readonly ms: number;
  readonly isEndOfDay: boolean;
}

/** What a count consulted and found. */
export interface Count {
  readonly end: Position;
  readonly steps: readonly Step[];
  /** Days whose status decided the result. */
  readonly consulted: readonly CivilDate[];
}

export const momentOf = (ms: number): Position => ({ date: dateAt(ms), ms, isEndOfDay: false });
const endOfDay = (date: CivilDate): Position => ({ date, ms: endOf(date), isEndOfDay: true });
export const positionText = ({ date, ms, isEndOfDay }: Position): string => (isEndOfDay ? endOfDayText(date) : momentText(ms));

/**
 * Counts spans one after another from a moment. Pure: the same input gives the same output, under any clock and TZ.
 * @throws WindowRatingError WR7104 if it needs a day of a year without a paper
 */
export const countSpans = (calendar: Calendar, spans: readonly Span[], from: Position): Count => {
  let end = from;
  const steps: Step[] = [];
  const consulted: CivilDate[] = [];
  for (const [index, span] of spans.entries()) {
    if (index > 0) steps.push(stretchStep(end));
    const one = countSpan(calendar, span, end);
    end = one.end;
    steps.push(...one.steps);
    consulted.push(...one.consulted);
  }
  return { end, steps, consulted };
};

/** Where one stretch ends and the next begins: the count starts anew. */
const stretchStep = (end: Position): Step => {
  const at = positionText(end);
  const why = { zh: `前一段到${at}届满，后一段由此起算`, en: `the first stretch ends at ${at}, the next begins there` };
  return { kind: "stretch", date: end.date, at, counted: false, why };
};

const countSpan = (calendar: Calendar, span: Span, from: Position): Count => {
  switch (span.unit) {
    case "on-the-spot":
      return {
        end: from,
        steps: [
          clockStep(from, {
            zh: "当场：在事件发生之时当面办妥，不以分钟计",
            en: "on the spot: done there and then, not counted in minutes",
          }),
        ],
        consulted: [],
      };
    case "minutes":
      return onTheClock(from, span.count, 60_000, { zh: `${span.count}分钟`, en: `${span.count} minutes` });
    case "hours":
      return onTheClock(from, span.count, 3_600_000, { zh: `${span.count}小时`, en: `${span.count} hours` });
    case "calendar-days":
      return calendarDays(calendar, span, from);
    case "working-days":
      return workingDays(calendar, span, from);
    case "fixed-date":
      return fixedDate(calendar, span, from);
  }
};

const clockStep = (end: Position, why: Text): Step => ({ kind: "clock", date: end.date, at: positionText(end), counted: true, why });

/** 民法典 201: a period in hours runs from the moment itself. */
const onTheClock = (from: Position, count: number, unitMs: number, name: Text): Count => {
  const end = momentOf(from.ms + count * unitMs);
  const why = { zh: `自${positionText(from)}起${name.zh}，按钟点连续计算`, en: `${name.en} by the clock from ${positionText(from)}` };
  return { end, steps: [clockStep(end, why)], consulted: [] };
};

const workingDays = (calendar: Calendar, { count, startDay }: Extract<Span, { unit: "working-days" }>, from: Position): Count => {
  const steps: Step[] = [];
  const consulted: CivilDate[] = [];
  let number = 0;
  let date = startDay === "counted" ? addDays(from.date, -1) : from.date;
  while (number < count) {
    date = addDays(date, 1);
    const day = calendar.dayOf(date);
    consulted.push(date);
    const why = dayReason(day);
    if (day.working) steps.push({ kind: "day", date, counted: true, number: ++number, why });
    else steps.push({ kind: "day", date, counted: false, why });
  }
  return { end: endOfDay(date), steps, consulted };
};

const calendarDays = (calendar: Calendar, { count, lastDay }: Extract<Span, { unit: "calendar-days" }>, from: Position): Count => {
  const steps: Step[] = Array.from({ length: count }, (_, index) => {
    const date = addDays(from.date, index + 1);
    return { kind: "day", date, counted: true, number: index + 1, why: plainDay(calendar, date) };
  });
  let date = addDays(from.date, count);
  if (lastDay === "stays") return { end: endOfDay(date), steps, consulted: [] };
  const consulted = [date];
  let day = calendar.dayOf(date);
  if (!day.working) {
    const { zh, en } = dayReason(day);
    steps.pop();
    steps.push({
      kind: "day",
      date,
      counted: true,
      number: count,
      why: { zh: `${zh}；末日遇休息日，顺延`, en: `${en}; the last day is not worked: moves on` },
    });
  }
  while (!day.working) {
    date = addDays(date, 1);
    day = calendar.dayOf(date);
    consulted.push(date);
    const { zh, en } = dayReason(day);
    const why = day.working ? { zh: `${zh}：顺延到此日`, en: `${en}: moved here` } : { zh: `${zh}：继续顺延`, en: `${en}: moves on` };
    steps.push({ kind: "day", date, counted: false, why });
  }
  return { end: endOfDay(date), steps, consulted };
};

/** Every calendar day counts, so a day of a year without a paper is no obstacle here. */
const plainDay = (calendar: Calendar, date: CivilDate): Text => {
  const { zh, en } = WEEKDAYS[weekdayOf(date)] ?? { zh: "", en: "" };
  const known = knownDay(calendar, date);
  const reason = known === undefined || known.kind === "working-day" || known.kind === "weekend" ? { zh, en } : dayReason(known);
  return { zh: `${reason.zh}，按日历天计入`, en: `${reason.en}, every calendar day counts` };
};

const knownDay = (calendar: Calendar, date: CivilDate): Day | undefined =>
  calendar.years.includes(yearOf(date)) ? calendar.dayOf(date) : undefined;

const fixedDate = (calendar: Calendar, { period, day, included }: Extract<Span, { unit: "fixed-date" }>, from: Position): Count => {
  const year = yearOf(from.date);
  const month = monthOf(from.date);
  const [next, name] = {
    month: [month + 1, { zh: `${year}年${month}月`, en: `${year}-${String(month).padStart(2, "0")}` }] as const,
    "half-year": [
      month <= 6 ? 7 : 13,
      { zh: `${year}年${month <= 6 ? "上" : "下"}半年`, en: `the ${month <= 6 ? "first" : "second"} half of ${year}` },
    ] as const,
    year: [13, { zh: `${year}年`, en: `${year}` }] as const,
  }[period];
  const named = civilDate(year, next, day);
  const date = included ? named : addDays(named, -1);
  const why = {
    zh: `所通报期间为${name.zh}，应于${named}“前”通报，${included ? "含当日" : "不含当日"}；公文写明日期，不因休息日顺延`,
    en: `reports ${name.en}; due “before” ${named}, ${included ? "that day included" : "that day not included"}; a date that the document names does not move`,
  };
  const known = knownDay(calendar, date);
  const steps: Step[] = [{ kind: "date", date, counted: true, why }];
  if (known !== undefined && !known.working) {
    const { zh, en } = dayReason(known);
    steps.push({
      kind: "date",
      date,
      counted: false,
      why: { zh: `注意：当日不上班（${zh}），宜提前发布`, en: `note: that day is not worked (${en}); publish earlier` },
    });
  }
  return { end: endOfDay(date), steps, consulted: [] };
};
