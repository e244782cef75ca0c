import { newRequestId, requestIdToBytes } from "@window-rating/protocol/rating";
import { afterEach, beforeEach, expect, test } from "vitest";
import { VirtualClock } from "../clock/virtual-clock.ts";
import { seededBytes, seededRandom } from "../faults/seeded-random.ts";
import { MemoryPort } from "../ports/memory-port.ts";
import { SimulatedPad } from "../simulator.ts";
import { PATIENCE_MS } from "./cue.ts";
import type { RecordedMessage } from "./recorded-messages.ts";
import { HostReplay, type ReplayEnd } from "./replay.ts";

const random = seededBytes(seededRandom(7));
const [first, second] = [1, 2].map((time) => requestIdToBytes(newRequestId(time, random(10)))) as [Uint8Array, Uint8Array];
const opened = (at: number, requestId: Uint8Array): RecordedMessage => {
  const message = { type: "openRating", requestId, timeoutMs: 60_000, voice: 0, labels: [] } as const;
  return { at, from: "host", message };
};
const rated = (at: number, requestId: Uint8Array, eventNo: number): RecordedMessage => {
  const message = { type: "rated", eventNo, requestId, level: 4, sinceOpenMs: 50, unixMs: 0, bootCount: 1 } as const;
  return { at, from: "pad", message };
};

let clock: VirtualClock;
let pad: SimulatedPad;
let end: ReplayEnd | undefined;

beforeEach(() => {
  clock = new VirtualClock();
  end = undefined;
});
afterEach(() => pad.close());

/** A window PC of the recording, at the recorded pace, and a live pad. */
const play = (...messages: readonly RecordedMessage[]): HostReplay => {
  const port = new MemoryPort({ clock });
  pad = new SimulatedPad({ port, clock, random });
  const talk = { pad: undefined, readyAt: 0, messages };
  const replay = new HostReplay({ talk, pace: "recorded", clock, random, write: (bytes) => port.host.write(bytes) });
  port.host.listen({ bytes: (bytes) => replay.take(bytes) });
  replay.start();
  void replay.done.then((is) => {
    end = is;
  });
  return replay;
};

const press = (key: 1 | 5): void => {
  pad.keyDown(key);
  clock.run(120);
  pad.keyUp(key);
};

test("at the recorded pace a citizen who is slower than the one of the recording still gets to answer", async () => {
  play(opened(100, first), rated(150, first, 1), opened(300, second), rated(350, second, 2));
  expect(clock.runUntil(() => pad.face.phase === "inviting", 5000)).toBe(true);
  const asked = pad.face.requestId;
  clock.run(PATIENCE_MS / 2);
  expect([pad.face.phase, pad.face.requestId]).toEqual(["inviting", asked]);
  press(5);
  expect(clock.runUntil(() => pad.face.phase === "inviting" && pad.face.requestId !== asked, 5000)).toBe(true);
  press(1);
  clock.run(5000);
  await Promise.resolve();
  expect(end).toEqual({ played: 2, of: 2, impatient: 0 });
  expect(pad.facts()).toMatchObject([{ level: 5 }, { level: 1 }]);
});

test("at the recorded pace an invitation that nobody had answered is replaced when it was replaced", () => {
  play(opened(100, first), opened(300, second), rated(350, second, 1));
  expect(clock.runUntil(() => pad.face.phase === "inviting", 5000)).toBe(true);
  const asked = pad.face.requestId;
  expect(clock.runUntil(() => pad.face.requestId !== asked && pad.face.phase === "inviting", 300)).toBe(true);
});

test("nobody waits for a citizen who does not come at all", async () => {
  play(opened(100, first), rated(150, first, 1), opened(300, second), rated(350, second, 2));
  clock.run(4 * PATIENCE_MS);
  await Promise.resolve();
  expect(end).toEqual({ played: 2, of: 2, impatient: 2 });
});
