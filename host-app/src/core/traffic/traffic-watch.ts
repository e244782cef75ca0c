import type { KeypadDescription } from "@window-rating/protocol/keypad";
import type { Clock } from "../clock.ts";
import type { LineTap } from "../pads/line-tap.ts";
import { KeypadFrames } from "./keypad-frames.ts";
import type { LineFrames, ReadFrame } from "./line-frames.ts";
import { PadFrames } from "./pad-frames.ts";
import type { TrafficBatch, TrafficFrame } from "./traffic-shape.ts";

/** A line as a watch needs it. */
export interface WatchedLine {
  readonly windowNo: string;
  /** null: it speaks the pad protocol. */
  readonly keypad: KeypadDescription | null;
  /** Looks on at the bytes. @returns what ends it */
  tap(tap: LineTap): () => void;
}

export interface WatchOptions {
  readonly lines: readonly WatchedLine[];
  readonly clock: Pick<Clock, "wallMs" | "monotonicMs">;
  readonly timers: { setTimeout(act: () => void, ms: number): unknown; clearTimeout(timer: unknown): void };
  /** Called at most five times a second. */
  readonly tell: (batch: TrafficBatch) => void;
}

/** Newest frames that are kept of each line, to be saved. */
export const KEPT_FRAMES = 500;
const BATCH_FRAMES = 100;
const BATCH_EVERY_MS = 200;

/** Looks on at lines for one reader, until it is ended. What it keeps is bounded, however fast the lines are. */
export class TrafficWatch {
  readonly #options: WatchOptions;
  readonly #kept = new Map<string, TrafficFrame[]>();
  readonly #ends: (() => void)[] = [];
  #untold: TrafficFrame[] = [];
  #dropped = 0;
  #lastNo = 0;
  #telling: unknown;

  constructor(options: WatchOptions) {
    this.#options = options;
    for (const line of options.lines) this.#begin(line);
  }

  /** The newest frames, oldest first. */
  get frames(): readonly TrafficFrame[] {
    return [...this.#kept.values()].flat().sort((one, other) => one.no - other.no);
  }

  end(): void {
    for (const end of this.#ends.splice(0)) end();
    this.#options.timers.clearTimeout(this.#telling);
    this.#telling = undefined;
    this.#untold = [];
  }

  #begin({ windowNo, keypad, tap }: WatchedLine): void {
    const { clock, timers } = this.#options;
    this.#kept.set(windowNo, []);
    const tell = (frame: ReadFrame): void => this.#add(windowNo, frame);
    const frames: LineFrames = keypad === null ? new PadFrames(tell) : new KeypadFrames(keypad, tell);
    let timer: unknown;
    const arm = (): void => {
      timers.clearTimeout(timer);
      const at = frames.deadline();
      if (at === undefined) return;
      const late = (): void => {
        frames.time(clock.monotonicMs());
        arm();
      };
      timer = timers.setTimeout(late, Math.max(1, Math.ceil(at - clock.monotonicMs())));
    };
    const port = (type: "opened" | "closed", name: string | null): void => {
      frames.reset();
      const fields: ReadFrame["fields"] = name === null ? [] : [["port", name]];
      tell({ direction: "in", is: "port", type, fields, hides: null, header: null, bytes: null, hex: "" });
    };
    const untap = tap({
      opened: (name) => port("opened", name),
      closed: () => port("closed", null),
      bytes: (direction, bytes) => {
        frames.push(direction, bytes, clock.monotonicMs());
        arm();
      },
    });
    this.#ends.push(() => {
      untap();
      timers.clearTimeout(timer);
    });
  }

  #add(windowNo: string, read: ReadFrame): void {
    const frame: TrafficFrame = { no: ++this.#lastNo, windowNo, atMs: this.#options.clock.wallMs(), ...read };
    const kept = this.#kept.get(windowNo);
    if (kept?.push(frame) === KEPT_FRAMES + 1) kept.shift();
    this.#untold.push(frame);
    if (this.#untold.length > BATCH_FRAMES) {
      this.#untold.shift();
      this.#dropped++;
    }
    this.#telling ??= this.#options.timers.setTimeout(() => this.#flush(), BATCH_EVERY_MS);
  }

  #flush(): void {
    this.#telling = undefined;
    const frames = this.#untold.splice(0);
    this.#options.tell({ frames, dropped: this.#dropped });
  }
}
