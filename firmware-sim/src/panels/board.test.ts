import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import type { KeyNo } from "../face.ts";
import { seededRandom } from "../faults/seeded-random.ts";
import { MemoryPort } from "../ports/memory-port.ts";
import { PtyPort } from "../ports/pty-port.ts";
import { SplittingPort } from "../ports/splitting-port.ts";
import { SimulatedPad } from "../simulator.ts";
import { WindowPc } from "../test/window-pc.ts";
import { FirmataUno, MODE } from "./board/test/firmata-uno.ts";
import type { Wiring } from "./board/wiring.ts";
import { startBoardPanel } from "./board.ts";

const KEY_PINS = [12, 11, 10, 9, 8] as const;
const LAMP_PINS = [14, 15, 16, 17, 18] as const;
const [LOW_PIN, HIGH_PIN] = [3, 5];
const LIT = [1, 1, 1, 1, 1];
const DARK = [0, 0, 0, 0, 0];

let folder: string;
const ends: (() => unknown)[] = [];
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "pad-board-"));
});
afterEach(async () => {
  for (const end of ends.splice(0).reverse()) await end();
  rmSync(folder, { recursive: true, force: true });
});

const until = (isReached: () => boolean): Promise<unknown> => vi.waitUntil(isReached, { timeout: 20_000, interval: 5 });

/** A board on a kernel tty, its bytes split and merged at random in both directions. */
const plugInBoard = () => {
  const tty = new PtyPort(join(folder, "board"));
  const line = new SplittingPort(tty, seededRandom(21));
  const uno = new FirmataUno((bytes) => line.write(bytes));
  line.listen({ bytes: (chunk) => uno.take(chunk) });
  ends.push(() => line.close());
  return { uno, line, path: tty.path };
};

const startPad = async () => {
  const port = new MemoryPort();
  const pad = new SimulatedPad({ port });
  const pc = new WindowPc();
  port.host.listen({ bytes: (chunk) => pc.take(chunk) });
  ends.push(
    () => pad.close(),
    () => pc.disconnect(),
  );
  pc.connect((bytes) => port.host.write(bytes));
  await pc.untilReady();
  return { pad, pc };
};

const startPanel = (pad: SimulatedPad, path: string, options: { wiring?: Wiring; answerMs?: number } = {}) => {
  const said: string[] = [];
  const { answerMs = 20_000, ...rest } = options;
  const timing = { askAfterMs: 20, answerMs, pulseMs: 50, retryMs: 20 };
  const panel = startBoardPanel(pad, { path, say: (line) => said.push(line), timing, ...rest });
  ends.push(() => panel.close());
  return { panel, said, untilSaid: (words: string, times = 1) => until(() => said.filter((line) => line.includes(words)).length >= times) };
};

const start = async () => {
  const board = plugInBoard();
  const { pad, pc } = await startPad();
  const panel = startPanel(pad, board.path);
  await panel.untilSaid("Board connected");
  await until(() => KEY_PINS.every((pin) => board.uno.pins[pin]?.mode === MODE.PULLUP));
  return { ...board, ...panel, pad, pc };
};

/** Opens a rating and waits until the board shows it. */
const invite = async ({ pc, uno }: { pc: WindowPc; uno: FirmataUno }) => {
  const requestId = pc.open();
  await until(() => uno.outputs(LAMP_PINS).join() === LIT.join());
  return requestId;
};

/** A finger on a key until the pad has counted it. */
const press = async ({ uno, pad }: { uno: FirmataUno; pad: SimulatedPad }, key: KeyNo): Promise<void> => {
  const pin = KEY_PINS[key - 1] as number;
  uno.ground(pin, true);
  await until(() => pad.face.phase === "chosen" || pad.face.phase === "thanks");
  uno.ground(pin, false);
  await until(() => !pad.face.keysDown.includes(true));
};

