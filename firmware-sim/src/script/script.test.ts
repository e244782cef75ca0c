import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { NotingPad } from "../test/noting-pad.ts";
import { playScript, type ScriptPlay } from "./player.ts";
import { readScript } from "./script.ts";

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "pad-script-"));
  vi.useFakeTimers();
});
afterEach(() => {
  vi.useRealTimers();
  rmSync(folder, { recursive: true });
});
const read = (content: unknown): ReturnType<typeof readScript> => {
  const path = join(folder, "demo.json");
  writeFileSync(path, typeof content === "string" ? content : JSON.stringify(content));
  return readScript(path);
};
const start = (content: unknown): { pad: NotingPad; play: ScriptPlay } => {
  const pad = new NotingPad();
  return { pad, play: playScript(read(content), pad) };
};

describe("a script", () => {
  test("does each step at its time, and ends each in its own", async () => {
    const { pad, play } = start([
      { at: 200, do: "press", key: 5 },
      { at: 900, do: "unplug", forMs: 2000 },
      { at: 1000, do: "hold", key: 1 },
      { do: "silent", forMs: 500 },
      { at: 2000, do: "release", key: 1 },
      { at: 3000, do: "powerCut", forMs: 700 },
    ]);
    await vi.advanceTimersByTimeAsync(10_000);
    await play.done;
    expect(pad.notes).toEqual([
      [200, "down 5"],
      [290, "up 5"],
      [900, "unplug"],
      [1000, "down 1"],
      [1000, "silent"],
      [1500, "heard"],
      [2000, "up 1"],
      [2900, "plug"],
      [3000, "powerCut 700"],
    ]);
    expect(pad.listeners).toBe(0);
  });

  test("presses so long after each invitation, and once for each", async () => {
    const { pad, play } = start([
      { do: "repeat", times: 3, steps: [{ do: "waitForInvite" }, { at: 800, do: "press", key: 4, downMs: 50 }] },
      { do: "plug" },
    ]);
    await vi.advanceTimersByTimeAsync(1000);
    pad.invite("a");
    await vi.advanceTimersByTimeAsync(3000);
    pad.invite(null);
    pad.invite("b");
    await vi.advanceTimersByTimeAsync(100);
    // The next citizen comes before the press; it is the next invitation all the same.
    pad.invite("c");
    await vi.advanceTimersByTimeAsync(5000);
    await play.done;
    expect(pad.notes.filter(([, what]) => what !== "up 4")).toEqual([
      [1800, "down 4"],
      [4800, "down 4"],
      [5600, "down 4"],
      [5600, "plug"],
    ]);
  });

  test("takes up an invitation that is shown already", async () => {
    const pad = new NotingPad();
    pad.invite("a");
    const play = playScript(read([{ do: "waitForInvite" }, { at: 100, do: "press", key: 2 }]), pad);
    await vi.advanceTimersByTimeAsync(500);
    await play.done;
    expect(pad.notes[0]).toEqual([100, "down 2"]);
  });

  test("lets the pad suffer a fault for a while, or until it ends, and leaves the pad as it was", async () => {
    const { pad, play } = start([
      { at: 100, do: "fault", fault: "stuckKey", value: 2, forMs: 300 },
      { at: 200, do: "fault", fault: "deadLamp" },
      { at: 1000, do: "plug" },
    ]);
    await vi.advanceTimersByTimeAsync(2000);
    await play.done;
    expect(pad.notes).toEqual([
      [100, '{"stuckKeys":[2]}'],
      [200, '{"deadLamps":[3]}'],
      [400, '{"stuckKeys":[]}'],
      [1000, "plug"],
      [1000, '{"deadLamps":[]}'],
    ]);
  });

  test("does nothing more after it was stopped", async () => {
    const { pad, play } = start([{ do: "repeat", times: "forever", steps: [{ at: 100, do: "unplug", forMs: 50 }] }]);
    await vi.advanceTimersByTimeAsync(1020);
    const { length } = pad.notes;
    play.stop();
    await play.done;
    await vi.advanceTimersByTimeAsync(1000);
    expect(pad.notes).toHaveLength(length);
    expect(length).toBe(19);
  });

  test("that waits for an invitation can be stopped", async () => {
    const { play } = start([{ do: "waitForInvite" }]);
    play.stop();
    await play.done;
  });
});

test.each([
  [[{ at: 5, do: "jump" }], /WR9001.*demo\.json: step 1, do: there is no step "jump"; there are press, hold/],
  [[{ do: "plug" }, { do: "press", key: 6 }], /step 2, key: is a number from 1 to 5/],
  [[{ do: "fault", fault: "stuck" }], /step 1, fault: is one of drop, flip/],
  [[{ do: "plug" }, { do: "fault", fault: "stuckKey", value: 9 }], /step 2, value: stuckKey=9 \(key, 1 to 5\)/],
  [[{ do: "plug" }, { do: "press", key: 1, ky: 2 }], /step 2: Unrecognized key: "ky"/],
  [[{ do: "powerCut" }], /step 1, forMs/],
  [
    [
      { at: 300, do: "plug" },
      { at: 200, do: "unplug" },
    ],
    /step 2: at 200 is before the step above it, at 300/,
  ],
  [[{ do: "repeat", times: 2, steps: [{ do: "plug" }, { do: "hold" }] }], /step 1\.2, key/],
  [[{ do: "repeat", times: 0, steps: [{ do: "plug" }] }], /step 1, times: is a number from 1 on, or "forever"/],
  [[{ do: "repeat", times: "forever", steps: [{ do: "plug" }] }], /step 1: repeats without end in no time/],
  [[{ do: "repeat", times: "forever", steps: [{ at: 1, do: "plug" }] }, { do: "plug" }], /step 1: repeats forever/],
  [[], /has no steps/],
  [{ steps: [] }, /WR9001/],
  ["[{", /WR9001.*demo\.json/],
])("a script that is not valid (%j) is refused by the name of its file and step", (content, message) => {
  expect(() => read(content)).toThrow(message);
});
