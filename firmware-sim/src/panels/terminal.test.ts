import { PassThrough } from "node:stream";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { startTerminalPanel, type TerminalPanel } from "./terminal.ts";
import { FACES, FakePad } from "./test/fake-pad.ts";

class Keyboard extends PassThrough {
  readonly raw: boolean[] = [];
  readonly isTTY: boolean;
  constructor(isTTY: boolean) {
    super();
    this.isTTY = isTTY;
  }
  setRawMode(isRaw: boolean): void {
    this.raw.push(isRaw);
  }
}

class Screen {
  readonly written: string[] = [];
  readonly resized = new Set<() => void>();
  columns = 80;
  rows = 24;
  readonly isTTY: boolean;
  constructor(isTTY: boolean) {
    this.isTTY = isTTY;
  }
  write(text: string): void {
    this.written.push(text);
  }
  on(_: "resize", listener: () => void): void {
    this.resized.add(listener);
  }
  off(_: "resize", listener: () => void): void {
    this.resized.delete(listener);
  }
}

let panel: TerminalPanel;
const start = (isTTY = true) => {
  const pad = new FakePad();
  const input = new Keyboard(isTTY);
  const output = new Screen(isTTY);
  panel = startTerminalPanel(pad, { input, output, colour: false });
  const type = async (text: string): Promise<void> => {
    input.write(text);
    await vi.advanceTimersByTimeAsync(0);
  };
  return { pad, input, output, type };
};

beforeEach(() => {
  vi.useFakeTimers();
});
afterEach(() => {
  panel.close();
  vi.useRealTimers();
});

describe("the terminal panel", () => {
  it("presses a key for as long as a finger takes", async () => {
    const { pad, type } = start();
    await type("5");
    expect(pad.done).toEqual(["down 5"]);
    await vi.advanceTimersByTimeAsync(80);
    expect(pad.done).toEqual(["down 5", "up 5"]);
  });

  it("keeps a key down while the terminal repeats it", async () => {
    const { pad, type } = start();
    for (let repeat = 0; repeat < 5; repeat++) {
      await type("3");
      await vi.advanceTimersByTimeAsync(79);
    }
    expect(pad.done).toEqual(["down 3"]);
    await vi.advanceTimersByTimeAsync(1);
    expect(pad.done).toEqual(["down 3", "up 3"]);
  });

  it("pulls the cable and puts it back with u, cuts the power with p", async () => {
    const { pad, type } = start();
    await type("u");
    await type("U");
    await type("p");
    expect(pad.done).toEqual(["unplug", "plug", "power cut 3000"]);
  });

  it("takes no arrow or function key for a command, nor anything else that it does not know", async () => {
    const { pad, type } = start();
    for (const sequence of ["\x1b[15~", "\x1bOP", "\x1b[1;5A", "\x1bu", "6", "0", "\x15", "é", "\0"]) await type(sequence);
    await vi.advanceTimersByTimeAsync(1000);
    expect(pad.done).toEqual([]);
  });

  it.each(["q", "\x03"])("quits on %j, lets go of the keys and leaves the terminal as it was", async (quit) => {
    const { pad, input, output, type } = start();
    await type(`2${quit}5`);
    await panel.closed;
    expect(pad.done).toEqual(["down 2", "up 2"]);
    expect(input.raw).toEqual([true, false]);
    expect(output.written[0]).toBe("\x1b[?1049h\x1b[?25l");
    expect(output.written.at(-1)).toBe("\x1b[?25h\x1b[?1049l");
    expect([pad.listeners, output.resized.size, input.listenerCount("keypress"), vi.getTimerCount()]).toEqual([0, 0, 0, 0]);
  });

  it("leaves the terminal as it was when the process ends without closing it", () => {
    const { input, output } = start();
    const [restore] = process.listeners("exit").slice(-1);
    restore?.(0);
    expect(input.raw).toEqual([true, false]);
    expect(output.written.at(-1)).toBe("\x1b[?25h\x1b[?1049l");
    panel.close();
    expect(process.listeners("exit")).not.toContain(restore);
  });

  it("writes each frame at once over the old one, and none when nothing changed", () => {
    const { pad, output } = start();
    const before = output.written.length;
    pad.show(FACES.inviting);
    expect(output.written).toHaveLength(before + 1);
    const frame = output.written.at(-1) ?? "";
    expect(frame.startsWith("\x1b[?2026h\x1b[H评价器")).toBe(true);
    expect(frame).not.toContain("\x1b[2J");
    pad.show({});
    expect(output.written).toHaveLength(before + 1);
  });

  it("counts down while nothing else changes", async () => {
    const { pad, output } = start();
    pad.show(FACES.inviting);
    pad.face = { ...pad.face, remainingMs: 16_900 };
    await vi.advanceTimersByTimeAsync(1000);
    expect(output.written.at(-1)).toContain("还剩 17 秒");
  });

  it("draws anew when the terminal changes its size", () => {
    const { output } = start();
    output.columns = 40;
    for (const listener of output.resized) listener();
    expect(output.written.at(-1)).toContain("( )  1  非常不满意");
  });

  it("prints a line for each change where there is no terminal, and touches no modes", async () => {
    const { pad, input, output, type } = start(false);
    pad.show(FACES.inviting);
    pad.show({ remainingMs: 17_000 });
    await type("4");
    expect(output.written).toHaveLength(3);
    expect(output.written.every((line) => line.endsWith("\n") && !line.includes("\x1b"))).toBe(true);
    expect(output.written[2]).toContain("4<?>v");
    await type("\n");
    input.end();
    await vi.advanceTimersByTimeAsync(80);
    expect(pad.done).toEqual(["down 4", "up 4"]);
    expect(input.raw).toEqual([]);
  });
});
