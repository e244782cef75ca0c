import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { findProfile, type KeypadProfile, loadProfiles, type PadProfile, type Profile } from "@window-rating/device-profiles";
import { SerialPort } from "serialport";
import { afterEach, describe, expect, test, vi } from "vitest";
import { VirtualClock } from "../clock/virtual-clock.ts";
import type { KeyNo } from "../face.ts";
import { MemoryPort } from "../ports/memory-port.ts";
import { PtyPort } from "../ports/pty-port.ts";
import { SimulatedPad } from "../simulator.ts";
import { KeypadPc } from "../test/keypad-pc.ts";
import { WindowPc } from "../test/window-pc.ts";
import { SimulatedKeypad } from "./simulated-keypad.ts";

/** The profile that docs/profiles.md teaches with. */
const fromThePage = (): Profile => {
  const page = readFileSync(join(import.meta.dirname, "../../../docs/profiles.md"), "utf8");
  const folder = mkdtempSync(join(tmpdir(), "page-"));
  const file = join(folder, "page.json");
  writeFileSync(file, /<!-- worked example -->\s*```json\n([\s\S]*?)```/.exec(page)?.[1] ?? "");
  try {
    return findProfile(file);
  } finally {
    rmSync(folder, { recursive: true });
  }
};

const PROFILES = [...loadProfiles(), fromThePage()];
const KEYPADS = PROFILES.filter((profile) => profile.protocol === "keypad");
const PADS = PROFILES.filter((profile) => profile.protocol === "window-rating/1");

const ends: (() => unknown)[] = [];
afterEach(async () => {
  for (const end of ends.splice(0).reverse()) await end();
});

const levelsOf = ({ keypad }: KeypadProfile): KeyNo[] => keypad.keys.flatMap(({ level }) => level ?? []);

/** A keypad and its window PC on a line of the profile's speed, in a time of their own. */
const onVirtualLine = (profile: KeypadProfile) => {
  const clock = new VirtualClock();
  const port = new MemoryPort({ clock, baud: profile.port.baudRate });
  const pad = new SimulatedKeypad({ port, profile, clock });
  const pc = new KeypadPc(profile.keypad, clock);
  port.host.listen({ bytes: (bytes) => pc.take(bytes) });
  const until = (isReached: () => boolean): void => expect(clock.runUntil(isReached, 60_000)).toBe(true);
  const press = (key: KeyNo | string): void => {
    void pad.press(key);
    clock.run(200);
  };
  return { clock, port, pad, pc, until, press };
};

/** Past the guard interval and whatever the pad still sends again. */
const PAST_GUARD_MS = 3000;

describe.each(KEYPADS.map((profile) => [profile.id, profile] as const))("the simulated %s", (_id, profile) => {
  test("connects, lights up, takes a press of every level it has, is acknowledged, and disconnects", () => {
    const { clock, port, pad, pc, until, press } = onVirtualLine(profile);
    pc.connect((bytes) => port.host.write(bytes));
    until(() => pc.isAlive);
    const { requests } = profile.keypad;
    for (const level of levelsOf(profile)) {
      const requestId = pc.start();
      until(() => pc.effects.some((effect) => effect.is === "shown" && effect.requestId === requestId));
      until(() => pad.face.phase === "inviting");
      expect(pad.face.lamps.filter((lamp) => lamp === "invite")).toHaveLength(levelsOf(profile).length);
      clock.run(PAST_GUARD_MS);
      press(level);
      until(() => pc.presses.some((pressed) => pressed.requestId === requestId));
      expect(pc.presses.at(-1)).toMatchObject({ requestId, level, again: false });
      if (requests.acknowledge !== undefined) until(() => pad.face.phase === "thanks");
      clock.run(PAST_GUARD_MS);
    }
    expect(pc.presses).toHaveLength(levelsOf(profile).length);
    expect([pc.count("rejected"), pc.count("unknown"), pc.count("unanswered"), pc.count("lost")]).toEqual([0, 0, 0, 0]);
    pad.unplug();
    pc.disconnect();
    expect([pc.isAlive, pc.effects.at(-1), pad.face.connection]).toEqual([false, { is: "lost", cause: "closed" }, "unplugged"]);
  });

  test("rates nothing by keys without a level, and tells the clerk's keys once each", () => {
    const { clock, port, pad, pc, until, press } = onVirtualLine(profile);
    pc.connect((bytes) => port.host.write(bytes));
    until(() => pc.isAlive);
    pc.start();
    clock.run(PAST_GUARD_MS);
    const others = profile.keypad.keys.filter(({ level }) => level === undefined);
    expect(pad.face.otherKeys?.map(({ key }) => key)).toEqual(others.map(({ key }) => key));
    for (const { key } of others) {
      press(key);
      clock.run(PAST_GUARD_MS);
    }
    expect(pc.effects.flatMap((effect) => (effect.is === "action" ? [effect.action] : []))).toEqual(
      others.flatMap(({ action }) => action ?? []),
    );
    expect(pc.presses).toEqual([]);
  });

  test("is found again after its power was cut, and shows the request that is still open", () => {
    const { clock, port, pad, pc, until, press } = onVirtualLine(profile);
    pc.connect((bytes) => port.host.write(bytes));
    until(() => pc.isAlive);
    const requestId = pc.start(120_000);
    clock.run(PAST_GUARD_MS);
    pad.powerCut(8000);
    clock.run(9000);
    // A pad that never says that it is there cannot be missed: its host has to open the port anew.
    if (profile.keypad.keepAlive.from === "nobody") pc.give({ is: "opened" });
    until(() => pad.face.phase === "inviting");
    clock.run(PAST_GUARD_MS);
    press(levelsOf(profile)[0] as KeyNo);
    until(() => pc.presses.length === 1);
    expect(pc.presses[0]?.requestId).toBe(requestId);
  });
});

