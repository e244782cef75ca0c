import { WindowRatingError } from "@window-rating/protocol/error";
import { type Calendar, createCalendar } from "../calendar/calendar.ts";
import { type CalendarData, loadCalendarData } from "../calendar/load.ts";
import type { Text } from "../calendar/schema.ts";
import { missingYears } from "../calendar/year-watch.ts";
import { type Explanation, explain, type Question } from "./explain.ts";
import { type LoadedPack, loadPack, PACK_FOLDER, regionsIn } from "./load.ts";

export type { Question };

/** The rules of all regions, each with its calendar. Packs are read when first asked for and kept. */
export interface RuleBook {
  readonly regions: readonly string[];
  /** @throws WindowRatingError WR7101, WR7102 */
  pack(region: string): LoadedPack;
  /** @throws WindowRatingError WR7101, WR7102, WR7105 */
  calendar(region: string): Calendar;
  /** @throws WindowRatingError WR7101 to WR7106 */
  explain(region: string, question: Question): Explanation;
  /** Which years' papers are missing at a moment, Unix milliseconds. */
  missingYears(now: number): Text[];
}

export interface RuleBookFolders {
  readonly packs?: string | undefined;
  readonly calendar?: string | undefined;
}

export const openRuleBook = ({ packs = PACK_FOLDER, calendar: calendarFolder }: RuleBookFolders = {}): RuleBook => {
  const kept = new Map<string, { loaded: LoadedPack; calendar: Calendar }>();
  let data: CalendarData | undefined;
  const calendarData = (): CalendarData => {
    data ??= loadCalendarData(calendarFolder);
    return data;
  };
  const entry = (region: string) => {
    const known = kept.get(region);
    if (known !== undefined) return known;
    const loaded = loadPack(region, packs);
    const made = { loaded, calendar: calendarOf(loaded, calendarData()) };
    kept.set(region, made);
    return made;
  };
  return {
    regions: regionsIn(packs),
    pack: (region) => entry(region).loaded,
    calendar: (region) => entry(region).calendar,
    explain: (region, question) => {
      const { loaded, calendar } = entry(region);
      return explain(loaded, calendar, question);
    },
    missingYears: (now) => missingYears(createCalendar(calendarData().years, undefined), now),
  };
};

const calendarOf = ({ pack }: LoadedPack, { years, overlays }: CalendarData): Calendar => {
  const overlay = overlays.find(({ region }) => region === pack.overlay);
  if (pack.overlay !== null && overlay === undefined) {
    throw new WindowRatingError("WR7101", `${pack.region}.json, overlay: the calendar has no local holidays named "${pack.overlay}"`);
  }
  return createCalendar(years, overlay);
};
