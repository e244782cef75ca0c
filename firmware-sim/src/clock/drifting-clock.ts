import type { Clock, Timer } from "./clock.ts";

/** A clock that goes faster or slower than another by a rate that may change. It never steps back. */
export class DriftingClock implements Clock {
  readonly #true: Clock;
  #rate = 1;
  /** Where this clock and the true one stood when the rate was set. */
  #own: number;
  #since: number;

  constructor(clock: Clock) {
    this.#true = clock;
    this.#own = this.#since = clock.now();
  }

  /** @param rate milliseconds of this clock in one of the true one, over 0 */
  setRate(rate: number): void {
    this.#own = this.now();
    this.#since = this.#true.now();
    this.#rate = rate;
  }

  now(): number {
    return this.#rate === 1 && this.#own === this.#since ? this.#true.now() : this.#own + (this.#true.now() - this.#since) * this.#rate;
  }

  /** A timer that is set keeps the rate of when it was set. */
  after(ms: number, call: () => void): Timer {
    return this.#true.after(ms / this.#rate, call);
  }
}
