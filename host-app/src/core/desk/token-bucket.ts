/** How many calls are let through: `perSecond` for ever, `burst` at once. */
export interface Rate {
  readonly perSecond: number;
  readonly burst: number;
}

/** Lets calls through at a rate. Holds no timer; time is given in monotonic milliseconds. */
export class TokenBucket {
  readonly #rate: Rate;
  #tokens: number;
  #filledAt: number;

  constructor(rate: Rate, now: number) {
    this.#rate = rate;
    this.#tokens = rate.burst;
    this.#filledAt = now;
  }

  /** @returns false if the call, or what it weighs, is too much */
  take(now: number, weight = 1): boolean {
    this.#fill(now);
    if (this.#tokens < weight) return false;
    this.#tokens -= weight;
    return true;
  }

  /** Nothing was taken for so long that a new one would be the same. */
  isFull(now: number): boolean {
    this.#fill(now);
    return this.#tokens >= this.#rate.burst;
  }

  #fill(now: number): void {
    const passed = Math.max(0, now - this.#filledAt);
    this.#filledAt = now;
    this.#tokens = Math.min(this.#rate.burst, this.#tokens + (passed / 1000) * this.#rate.perSecond);
  }
}
