import type { Clock } from "../../clock.ts";
import type { Timers } from "../sender.ts";

interface Timer {
  readonly atMs: number;
  readonly order: number;
  readonly run: () => void;
}

const START_MS = Date.parse("2026-03-02T01:00:00Z");

/** A day that passes as fast as the test turns it: clock and timers from one source. */
export class VirtualTime implements Clock, Timers {
  readonly bootId = "boot-of-the-test";
  #nowMs = 1_000_000;
  #offMs = START_MS - 1_000_000;
  #order = 0;
  readonly #timers = new Map<number, Timer>();

  wallMs(): number {
    return this.#nowMs + this.#offMs;
  }

  monotonicMs(): number {
    return this.#nowMs;
  }

  /** Someone sets the wall clock. */
  stepWallClock(ms: number): void {
    this.#offMs += ms;
  }

  setTimeout(run: () => void, ms: number): number {
    const order = ++this.#order;
    this.#timers.set(order, { atMs: this.#nowMs + Math.max(0, ms), order, run });
    return order;
  }

  clearTimeout(timer: unknown): void {
    this.#timers.delete(timer as number);
  }

  get hasTimers(): boolean {
    return this.#timers.size > 0;
  }

  /** Jumps to the next timer and runs it. */
  turn(): void {
    let next: Timer | undefined;
    for (const timer of this.#timers.values()) {
      if (next === undefined || timer.atMs < next.atMs || (timer.atMs === next.atMs && timer.order < next.order)) next = timer;
    }
    if (next === undefined) throw new Error("nothing will ever happen again");
    this.#timers.delete(next.order);
    this.#nowMs = Math.max(this.#nowMs, next.atMs);
    next.run();
  }
}
