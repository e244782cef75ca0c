import { describe, expect, test } from "vitest";
import { defaultsOf, givenOf, isEmpty, itemDefaultsOf, itemsOf, notRatedShare } from "./series.ts";

type Five = [number, number, number, number, number];
const bar = {
  day: "2026-03-02",
  given: [1, 0, 2, 3, 4] as Five,
  default: [0, 0, 90, 0, 0] as Five,
  items: { given: [0, 1, 0, 0, 1] as Five, default: [0, 0, 70, 0, 0] as Five },
  notRated: 10,
};

describe("what the charts show", () => {
  test("default ratings stand in no number of given ones, nor in the share of those who did not rate", () => {
    expect([1, 2, 3, 4, 5].map((level) => givenOf(bar, level))).toEqual([1, 0, 2, 3, 4]);
    expect([defaultsOf(bar), itemsOf(bar), itemDefaultsOf(bar)]).toEqual([90, 2, 70]);
    expect(notRatedShare(bar)).toBe(50);
  });

  test("where nobody was asked there is no share, not one of nought", () => {
    expect(notRatedShare({ ...bar, given: [0, 0, 0, 0, 0], notRated: 0 })).toBeNull();
  });

  test("a period with default ratings alone is not empty", () => {
    const none: Five = [0, 0, 0, 0, 0];
    const nothing = { ...bar, given: none, items: { given: none, default: none }, notRated: 0 };
    const answer = { from: "2026-03-02", to: "2026-03-02", windows: [], asOfMs: null };
    expect(isEmpty({ ...answer, days: [nothing] })).toBe(false);
    expect(isEmpty({ ...answer, days: [{ ...nothing, default: none }] })).toBe(true);
    expect(isEmpty({ ...answer, days: [{ ...nothing, default: none, items: { given: none, default: [0, 0, 1, 0, 0] } }] })).toBe(false);
  });
});
