import { emitKeypressEvents, type Key } from "node:readline";
import type { Readable } from "node:stream";
import { KEYS, type KeyNo, type PadControls } from "../face.ts";
import { drawPad, padLine } from "./terminal-view.ts";
import { POWER_CUT_MS, TAP_MS, viewOf } from "./view.ts";

/** Where the panel reads keys; `process.stdin` fits. */
export type TerminalInput = Readable & { readonly isTTY?: boolean; setRawMode?(isRaw: boolean): unknown };

/** Where the panel draws; `process.stdout` fits. */
export interface TerminalOutput {
  readonly isTTY?: boolean;
  readonly columns?: number;
  readonly rows?: number;
  write(text: string): unknown;
  on(event: "resize", listener: () => void): unknown;
  off(event: "resize", listener: () => void): unknown;
}

export interface TerminalPanel {
  /** Settles when the person at the terminal quits, or after `close`. */
  readonly closed: Promise<void>;
  /** Lets go of all keys and leaves the terminal as it was. */
  close(): void;
}

const ENTER = "\x1b[?1049h\x1b[?25l";
const LEAVE = "\x1b[?25h\x1b[?1049l";
/** Terminals that know it show the whole frame at once; others ignore it. */
const FRAME_BEGIN = "\x1b[?2026h\x1b[H";
const FRAME_END = "\x1b[J\x1b[?2026l";

/** Shows a pad in a terminal and takes its keys from there. Where the output is no terminal it prints a line for each change. */
export const startTerminalPanel = (
  controls: PadControls,
  { input, output, colour = true }: { readonly input: TerminalInput; readonly output: TerminalOutput; readonly colour?: boolean },
): TerminalPanel => {
  const { promise: closed, resolve: settle } = Promise.withResolvers<void>();
  /** Keys by number, and those without a level by name. */
  const held = new Map<KeyNo | string, NodeJS.Timeout>();
  let isOpen = true;
  let shown = "";

  const draw = (): void => {
    const view = viewOf(controls.face);
    if (output.isTTY !== true) {
      const line = padLine(view);
      if (line !== shown) output.write(`${line}\n`);
      shown = line;
      return;
    }
    const lines = drawPad(view, { columns: output.columns ?? 80, rows: output.rows ?? 24, colour });
    // Every line is written over the old one and its rest cleared, so that nothing is ever blank in between; no line break after the last one.
    const frame = lines.map((line) => `${line}\x1b[K`).join("\r\n");
    if (frame !== shown) output.write(FRAME_BEGIN + frame + FRAME_END);
    shown = frame;
  };

  const release = (key: KeyNo | string): void => {
    clearTimeout(held.get(key));
    held.delete(key);
    if (typeof key === "string") controls.otherKeyUp?.(key);
    else controls.keyUp(key);
  };

  /** A terminal tells of no key let go. One that repeats while it is held keeps the pad's key down. */
  const tap = (key: KeyNo | string): void => {
    const timer = held.get(key);
    if (timer === undefined && typeof key === "string") controls.otherKeyDown?.(key);
    else if (timer === undefined && typeof key === "number") controls.keyDown(key);
    clearTimeout(timer);
    held.set(
      key,
      setTimeout(() => release(key), TAP_MS),
    );
  };

  const act = (character: string): void => {
    const key = KEYS.find((one) => String(one) === character);
    if (key !== undefined) return tap(key);
    const other = viewOf(controls.face).otherKeys.find(({ letter }) => letter === character.toLowerCase());
    if (other !== undefined) return tap(other.key);
    switch (character.toLowerCase()) {
      case "u":
        return controls.face.connection === "unplugged" ? controls.plug() : controls.unplug();
      case "p":
        return controls.powerCut(POWER_CUT_MS);
      case "q":
        return close();
    }
  };
  const press = (character: string | undefined, { ctrl = false, name }: Key): void => {
    if (ctrl && name === "c") close();
    else if (!ctrl && character !== undefined) act(character);
  };
  const redraw = (): void => {
    shown = "";
    draw();
  };

  const restore = (): void => {
    if (input.isTTY === true) input.setRawMode?.(false);
    if (output.isTTY === true) output.write(LEAVE);
  };
  const close = (): void => {
    if (!isOpen) return;
    isOpen = false;
    for (const key of held.keys()) release(key);
    stopListening();
    clearInterval(second);
    input.off("keypress", press);
    input.pause();
    output.off("resize", redraw);
    process.off("exit", restore);
    restore();
    settle();
  };

  if (input.isTTY === true) input.setRawMode?.(true);
  if (output.isTTY === true) output.write(ENTER);
  process.on("exit", restore);
  emitKeypressEvents(input);
  input.on("keypress", press);
  input.resume();
  output.on("resize", redraw);
  const stopListening = controls.onChange(draw);
  // The time left goes by without a change of the face.
  const second = setInterval(() => output.isTTY === true && draw(), 1000);
  draw();
  return { closed, close };
};
