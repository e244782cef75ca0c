import type { OwnTotals } from "@window-rating/protocol/desk";
import { isBadReview, type Level } from "@window-rating/protocol/rating";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { type OwnRating, ownTotals, POOL, POOLS_SHOWN } from "./own-totals.ts";

const HOUR = 3_600_000;
/** 2026-03-02 09:00 in China. */
const MORNING = Date.UTC(2026, 2, 2, 1);
const LATER = MORNING + 365 * 24 * HOUR;

const rated = (levels: readonly number[], stepMs = 60_000): OwnRating[] =>
  levels.map((level, index) => ({ level: level as Level, writtenMs: MORNING + index * stepMs }));
const times = (count: number, level: number): number[] => Array.from({ length: count }, () => level);

describe("a clerk's own totals", () => {
  test("hold whole pools of twenty and nothing of what is left over", () => {
    expect(ownTotals(rated(times(POOL - 1, 5)), LATER, 24)).toEqual({ pools: [], pending: true });
    expect(ownTotals(rated(times(POOL, 5)), LATER, 24)).toEqual({
      pools: [{ fromDay: "2026-03-02", toDay: "2026-03-02", ratings: POOL, good: "90-or-more" }],
      pending: false,
    });
    expect(ownTotals(rated(times(2 * POOL + 3, 5)), LATER, 24)).toMatchObject({ pools: [{}, {}], pending: true });
    expect(ownTotals([], LATER, 24)).toEqual({ pools: [], pending: false });
  });

  test("tell the share of good ones in steps: 18, 16, and 15 of 20", () => {
    const shares = [20, 18, 17, 16, 15, 0].map(
      (good) => ownTotals(rated([...times(good, 3), ...times(POOL - good, 2)]), LATER, 1).pools[0]?.good,
    );
    expect(shares).toEqual(["90-or-more", "90-or-more", "80-to-90", "80-to-90", "under-80", "under-80"]);
  });

  test("come hours late, and never before the next day in China", () => {
    const evening = rated(times(POOL, 4)).map((one) => ({ ...one, writtenMs: one.writtenMs + 13 * HOUR }));
    const last = Math.max(...evening.map(({ writtenMs }) => writtenMs));
    const shownAt = (nowMs: number, hours: number) => ownTotals(evening, nowMs, hours).pools.length;
    // 22:19 in China: an hour later it is still the same day, two hours later it is not.
    expect([shownAt(last + HOUR, 1), shownAt(last + 2 * HOUR, 1)]).toEqual([0, 1]);
    expect([shownAt(last + 24 * HOUR - 1, 24), shownAt(last + 24 * HOUR, 24)]).toEqual([0, 1]);
  });

  test("show no more than the newest dozen, newest first", () => {
    const { pools } = ownTotals(rated(times(20 * POOL, 5), 24 * HOUR), LATER + 400 * 24 * HOUR, 24);
    expect(pools).toHaveLength(POOLS_SHOWN);
    expect(pools.map(({ toDay }) => toDay)).toEqual(
      pools
        .map(({ toDay }) => toDay)
        .toSorted()
        .reverse(),
    );
  });

  const history = fc.array(
    fc.record({
      // Saturated, as real ones are: mostly five stars, and whole weeks of nothing else.
      level: fc.oneof({ weight: 12, arbitrary: fc.constant(5 as Level) }, { weight: 3, arbitrary: fc.constantFrom<Level>(1, 2, 3, 4) }),
      // A wall clock that goes back now and then, and days without anybody.
      afterMs: fc.oneof(
        { weight: 8, arbitrary: fc.integer({ min: 0, max: 4 * HOUR }) },
        { weight: 1, arbitrary: fc.integer({ min: -40 * HOUR, max: 40 * HOUR }) },
      ),
    }),
    { maxLength: 90, size: "max" },
  );
  const written = (steps: readonly { level: Level; afterMs: number }[]): OwnRating[] => {
    let nowMs = MORNING;
    return steps.map(({ level, afterMs }) => {
      nowMs += afterMs;
      return { level, writtenMs: nowMs };
    });
  };
  /** All that a clerk sees who looks after each rating and every few hours for days, with a clock that may be wrong. */
  const everythingSeen = (ratings: readonly OwnRating[], delayHours: number): OwnTotals[] =>
    ratings.flatMap((_, index) =>
      [0, 7, 26, 80].map((hours) =>
        ownTotals(ratings.slice(0, index + 1), (ratings[index] as OwnRating).writtenMs + hours * HOUR, delayHours),
      ),
    );
  const isGood = ({ level }: OwnRating): boolean => !isBadReview(level);

  test("never tell of a single rating whether it was good or bad, however often and whenever one looks: another history shows the same", () => {
    fc.assert(
      fc.property(history, fc.integer({ min: 1, max: 48 }), fc.nat(), (steps, delayHours, pick) => {
        const ratings = written(steps);
        if (ratings.length === 0) return;
        const index = pick % ratings.length;
        const seen = JSON.stringify(everythingSeen(ratings, delayHours));
        const other = historyWith(ratings, index);
        expect(isGood(other[index] as OwnRating)).toBe(!isGood(ratings[index] as OwnRating));
        expect(JSON.stringify(everythingSeen(other, delayHours))).toBe(seen);
      }),
      { seed: 4_209, numRuns: 150 },
    );
  });

  /** The same times, with one rating good instead of bad or the other way round, and others of its pool with it as the share needs. */
  const historyWith = (ratings: readonly OwnRating[], index: number): OwnRating[] => {
    const start = Math.floor(index / POOL) * POOL;
    const flipped = (one: OwnRating): OwnRating => ({ ...one, level: isGood(one) ? 1 : 5 });
    const other = ratings.map((one, at) => (at === index ? flipped(one) : one));
    const pool = ratings.slice(start, start + POOL);
    if (pool.length < POOL) return other;
    const share = (some: readonly OwnRating[]) => ownTotals(some, LATER * 2, 1).pools[0]?.good;
    if (share(other.slice(start, start + POOL)) === share(pool)) return other;
    // One that is as the flipped one has become goes the other way: the count stays.
    const partner = pool.findIndex((one, at) => start + at !== index && isGood(one) === isGood(other[index] as OwnRating));
    return other.map((one, at) => (at === start + partner ? flipped(one) : one));
  };

  test("never differ by less than a whole pool, and a pool that was shown stays as it was", () => {
    fc.assert(
      fc.property(history, fc.integer({ min: 1, max: 48 }), (steps, delayHours) => {
        const known = new Map<number, string>();
        for (const { pools } of everythingSeen(written(steps), delayHours)) {
          const oldestFirst = pools.toReversed();
          for (const [index, pool] of oldestFirst.entries()) {
            expect(pool.ratings).toBe(POOL);
            expect(known.get(index) ?? JSON.stringify(pool)).toBe(JSON.stringify(pool));
            known.set(index, JSON.stringify(pool));
          }
        }
      }),
      { seed: 4_210, numRuns: 150 },
    );
  });

  test("are shown or held back whatever the levels are: nothing is told by what is not shown", () => {
    fc.assert(
      fc.property(
        history,
        fc.array(fc.constantFrom<Level>(1, 2, 3, 4, 5), { minLength: 90, maxLength: 90 }),
        fc.nat(100),
        (steps, levels, hours) => {
          const ratings = written(steps);
          const others = ratings.map((one, index) => ({ ...one, level: levels[index] as Level }));
          const nowMs = (ratings.at(-1)?.writtenMs ?? MORNING) + hours * HOUR;
          const shape = (totals: OwnTotals) => ({ ...totals, pools: totals.pools.map(({ good: _, ...pool }) => pool) });
          expect(shape(ownTotals(ratings, nowMs, 5))).toEqual(shape(ownTotals(others, nowMs, 5)));
        },
      ),
      { seed: 4211 },
    );
  });
});
