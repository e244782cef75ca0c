import { createRequire } from "node:module";
import fc from "fast-check";
import { afterEach, describe, expect, test } from "vitest";
import { createCalendar } from "../calendar/calendar.ts";
import { addDays, type CivilDate, dateAt, endOf, startOf } from "../calendar/civil-date.ts";
import { loadCalendarData } from "../calendar/load.ts";
import { countSpans, momentOf, positionText } from "./count.ts";
import type { Span } from "./rule-schema.ts";

const chineseDays = createRequire(import.meta.url)("chinese-days") as typeof import("chinese-days");

const { years, overlays } = loadCalendarData();
const calendars = [undefined, ...overlays].map((overlay) => createCalendar(years, overlay));

// Until October 2026 no count below leaves the years that have a paper.
const FIRST = startOf("2020-01-01" as CivilDate);
const LAST = startOf("2026-10-01" as CivilDate);

const calendar = fc.constantFrom(...calendars);
const moment = fc.integer({ min: FIRST, max: LAST });
const count = fc.integer({ min: 1, max: 30 });
const workingDays = count.map((days): Span => ({ unit: "working-days", count: days }));
const span: fc.Arbitrary<Span> = fc.oneof(
  workingDays,
  fc.record({ unit: fc.constant("calendar-days" as const), count, lastDay: fc.constantFrom("moves-on" as const, "stays" as const) }),
  fc.record({ unit: fc.constantFrom("hours" as const, "minutes" as const), count }),
  fc.constant<Span>({ unit: "on-the-spot" }),
  fc.record({
    unit: fc.constant("fixed-date" as const),
    period: fc.constantFrom("month" as const, "half-year" as const, "year" as const),
    day: fc.integer({ min: 1, max: 28 }),
    included: fc.boolean(),
  }),
);
const SEEDED = { seed: 20_220_301, numRuns: 400 };

const endMs = (...[of, spans, at]: [(typeof calendars)[number], readonly Span[], number]): number =>
  countSpans(of, spans, momentOf(at)).end.ms;

describe("for every calendar", () => {
  test("a later event is never due earlier", () => {
    fc.assert(
      fc.property(calendar, span, moment, moment, (of, one, first, second) => {
        const [earlier, later] = first <= second ? [first, second] : [second, first];
        expect(endMs(of, [one], later)).toBeGreaterThanOrEqual(endMs(of, [one], earlier));
      }),
      SEEDED,
    );
  });

  test("a longer limit is due later", () => {
    fc.assert(
      fc.property(calendar, moment, count, fc.integer({ min: 1, max: 20 }), (of, at, days, more) => {
        const due = (working: number) => endMs(of, [{ unit: "working-days", count: working }], at);
        expect(due(days + more)).toBeGreaterThan(due(days));
      }),
      SEEDED,
    );
  });

  test("no deadline in working days, and no last day that moves on, ends on a day that is not worked", () => {
    const ending = fc.oneof(
      workingDays,
      count.map((days): Span => ({ unit: "calendar-days", count: days, lastDay: "moves-on" })),
    );
    fc.assert(
      fc.property(calendar, ending, moment, (of, one, at) => {
        const { end } = countSpans(of, [one], momentOf(at));
        expect(of.dayOf(end.date).working).toBe(true);
        expect(positionText(end)).toBe(`${end.date}T24:00+08:00`);
      }),
      SEEDED,
    );
  });

  test("so many days in two stretches end where they end in one", () => {
    fc.assert(
      fc.property(calendar, fc.constantFrom("working-days", "calendar-days"), moment, count, count, (of, unit, at, first, second) => {
        const days = (number: number): Span =>
          unit === "working-days" ? { unit: "working-days", count: number } : { unit: "calendar-days", count: number, lastDay: "stays" };
        expect(endMs(of, [days(first), days(second)], at)).toBe(endMs(of, [days(first + second)], at));
      }),
      SEEDED,
    );
  });

  test("the counted days are numbered without a gap, each day is listed once, and every one that is skipped is not worked", () => {
    fc.assert(
      fc.property(calendar, workingDays, moment, (of, one, at) => {
        const { end, steps } = countSpans(of, [one], momentOf(at));
        const counted = steps.filter((step) => step.counted);
        expect(counted.map(({ number }) => number)).toEqual(Array.from({ length: counted.length }, (_, index) => index + 1));
        expect("count" in one && counted.length === one.count).toBe(true);
        expect(counted.at(-1)?.date).toBe(end.date);
        const listed = steps.map(({ date }) => date);
        let expected = addDays(dateAt(at), 1);
        for (const date of listed) {
          expect(date).toBe(expected);
          expected = addDays(expected, 1);
        }
        for (const step of steps) expect(of.dayOf(step.date as CivilDate).working).toBe(step.counted);
      }),
      SEEDED,
    );
  });

  test("the time of day of the event changes nothing for days, everything for hours", () => {
    fc.assert(
      fc.property(calendar, count, moment, (of, number, at) => {
        const morning = startOf(dateAt(at));
        expect(endMs(of, [{ unit: "working-days", count: number }], at)).toBe(
          endMs(of, [{ unit: "working-days", count: number }], morning),
        );
        expect(endMs(of, [{ unit: "hours", count: number }], at)).toBe(at + number * 3_600_000);
      }),
      SEEDED,
    );
  });
});

test("national working days agree with those that chinese-days counts", () => {
  const [national] = calendars;
  if (national === undefined) throw new Error("no calendar");
  fc.assert(
    fc.property(count, moment, (number, at) => {
      const due = countSpans(national, [{ unit: "working-days", count: number }], momentOf(at)).end.date;
      const days = chineseDays.getWorkdaysInRange(addDays(dateAt(at), 1), due, true);
      expect(days).toHaveLength(number);
    }),
    { ...SEEDED, numRuns: 150 },
  );
});

describe("whatever the TZ of the process", () => {
  const before = process.env.TZ;
  afterEach(() => {
    if (before === undefined) delete process.env.TZ;
    else process.env.TZ = before;
  });

  test("the same event gives the same count", () => {
    fc.assert(
      fc.property(calendar, span, moment, (of, one, at) => {
        const counted = ["UTC", "Asia/Shanghai", "America/Los_Angeles", "Pacific/Apia", "Asia/Kathmandu"].map((zone) => {
          process.env.TZ = zone;
          return JSON.stringify(countSpans(of, [one], momentOf(at)));
        });
        expect(new Set(counted).size).toBe(1);
      }),
      { ...SEEDED, numRuns: 120 },
    );
  });
});

test("a count that starts late in the evening of China belongs to that day", () => {
  const [national] = calendars;
  const at = endOf("2022-03-01" as CivilDate) - 1;
  expect(national && countSpans(national, [{ unit: "working-days", count: 1 }], momentOf(at)).end.date).toBe("2022-03-02");
  expect(national && countSpans(national, [{ unit: "working-days", count: 1 }], momentOf(at + 1)).end.date).toBe("2022-03-03");
});
