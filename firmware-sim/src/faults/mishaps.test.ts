import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { realClock } from "../clock/clock.ts";
import { NotingPad } from "../test/noting-pad.ts";
import { type FaultPlan, readFaultPlan } from "./fault-plan.ts";
import { startMishaps } from "./mishaps.ts";
import { seededRandom } from "./seeded-random.ts";

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "pad-faults-"));
  vi.useFakeTimers();
});
afterEach(() => {
  vi.useRealTimers();
  rmSync(folder, { recursive: true });
});
const plan = (content: unknown): FaultPlan => {
  const path = join(folder, "faults.json");
  writeFileSync(path, typeof content === "string" ? content : JSON.stringify(content));
  return readFaultPlan(path);
};

describe("a plan of faults", () => {
  test("has all faults off that it does not name", () => {
    expect(plan({ toHost: { drop: 0.5 } })).toMatchObject({ seed: 1, toHost: { drop: 0.5, flip: 0 }, toPad: { drop: 0, delay: 0 } });
  });

  test.each([
    [{ toHost: { dorp: 0.1 } }, /WR9004.*faults\.json: toHost: Unrecognized key: "dorp"/],
    [{ toPad: { drop: 2 } }, /WR9004.*toPad\.drop/],
    [{ unplug: { everyMs: 0, forMs: [1, 2] } }, /WR9004.*unplug\.everyMs/],
    [{ silent: { everyMs: 9, forMs: [5, 2] } }, /WR9004.*silent\.forMs: the shortest time comes first/],
    ["{", /WR9004.*faults\.json/],
    ["[]", /WR9004/],
  ])("that is not valid (%j) is refused by the name of its file and fault", (content, message) => {
    expect(() => plan(content)).toThrow(message);
  });
});

describe("mishaps", () => {
  test("come again and again, each ends in its time, and the same seed gives the same ones", () => {
    const run = (): NotingPad => {
      const pad = new NotingPad();
      const faults = plan({ unplug: { everyMs: 1000, forMs: [100, 200] }, powerCut: { everyMs: 3000, forMs: [10, 20] } });
      const stop = startMishaps(faults, pad, seededRandom(5), realClock);
      vi.advanceTimersByTime(60_000);
      stop();
      return pad;
    };
    const { notes } = run();
    const cable = notes.filter(([, what]) => what === "unplug" || what === "plug");
    expect(cable.length).toBeGreaterThan(60);
    for (const [index, [at, what]] of cable.entries()) {
      expect(what).toBe(index % 2 === 0 ? "unplug" : "plug");
      const before = cable[index - 1]?.[0] ?? 0;
      if (what === "plug") expect([at - before >= 100, at - before <= 201]).toEqual([true, true]);
      else expect([at - before >= 500, at - before <= 1501]).toEqual([true, true]);
    }
    expect(notes.filter(([, what]) => what.startsWith("powerCut")).length).toBeGreaterThan(10);
    expect(run().notes).toEqual(notes);
  });

  test("that are under way end when they are stopped, and none comes after", () => {
    const pad = new NotingPad();
    const stop = startMishaps(plan({ silent: { everyMs: 100, forMs: [5000, 5000] } }), pad, seededRandom(5), realClock);
    vi.advanceTimersByTime(200);
    stop();
    vi.advanceTimersByTime(60_000);
    expect(pad.notes.map(([, what]) => what)).toEqual(["silent", "heard"]);
  });
});
