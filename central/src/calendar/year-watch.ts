import type { Calendar } from "./calendar.ts";
import { dateAt, monthOf, yearOf } from "./civil-date.ts";
import type { Text } from "./schema.ts";

/** The papers of 2020 to 2026 came between 25 October and 8 December of the year before. */
const FIRST_MONTH_OF_WARNING = 11;

/**
 * What is missing of the calendar at a moment: this year's paper at any time, next year's from November on.
 * @param now Unix milliseconds
 */
export const missingYears = (calendar: Calendar, now: number): Text[] => {
  const today = dateAt(now);
  const year = yearOf(today);
  const wanted = monthOf(today) >= FIRST_MONTH_OF_WARNING ? [year, year + 1] : [year];
  return wanted
    .filter((one) => !calendar.years.includes(one))
    .map((one) => ({
      zh: `日历中还没有国务院办公厅关于${one}年节假日安排的通知，用到${one}年的期限无法计算，请在通知发布后补入 central/calendar/state-council/${one}.json`,
      en: `The calendar lacks the State Council's holiday paper of ${one}: deadlines that need ${one} are refused until it is added as central/calendar/state-council/${one}.json`,
    }));
};
