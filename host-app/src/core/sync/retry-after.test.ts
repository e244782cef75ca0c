import { expect, test } from "vitest";
import { retryAfterMs } from "./retry-after.ts";

const WALL = Date.parse("2026-03-02T09:00:00Z");

test.each([
  ["seconds", "120", null, 120_000],
  ["no seconds", "0", null, 0],
  ["spaces around", " 7 ", null, 7000],
  ["a date, by this clock if the answer has none", "Mon, 02 Mar 2026 09:01:00 GMT", null, 60_000],
  ["a date, by the answer's own clock", "Mon, 02 Mar 2026 09:01:00 GMT", "Mon, 02 Mar 2026 09:00:50 GMT", 10_000],
  ["the form of RFC 850", "Monday, 02-Mar-26 09:00:30 GMT", null, 30_000],
  ["a date that is over", "Mon, 02 Mar 2026 08:00:00 GMT", null, 0],
  ["a date of the answer that is none", "Mon, 02 Mar 2026 09:01:00 GMT", "yesterday", 60_000],
  ["nothing", null, null, null],
  ["empty", "", null, null],
  ["a word", "soon", null, null],
  ["a negative number", "-5", null, null],
  ["a fraction", "1.5", null, null],
  ["more digits than any sane server sends", "9999999999999", null, null],
  ["a date of another form", "2026-03-02T10:00:00Z", null, null],
  ["a weekday and nonsense", "Mon, 99 Foo 2026", null, null],
])("%s", (_name, header, date, expected) => {
  expect(retryAfterMs(header, date, WALL)).toBe(expected);
});
