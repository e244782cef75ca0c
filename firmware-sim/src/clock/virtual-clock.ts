import type { Clock, Timer } from "./clock.ts";

interface Due {
  readonly at: number;
  /** Of two that are due at the same moment the one asked for first comes first. */
  readonly turn: number;
  /** undefined once it was cancelled. */
  call: (() => void) | undefined;
}

const isBefore = (one: Due, other: Due): boolean => one.at < other.at || (one.at === other.at && one.turn < other.turn);

/**
 * A clock that stands still until it is run, and then goes from one timer to the next without waiting: an hour takes as long as what
 * happens in it. What is driven by it alone happens in the same order at every run.
 */
export class VirtualClock implements Clock {
  #now: number;
  #turns = 0;
  /** A binary heap: no element is before the one at half its place. */
  readonly #heap: Due[] = [];

  constructor(start = 0) {
    this.#now = start;
  }

  now(): number {
    return this.#now;
  }

  after(ms: number, call: () => void): Timer {
    const due: Due = { at: this.#now + Math.max(0, ms), turn: this.#turns++, call };
    this.#push(due);
    return {
      cancel: () => {
        due.call = undefined;
      },
    };
  }

  /** Lets everything happen that is due within so many milliseconds; afterwards they have passed. */
  run(ms: number): void {
    const end = this.#now + ms;
    this.#runTo(end, () => false);
    this.#now = end;
  }

  /** Lets time pass until the condition holds. @returns false if it did not within so many milliseconds, or nothing can happen any more */
  runUntil(isDone: () => boolean, withinMs: number): boolean {
    return isDone() || this.#runTo(this.#now + withinMs, isDone);
  }

  #runTo(end: number, isDone: () => boolean): boolean {
    for (let next = this.#heap[0]; next !== undefined && next.at <= end; next = this.#heap[0]) {
      this.#pop();
      if (next.call === undefined) continue;
      this.#now = next.at;
      next.call();
      if (isDone()) return true;
    }
    return false;
  }

  #push(due: Due): void {
    const heap = this.#heap;
    let place = heap.length;
    while (place > 0) {
      const parentPlace = (place - 1) >> 1;
      const parent = heap[parentPlace] as Due;
      if (!isBefore(due, parent)) break;
      heap[place] = parent;
      place = parentPlace;
    }
    heap[place] = due;
  }

  #pop(): void {
    const heap = this.#heap;
    const last = heap.pop() as Due;
    if (heap.length === 0) return;
    let place = 0;
    for (let child = 1; child < heap.length; child = place * 2 + 1) {
      const right = heap[child + 1];
      if (right !== undefined && isBefore(right, heap[child] as Due)) child++;
      const next = heap[child] as Due;
      if (!isBefore(next, last)) break;
      heap[place] = next;
      place = child;
    }
    heap[place] = last;
  }
}
