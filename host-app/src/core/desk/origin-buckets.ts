import { type Rate, TokenBucket } from "./token-bucket.ts";

/** Pages of so many origins have a bucket of their own at a time; any more share one. */
const MOST_ORIGINS = 32;

/**
 * One bucket for each origin of pages that nobody has confirmed, so that none can use up what another needs. Such origins are made up for
 * nothing, so their number is bounded; one that was quiet gives its place away.
 */
export class OriginBuckets {
  readonly #rate: Rate;
  readonly #others: TokenBucket;
  readonly #byOrigin = new Map<string, TokenBucket>();

  constructor(rate: Rate, now: number) {
    this.#rate = rate;
    this.#others = new TokenBucket(rate, now);
  }

  /**
   * @param origin undefined: a program, which is no page
   * @returns false if the call is too much
   */
  take(origin: string | undefined, now: number): boolean {
    return this.#of(origin ?? "", now).take(now);
  }

  #of(origin: string, now: number): TokenBucket {
    const known = this.#byOrigin.get(origin);
    if (known !== undefined) return known;
    if (this.#byOrigin.size >= MOST_ORIGINS) {
      for (const [other, bucket] of this.#byOrigin) if (bucket.isFull(now)) this.#byOrigin.delete(other);
      if (this.#byOrigin.size >= MOST_ORIGINS) return this.#others;
    }
    const bucket = new TokenBucket(this.#rate, now);
    this.#byOrigin.set(origin, bucket);
    return bucket;
  }
}
