import type { ChartAnswer } from "../../../console/contract/ratings.ts";

type Bar = ChartAnswer["days"][number] | ChartAnswer["windows"][number];

export const BEST_FIRST = [5, 4, 3, 2, 1] as const;

/** Ratings of a level that people gave. */
export const givenOf = (bar: Bar, level: number): number => bar.given[level - 1] ?? 0;

/** Default ratings, all levels: they stand in charts of their own. */
export const defaultsOf = (bar: Bar): number => bar.default.reduce((sum, count) => sum + count, 0);

const givenSum = (bar: Bar): number => bar.given.reduce((sum, count) => sum + count, 0);

/** Of those who were asked, how many did not rate, in percent; default ratings count on neither side. Null: nobody was asked. */
export const notRatedShare = (bar: Bar): number | null => {
  const asked = givenSum(bar) + bar.notRated;
  return asked === 0 ? null : Math.round((bar.notRated / asked) * 1000) / 10;
};

export const isEmpty = ({ days, windows }: ChartAnswer): boolean =>
  [...days, ...windows].every((bar) => givenSum(bar) + defaultsOf(bar) + bar.notRated === 0);
