/** How many newest round trips are kept for the histogram. */
const KEPT = 512;

/** Bounds of the acknowledgement timeout, in milliseconds. */
interface TimeoutBounds {
  readonly initialTimeout: number;
  readonly minTimeout: number;
  readonly maxTimeout: number;
}

/** The acknowledgement timeout, as RFC 6298 reckons it (Jacobson/Karels) within the link's own bounds; times in milliseconds. */
export class RoundTrip {
  readonly #timers: TimeoutBounds;
  readonly #newest: number[] = [];
  #seen = 0;
  #smoothed: number | undefined;
  #deviation = 0;
  /** What to wait for an acknowledgement. */
  timeout: number;
  /** The shortest that was ever measured; Infinity before the first. */
  shortest = Number.POSITIVE_INFINITY;

  constructor(timers: TimeoutBounds) {
    this.#timers = timers;
    this.timeout = timers.initialTimeout;
  }

  /** Newest measured round trips, in no particular order. */
  get newest(): readonly number[] {
    return this.#newest;
  }

  measured(roundTrip: number): void {
    if (this.#smoothed === undefined) {
      this.#smoothed = roundTrip;
      this.#deviation = roundTrip / 2;
    } else {
      this.#deviation += (Math.abs(roundTrip - this.#smoothed) - this.#deviation) / 4;
      this.#smoothed += (roundTrip - this.#smoothed) / 8;
    }
    this.timeout = this.#clamped(this.#smoothed + 4 * this.#deviation);
    this.shortest = Math.min(this.shortest, roundTrip);
    this.#newest[this.#seen++ % KEPT] = roundTrip;
  }

  /** The timeout has passed: the next one is twice as long. */
  doubled(): void {
    this.timeout = this.#clamped(this.timeout * 2);
  }

  #clamped(timeout: number): number {
    return Math.min(this.#timers.maxTimeout, Math.max(this.#timers.minTimeout, timeout));
  }
}
