import { describe, expect, test } from "vitest";
import { OriginBuckets } from "./origin-buckets.ts";

const RATE = { perSecond: 1, burst: 2 };

describe("The buckets of pages that ask", () => {
  test("are one for each origin: what one page uses up, another does not miss, nor a program", () => {
    const buckets = new OriginBuckets(RATE, 0);
    const take = (origin?: string): boolean => buckets.take(origin, 0);
    expect([take("https://a.example"), take("https://a.example"), take("https://a.example")]).toEqual([true, true, false]);
    expect([take("https://b.example"), take(undefined)]).toEqual([true, true]);
    expect(buckets.take("https://a.example", 1000)).toBe(true);
  });

  test("are bounded: origins that are made up share one, and one that was quiet gives its place away", () => {
    const buckets = new OriginBuckets(RATE, 0);
    const madeUp = Array.from({ length: 10_000 }, (_, number) => `https://${number}.attacker.example`);
    const passed = madeUp.filter((origin) => buckets.take(origin, 0)).length;
    // 32 of their own, and two of what all the others share.
    expect(passed).toBe(34);
    expect(buckets.take("https://hall.example", 0)).toBe(false);
    expect(buckets.take("https://hall.example", 2000)).toBe(true);
    expect(madeUp.filter((origin) => buckets.take(origin, 2000)).length).toBeLessThan(40);
    expect(buckets.take("https://hall.example", 2000)).toBe(true);
  });
});
