import { WindowRatingError } from "@window-rating/protocol/error";
import type { FastifyReply } from "fastify";

export interface RateLimitOptions {
  /** So many at once, and then one every `everyMs`. */
  readonly burst: number;
  readonly everyMs: number;
  /** Callers remembered at most; of more, those that were quiet longest are forgotten. */
  readonly callers?: number;
}

/** Tokens by caller, in this process: several instances together let through as many times as much. */
export class RateLimit {
  readonly #options: Required<RateLimitOptions>;
  /** Moment at which the caller's bucket is full again; in the order of last use. */
  readonly #fullAtMs = new Map<string, number>();

  constructor(options: RateLimitOptions) {
    this.#options = { callers: 10_000, ...options };
  }

  /** Takes one token. @returns 0, or how many milliseconds the caller has to wait for one */
  take(caller: string, nowMs: number): number {
    const { burst, everyMs, callers } = this.#options;
    const fullAt = Math.max(this.#fullAtMs.get(caller) ?? nowMs, nowMs) + everyMs;
    const waitMs = fullAt - nowMs - burst * everyMs;
    if (waitMs > 0) return waitMs;
    this.#fullAtMs.delete(caller);
    this.#fullAtMs.set(caller, fullAt);
    if (this.#fullAtMs.size > callers) {
      const [oldest = ""] = this.#fullAtMs.keys();
      this.#fullAtMs.delete(oldest);
    }
    return 0;
  }

  /** @throws WindowRatingError WR7029, with Retry-After on the answer */
  require(caller: string, nowMs: number, reply: FastifyReply): void {
    const waitMs = this.take(caller, nowMs);
    if (waitMs === 0) return;
    const seconds = Math.ceil(waitMs / 1000);
    reply.header("retry-after", String(seconds));
    throw new WindowRatingError("WR7029", `Come again in ${seconds} s`);
  }
}
