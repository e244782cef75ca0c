import { join } from "node:path";
import { contentHash, type KeypadProfile, loadProfiles } from "@window-rating/device-profiles";
import { PtyPort, SimulatedKeypad } from "@window-rating/firmware-sim";
import { KeypadProtocol } from "@window-rating/protocol/keypad";
import type { Level } from "@window-rating/protocol/rating";
import { entryBodySchema } from "@window-rating/protocol/sync";
import pino from "pino";
import { afterEach, describe, expect, test, vi } from "vitest";
import { openWindow, temporaryFolder } from "../../../test/window-rig.ts";
import type { Window } from "../cases/window.ts";
import type { Clock } from "../clock.ts";
import { KeypadLine } from "./keypad-line.ts";
import { settingsOf } from "./port-settings.ts";
import { openSerialPort } from "./serial-port.ts";

const KEYPADS = loadProfiles().filter((profile) => profile.protocol === "keypad");
const PATIENCE = { timeout: 20_000, interval: 5 };

const undo: (() => unknown)[] = [];
afterEach(async () => {
  for (const step of undo.splice(0).reverse()) await step();
});

/** Time that goes on by itself, can be held and can leap. */
class HeldClock implements Clock {
  readonly bootId = "boot-1";
  #leapt = 0;
  #heldAt: number | undefined;
  wallMs(): number {
    return 1_790_000_000_000 + Math.round(this.monotonicMs());
  }
  monotonicMs(): number {
    return this.#heldAt ?? performance.now() + this.#leapt;
  }
  hold(): void {
    this.#heldAt = this.monotonicMs();
  }
  goOn(): void {
    if (this.#heldAt !== undefined) this.#leapt = this.#heldAt - performance.now();
    this.#heldAt = undefined;
  }
  leap(ms: number): void {
    this.#leapt += ms;
  }
}

/** A window with another maker's pad behind a kernel tty, and a real database. */
const openKeypad = (profile: KeypadProfile, settings: { timeoutMs?: number } = {}) => {
  const folder = temporaryFolder();
  undo.push(() => folder.remove());
  const port = new PtyPort(join(folder.path, "pad"));
  const pad = new SimulatedKeypad({ port, profile });
  undo.push(() => pad.close());
  const clock = new HeldClock();
  let line: KeypadLine | undefined;
  const makeLine = (window: () => Window): KeypadLine => {
    line = new KeypadLine({
      profile,
      open: (events) => openSerialPort(pad.path, settingsOf(profile), events),
      clock,
      logger: pino({ level: "silent" }),
      window,
    });
    return line;
  };
  const rig = openWindow(folder.path, clock, settings, makeLine);
  if (line === undefined) throw new Error("the window made no line");
  const lineInUse: KeypadLine = line;
  undo.push(() => rig.close());
  undo.push(() => lineInUse.stop());
  lineInUse.start();
  const protocol = KeypadProtocol.of(profile.keypad);
  const frameOf = (level: Level): Uint8Array => {
    const key = profile.keypad.keys.find((one) => one.level === level);
    if (key === undefined) throw new Error(`${profile.id} has no key for level ${level}`);
    return protocol.keyFrame(key);
  };
  const isReady = () =>
    vi.waitFor(() => {
      // A pad that says now and then that it is there says so now.
      const here = protocol.keepAliveFrame();
      if (here !== undefined && lineInUse.state.connection === "connecting") port.write(here);
      expect(lineInUse.state.connection).toBe("ready");
    }, PATIENCE);
  const isLit = () => vi.waitFor(() => expect(pad.face.phase).toBe("inviting"), PATIENCE);
  const isShown = (requestId: string) =>
    vi.waitFor(() => expect(rig.window.state().request).toMatchObject({ requestId, state: "shown" }), PATIENCE);
  /** A case ends, the pad is lit, and the guard interval is over. */
  const serve = async (caseNo: string): Promise<string> => {
    const requestId = rig.serve(caseNo);
    await isShown(requestId);
    await isLit();
    clock.leap(profile.keypad.guard.afterMs + 1);
    return requestId;
  };
  const ratings = () => rig.bodies().filter(({ kind }) => kind === "rating");
  const isRated = (count: number) =>
    vi.waitFor(() => {
      // A press that is held back counts when its time has come.
      clock.leap(20);
      expect(ratings()).toHaveLength(count);
    }, PATIENCE);
  const discarded = (because: keyof KeypadLine["counters"]["discarded"], times: number) =>
    vi.waitFor(() => expect(lineInUse.counters.discarded[because]).toBeGreaterThanOrEqual(times), PATIENCE);
  return { pad, port, clock, rig, line: lineInUse, frameOf, isReady, isLit, isShown, serve, ratings, isRated, discarded };
};

const levelsOf = ({ keypad }: KeypadProfile): readonly Level[] => keypad.keys.flatMap(({ level }) => level ?? []);

describe.each(KEYPADS.map((profile) => [profile.id, profile] as const))("%s at a window", (_id, profile) => {
  const [worst = 1, best = 5] = [levelsOf(profile).toSorted()[0], levelsOf(profile).toSorted().at(-1)];

  test("lights up when a case ends; a press is stored for that case, with its origin, before the pad says thank you", async () => {
    const { pad, rig, line, isReady, serve, ratings, isRated } = openKeypad(profile);
    await isReady();
    const requestId = await serve("A-1");
    let onDisk = -1;
    pad.onChange(() => {
      if (pad.face.phase === "thanks" && onDisk < 0) onDisk = ratings().length;
    });
    await pad.press(best);
    await isRated(1);
    const body = entryBodySchema.parse(ratings()[0]);
    expect(body).toMatchObject({
      kind: "rating",
      level: best,
      circumstance: "in-time",
      binding: { requestId, caseNo: "A-1", staffNo: "1001", windowNo: "8" },
      origin: {
        model: profile.id,
        profileHash: contentHash(profile),
        serialNumber: null,
        boundBy: "open-window",
        guardMs: profile.keypad.guard.afterMs,
        secured: false,
        port: "serial",
      },
    });
    if (profile.keypad.requests.acknowledge !== undefined) await vi.waitFor(() => expect(onDisk).toBe(1), PATIENCE);
    expect(rig.window.state()).toMatchObject({ request: { requestId, state: "rated" }, pad: { connection: "ready", model: profile.id } });
    expect(line.counters.pressed).toBe(1);
  });

  test("throws a press away that comes around a change of case, counts it, and takes the next for the new case", async () => {
    const { port, clock, rig, isReady, serve, isLit, isShown, frameOf, ratings, isRated, discarded } = openKeypad(profile);
    await isReady();
    await serve("A-1");
    clock.hold();
    const second = rig.serve("A-2");
    port.write(frameOf(worst));
    await discarded("guard", 1);
    clock.goOn();
    expect(ratings()).toEqual([]);
    await isShown(second);
    await isLit();
    clock.leap(profile.keypad.guard.afterMs + 5000);
    port.write(frameOf(best));
    await isRated(1);
    expect(ratings()[0]).toMatchObject({ level: best, binding: { caseNo: "A-2", requestId: second } });
    expect(rig.bodies().filter(({ kind }) => kind === "not-rated")).toMatchObject([{ reason: "superseded", binding: { caseNo: "A-1" } }]);
  });

  test("attaches a press to no case when none is open: not before one, not after one that was rated or cancelled", async () => {
    const { port, clock, rig, isReady, serve, frameOf, ratings, isRated, discarded } = openKeypad(profile);
    await isReady();
    clock.leap(60_000);
    port.write(frameOf(best));
    await discarded("no-request", 1);
    await serve("A-1");
    clock.leap(60_000);
    port.write(frameOf(best));
    await isRated(1);
    clock.leap(60_000);
    port.write(frameOf(worst));
    await discarded("already-pressed", 1);
    await serve("A-2");
    rig.window.cancelCase("A-2", { visitNo: 1 }, rig.caller);
    clock.leap(60_000);
    port.write(frameOf(worst));
    await discarded("no-request", 2);
    expect(ratings().map(({ level, binding }) => [level, binding.caseNo])).toEqual([[best, "A-1"]]);
  });

  test("takes one rating of a press that the pad sends again and again, and none of a second press", async () => {
    const { port, rig, line, clock, isReady, serve, frameOf, ratings, isRated, discarded } = openKeypad(profile);
    await isReady();
    const requestId = await serve("A-1");
    for (let times = 0; times < 4; times++) port.write(frameOf(worst));
    await isRated(1);
    await vi.waitFor(() => expect(line.counters.frames).toBeGreaterThanOrEqual(4), PATIENCE);
    clock.leap(60_000);
    port.write(frameOf(best));
    await discarded("already-pressed", 1);
    expect(ratings()).toMatchObject([{ level: worst, binding: { requestId } }]);
    expect(rig.database.prepare("SELECT count(*) AS n FROM keypad_presses").get()).toEqual({ n: 1 });
  });

  test("shows the open request again after its cable was pulled, and takes the press for it", async () => {
    const { pad, clock, line, isReady, serve, isLit, isRated, ratings } = openKeypad(profile);
    await isReady();
    const requestId = await serve("A-1");
    pad.unplug();
    await vi.waitFor(() => expect(line.state.connection).toBe("absent"), PATIENCE);
    pad.plug();
    await isReady();
    await isLit();
    clock.leap(profile.keypad.guard.afterMs + 1);
    await vi.waitFor(async () => {
      await pad.press(best);
      clock.leap(500);
      expect(ratings()).toHaveLength(1);
    }, PATIENCE);
    await isRated(1);
    expect(ratings()[0]).toMatchObject({ level: best, binding: { requestId, caseNo: "A-1" } });
  });

  test("tells the clerk's keys to the desk, and rates nothing by them", async () => {
    const { pad, rig, isReady, serve, clock, ratings, discarded } = openKeypad(profile);
    await isReady();
    await serve("A-1");
    const others = profile.keypad.keys.filter(({ level }) => level === undefined);
    for (const { key, action } of others) {
      const before = rig.events.length;
      await pad.press(key);
      clock.leap(5000);
      if (action === undefined) await discarded("means-nothing", 1);
      else
        await vi.waitFor(
          () => expect(rig.events.slice(before)).toContainEqual({ event: "clerk-key", windowNo: "8", action, key }),
          PATIENCE,
        );
    }
    expect(ratings()).toEqual([]);
  });
});

const hasChecksum = ({ keypad: { framing } }: KeypadProfile): boolean =>
  framing.is === "frame" ? framing.fields.some(({ is }) => is === "checksum") : framing.is === "line" && framing.checksum !== undefined;

describe.each(KEYPADS.filter(hasChecksum).map((profile) => [profile.id, profile] as const))("a frame of %s", (_id, profile) => {
  test("with one wrong bit is no press, and the line goes on", async () => {
    const { port, line, isReady, serve, frameOf, ratings, isRated } = openKeypad(profile);
    await isReady();
    await serve("A-1");
    const [worst, best] = [levelsOf(profile).toSorted()[0], levelsOf(profile).toSorted().at(-1)] as [Level, Level];
    const frame = frameOf(worst);
    const isText = profile.keypad.framing.is === "line";
    for (let at = 0; at < frame.length; at++) {
      // A line that loses its end waits for the next one and takes that with it: its last bytes stay.
      if (isText && at >= frame.length - 2) continue;
      const damaged = frame.slice();
      damaged[at] = (damaged[at] as number) ^ 0x04;
      port.write(damaged);
    }
    // What looks like the beginning of a frame is given up after a silence.
    await vi.waitFor(() => expect(Object.values(line.faults).reduce((sum, count) => sum + count, 0)).toBeGreaterThan(0), PATIENCE);
    expect(ratings()).toEqual([]);
    await vi.waitFor(
      () => {
        port.write(frameOf(best));
        expect(line.counters.pressed).toBe(1);
      },
      { timeout: 20_000, interval: 700 },
    );
    await isRated(1);
    expect(ratings()[0]).toMatchObject({ level: best });
  });
});

const shipped = (id: string): KeypadProfile => {
  const found = KEYPADS.find((profile) => profile.id === id);
  if (found === undefined) throw new Error(`there is no profile ${id}`);
  return found;
};

describe("a pad of another maker", () => {
  test("I10: is not rated when its time is over, told by the window and not by the pad, and a press after that counts for nobody", async () => {
    const { port, rig, clock, isReady, serve, frameOf, ratings, discarded } = openKeypad(shipped("generic/xor-five-key"), {
      timeoutMs: 3000,
    });
    await isReady();
    const requestId = await serve("A-1");
    clock.leap(3000);
    rig.window.start();
    expect(rig.bodies()).toMatchObject([{ kind: "not-rated", reason: "timed-out", binding: { requestId } }]);
    port.write(frameOf(5));
    await discarded("no-request", 1);
    expect(ratings()).toEqual([]);
  });

  test("takes a press that it held back when the time ended: it rates, and the request is not told unrated", async () => {
    const { port, rig, clock, line, isReady, serve, frameOf, ratings } = openKeypad(shipped("generic/ascii-keys"), { timeoutMs: 3000 });
    await isReady();
    const requestId = await serve("A-1");
    clock.leap(3000 - 1000 - 100);
    clock.hold();
    port.write(frameOf(2));
    await vi.waitFor(() => expect(line.counters.frames).toBe(1), PATIENCE);
    clock.goOn();
    clock.leap(200);
    rig.window.start();
    expect(rig.bodies().map(({ kind }) => kind)).toEqual(["rating"]);
    expect(ratings()[0]).toMatchObject({ level: 2, circumstance: "in-time", binding: { requestId } });
  });

  test("keeps a press for which the disk has no room, and stores it when there is some: nobody else keeps it", async () => {
    const { port, rig, pad, isReady, serve, frameOf, ratings, isRated } = openKeypad(shipped("generic/ascii-lines"));
    await isReady();
    await serve("A-1");
    rig.database.exec("CREATE TRIGGER full BEFORE INSERT ON ratings BEGIN SELECT RAISE(ABORT, 'no room'); END");
    port.write(frameOf(4));
    await vi.waitFor(() => expect(rig.events.some(({ event }) => event === "notice")).toBe(true), PATIENCE);
    expect([ratings(), pad.face.phase]).toEqual([[], "inviting"]);
    rig.database.exec("DROP TRIGGER full");
    await isRated(1);
    expect(ratings()[0]).toMatchObject({ level: 4, binding: { caseNo: "A-1" } });
  });

  test("never gives a level that it has no key for", async () => {
    const profile = shipped("generic/ff68-four-key");
    const { port, line, isReady, serve, ratings } = openKeypad(profile);
    await isReady();
    await serve("A-1");
    // Every frame that the framing allows with one byte of data, the sum right.
    for (let data = 0; data < 256; data++) {
      if ([0, 2, 3].includes(data)) continue;
      port.write(Uint8Array.of(0xff, 0x68, 3, 3, 0x68, 1, 0x11, data, (1 + 0x11 + data) & 0xff, 0x16));
    }
    await vi.waitFor(() => expect(line.counters.frames).toBe(253), PATIENCE);
    expect([ratings(), line.counters.pressed]).toEqual([[], 0]);
  });
});
