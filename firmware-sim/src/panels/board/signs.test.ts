import { describe, expect, test } from "vitest";
import type { LampState } from "../../face.ts";
import { PROMPTS } from "../../firmware/prompts.ts";
import { isLit } from "./lamp-rhythm.ts";
import { melodyOf } from "./melodies.ts";

const rhythm = (lamp: LampState): string => Array.from({ length: 16 }, (_, beat) => (isLit(lamp, beat) ? "#" : ".")).join("");

describe("what a board can show and play", () => {
  test("tells the states of a lamp apart, but for asking and chosen, which differ by how many lamps are lit", () => {
    const states: readonly LampState[] = ["off", "invite", "thanks", "fault", "blink"];
    expect(new Set(states.map(rhythm)).size).toBe(states.length);
    expect(rhythm("chosen")).toBe(rhythm("invite"));
  });

  test("is a melody of its own for every prompt, none longer than a second", () => {
    const melodies = Object.values(PROMPTS).map(({ id }) => melodyOf(id) ?? []);
    expect(new Set(melodies.map((melody) => JSON.stringify(melody))).size).toBe(melodies.length);
    for (const melody of melodies) {
      expect(melody.length).toBeGreaterThan(0);
      expect(melody.reduce((sum, [, ms]) => sum + ms, 0)).toBeLessThanOrEqual(1000);
    }
    expect(melodyOf(999)).toBeUndefined();
  });
});
