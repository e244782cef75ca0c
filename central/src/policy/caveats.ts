import type { Calendar } from "../calendar/calendar.ts";
import { dateAt, yearOf } from "../calendar/civil-date.ts";
import type { Text } from "../calendar/schema.ts";
import type { Count } from "./count.ts";
import { chosenReading } from "./pack-check.ts";
import type { Pack } from "./pack-schema.ts";
import type { Reading, Variant } from "./rule-schema.ts";
import { FACT_NAMES, type ReviewChannel } from "./vocabulary.ts";

export const isOnTheSpot = (reading: Reading | undefined): boolean =>
  reading?.answer.is === "deadline" && reading.answer.spans.some(({ unit }) => unit === "on-the-spot");

/** What an answer takes for granted although the document does not say it: for the region to confirm. */
export const assumptionsOf = (reading: Reading | undefined, presumed: ReviewChannel | undefined): Text[] => {
  const found: Text[] = [];
  if (presumed !== undefined) {
    const { zh, en } = FACT_NAMES[presumed];
    found.push({ zh: `未给出渠道，按条款所说的${zh}办理`, en: `no channel given: taken as ${en}, of which the clause speaks` });
  }
  if (reading?.answer.is !== "deadline") return found;
  const { spans } = reading.answer;
  if (isOnTheSpot(reading)) {
    found.push({
      zh: "“当场”没有分钟数：在评价人在场时办妥即为当场，是否当场由人判断，系统不判逾期",
      en: "“On the spot” has no number of minutes: done while the rater is there is on the spot; a person judges it, nothing is called late",
    });
  }
  if (spans.some((span) => span.unit === "working-days" || span.unit === "calendar-days")) {
    found.push({
      zh: "按民法典第二百零一条、第二百零三条：开始的当日不计入（除非读法另有说明），到末日24时止；通知能否这样解读由本地区确认",
      en: "Civil Code Art. 201 and 203: the starting day is not counted (unless the reading says so), the last day ends at 24:00; whether a notice may be read so is for the region to confirm",
    });
  }
  if (spans.some((span) => span.unit === "calendar-days" && span.lastDay === "moves-on")) {
    found.push({
      zh: "“法定休假日”按不上班的日子理解，周末也在内",
      en: "“Statutory rest day” in Art. 203 is taken as any day that is not worked, weekends included",
    });
  }
  if (spans.some((span) => span.unit === "hours" || span.unit === "minutes")) {
    found.push({ zh: "按小时计算的期限自事件时刻起连续计算，不跳过夜间和休息日", en: "Hours run on through nights and holidays" });
  }
  return found;
};

interface Basis {
  /** When the clock started, Unix milliseconds. */
  readonly at: number;
  readonly count: Count | undefined;
  readonly reading: Reading | undefined;
  readonly variant: Variant;
}

/** What a reader must know before relying on an answer. */
export const warningsOf = (pack: Pack, calendar: Calendar, { at, count, reading, variant }: Basis): Text[] => {
  const found: Text[] = [];
  if (pack.status === "draft") {
    found.push(pack.statusNote ?? { zh: "本规则包依据草案", en: "This pack follows a draft" });
  }
  if (pack.signOff === null) {
    found.push({
      zh: `${pack.name.zh}规则包第${pack.version}版尚未经本地区签署`,
      en: `The pack of ${pack.name.en}, version ${pack.version}, is not signed off by the region`,
    });
  }
  const { date } = pack.document;
  if (date !== null && dateAt(at) < date) {
    found.push({ zh: `事件早于文件日期${date}`, en: `The event is earlier than the document, which is of ${date}` });
  }
  if (reading !== undefined && "readings" in variant && reading !== chosenReading(variant)) {
    found.push({ zh: `所用读法 ${reading.name} 不是选定的读法`, en: `The reading ${reading.name} is not the chosen one` });
  }
  return count === undefined ? found : [...found, ...calendarWarnings(calendar, count)];
};

const calendarWarnings = (calendar: Calendar, { consulted, end, steps }: Count): Text[] => {
  const found: Text[] = [];
  for (const year of new Set(consulted.map(yearOf))) {
    for (const number of calendar.unverifiedPapers(year)) {
      found.push({ zh: `${year}年放假通知的文号${number}未经核对`, en: `The number ${number} of the paper of ${year} was not verified` });
    }
    const unknown = calendar.unknownFestivals(year);
    if (unknown.length === 0) continue;
    found.push({
      zh: `${year}年地方假日不明（unknown）：${unknown.map(({ name }) => name).join("、")}；如有放假，期限会更晚`,
      en: `Local holidays of ${year} unknown: ${unknown.map(({ en }) => en).join("; ")}. If there were any, the deadline is later`,
    });
  }
  const last = consulted.at(-1);
  // The paper of 2019 (国办发明电〔2018〕15号) made 29 December 2018 a working Saturday and 31 December a holiday.
  if (last !== undefined && last.slice(5) >= "12-25" && !calendar.years.includes(yearOf(last) + 1)) {
    const next = yearOf(last) + 1;
    found.push({
      zh: `${next}年的放假通知尚缺，可能改动${yearOf(last)}年12月最后几天`,
      en: `The paper of ${next} is missing; it may still change the last days of December ${yearOf(last)}`,
    });
  }
  if (steps.some(({ kind }) => kind === "date") && !calendar.years.includes(yearOf(end.date))) {
    const year = yearOf(end.date);
    found.push({
      zh: `${year}年的放假通知尚缺，不知${end.date}是否上班`,
      en: `The paper of ${year} is missing: whether ${end.date} is worked is not known`,
    });
  }
  return found;
};
