import fc from "fast-check";
import { afterEach, expect, test } from "vitest";
import { quietUntilMs } from "./quiet-hours.ts";

const china = (text: string): number => Date.parse(`${text.replace(" ", "T")}+08:00`);
const OVER_MIDNIGHT = { from: "21:00", until: "08:00" };
const zone = process.env.TZ;

afterEach(() => {
  if (zone === undefined) delete process.env.TZ;
  else process.env.TZ = zone;
});

test.each(["UTC", "Asia/Shanghai", "America/Los_Angeles", "Pacific/Kiritimati"])("over midnight, with the process in %s", (timeZone) => {
  process.env.TZ = timeZone;
  const until = (text: string) => quietUntilMs(OVER_MIDNIGHT, china(text));
  expect(until("2026-03-02 20:59:59")).toBeUndefined();
  expect(until("2026-03-02 21:00:00")).toBe(china("2026-03-03 08:00:00"));
  expect(until("2026-03-02 23:59:59")).toBe(china("2026-03-03 08:00:00"));
  expect(until("2026-03-03 00:00:00")).toBe(china("2026-03-03 08:00:00"));
  expect(until("2026-03-03 07:59:59")).toBe(china("2026-03-03 08:00:00"));
  expect(until("2026-03-03 08:00:00")).toBeUndefined();
  expect(until("2026-12-31 22:00:00")).toBe(china("2027-01-01 08:00:00"));
});

test("within a day, and none at all", () => {
  const noon = { from: "12:00", until: "14:30" };
  expect(quietUntilMs(noon, china("2026-03-02 12:00:00"))).toBe(china("2026-03-02 14:30:00"));
  expect(quietUntilMs(noon, china("2026-03-02 14:30:00"))).toBeUndefined();
  expect(quietUntilMs({ from: "08:00", until: "08:00" }, china("2026-03-02 08:00:00"))).toBeUndefined();
  expect(quietUntilMs(null, china("2026-03-02 03:00:00"))).toBeUndefined();
});

test("the end of quiet hours lies ahead, less than a day away, and is not quiet itself", () => {
  const time = fc
    .integer({ min: 0, max: 1439 })
    .map((minute) => `${String(Math.floor(minute / 60)).padStart(2, "0")}:${String(minute % 60).padStart(2, "0")}`);
  fc.assert(
    fc.property(time, time, fc.integer({ min: 0, max: 4_102_444_800_000 }), (from, until, nowMs) => {
      const endMs = quietUntilMs({ from, until }, nowMs);
      if (endMs === undefined) return;
      expect(endMs).toBeGreaterThan(nowMs);
      expect(endMs - nowMs).toBeLessThanOrEqual(86_400_000);
      expect(quietUntilMs({ from, until }, endMs)).toBeUndefined();
    }),
  );
});