describe("a real board", () => {
  test("is told what its pins are for, and nothing that a board would not understand", async () => {
    const { uno, said } = await start();
    expect(said).toEqual([`开发板已连接 Board connected: StandardFirmata.ino 2.5, ${join(folder, "board")}`]);
    expect(LAMP_PINS.map((pin) => uno.pins[pin]?.mode)).toEqual(LIT.map(() => MODE.OUTPUT));
    expect([LOW_PIN, HIGH_PIN].map((pin) => uno.pins[pin as number]?.mode)).toEqual([MODE.PWM, MODE.PWM]);
    expect(uno.strange).toEqual([]);
  });

  test.each([1, 2, 3, 4, 5] as const)("gives key %i to the firmware, and lights that lamp alone", async (key) => {
    const board = await start();
    const requestId = await invite(board);
    const alone = LAMP_PINS.map((_, index) => (index === key - 1 ? 1 : 0)).join();
    const shown = until(() => board.uno.outputs(LAMP_PINS).join() === alone);
    await press(board, key);
    await shown;
    await until(() => board.pc.ratings.size === 1);
    expect(new Map(board.pc.ratings)).toEqual(new Map([[requestId, key]]));
  });

  test("lights all five lamps alike while the pad invites, and none when it is at rest", async () => {
    const { uno, pc } = await start();
    expect(uno.outputs(LAMP_PINS)).toEqual(DARK);
    await invite({ uno, pc });
    pc.send({ type: "idle" });
    await until(() => uno.outputs(LAMP_PINS).join() === DARK.join());
  });

  test("leaves the debouncing of its keys to the firmware: contact bounce rates once, a shorter contact not at all", async () => {
    const board = await start();
    board.pc.send({ type: "configure", debounceMs: 200, volume: 100, brightness: 100, thanksMs: 2000, language: "zh-CN" });
    const requestId = await invite(board);
    const edges: boolean[] = [];
    const stop = board.pad.onChange(() => edges.push(board.pad.face.keysDown[1] ?? false));
    board.uno.ground(KEY_PINS[1], true);
    await until(() => board.pad.face.keysDown[1] === true);
    board.uno.ground(KEY_PINS[1], false);
    await until(() => board.pad.face.keysDown[1] === false);
    expect(board.pad.face.phase).toBe("inviting");
    for (const isDown of [true, false, true, false, true]) board.uno.ground(KEY_PINS[2], isDown);
    await until(() => board.pc.ratings.size === 1);
    stop();
    expect(edges).toContain(true);
    expect(new Map(board.pc.ratings)).toEqual(new Map([[requestId, 3]]));
  });

  test("plays each prompt as its own melody on the two tones of the piezo, and then is silent", async () => {
    const board = await start();
    const melody = async (ends: number): Promise<string> => {
      await until(() => board.uno.pulses.length >= ends);
      const tones = board.uno.pulses.splice(0).map(({ pin, duty }) => `${pin === LOW_PIN ? "low" : "high"} ${duty > 0 ? "on" : "off"}`);
      expect(board.uno.outputs([LOW_PIN as number, HIGH_PIN as number])).toEqual([0, 0]);
      return tones.filter((tone) => tone.endsWith("on")).join();
    };
    await invite(board);
    const invitation = await melody(8);
    await press(board, 5);
    const thanks = await melody(6);
    expect([invitation, thanks]).toEqual(["low on,high on,low on,high on", "high on,high on,low on"]);
  });

  test("whose cable is pulled takes nothing away: the pad still asks, and a press after it is back rates the same request", async () => {
    const board = await start();
    const requestId = await invite(board);
    board.uno.ground(KEY_PINS[3], true);
    await until(() => board.pad.face.keysDown[3] === true || board.pad.face.phase !== "inviting");
    board.line.unplug();
    await board.untilSaid("Board not connected");
    expect(board.said.at(-1)).toContain("WR9010");
    // It was held long enough to count or it was not: in neither case is it held any more.
    expect(board.pad.face.keysDown).not.toContain(true);
    const isRated = board.pad.face.phase !== "inviting";
    board.uno.ground(KEY_PINS[3], false);
    board.uno.restart();
    await board.line.plug();
    await board.untilSaid("Board connected", 2);
    if (!isRated) {
      await until(() => board.uno.outputs(LAMP_PINS).join() === LIT.join());
      await press(board, 4);
    }
    await until(() => board.pc.ratings.size === 1);
    expect(new Map(board.pc.ratings)).toEqual(new Map([[requestId, 4]]));
  });

  test("with a key that is down already when it connects: that key rates nothing before it was let go", async () => {
    const board = plugInBoard();
    const { pad, pc } = await startPad();
    const requestId = pc.open();
    await until(() => pad.face.phase === "inviting");
    board.uno.ground(KEY_PINS[0], true);
    const panel = startPanel(pad, board.path);
    await panel.untilSaid("Board connected");
    await until(() => board.uno.outputs(LAMP_PINS).join() === LIT.join());
    board.uno.ground(KEY_PINS[4], true);
    await until(() => pc.ratings.size === 1);
    board.uno.ground(KEY_PINS[4], false);
    expect(new Map(pc.ratings)).toEqual(new Map([[requestId, 5]]));
    // What was held from before is seen when nothing is asked: a key that is stuck must be found.
    await until(() => pad.face.keysDown[0] === true);
  });

  test("that starts anew by itself gets its modes and its lamps again", async () => {
    const board = await start();
    await invite(board);
    board.uno.restart();
    expect(board.uno.outputs(LAMP_PINS)).toEqual(DARK);
    await until(() => board.uno.outputs(LAMP_PINS).join() === LIT.join());
    await press(board, 2);
    await until(() => board.pc.ratings.size === 1);
    expect([...board.pc.ratings.values()]).toEqual([2]);
  });

  test("that hangs is missed, and taken up again when it answers", async () => {
    const board = await start();
    board.uno.isFrozen = true;
    await board.untilSaid("does not answer any more");
    board.uno.isFrozen = false;
    await board.untilSaid("Board connected", 2);
  });

  test("is left dark and silent when the panel closes, and its port is free", async () => {
    const board = await start();
    await invite(board);
    await board.panel.close();
    await until(() => board.uno.outputs([...LAMP_PINS, LOW_PIN as number, HIGH_PIN as number]).every((output) => output === 0));
    expect(board.pad.face.phase).toBe("inviting");
    const again = startPanel(board.pad, board.path);
    await again.untilSaid("Board connected");
  });

  test("brings no lines to the console and no handler that could end the process", async () => {
    const signals = ["exit", "SIGINT", "SIGTERM", "uncaughtException", "unhandledRejection"] as const;
    const listeners = () => signals.map((signal) => process.listenerCount(signal));
    const before = listeners();
    const log = vi.spyOn(console, "log");
    const { panel } = await start();
    await panel.close();
    expect(listeners()).toEqual(before);
    expect(log).not.toHaveBeenCalled();
    log.mockRestore();
  });
});

