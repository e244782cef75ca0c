import { type KeypadProfile, loadProfiles } from "@window-rating/device-profiles";
import { MemoryPort, SimulatedKeypad } from "@window-rating/firmware-sim";
import { FrameCutter, KeypadProtocol, type RequestName } from "@window-rating/protocol/keypad";
import type { Level } from "@window-rating/protocol/rating";
import pino from "pino";
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { openWindow, temporaryFolder } from "../../../test/window-rig.ts";
import type { Window } from "../cases/window.ts";
import type { Clock } from "../clock.ts";
import { KeypadLine } from "./keypad-line.ts";

const KEYPADS = loadProfiles().filter((profile) => profile.protocol === "keypad");
const knowing = (...names: RequestName[]): [string, KeypadProfile][] =>
  KEYPADS.filter(({ keypad }) => names.every((name) => keypad.requests[name as keyof typeof keypad.requests] !== undefined)).map(
    (profile) => [profile.id, profile],
  );
type Moments = NonNullable<KeypadProfile["keypad"]["moments"]>;
const asking = (profile: KeypadProfile, moments: Moments): KeypadProfile => ({ ...profile, keypad: { ...profile.keypad, moments } });

let ends: (() => unknown)[] = [];
const pass = (ms: number): Promise<unknown> => vi.advanceTimersByTimeAsync(ms);
beforeEach(() => {
  ends = [];
  vi.useFakeTimers({
    toFake: ["setTimeout", "clearTimeout", "setInterval", "clearInterval", "setImmediate", "clearImmediate", "performance"],
  });
});
afterEach(async () => {
  for (const end of ends.reverse()) await Promise.all([end(), pass(1000)]);
  vi.useRealTimers();
});

/** A window with a simulated pad of another maker; both live by one time, which the test moves. */
const bench = async (profile: KeypadProfile, starsOf: (staffNo: string) => number | undefined = () => undefined) => {
  const folder = temporaryFolder();
  const port = new MemoryPort();
  const pad = new SimulatedKeypad({ port, profile });
  const clock: Clock = {
    bootId: "boot-1",
    wallMs: () => 1_790_000_000_000 + Math.round(performance.now()),
    monotonicMs: () => performance.now(),
  };
  const protocol = KeypadProtocol.of(profile.keypad);
  /** What the pad is told, as it reads it, with its numbers. */
  const told: string[] = [];
  const read = (bytes: Uint8Array): void => {
    for (const cut of new FrameCutter(protocol.toPad).push(bytes, 0)) {
      const [request] = cut.is === "frame" ? protocol.requestsOf(cut.values) : [];
      if (request !== undefined && request.name !== "keepAlive") told.push([request.name, ...Object.values(request.numbers)].join(" "));
    }
  };
  const makeLine = (window: () => Window): KeypadLine =>
    new KeypadLine({
      profile,
      open: async (events) => {
        port.host.listen({ bytes: (chunk) => events.bytes(chunk) });
        const write = (bytes: Uint8Array): void => {
          read(bytes);
          port.host.write(bytes);
        };
        return { name: "memory", kind: "memory", write, close: async () => port.host.listen({ bytes: () => {} }) };
      },
      clock,
      logger: pino({ level: "silent" }),
      window,
      starsOf,
    });
  let line: KeypadLine | undefined;
  const rig = openWindow(folder.path, clock, {}, (window) => {
    line = makeLine(window);
    return line;
  });
  ends.push(() => folder.remove());
  ends.push(() => rig.close());
  ends.push(() => Promise.all([line?.stop(), pad.close()]));
  line?.start();
  await pass(6000);
  expect(rig.window.state().pad.connection).toBe("ready");
  const levels = profile.keypad.keys.flatMap(({ level }) => level ?? []);
  const best = Math.max(...levels) as Level;
  const { afterMs, beforeMs } = profile.keypad.guard;
  /** The citizen presses, and the rating is on disk. */
  const rate = async (): Promise<void> => {
    const before = rig.bodies().length;
    await Promise.all([pad.press(best), pass(beforeMs + 400)]);
    expect(rig.bodies()).toHaveLength(before + 1);
    expect(rig.bodies().at(-1)).toMatchObject({ kind: "rating", level: best, circumstance: "in-time" });
  };
  return { rig, pad, told, rate, guardMs: afterMs };
};

describe.each(knowing("voice"))("%s, which speaks", (_id, profile) => {
  test("says 请评价 when a press counts, not before, and thanks when the rating is on disk, where it has the words", async () => {
    const { rig, pad, told, rate, guardMs } = await bench(profile);
    const { invited, stored } = profile.keypad.moments ?? {};
    expect(invited?.voice).toBe(2);
    rig.serve("A-1");
    await pass(guardMs - 100);
    expect([pad.face.phase, pad.face.spoken]).toEqual(["inviting", null]);
    await pass(300);
    expect(pad.face.spoken).toMatchObject({ id: 2 });
    await pass(1000);
    await rate();
    expect(pad.face.phase).toBe("thanks");
    expect(pad.face.spoken?.id).toBe(stored?.voice ?? 2);
    expect(told.filter((what) => what.startsWith("voice"))).toEqual([
      "voice 2",
      ...(stored?.voice === undefined ? [] : [`voice ${stored.voice}`]),
    ]);
  });

  test("takes a press that comes in the middle of what it says, and lights up for the next case at once", async () => {
    const { rig, pad, rate, guardMs } = await bench(profile);
    rig.serve("A-1");
    await pass(guardMs + 50);
    await rate();
    const second = rig.serve("A-2");
    await pass(100);
    expect(pad.face.phase).toBe("inviting");
    expect(rig.window.state().request).toMatchObject({ requestId: second, state: "shown" });
    await pass(guardMs + 2000);
    await rate();
    expect(rig.bodies().map(({ binding }) => binding.caseNo)).toEqual(["A-1", "A-2"]);
  });
});

