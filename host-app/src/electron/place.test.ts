import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { EDGES } from "../messages/shared-shell.ts";
import { citizenMonitor, clamped, type Monitor, type Rect, stripMonitor, stripPlaces } from "./place.ts";

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

const area = (width: number, height: number): Monitor => ({ ...clerks, workArea: { x: 0, y: 0, width, height } });
/** 1024 x 600 at 300 percent, with a task bar of 40 pixels. */
const small = area(341, 187);

const overlap = (a: Rect, b: Rect): boolean => a.x < b.x + b.width && b.x < a.x + a.width && a.y < b.y + b.height && b.y < a.y + a.height;
const heights = (places: readonly Rect[]): number[] => places.map(({ height }) => height);

describe("the strip", () => {
  test("stands along its edge of the monitor, clear of the task bar, and grows away from that edge for a form", () => {
    expect(stripPlaces("top", clerks, [null])).toEqual([{ x: 0, y: 0, width: 1920, height: 64 }]);
    expect(stripPlaces("top", clerks, [420.2])).toEqual([{ x: 0, y: 0, width: 1920, height: 421 }]);
    expect(stripPlaces("bottom", clerks, [null])).toEqual([{ x: 0, y: 976, width: 1920, height: 64 }]);
    expect(stripPlaces("bottom", clerks, [420])).toEqual([{ x: 0, y: 620, width: 1920, height: 420 }]);
    expect(stripPlaces("right", second, [420])).toEqual([{ x: 3520, y: 0, width: 320, height: 1040 }]);
  });

  test("of a further window stands behind the others, however high those are", () => {
    expect(stripPlaces("top", clerks, [null, 112, null]).map(({ y, height }) => [y, height])).toEqual([
      [0, 64],
      [64, 112],
      [176, 64],
    ]);
    expect(stripPlaces("bottom", clerks, [400, null]).map(({ y, height }) => [y, height])).toEqual([
      [640, 400],
      [576, 64],
    ]);
    expect(stripPlaces("left", clerks, [null, 400]).map(({ x }) => x)).toEqual([0, 320]);
    expect(stripPlaces("right", clerks, [null, 400]).map(({ x }) => x)).toEqual([1600, 1280]);
  });

  test("that is a form gives way where there is no room for all, and every line stays as it is; where lines are too many, they share", () => {
    expect(heights(stripPlaces("top", area(1024, 560), [null, 700, 88]))).toEqual([64, 408, 88]);
    expect(heights(stripPlaces("top", area(1024, 560), [500, 88, 700]))).toEqual([236, 88, 236]);
    expect(heights(stripPlaces("bottom", small, [null, 88]))).toEqual([64, 88]);
    expect(heights(stripPlaces("bottom", small, [112, 700, null, null]))).toEqual([46, 46, 46, 46]);
    // No room for two columns: they share one.
    expect(stripPlaces("left", small, [null, null])).toEqual([
      { x: 0, y: 0, width: 320, height: 93 },
      { x: 0, y: 93, width: 320, height: 93 },
    ]);
  });

  test("has a line of its own on its monitor, which no other strip covers, whatever their pages ask for and however many there are", () => {
    const anyArea = fc
      .record({ width: fc.integer({ min: 320, max: 5120 }), height: fc.integer({ min: 160, max: 2880 }) })
      .map(({ width, height }) => area(width, height));
    const pages = fc.array(fc.option(fc.oneof(fc.integer({ min: 1, max: 160 }), fc.double({ min: 160, max: 10_000, noNaN: true }))), {
      minLength: 1,
      maxLength: 8,
    });
    fc.assert(
      fc.property(
        fc.constantFrom(...EDGES),
        fc.oneof(fc.constantFrom(clerks, second, touch, small), anyArea),
        pages,
        (edge, where, needed) => {
          const places = stripPlaces(edge, where, needed);
          expect(places).toHaveLength(needed.length);
          const { width, height } = where.workArea;
          for (const [index, place] of places.entries()) {
            expect(isWithin(place, where.workArea)).toBe(true);
            expect(places.slice(0, index).filter((other) => overlap(place, other))).toEqual([]);
            if (edge === "top" || edge === "bottom") {
              const wanted = Math.max(64, Math.ceil(needed[index] ?? 0));
              // Never more than it asked for, and never less than a line of 64 or an equal share.
              expect(place.height).toBeLessThanOrEqual(wanted);
              expect(place.height).toBeGreaterThanOrEqual(Math.min(64, Math.floor(height / needed.length)));
              expect(place.width).toBe(width);
            }
          }
          const together = needed.reduce<number>((sum, px) => sum + Math.max(64, Math.ceil(px ?? 0)), 0);
          if ((edge === "top" || edge === "bottom") && together <= height)
            expect(places.reduce((sum, place) => sum + place.height, 0)).toBe(together);
        },
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
