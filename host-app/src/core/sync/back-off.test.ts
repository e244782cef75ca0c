import fc from "fast-check";
import { expect, test } from "vitest";
import { backOffMs } from "./back-off.ts";

const RANGE = { baseMs: 1000, maxMs: 60_000 };

test("the window doubles with each failure up to the cap, and the draw goes through all of it", () => {
  const windows = [1, 2, 3, 6, 7, 50, 5000].map((failures) => backOffMs(failures, RANGE, 0.999_999));
  expect(windows.map(Math.round)).toEqual([1000, 2000, 4000, 32_000, 60_000, 60_000, 60_000]);
  expect(backOffMs(7, RANGE, 0.5)).toBe(30_000);
});

test("no draw gives no pause, and none is longer than the cap", () => {
  fc.assert(
    fc.property(
      fc.integer({ min: 1, max: 100_000 }),
      fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true }),
      fc.integer({ min: 1000, max: 3_600_000 }),
      (failures, random, maxMs) => {
        const pause = backOffMs(failures, { baseMs: 1000, maxMs }, random);
        expect(pause).toBeGreaterThanOrEqual(50);
        expect(pause).toBeLessThanOrEqual(maxMs);
      },
    ),
    { seed: 6, numRuns: 500 },
  );
});
