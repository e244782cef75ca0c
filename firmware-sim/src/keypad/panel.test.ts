import { PassThrough } from "node:stream";
import { findProfile, type KeypadProfile } from "@window-rating/device-profiles";
import { afterEach, describe, expect, test, vi } from "vitest";
import { VirtualClock } from "../clock/virtual-clock.ts";
import { KEYS } from "../face.ts";
import { startTerminalPanel } from "../panels/terminal.ts";
import { MemoryPort } from "../ports/memory-port.ts";
import { playScript } from "../script/player.ts";
import { KeypadPc } from "../test/keypad-pc.ts";
import { SimulatedKeypad } from "./simulated-keypad.ts";

const ends: (() => unknown)[] = [];
afterEach(async () => {
  for (const end of ends.splice(0).reverse()) await end();
});

/** A pad of another maker, lit, in real time. */
const lit = async (id: string) => {
  const profile = findProfile(id) as KeypadProfile;
  const port = new MemoryPort();
  const pad = new SimulatedKeypad({ port, profile });
  const pc = new KeypadPc(profile.keypad);
  ends.push(() => pad.close());
  ends.push(() => pc.disconnect());
  port.host.listen({ bytes: (bytes) => pc.take(bytes) });
  pc.connect((bytes) => port.host.write(bytes));
  await vi.waitUntil(() => pc.isAlive, { timeout: 20_000, interval: 5 });
  const requestId = pc.start();
  await vi.waitUntil(() => pad.face.phase === "inviting", { timeout: 20_000, interval: 5 });
  return { pad, pc, requestId, profile };
};

/** A terminal of a size, with what it shows now. */
const terminal = (pad: SimulatedKeypad) => {
  const input = Object.assign(new PassThrough(), { isTTY: true, setRawMode: () => {} });
  const output = Object.assign(new PassThrough(), { isTTY: true, columns: 80, rows: 30 });
  let shown = "";
  output.on("data", (chunk: Buffer) => (shown = chunk.toString()));
  const panel = startTerminalPanel(pad, { input, output, colour: false });
  ends.push(() => panel.close());
  return { press: (character: string) => input.write(character), shown: () => shown };
};

describe("the terminal panel of a pad of another maker", () => {
  test("shows its keys with the words printed on them, the lamps, and the clerk's keys with their letters", async () => {
    const { pad } = await lit("generic/ff68-four-key-caller");
    const { shown } = terminal(pad);
    expect(shown()).toContain("评价器 generic/ff68-four-key-caller SIM-0001");
    expect(shown()).toContain("请按一个键");
    expect(shown()).toMatch(/\|\s+-\s+\| \|\s+不满意\s+\| \|\s+-\s+\| \|\s+满意\s+\| \|\s+非常满意\s+\|/);
    expect(shown()).toMatch(/ a {2}默认 no level\s+b {2}评价 requestRating\s+c {2}呼叫 callNext/);
    expect(pad.face.lamps).toEqual(["off", "invite", "off", "invite", "invite"]);
  });

  test("presses a clerk's key by its letter and a level by its number, and shows what was chosen", async () => {
    const { pad, pc, requestId } = await lit("generic/ff68-four-key-caller");
    const { press, shown } = terminal(pad);
    press("c");
    await vi.waitUntil(() => pc.count("action") === 1, { timeout: 20_000, interval: 5 });
    expect(pc.effects.find(({ is }) => is === "action")).toMatchObject({ action: "callNext" });
    press("3");
    pc.storesPresses = false;
    while (pc.presses.length === 0) {
      await vi.waitUntil(() => pad.face.phase === "inviting" || pc.presses.length > 0, { timeout: 20_000, interval: 5 });
      press("5");
      await vi.waitUntil(() => pad.face.phase !== "inviting", { timeout: 20_000, interval: 5 });
    }
    expect(pc.presses[0]).toMatchObject({ requestId, level: 5 });
    expect(shown()).toContain("您选择了：非常满意");
    expect(pad.face.keysDown).toHaveLength(KEYS.length);
  });
});

describe("a script with a pad of another maker", () => {
  test("waits for each invitation and presses, as with any pad", async () => {
    const { pad, pc } = await lit("generic/ascii-lines");
    const play = playScript([{ do: "waitForInvite" }, { at: 700, do: "press", key: 4, downMs: 80 }], pad);
    await play.done;
    await vi.waitUntil(() => pc.presses.length === 1, { timeout: 20_000, interval: 5 });
    expect(pc.presses[0]).toMatchObject({ level: 4, key: "B" });
  });
});

describe("the faults of a pad of another maker", () => {
  test("are those of any pad: silent, a dead lamp, a stuck key", () => {
    const profile = findProfile("generic/clerk-console") as KeypadProfile;
    const clock = new VirtualClock();
    const port = new MemoryPort({ clock });
    const pad = new SimulatedKeypad({ port, profile, clock });
    const pc = new KeypadPc(profile.keypad, clock);
    port.host.listen({ bytes: (bytes) => pc.take(bytes) });
    pc.connect((bytes) => port.host.write(bytes));
    pc.start();
    clock.run(2000);
    pad.setCondition({ deadLamps: [2] });
    expect(pad.face.lamps).toEqual(["invite", "off", "invite", "invite", "invite"]);
    pad.setSilent(true);
    clock.run(10_000);
    expect([pc.isAlive, pad.face.connection]).toEqual([false, "silent"]);
    pad.setSilent(false);
    expect(clock.runUntil(() => pc.isAlive && pad.face.phase === "inviting", 10_000)).toBe(true);
    pad.setCondition({ stuckKeys: [3] });
    clock.run(20_000);
    // Sent again and again it is one press, which came in the guard interval.
    expect(pc.effects.filter((effect) => effect.is === "discarded" && effect.because !== "repeat")).toHaveLength(1);
    expect(pc.count("discarded")).toBeGreaterThan(100);
    expect(pc.presses).toEqual([]);
  });
});
