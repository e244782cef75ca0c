import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { EDGES } from "../messages/shared-shell.ts";
import { citizenMonitor, clamped, type Monitor, type Rect, stripMonitor, stripPlace } from "./place.ts";

const monitor = (id: number, x: number, y: number, touch: Monitor["touchSupport"] = "unknown"): Monitor => ({
  id,
  bounds: { x, y, width: 1920, height: 1080 },
  workArea: { x, y, width: 1920, height: 1040 },
  touchSupport: touch,
});
const clerks = monitor(1, 0, 0);
const second = monitor(2, 1920, 0);
const touch = monitor(3, -1920, 0, "available");

const isWithin = (inner: Rect, outer: Rect): boolean =>
  inner.x >= outer.x &&
  inner.y >= outer.y &&
  inner.x + inner.width <= outer.x + outer.width &&
  inner.y + inner.height <= outer.y + outer.height;

describe("the strip", () => {
  test("stands along its edge of the monitor, clear of the task bar, and grows away from that edge for a form", () => {
    expect(stripPlace("top", clerks, 0, null)).toEqual({ x: 0, y: 0, width: 1920, height: 64 });
    expect(stripPlace("top", clerks, 0, 420.2)).toEqual({ x: 0, y: 0, width: 1920, height: 421 });
    expect(stripPlace("bottom", clerks, 0, null)).toEqual({ x: 0, y: 976, width: 1920, height: 64 });
    expect(stripPlace("bottom", clerks, 0, 420)).toEqual({ x: 0, y: 620, width: 1920, height: 420 });
    expect(stripPlace("right", second, 0, 420)).toEqual({ x: 3520, y: 0, width: 320, height: 1040 });
  });

  test("of a second window stands behind the first", () => {
    expect(stripPlace("top", clerks, 1, null).y).toBe(64);
    expect(stripPlace("bottom", clerks, 1, null).y).toBe(912);
    expect(stripPlace("left", clerks, 1, null).x).toBe(320);
  });

  test("is on its monitor whatever the page asks for, and however many there are", () => {
    fc.assert(
      fc.property(
        fc.constantFrom(...EDGES),
        fc.constantFrom(clerks, second, touch),
        fc.nat({ max: 60 }),
        fc.option(fc.integer({ min: 1, max: 10_000 })),
        (edge, where, index, needed) => isWithin(stripPlace(edge, where, index, needed), where.workArea),
      ),
    );
  });

  test("goes to the main monitor when its own is taken away", () => {
    expect(stripMonitor([clerks, second], 1, 2)).toBe(second);
    expect(stripMonitor([clerks], 1, 2)).toBe(clerks);
  });
});

test("the citizen's page takes another monitor than the clerk's, a touch screen rather than none, and none if there is no other", () => {
  expect(citizenMonitor([clerks, second, touch], clerks)).toBe(touch);
  expect(citizenMonitor([clerks, second], clerks)).toBe(second);
  expect(citizenMonitor([clerks], clerks)).toBeUndefined();
});

test("a window is always wholly on a monitor, and stays where it is if it was", () => {
  const whole: Rect = { x: 2000, y: 100, width: 800, height: 600 };
  expect(clamped(whole, [clerks, second])).toEqual(whole);
  expect(clamped({ ...whole, x: 9000 }, [clerks, second])).toEqual({ x: 1120, y: 100, width: 800, height: 600 });
  const anywhere = fc.integer({ min: -5000, max: 5000 });
  const size = fc.integer({ min: 1, max: 4000 });
  fc.assert(
    fc.property(anywhere, anywhere, size, size, (x, y, width, height) => {
      const place = clamped({ x, y, width, height }, [clerks, second, touch]);
      return [clerks, second, touch].some(({ workArea }) => isWithin(place, workArea));
    }),
  );
});
