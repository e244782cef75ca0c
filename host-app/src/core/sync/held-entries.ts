interface Hold {
  /** How often the entry failed alone. */
  readonly times: number;
  readonly untilMs: number;
  readonly bytes: number;
}

/** More than this at once is not the fault of entries. */
const MOST = 16;

/**
 * Entries that failed when they were sent alone, though central never refused them: each waits by itself and is tried
 * alone again, so that one which central stumbles over does not hold up the others (I6).
 */
export class HeldEntries {
  readonly #holds = new Map<number, Hold>();

  get count(): number {
    return this.#holds.size;
  }

  /** Room that these take when the oldest entries are read. */
  get bytes(): number {
    let sum = 0;
    for (const { bytes } of this.#holds.values()) sum += bytes;
    return sum;
  }

  has(number: number): boolean {
    return this.#holds.has(number);
  }

  /** @param pauseMs for how long, given how often it failed alone */
  hold(number: number, bytes: number, nowMs: number, pauseMs: (times: number) => number): void {
    if (this.#holds.size >= MOST && !this.#holds.has(number)) return;
    const times = (this.#holds.get(number)?.times ?? 0) + 1;
    this.#holds.set(number, { times, untilMs: nowMs + pauseMs(times), bytes });
  }

  /** Forgets those that no longer wait. */
  keepOnly(waiting: ReadonlySet<number>): void {
    for (const number of this.#holds.keys()) if (!waiting.has(number)) this.#holds.delete(number);
  }

  /** Whatever these failed from may be over: each may be tried now. */
  release(): void {
    for (const [number, hold] of this.#holds) this.#holds.set(number, { ...hold, untilMs: Number.NEGATIVE_INFINITY });
  }

  isDue(number: number, nowMs: number): boolean {
    const hold = this.#holds.get(number);
    return hold !== undefined && hold.untilMs <= nowMs;
  }

  /** When the first of these is due; null if none is held. */
  nextDueMs(): number | null {
    return this.#holds.size === 0 ? null : Math.min(...[...this.#holds.values()].map(({ untilMs }) => untilMs));
  }
}
