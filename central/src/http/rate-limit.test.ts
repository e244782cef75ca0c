import fc from "fast-check";
import { expect, test } from "vitest";
import { RateLimit } from "./rate-limit.ts";

test("lets a burst through and then one in each interval, whatever another caller does", () => {
  const limit = new RateLimit({ burst: 3, everyMs: 1000 });
  expect([1, 2, 3, 4].map(() => limit.take("a", 0))).toEqual([0, 0, 0, 1000]);
  expect(limit.take("b", 0)).toBe(0);
  expect([limit.take("a", 999), limit.take("a", 1000), limit.take("a", 1000)]).toEqual([1, 0, 1000]);
  expect([1, 2, 3, 4].map(() => limit.take("a", 100_000))).toEqual([0, 0, 0, 1000]);
});

test("never lets more through than burst and time allow, and never makes one wait longer than needed", () => {
  fc.assert(
    fc.property(fc.array(fc.nat(500), { minLength: 1, maxLength: 200 }), (pauses) => {
      const limit = new RateLimit({ burst: 5, everyMs: 100 });
      let nowMs = 0;
      let taken = 0;
      for (const pause of pauses) {
        nowMs += pause;
        const waitMs = limit.take("a", nowMs);
        if (waitMs === 0) taken += 1;
        else expect(limit.take("a", nowMs + waitMs - 1) === 0 && waitMs > 1).toBe(false);
        expect(taken).toBeLessThanOrEqual(5 + nowMs / 100);
      }
    }),
    { seed: 881 },
  );
});

test("forgets callers rather than growing with them", () => {
  const limit = new RateLimit({ burst: 1, everyMs: 1000, callers: 2 });
  for (const caller of ["a", "b", "c"]) expect(limit.take(caller, 0)).toBe(0);
  expect([limit.take("c", 0), limit.take("b", 0), limit.take("a", 0)]).toEqual([1000, 1000, 0]);
});
