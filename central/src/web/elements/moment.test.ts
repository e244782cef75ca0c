import { expect, test } from "vitest";
import { agoOf, dayAfter, dayText, momentText, shortMomentText } from "./moment.ts";

const EVENING = Date.parse("2026-03-02T23:59:58+08:00");

test("a moment is shown in China's time, wherever the browser is", () => {
  expect(momentText(EVENING)).toBe("2026-03-02 23:59:58");
  expect(dayText(EVENING)).toBe("2026-03-02");
  expect(momentText(Date.parse("2026-03-02T16:00:00Z"))).toBe("2026-03-03 00:00:00");
});

test("a moment of today is short, one of another day has its date", () => {
  expect(shortMomentText(EVENING, EVENING + 1000)).toBe("23:59");
  expect(shortMomentText(EVENING, EVENING + 3000)).toBe("03-02 23:59");
});

test("days are counted over the ends of months and years", () => {
  expect([dayAfter("2026-02-28", 1), dayAfter("2024-02-28", 1), dayAfter("2026-01-01", -1)]).toEqual([
    "2026-03-01",
    "2024-02-29",
    "2025-12-31",
  ]);
});

test.each([
  [0, "agoSeconds", 0],
  [59_400, "agoSeconds", 59],
  [60_000, "agoMinutes", 1],
  [3_599_000, "agoMinutes", 59],
  [3_600_000, "agoHours", 1],
  [86_400_000 * 3, "agoDays", 3],
  [-5000, "agoSeconds", 0],
])("%i ms ago is told as %s", (ms, unit, count) => {
  expect(agoOf(EVENING, EVENING + ms)).toEqual([unit, count]);
});
