import { WindowRatingError } from "@window-rating/protocol/error";
import { type Calendar, createCalendar } from "../calendar/calendar.ts";
import { type CalendarData, loadCalendarData } from "../calendar/load.ts";
import type { Overlay, Text } from "../calendar/schema.ts";
import { missingYears } from "../calendar/year-watch.ts";
import { type Explanation, explain, type Question } from "./explain.ts";
import { type LoadedPack, loadPack, PACK_FOLDER, regionsIn } from "./load.ts";
import { NO_CHOICES, overlayWith, packWith, type SiteChoices } from "./site-choices.ts";

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
  /** Local holidays laid over the national days of a region, with those of the site's papers. */
  overlay(region: string): Overlay | undefined;
  /** The rules as a site reads them; of the packs and the calendar alone, whatever this book adds to them. */
  with(choices: SiteChoices): RuleBook;
}

export interface RuleBookFolders {
  readonly packs?: string | undefined;
  readonly calendar?: string | undefined;
}

/** Nothing is read before it is asked for, and nothing twice. */
export const openRuleBook = ({ packs = PACK_FOLDER, calendar: calendarFolder }: RuleBookFolders = {}): RuleBook => {
  const loadedPacks = new Map<string, LoadedPack>();
  let data: CalendarData | undefined;
  const calendarData = (): CalendarData => {
    data ??= loadCalendarData(calendarFolder);
    return data;
  };
  const packOf = (region: string): LoadedPack => {
    const loaded = loadedPacks.get(region) ?? loadPack(region, packs);
    loadedPacks.set(region, loaded);
    return loaded;
  };
  const books = new Map<string, RuleBook>();
  const bookWith = (choices: SiteChoices): RuleBook => {
    const { readings, signatures, localDays } = choices;
    const key = JSON.stringify({ readings, signatures, localDays });
    const book = books.get(key) ?? bookOf({ regions: () => regionsIn(packs), packOf, calendarData, bookWith }, choices);
    // A site changes seldom: the packs' own book and the newest few are enough.
    if (books.size > 8) books.clear();
    books.set(key, book);
    return book;
  };
  return bookWith(NO_CHOICES);
};

interface Shelf {
  regions(): string[];
  packOf(region: string): LoadedPack;
  calendarData(): CalendarData;
  bookWith(choices: SiteChoices): RuleBook;
}

const bookOf = ({ regions, packOf, calendarData, bookWith }: Shelf, choices: SiteChoices): RuleBook => {
  const kept = new Map<string, { loaded: LoadedPack; overlay: Overlay | undefined; calendar: Calendar }>();
  const entry = (region: string) => {
    const known = kept.get(region);
    if (known !== undefined) return known;
    const loaded = packWith(packOf(region), choices);
    const { years, overlays } = calendarData();
    const overlay = overlayOf(loaded, overlays, choices);
    const made = { loaded, overlay, calendar: createCalendar(years, overlay) };
    kept.set(region, made);
    return made;
  };
  return {
    regions: regions(),
    pack: (region) => entry(region).loaded,
    calendar: (region) => entry(region).calendar,
    explain: (region, question) => {
      const { loaded, calendar } = entry(region);
      return explain(loaded, calendar, question);
    },
    missingYears: (now) => missingYears(createCalendar(calendarData().years, undefined), now),
    overlay: (region) => entry(region).overlay,
    with: bookWith,
  };
};

const overlayOf = ({ pack }: LoadedPack, overlays: CalendarData["overlays"], choices: SiteChoices): Overlay | undefined => {
  const overlay = overlays.find(({ region }) => region === pack.overlay);
  if (pack.overlay !== null && overlay === undefined) {
    throw new WindowRatingError("WR7101", `${pack.region}.json, overlay: the calendar has no local holidays named "${pack.overlay}"`);
  }
  return overlay === undefined ? undefined : overlayWith(overlay, pack.region, choices);
};
