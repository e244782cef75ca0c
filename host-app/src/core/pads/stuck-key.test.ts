import { randomBytes } from "node:crypto";
import { MemoryPort, SimulatedPad } from "@window-rating/firmware-sim";
import pino from "pino";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { openWindow, temporaryFolder } from "../../../test/window-rig.ts";
import type { Clock } from "../clock.ts";
import { PadLine } from "./pad-line.ts";

/** A bag lies on key 3. Pad, line and window live by one time, which the test moves. */
const bench = () => {
  const folder = temporaryFolder();
  const port = new MemoryPort();
  const pad = new SimulatedPad({ port });
  const clock: Clock = {
    bootId: "boot-1",
    wallMs: () => 1_790_000_000_000 + Math.round(performance.now()),
    monotonicMs: () => performance.now(),
  };
  const listen = (bytes: (chunk: Uint8Array) => void): void => port.host.listen({ bytes });
  const rig = openWindow(folder.path, clock);
  const line = new PadLine({
    open: async (events) => {
      listen((chunk) => events.bytes(chunk));
      return { name: "memory", kind: "memory", write: (bytes) => port.host.write(bytes), close: async () => listen(() => {}) };
    },
    clock,
    random: (length) => new Uint8Array(randomBytes(length)),
    logger: pino({ level: "silent" }),
    listener: rig.atWindow,
  });
  rig.pad.line = line;
  line.start();
  const close = async (): Promise<void> => {
    await Promise.all([line.stop(), pad.close(), vi.advanceTimersByTimeAsync(1000)]);
    rig.close();
    folder.remove();
  };
  return { pad, rig, close };
};

let running: ReturnType<typeof bench>;
const pass = (ms: number): Promise<unknown> => vi.advanceTimersByTimeAsync(ms);
beforeEach(async () => {
  vi.useFakeTimers({
    toFake: ["setTimeout", "clearTimeout", "setInterval", "clearInterval", "setImmediate", "clearImmediate", "performance"],
  });
  running = bench();
  await pass(5000);
  expect(running.rig.window.state().pad.connection).toBe("ready");
  running.pad.keyDown(3);
  await pass(11_000);
});
afterEach(async () => {
  await running.close();
  vi.useRealTimers();
});

const notices = (): string[] => running.rig.events.flatMap((event) => (event.event === "notice" ? [event.code] : []));

test("a case that ends while a key of the pad is stuck is asked about as soon as the key is let go", async () => {
  const { pad, rig } = running;
  expect(notices()).toEqual(["WR1008"]);
  const requestId = rig.serve("A-1");
  await pass(1000);
  expect(pad.face.phase).toBe("idle");
  expect(rig.window.state()).toMatchObject({ request: { requestId, state: "waiting" }, pad: { cause: expect.stringMatching(/^WR1061 /) } });
  expect(notices()).toEqual(["WR1008", "WR1061"]);
  pad.keyUp(3);
  await pass(200);
  expect([pad.face.phase, pad.face.requestId]).toEqual(["inviting", requestId]);
  expect(rig.window.state()).toMatchObject({ request: { state: "shown" }, pad: { connection: "ready" } });
  expect(rig.window.state().pad.cause).toBeUndefined();
  pad.keyDown(5);
  await pass(100);
  pad.keyUp(5);
  await pass(1000);
  expect(rig.bodies()).toMatchObject([{ kind: "rating", level: 5, binding: { requestId, caseNo: "A-1" } }]);
});

test("a key that stays stuck lets the request expire when it would have anyway: not rated, and the pad is asked once", async () => {
  const { pad, rig } = running;
  const requestId = rig.serve("A-1");
  await pass(149_000);
  expect(rig.window.state().request).toMatchObject({ requestId, state: "waiting" });
  await pass(2000);
  expect(rig.bodies()).toMatchObject([{ kind: "not-rated", reason: "expired", binding: { requestId } }]);
  pad.keyUp(3);
  await pass(1000);
  expect(pad.face.phase).toBe("idle");
  expect(rig.commands.filter(({ type }) => type === "openRating")).toHaveLength(1);
});
