import { describe, expect, test } from "vitest";
import { STRIP_ACTIONS, type StripAction } from "../../messages/preferences.ts";
import type { Possibilities } from "./actions.ts";
import { barOf, dockedNeed, roomFor } from "./bar.ts";

const only = (...actions: readonly StripAction[]): Possibilities =>
  Object.fromEntries(STRIP_ACTIONS.map((action) => [action, actions.includes(action) ? null : "noClerk"])) as Possibilities;

describe("The buttons of a strip", () => {
  test("are all there where there is room, also what cannot be done now", () => {
    expect(roomFor(null, false)).toBeNull();
    expect(roomFor(null, true)).toBeNull();
    expect(roomFor(1280, false)).toBeNull();
    expect(barOf(only("pause"), null)).toEqual(STRIP_ACTIONS);
  });

  test("are fewer on a screen at 200 and 300 percent: what can be done now, most wanted first, and place for one that opens the rest", () => {
    expect([1024, 683, 640, 427].map((width) => roomFor(width, false))).toEqual([8, 3, 3, 2]);
    expect(barOf(only("settings", "pause", "endCase", "cancelCase"), 2)).toEqual(["endCase"]);
    expect(barOf(only("settings", "pause", "startCase"), 3)).toEqual(["startCase", "pause"]);
    expect(barOf(only(), 3)).toEqual([]);
  });

  test("leave the room of a docked strip to signing in while nobody is", () => {
    expect([1280, 427].map((width) => roomFor(width, true))).toEqual([1, 1]);
    expect(barOf(only("pause", "settings"), 1)).toEqual([]);
  });
});

describe("A docked strip", () => {
  test("asks for no height while all fits, then for steps, and never for what a form would have", () => {
    expect([0, 40, 64].map(dockedNeed)).toEqual([null, null, null]);
    expect([65, 88, 89, 112, 159, 160, 500].map(dockedNeed)).toEqual([88, 88, 112, 112, 160, 160, 160]);
  });
});
