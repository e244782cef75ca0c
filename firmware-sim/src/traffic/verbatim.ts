import type { Clock, Timer } from "../clock/clock.ts";
import { PATIENCE_MS, type Pace } from "./cue.ts";
import type { Chunk, Side } from "./recording.ts";
import type { Replay, ReplayEnd } from "./replay.ts";

export interface VerbatimOptions {
  readonly chunks: readonly Chunk[];
  readonly side: Side;
  readonly pace: Pace;
  readonly clock: Clock;
  readonly write: (bytes: Uint8Array) => void;
}

/** A port that closes takes with it what the other side has not read: it stays open this long behind the last byte. */
const LINGER_MS = 1000;

/**
 * Plays the bytes of one side as they were: for pads of other makers, whose bytes hold nothing of a session. It begins when the other side
 * says its first byte, or at once if this side began in the recording.
 */
export class VerbatimReplay implements Replay {
  readonly done: Promise<ReplayEnd>;
  readonly #options: VerbatimOptions;
  readonly #own: readonly Chunk[];
  /** For each own chunk: bytes that the other side had said before it. */
  readonly #before: readonly number[];
  readonly #beginsAt: number;
  #startedAt: number | undefined;
  #waitsSince: number | undefined;
  #impatient = 0;
  #heard = 0;
  #next = 0;
  #timer: Timer | undefined;
  #resolve: (end: ReplayEnd) => void = () => {};
  #isOver = false;

  constructor(options: VerbatimOptions) {
    this.#options = options;
    const { chunks, side } = options;
    this.#own = chunks.filter(({ from }) => from === side);
    let others = 0;
    this.#before = chunks.flatMap(({ from, bytes }) => {
      if (from === side) return [others];
      others += bytes.length;
      return [];
    });
    this.#beginsAt = chunks[0]?.at ?? 0;
    this.done = new Promise((resolve) => {
      this.#resolve = resolve;
    });
  }

  start(): void {
    if (this.#options.chunks[0]?.from === this.#options.side) this.#begin();
  }

  take(bytes: Uint8Array): void {
    this.#heard += bytes.length;
    this.#begin();
  }

  stop(): void {
    if (this.#isOver) return;
    this.#isOver = true;
    this.#timer?.cancel();
    this.#resolve({ played: this.#next, of: this.#own.length, impatient: this.#impatient });
  }

  #begin(): void {
    this.#startedAt ??= this.#options.clock.now();
    this.#goOn();
  }

  #goOn(): void {
    if (this.#isOver) return;
    for (let next = this.#own[this.#next]; next !== undefined; next = this.#own[this.#next]) {
      const wait = this.#waitFor(next);
      if (wait > 0) {
        this.#timer?.cancel();
        this.#timer = this.#options.clock.after(wait, () => this.#goOn());
        return;
      }
      this.#waitsSince = undefined;
      this.#next++;
      this.#options.write(next.bytes);
    }
    this.#timer?.cancel();
    this.#timer = this.#options.clock.after(LINGER_MS, () => this.stop());
  }

  #waitFor(chunk: Chunk): number {
    const { clock, pace } = this.#options;
    const now = clock.now();
    if (pace === "recorded") return (this.#startedAt ?? now) + chunk.at - this.#beginsAt - now;
    if (this.#heard >= (this.#before[this.#next] ?? 0)) return 0;
    this.#waitsSince ??= now;
    const left = this.#waitsSince + PATIENCE_MS - now;
    if (left > 0) return left;
    this.#impatient++;
    return 0;
  }
}
