import { describe, expect, test } from "vitest";
import { seededRandom } from "../faults/seeded-random.ts";
import { BenchWindow } from "../test/bench-window.ts";
import { Citizens, type Habits, KEEN_HABITS, RANDOM_HABITS } from "./citizens.ts";

/** Asks again and again, and gives what came of it. */
const serve = (habits: Habits, count: number, everyMs?: number) => {
  const window = new BenchWindow();
  const citizens = new Citizens({
    pad: window.pad,
    clock: window.clock,
    random: seededRandom(5),
    habits,
    ...(everyMs === undefined ? {} : { everyMs }),
    onPress: (press) => window.presses.push(press),
  });
  const startedAt = window.clock.now();
  for (let turn = 0; turn < count; turn++) {
    const requestId = window.ask();
    window.clock.runUntil(() => window.pc.requests.get(requestId as never)?.end !== undefined, 120_000);
    window.clock.runUntil(() => window.pad.face.phase === "idle", 10_000);
  }
  citizens.stop();
  return { window, ms: window.clock.now() - startedAt };
};

describe("citizens", () => {
  test("who are keen answer every invitation, once", () => {
    const { window } = serve(KEEN_HABITS, 50);
    expect(window.levels.every((level) => level !== undefined)).toBe(true);
    expect(window.presses).toHaveLength(50);
    expect(window.reckoning).toEqual({ lost: 0, doubled: 0, misbound: 0 });
  });

  test("as they come to a hall walk away, press twice, think again and touch too shortly; each request has one rating at most", () => {
    const { window } = serve(RANDOM_HABITS, 300);
    const rated = window.levels.filter((level) => level !== undefined).length;
    expect(rated).toBeLessThan(300);
    expect(rated).toBeGreaterThan(240);
    expect(window.presses.length).toBeGreaterThan(rated);
    expect(window.pad.facts().filter(({ is }) => is === "rated")).toHaveLength(rated);
    expect(window.reckoning).toEqual({ lost: 0, doubled: 0, misbound: 0 });
  });

  test("come no more often than they are told to", () => {
    const { window, ms } = serve(KEEN_HABITS, 20, 10_000);
    expect(window.levels.every((level) => level !== undefined)).toBe(true);
    expect(ms).toBeGreaterThan(19 * 10_000);
  });

  test("move no finger any more once they are stopped", () => {
    const { window } = serve(KEEN_HABITS, 1);
    const { length } = window.presses;
    window.ask();
    window.clock.run(60_000);
    expect(window.presses).toHaveLength(length);
  });

  test("are the same for the same seed", () => {
    expect(serve(RANDOM_HABITS, 30).window.presses).toEqual(serve(RANDOM_HABITS, 30).window.presses);
  });
});
