/** Largest value of the protocol's time48. */
const LAST_TIME = 2 ** 48 - 1;

/** The pad's clock of the day: it has no battery and knows the time only from when the host has set it. */
export class WallClock {
  #offset: number | undefined;

  /** @param at the pad's monotonic clock, milliseconds */
  set(unixMs: number, at: number): void {
    this.#offset = unixMs - at;
  }

  /** Unix milliseconds at a moment of the monotonic clock; 0 = not known. */
  unixMs(at: number): number {
    return this.#offset === undefined ? 0 : Math.min(LAST_TIME, Math.max(0, this.#offset + at));
  }
}
