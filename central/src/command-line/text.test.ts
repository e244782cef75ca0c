import { expect, test } from "vitest";
import { MORNING_MS } from "../../test/window-pc.ts";
import { codeText, incidentsText, setAsideText, statusText } from "./text.ts";

const place = { windowPcId: "0f0e0d0c-0000-8000-8000-000000000001", windowNo: "3" };

test("a code is shown with the command that uses it", () => {
  const text = codeText({ code: "K7QF-3M2X-9TPA", windowNo: "3", expiresAtMs: MORNING_MS });
  expect(text).toContain("Code for window 3: K7QF-3M2X-9TPA");
  expect(text).toContain("window-host --enrol K7QF-3M2X-9TPA");
});

test("I10: the status counts as not rated only what nobody rated later", () => {
  const counts = { ratings: 7, notRated: 3, ratedLater: 1, unbound: 1, setAside: 0, incidents: 2 };
  const pc = { ...place, ...counts, entries: 11, highestGapless: 9, highest: 12, lastSeenAtMs: MORNING_MS, clockOffsetMs: 130_000 };
  const text = statusText({ total: { ...counts, holes: 0, windowPcs: 1 }, windowPcs: [pc] });
  expect(text).toMatch(/^ratings 7, not rated 2, unbound 1, set aside 0\nincidents 2, holes 0, window PCs 1\n/);
  expect(text).toMatch(/gapless +highest[\s\S]* 9 +12 /);
});

test.each([
  [-1_200, "-1.2 s"],
  [130_000, "2 min"],
  [-28_800_000, "-8 h"],
  [31_536_000_000, "365 d"],
])("a clock that is %d ms off is shown in a length that people read: %s", (clockOffsetMs, shown) => {
  const counts = { ratings: 0, notRated: 0, ratedLater: 0, unbound: 0, setAside: 0, incidents: 0 };
  const pc = { ...place, ...counts, entries: 0, highestGapless: 0, highest: 0, lastSeenAtMs: MORNING_MS, clockOffsetMs };
  expect(statusText({ total: { ...counts, holes: 0, windowPcs: 1 }, windowPcs: [pc] })).toContain(` ${shown} `);
});

test("a central without window PCs says how to enrol one", () => {
  const total = { ratings: 0, notRated: 0, ratedLater: 0, unbound: 0, setAside: 0, incidents: 0, holes: 0, windowPcs: 0 };
  expect(statusText({ total, windowPcs: [] })).toContain("window-central enrol");
});

test("holes and incidents are listed in words", () => {
  const incident = { ...place, seq: 1, kind: "broken-chain" as const, code: "WR7006", entryId: "e", number: 9, detail: "does not follow" };
  const holes = [
    { ...place, firstMissing: 2, lastMissing: 2, sinceMs: MORNING_MS },
    { ...place, firstMissing: 5, lastMissing: 7, sinceMs: MORNING_MS },
  ];
  const text = incidentsText({ incidents: [{ ...incident, noticedAtMs: MORNING_MS }], holes, next: null });
  expect(text).toContain("entry 2 missing until now");
  expect(text).toContain("entries 5 to 7 missing until now");
  expect(text).toMatch(/broken-chain +WR7006 +does not follow/);
  expect(incidentsText({ incidents: [], holes: [], next: null })).toBe("No incidents.\n");
});

test("a refused entry is listed with its code, whatever its time says", () => {
  const aside = {
    ...place,
    seq: 1,
    entryId: "e",
    number: 4,
    code: "WR7008",
    detail: "body: no JSON text",
    entry: "{}",
    receivedAtMs: 9e15,
    takenAtMs: null,
  };
  expect(setAsideText({ setAside: [aside], next: null })).toMatch(/unknown +3 +4 +e +WR7008 +body: no JSON text/);
  expect(setAsideText({ setAside: [{ ...aside, takenAtMs: 1_772_413_200_000 }], next: null })).toMatch(/no JSON text +2026-03-02/);
  expect(setAsideText({ setAside: [], next: null })).toBe("Nothing is set aside.\n");
});
