import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { CLERK_RULE, countedTries, lockOf, WINDOW_RULE } from "./lock-out.ts";

const at = (ms: number, bootId = "boot-1") => ({ wallMs: 1_790_000_000_000 + ms, monotonicMs: 5_000 + ms, bootId });
const tries = (count: number, ms = 0) => ({ count, lastAt: at(ms) });
const secondsOf = (count: number, rule: typeof CLERK_RULE) => {
  const lock = lockOf(tries(count), at(0), rule);
  return lock.is === "for-a-while" ? lock.ms / 1000 : lock.is;
};

describe("the lock after wrong PINs", () => {
  test("of a clerk grows with each wrong one, and from the tenth on only IT staff open it", () => {
    expect([0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11].map((count) => secondsOf(count, CLERK_RULE))).toEqual([
      ...["open", "open", "open"],
      ...[30, 60, 120, 240, 480, 960, 1800],
      ...["until-unlocked", "until-unlocked"],
    ]);
  });

  test("of a window begins later, for several clerks slip there, and always ends by itself", () => {
    expect([9, 10, 11, 12, 100, 100_000].map((count) => secondsOf(count, WINDOW_RULE))).toEqual(["open", 60, 120, 240, 1800, 1800]);
    expect(lockOf(tries(100_000), at(WINDOW_RULE.longestMs), WINDOW_RULE)).toEqual({ is: "open" });
  });

  test("of a window forgets after an hour without a wrong one; of a clerk never", () => {
    expect([3_599_999, 3_600_000].map((ms) => countedTries(tries(40), at(ms), WINDOW_RULE))).toEqual([40, 0]);
    expect(countedTries(tries(9), at(1e12), CLERK_RULE)).toBe(9);
  });

  test("does not end earlier by a clock that is set, or by a restart with the clock set back (I11)", () => {
    const before = { count: 5, lastAt: at(0) };
    expect(lockOf(before, { ...at(1_000), wallMs: 9e15 }, CLERK_RULE)).toEqual({ is: "for-a-while", ms: 119_000 });
    expect(lockOf(before, { ...at(0, "boot-2"), wallMs: 0 }, CLERK_RULE)).toEqual({ is: "for-a-while", ms: 120_000 });
    expect(lockOf(before, { ...at(50_000, "boot-2"), monotonicMs: 1 }, CLERK_RULE)).toEqual({ is: "for-a-while", ms: 70_000 });
  });

  test("never becomes shorter by one more wrong PIN, and never longer by waiting", () => {
    const left = (count: number, ms: number) => {
      const lock = lockOf(tries(count), at(ms), CLERK_RULE);
      return lock.is === "open" ? 0 : lock.is === "for-a-while" ? lock.ms : Number.POSITIVE_INFINITY;
    };
    fc.assert(
      fc.property(fc.nat(20), fc.nat(4_000_000), fc.nat(100_000), (count, ms, more) => {
        expect(left(count + 1, ms)).toBeGreaterThanOrEqual(left(count, ms));
        expect(left(count, ms + more)).toBeLessThanOrEqual(left(count, ms));
      }),
      { seed: 4211 },
    );
  });
});