describe.each(knowing("beep"))("%s, which beeps", (_id, profile) => {
  test("beeps where its description asks for it, once for a rating", async () => {
    const { rig, pad, told, rate, guardMs } = await bench(asking(profile, { invited: { beep: 1 } }));
    rig.serve("A-1");
    await pass(guardMs + 300);
    expect(pad.face.spoken).toMatchObject({ en: "beep" });
    await rate();
    expect(told.filter((what) => what.startsWith("beep"))).toHaveLength(1);
  });
});

describe.each(knowing("lamps"))("%s, which has lamps", (_id, profile) => {
  test("lights them around a rating where its description asks for it, and puts them out when nothing is rated any more", async () => {
    const { rig, told, rate, guardMs } = await bench(asking(profile, { invited: { lamps: 31 }, atRest: { lamps: 0 } }));
    expect(told.splice(0)).toContain("lamps 0");
    rig.serve("A-1");
    await pass(guardMs + 300);
    expect(told.splice(0)).toContain("lamps 31");
    await rate();
    await pass(5000);
    expect(told.splice(0).filter((what) => what.startsWith("lamps"))).toEqual(["lamps 0"]);
    rig.serve("A-2");
    await pass(guardMs + 300);
    rig.window.cancelCase("A-2", { visitNo: 1 }, rig.caller);
    await pass(300);
    expect(told.filter((what) => what.startsWith("lamps"))).toEqual(["lamps 31", "lamps 0"]);
  });
});

describe.each(knowing("stars"))("%s, which has stars", (_id, profile) => {
  const stars = (told: string[]): string[] => told.splice(0).filter((what) => what.startsWith("stars"));

  test("shows those of the clerk who sits there, where its description asks for it, and never while a citizen chooses", async () => {
    const { rig, told, rate, guardMs } = await bench(asking(profile, { atRest: { stars: "clerk" } }), (staffNo) =>
      staffNo === "1001" ? 4 : 2,
    );
    stars(told);
    rig.window.signIn({ staffNo: "1001", name: "张三样例" }, rig.caller);
    await pass(100);
    expect(stars(told)).toEqual(["stars 4"]);
    rig.serve("A-1");
    await pass(guardMs + 300);
    rig.window.signIn({ staffNo: "1002", name: "李四样例" }, rig.caller);
    await pass(300);
    expect(stars(told)).toEqual([]);
    await rate();
    await pass(5000);
    expect(new Set(stars(told))).toEqual(new Set(["stars 2"]));
    rig.window.signOut({}, rig.caller);
    await pass(100);
    expect(stars(told)).toEqual(["stars 0"]);
  });

  test("is sent none by itself as it is shipped", async () => {
    const { rig, told, rate, guardMs } = await bench(profile, () => 5);
    rig.serve("A-1");
    await pass(guardMs + 300);
    await rate();
    expect(stars(told)).toEqual([]);
  });
});

describe.each(knowing("pause", "resume"))("%s, which shows a pause", (_id, profile) => {
  test("shows that the window pauses and that it goes on", async () => {
    const { rig, pad, told } = await bench(profile);
    rig.window.pause({ text: "午休" }, rig.caller);
    await pass(300);
    expect(pad.face.phase).toBe("paused");
    rig.window.resume(rig.caller);
    await pass(300);
    expect(pad.face.phase).toBe("idle");
    expect(told.slice(-2)).toEqual(["pause", "resume"]);
  });

  test("lights up for a case that ends in the pause, thanks, and shows the pause again", async () => {
    const { rig, pad, rate, guardMs } = await bench(profile);
    rig.window.pause({ text: "" }, rig.caller);
    await pass(300);
    rig.serve("A-1");
    await pass(guardMs + 300);
    expect(pad.face.phase).toBe("inviting");
    await rate();
    expect(pad.face.phase).toBe("thanks");
    await pass(5000);
    expect(pad.face.phase).toBe("paused");
  });

  test("begins and ends no pause while a citizen chooses, and shows afterwards what holds", async () => {
    const { rig, pad, rate, guardMs } = await bench(profile);
    rig.serve("A-1");
    await pass(guardMs + 300);
    rig.window.pause({ text: "" }, rig.caller);
    await pass(300);
    expect(pad.face.phase).toBe("inviting");
    await rate();
    await pass(5000);
    expect(pad.face.phase).toBe("paused");
    rig.serve("A-2");
    await pass(guardMs + 300);
    rig.window.resume(rig.caller);
    await rate();
    await pass(5000);
    expect(pad.face.phase).toBe("idle");
  });

  test("is told of the pause again after it was without power", async () => {
    const { rig, pad } = await bench(profile);
    rig.window.pause({ text: "" }, rig.caller);
    await pass(300);
    pad.powerCut(12_000);
    await pass(30_000);
    expect(pad.face.phase).toBe("paused");
  });
});
