import { afterEach, describe, expect, test } from "vitest";
import {
  addDays,
  type CivilDate,
  civilDate,
  dateAt,
  endOf,
  endOfDayText,
  momentText,
  parseCivilDate,
  parseMoment,
  startOf,
} from "./civil-date.ts";

const TZ = process.env.TZ;
afterEach(() => {
  if (TZ === undefined) delete process.env.TZ;
  else process.env.TZ = TZ;
});

describe.each(["UTC", "Asia/Shanghai", "America/Los_Angeles", "Pacific/Kiritimati", "Asia/Kathmandu"])("in a process of TZ=%s", (zone) => {
  test("a moment is read, written and dated in China Standard Time", () => {
    process.env.TZ = zone;
    expect(new Intl.DateTimeFormat().resolvedOptions().timeZone).toBeTruthy();
    const ms = parseMoment("2022-03-01T10:00+08:00") ?? Number.NaN;
    expect(ms).toBe(Date.UTC(2022, 2, 1, 2));
    expect(momentText(ms)).toBe("2022-03-01T10:00+08:00");
    expect(parseMoment("2022-03-01T10:00")).toBe(ms);
    expect(parseMoment("2022-02-28T18:00-08:00")).toBe(ms);
    expect(dateAt(Date.UTC(2022, 2, 1, 15, 59))).toBe("2022-03-01");
    expect(dateAt(Date.UTC(2022, 2, 1, 16))).toBe("2022-03-02");
  });
});

test("24:00 of a day is the first moment of the next", () => {
  const date = "2022-03-22" as CivilDate;
  expect(endOf(date)).toBe(startOf("2022-03-23" as CivilDate));
  expect(endOfDayText(date)).toBe("2022-03-22T24:00+08:00");
});

test("seconds are written only when there are any", () => {
  expect(momentText(Date.UTC(2022, 2, 1, 2, 0, 30))).toBe("2022-03-01T10:00:30+08:00");
  expect(momentText(Date.UTC(2022, 2, 1, 2, 0, 0, 250))).toBe("2022-03-01T10:00:00.250+08:00");
});

test.each([
  "2022-02-29T10:00",
  "2022-03-01",
  "2022-03-01T24:00+08:00",
  "2022-03-01T10:60",
  "2022-3-1T10:00",
  "2022-03-01T10:00+0800",
  "yesterday",
  "",
])("%s is no moment", (text) => {
  expect(parseMoment(text)).toBeUndefined();
});

test("days cross months, leap days and years", () => {
  expect(addDays("2024-02-28" as CivilDate, 2)).toBe("2024-03-01");
  expect(civilDate(2022, 13, 10)).toBe("2023-01-10");
  expect(parseCivilDate("2024-02-29")).toBe("2024-02-29");
  expect(parseCivilDate("2023-02-29")).toBeUndefined();
});
