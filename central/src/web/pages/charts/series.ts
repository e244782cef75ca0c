import type { ChartAnswer } from "../../../console/contract/ratings.ts";

export type Bar = ChartAnswer["days"][number] | ChartAnswer["windows"][number];

export const BEST_FIRST = [5, 4, 3, 2, 1] as const;

/** Ratings of a level that people gave. */
export const givenOf = (bar: Bar, level: number): number => bar.given[level - 1] ?? 0;

const sumOf = (counts: readonly number[]): number => counts.reduce((sum, count) => sum + count, 0);

/** Default ratings of clerks, all levels: they stand in charts of their own. */
export const defaultsOf = (bar: Bar): number => sumOf(bar.default);
/** Ratings of items that people gave, and those that the rules set. */
export const itemsOf = (bar: Bar): number => sumOf(bar.items.given);
export const itemDefaultsOf = (bar: Bar): number => sumOf(bar.items.default);

const givenSum = (bar: Bar): number => sumOf(bar.given);

/** Of those who were asked, how many did not rate, in percent; default ratings count on neither side. Null: nobody was asked. */
export const notRatedShare = (bar: Bar): number | null => {
  const asked = givenSum(bar) + bar.notRated;
  return asked === 0 ? null : Math.round((bar.notRated / asked) * 1000) / 10;
};

export const isEmpty = ({ days, windows }: ChartAnswer): boolean =>
  [...days, ...windows].every((bar) => givenSum(bar) + defaultsOf(bar) + itemsOf(bar) + itemDefaultsOf(bar) + bar.notRated === 0);
