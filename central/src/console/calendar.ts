import { createCalendar } from "../calendar/calendar.ts";
import { addDays, type CivilDate, civilDate, dateAt, yearOf } from "../calendar/civil-date.ts";
import { type CalendarData, loadCalendarData } from "../calendar/load.ts";
import type { RuleBook } from "../policy/rule-book.ts";
import type { CalendarAnswer } from "./contract/policy.ts";

let data: CalendarData | undefined;

/**
 * A year day by day, with the papers that arrange it. A year without a paper has no days: nobody knows them.
 * @param region null: the national days alone
 * @throws WindowRatingError WR7101, WR7102, WR7105
 */
export const readCalendarYear = (book: RuleBook, region: string | null, asked: number | undefined, nowMs: number): CalendarAnswer => {
  data ??= loadCalendarData();
  const { years } = data;
  const year = asked ?? yearOf(dateAt(nowMs));
  const calendar = region === null ? createCalendar(years, undefined) : book.calendar(region);
  const overlay = region === null ? undefined : book.overlay(region);
  const open = calendar.unknownFestivals(year);
  const unknown = new Set(open.map(({ name }) => name));
  const isKnown = calendar.years.includes(year);
  const noPaper = {
    zh: `${year} 年的放假安排尚未收到文件，无法计算该年的工作日。`,
    en: `No paper says which days of ${year} are worked: nothing can be counted in that year.`,
  };
  const notKnown = {
    zh: `${year} 年地方假日不明：${open.map(({ name }) => name).join("、")}，暂按上班计算；收到本地文件后用 window-central policy local-days 录入。`,
    en: `Local holidays of ${year} are not known and count as worked: ${open.map(({ en }) => en).join("; ")}. Type in the local paper with window-central policy local-days.`,
  };
  return {
    region,
    year,
    years: [...calendar.years],
    version: calendar.version,
    papers: years
      .filter((one) => one.year === year)
      .flatMap(({ papers }) =>
        papers.map(({ number, title, date, url, unverified, note }) => ({
          number,
          title,
          date,
          url,
          unverified: unverified === true,
          note,
        })),
      ),
    // What a local paper says of another year is none of this one's.
    local: (overlay?.festivals ?? [])
      .filter((one) => !("years" in one) || one.years === undefined || one.years.includes(year))
      .map(({ name, en, source, certainty }) => ({
        name,
        en,
        source,
        certainty,
        known: !unknown.has(name),
      })),
    days: isKnown
      ? daysOf(year).map((date) => {
          const { weekday, working, kind, name, source, remark } = calendar.dayOf(date);
          return { date, weekday, working, kind, name: name ?? null, source: source ?? null, remark: remark ?? null };
        })
      : [],
    warnings: [...(isKnown ? [] : [noPaper]), ...(isKnown && open.length > 0 ? [notKnown] : []), ...book.missingYears(nowMs)],
    atMs: nowMs,
  };
};

const daysOf = (year: number): CivilDate[] => {
  const days: CivilDate[] = [];
  for (let day = civilDate(year, 1, 1); yearOf(day) === year; day = addDays(day, 1)) days.push(day);
  return days;
};
