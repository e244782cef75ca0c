import { expect, test } from "vitest";
import { CentralClock } from "./central-clock.ts";

test("half the round trip is taken off", () => {
  const clock = new CentralClock();
  clock.measure(500_100, 1000, 1200);
  expect(clock.offsetMs(400_000, 1100)).toBe(100_100);
});

test("a step of the wall clock shows at once and does not spoil the measurement", () => {
  const clock = new CentralClock();
  clock.measure(500_000, 1000, 1000);
  expect(clock.offsetMs(500_000, 1000)).toBe(0);
  expect(clock.offsetMs(500_000 + 3_600_000 + 10, 1010)).toBe(-3_600_000);
  expect(clock.offsetMs(500_020, 1020)).toBe(0);
});

test("a slow answer does not replace what a quick one said, until the quick one is old", () => {
  const clock = new CentralClock();
  clock.measure(500_000, 1000, 1002);
  clock.measure(509_000, 2000, 12_000);
  expect(clock.offsetMs(500_000, 1001)).toBe(0);
  const later = 1000 + 60_000_000;
  clock.measure(500_000 + 60_000_000 + 777, later, later + 10_000);
  expect(clock.offsetMs(500_000 + 60_000_000, later + 5000)).toBe(777);
});

test("before the first answer nothing is known", () => {
  expect(new CentralClock().offsetMs(0, 0)).toBeNull();
});
