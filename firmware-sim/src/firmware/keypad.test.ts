import { describe, expect, test } from "vitest";
import type { KeyNo } from "../face.ts";
import { type KeyHappening, Keypad } from "./keypad.ts";

/** Moves keys by a timetable (`at`, key, down or up) and tells what the keypad reports by `until`. */
const report = (
  moves: readonly (readonly [at: number, key: KeyNo, move: "down" | "up"])[],
  until: number,
  debounceMs = 30,
): KeyHappening[] => {
  const keypad = new Keypad();
  keypad.debounceMs = debounceMs;
  const happenings: KeyHappening[] = [];
  const catchUp = (now: number) => {
    for (let next = keypad.next(now); next !== undefined; next = keypad.next(now)) happenings.push(next);
  };
  for (const [at, key, move] of moves) {
    catchUp(at);
    keypad[move](key, at);
  }
  catchUp(until);
  return happenings;
};
const counted = (key: KeyNo, downAt: number, at: number): KeyHappening => ({ is: "counted", key, at, downAt });

describe("a key", () => {
  test("counts once it has been down for the debounce time, and only once", () => {
    expect(report([[100, 4, "down"]], 129)).toEqual([]);
    expect(report([[100, 4, "down"]], 5000)).toEqual([counted(4, 100, 130)]);
  });

  test("counts after the debounce time that is configured", () => {
    expect(report([[100, 4, "down"]], 500, 200)).toEqual([counted(4, 100, 300)]);
  });

  test("that bounces counts from the last contact", () => {
    const bounces = [
      [0, 2, "down"],
      [3, 2, "up"],
      [5, 2, "down"],
      [29, 2, "up"],
      [31, 2, "down"],
    ] as const;
    expect(report(bounces, 1000)).toEqual([counted(2, 31, 61)]);
  });

  test("that is let go before the debounce time does not count", () => {
    expect(
      report(
        [
          [0, 1, "down"],
          [29, 1, "up"],
        ],
        1000,
      ),
    ).toEqual([]);
  });

  test("down for ten seconds is stuck, once, until it is let go", () => {
    const stuck = report([[0, 3, "down"]], 60_000);
    expect(stuck).toEqual([counted(3, 0, 30), { is: "stuck", key: 3, at: 10_000 }]);
    expect(
      report(
        [
          [0, 3, "down"],
          [20_000, 3, "up"],
          [21_000, 3, "down"],
        ],
        25_000,
      ),
    ).toEqual([...stuck, counted(3, 21_000, 21_030)]);
  });
});

describe("two keys", () => {
  test("count in the order in which they went down", () => {
    const both = report(
      [
        [0, 5, "down"],
        [1, 1, "down"],
      ],
      100,
    );
    expect(both).toEqual([counted(5, 0, 30), counted(1, 1, 31)]);
  });

  test("that went down in the same millisecond do not count while both are down", () => {
    expect(
      report(
        [
          [0, 5, "down"],
          [0, 1, "down"],
        ],
        9000,
      ),
    ).toEqual([]);
  });

  test("that went down together: the one that stays alone counts after another debounce time", () => {
    const moves = [
      [0, 5, "down"],
      [0, 1, "down"],
      [400, 5, "up"],
    ] as const;
    expect(report(moves, 429)).toEqual([]);
    expect(report(moves, 1000)).toEqual([counted(1, 0, 430)]);
  });

  test("that went down and are let go nearly together choose nothing", () => {
    const moves = [
      [0, 5, "down"],
      [0, 1, "down"],
      [400, 5, "up"],
      [415, 1, "up"],
    ] as const;
    expect(report(moves, 1000)).toEqual([]);
  });

  test("of which one bounces: the steady one counts first", () => {
    const moves = [
      [0, 5, "down"],
      [2, 1, "down"],
      [10, 5, "up"],
      [11, 5, "down"],
    ] as const;
    expect(report(moves, 1000)).toEqual([counted(1, 2, 32), counted(5, 11, 41)]);
  });
});

test("three keys that went down together count only when one of them is left", () => {
  const moves = [
    [0, 1, "down"],
    [0, 2, "down"],
    [0, 3, "down"],
    [100, 1, "up"],
    [300, 3, "up"],
  ] as const;
  expect(report(moves, 1000)).toEqual([counted(2, 0, 330)]);
});
