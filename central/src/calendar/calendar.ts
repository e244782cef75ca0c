import { createHash } from "node:crypto";
import { WindowRatingError } from "@window-rating/protocol/error";
import { addDays, type CivilDate, civilDate, weekdayOf, yearOf } from "./civil-date.ts";
import type { Festival, Overlay, Text, YearFile } from "./schema.ts";

/** What a day is, and who says so. */
export interface Day {
  readonly date: CivilDate;
  /** 0 Sunday .. 6 Saturday */
  readonly weekday: number;
  readonly working: boolean;
  readonly kind: "working-day" | "weekend" | "holiday" | "make-up" | "local-holiday" | "local-make-up";
  /** Of the holiday, or of the holiday that a make-up day belongs to. */
  readonly name?: string;
  /** Number of the paper, or the source of a local day. */
  readonly source?: string;
  /** For local days: how sure the source is. */
  readonly certainty?: Festival["certainty"];
  /** What the paper adds without changing the day. */
  readonly remark?: Text;
}

type Arranged = Omit<Day, "date" | "weekday">;

/** The working days of one region: the national arrangement, and what an autonomous prefecture lays over it. */
export interface Calendar {
  /** Changes with every change of the data; a step keeps the one it was computed under. */
  readonly version: string;
  /** Years with a paper, in order. */
  readonly years: readonly number[];
  /** @throws WindowRatingError WR7104 if the day's year has no paper */
  dayOf(date: CivilDate): Day;
  /** Papers of that year whose number nobody has seen. */
  unverifiedPapers(year: number): readonly string[];
  /** Local festivals whose days in that year are not known. */
  unknownFestivals(year: number): readonly { readonly name: string; readonly en: string }[];
}

const NO_PAPER = "no State Council paper says which days of that year are worked";

/** @param overlay undefined for a region that keeps the national days */
export const createCalendar = (yearFiles: readonly YearFile[], overlay: Overlay | undefined): Calendar => {
  const years = yearFiles.map(({ year }) => year).sort((one, other) => one - other);
  const covered = new Set(years);
  const arranged = new Map<CivilDate, Arranged>();
  for (const file of yearFiles) arrangeYear(arranged, file);
  const festivals = overlay?.festivals ?? [];
  for (const festival of festivals) arrangeFestival(arranged, festival, years);
  const version = createHash("sha256")
    .update(JSON.stringify([yearFiles, overlay]))
    .digest("hex")
    .slice(0, 16);
  const unknown = new Map<number, readonly { name: string; en: string }[]>();
  return {
    version,
    years,
    dayOf: (date) => {
      if (!covered.has(yearOf(date))) throw new WindowRatingError("WR7104", `${date}: ${NO_PAPER}`);
      const weekday = weekdayOf(date);
      const special = arranged.get(date);
      if (special?.kind !== undefined && special.kind !== "working-day") return { date, weekday, ...special };
      const working = weekday !== 0 && weekday !== 6;
      return { ...special, date, weekday, working, kind: working ? "working-day" : "weekend" };
    },
    unverifiedPapers: (year) =>
      yearFiles
        .filter((file) => file.year === year)
        .flatMap(({ papers }) => papers.flatMap((paper) => (paper.unverified ? [paper.number] : []))),
    unknownFestivals: (year) => {
      const known = unknown.get(year);
      if (known !== undefined) return known;
      const settled = new Set(festivals.filter((festival) => isKnown(festival, year)).map(({ name }) => name));
      const open = festivals.filter(({ name }) => !settled.has(name)).map(({ name, en }) => [name, { name, en }] as const);
      const found = [...new Map(open).values()];
      unknown.set(year, found);
      return found;
    },
  };
};

const daysFrom = (first: CivilDate, last: CivilDate): CivilDate[] => {
  const days: CivilDate[] = [];
  for (let day = first; day <= last; day = addDays(day, 1)) days.push(day);
  return days;
};

const arrangeYear = (arranged: Map<CivilDate, Arranged>, { papers }: YearFile): void => {
  for (const { number, off, work, remarks } of papers) {
    const source = number;
    for (const { name, first, last } of off) {
      for (const day of daysFrom(first, last)) arranged.set(day, { working: false, kind: "holiday", name, source });
    }
    for (const { name, date } of work) arranged.set(date, { working: true, kind: "make-up", name, source });
    for (const { date, text } of remarks) arranged.set(date, { working: true, kind: "working-day", source, remark: text });
  }
};

const arrangeFestival = (arranged: Map<CivilDate, Arranged>, festival: Festival, years: readonly number[]): void => {
  const { name, source, certainty } = festival;
  const local = (working: boolean): Arranged => ({ working, kind: working ? "local-make-up" : "local-holiday", name, source, certainty });
  if ("yearly" in festival) {
    const { month, day, onWeekend } = festival.yearly;
    for (const year of years) {
      const date = civilDate(year, month, day);
      const weekday = weekdayOf(date);
      const isMoved = onWeekend === "next-monday" && (weekday === 0 || weekday === 6);
      arranged.set(isMoved ? addDays(date, weekday === 0 ? 1 : 2) : date, local(false));
    }
    return;
  }
  for (const { first, last } of festival.off) for (const day of daysFrom(first, last)) arranged.set(day, local(false));
  for (const day of festival.work) arranged.set(day, local(true));
};

const isKnown = (festival: Festival, year: number): boolean => {
  if ("yearly" in festival) return true;
  if (festival.years?.includes(year)) return true;
  return festival.off.some(({ first }) => yearOf(first) === year) || festival.work.some((day) => yearOf(day) === year);
};