describe("a keypad behind a kernel tty", () => {
  test.each(KEYPADS.slice(-4).map((profile) => [profile.id, profile] as const))(
    "carries a rating of %s in real time",
    async (_id, profile) => {
      const folder = mkdtempSync(join(tmpdir(), "keypad-"));
      ends.push(() => rmSync(folder, { recursive: true }));
      const pad = new SimulatedKeypad({ port: new PtyPort(join(folder, "pad")), profile });
      ends.push(() => pad.close());
      const pc = new KeypadPc(profile.keypad);
      const port = new SerialPort({ path: pad.path, baudRate: 9600, autoOpen: false });
      port.on("error", () => {});
      port.on("data", (chunk: Buffer) => pc.take(chunk));
      await new Promise<void>((resolve, reject) => port.open((error) => (error === null ? resolve() : reject(error))));
      ends.push(() => new Promise<void>((resolve) => (port.isOpen ? port.close(() => resolve()) : resolve())));
      pc.connect((bytes) => void (port.isOpen && port.write(bytes)));
      await vi.waitUntil(() => pc.isAlive, { timeout: 20_000, interval: 5 });
      const requestId = pc.start();
      const level = levelsOf(profile).at(-1) as KeyNo;
      // Pressed again and again, as people do: what comes in the guard interval does not count, the first one after it does.
      while (pc.presses.length === 0) {
        await vi.waitUntil(() => pad.face.phase === "inviting" || pc.presses.length > 0, { timeout: 30_000, interval: 5 });
        await pad.press(level);
      }
      expect(pc.presses[0]).toMatchObject({ requestId, level });
      pc.disconnect();
    },
  );
});

describe.each(PADS.map((profile) => [profile.id, profile] as const))("the simulated %s", (_id, profile: PadProfile) => {
  test("connects, lights up, takes a press of every level it has, is acknowledged, and disconnects", async () => {
    const port = new MemoryPort();
    const pad = new SimulatedPad({ port, profileId: profile.id });
    ends.push(() => pad.close());
    const pc = new WindowPc();
    ends.push(() => pc.disconnect());
    port.host.listen({ bytes: (bytes) => pc.take(bytes) });
    pc.connect((bytes) => port.host.write(bytes));
    await pc.untilReady();
    for (const { level } of profile.keys) {
      const requestId = pc.open();
      await vi.waitUntil(() => pad.face.phase === "inviting" && pad.face.requestId === requestId, { timeout: 20_000, interval: 5 });
      if (profile.screen?.touch === true) pad.touch({ do: "level", requestId, level });
      else await pad.press(level);
      await vi.waitUntil(() => pc.ratings.get(requestId) === level, { timeout: 20_000, interval: 5 });
      await vi.waitUntil(() => pad.face.pendingEvents === 0, { timeout: 20_000, interval: 5 });
    }
    expect(pc.ratings.size).toBe(profile.keys.length);
    pad.unplug();
    expect(pad.face.connection).toBe("unplugged");
  });
});