describe("a port without a usable board", () => {
  test("is told of once, tried again, and taken when the board comes", async () => {
    const { pad } = await startPad();
    const path = join(folder, "board");
    const { said, untilSaid } = startPanel(pad, path);
    await untilSaid("WR9010");
    const { path: same } = plugInBoard();
    expect(same).toBe(path);
    await untilSaid("Board connected");
    expect(said.filter((line) => line.includes("No such file"))).toHaveLength(1);
  });

  test("is told that no Firmata answers when something else is behind it", async () => {
    const { uno, path } = plugInBoard();
    uno.isFrozen = true;
    const { pad } = await startPad();
    await startPanel(pad, path, { answerMs: 100 }).untilSaid("WR9011");
  });

  test("closes at once while a board is still waited for", async () => {
    const { uno, path } = plugInBoard();
    uno.isFrozen = true;
    const { pad } = await startPad();
    const { panel, said } = startPanel(pad, path);
    await panel.close();
    expect(said).toEqual([]);
  });

  test.each([
    [{ low: 2, high: 5 }, "pin D2 cannot be a leg of the piezo"],
    [{ low: 3, high: 99 }, "the board has no pin D99"],
    [{ low: 3, high: "A9" }, "the board has no pin A9"],
  ])("is told which pin cannot do what the wiring %j says", async (piezo, words) => {
    const { path } = plugInBoard();
    const { pad } = await startPad();
    const { untilSaid } = startPanel(pad, path, {
      wiring: { keys: [12, 11, 10, 9, 8], lamps: ["A0", "A1", "A2", "A3", "A4"], piezo },
    });
    await untilSaid(words);
  });
});

describe("bytes from the board", () => {
  test.each([
    ["a name that ends before it begins", [0xf0, 0x79, 0xf7]],
    ["a map of more pins than there are", [0xf0, 0x6a, ...Array.from({ length: 64 }, () => 0x7f), 0xf7]],
    ["the state of a pin that is not there", [0xf0, 0x6e, 0x7f, 1, 1, 0xf7]],
    ["a message without an end", [0xf0, ...Array.from({ length: 5000 }, () => 0x11)]],
  ])("that are %s end the connection and not the process", async (_, bytes) => {
    const board = await start();
    board.line.write(Uint8Array.from(bytes));
    await board.untilSaid("Board not connected");
    await board.untilSaid("Board connected", 2);
  });

  test("at random do not keep the board from being used afterwards", async () => {
    const board = await start();
    const random = seededRandom(5);
    for (let burst = 0; burst < 40; burst++) board.line.write(Uint8Array.from({ length: 60 }, () => random() * 256));
    // When this has done its work all before it has been read.
    board.line.write(Uint8Array.of(0xf0, ...Array.from({ length: 5000 }, () => 0x11)));
    await board.untilSaid("Board not connected");
    const connected = board.said.filter((line) => line.includes("Board connected")).length;
    board.line.unplug();
    board.uno.restart();
    await board.line.plug();
    await board.untilSaid("Board connected", connected + 1);
    const requestId = await invite(board);
    await press(board, 3);
    await until(() => board.pc.ratings.has(requestId));
  });
});
