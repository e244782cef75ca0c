import type { Moment } from "@window-rating/protocol/rating";
import type { BadTries } from "../store/clerk-book.ts";

/** How wrong PINs hold up the next try. */
export interface LockRule {
  /** So many are a slip of the finger and hold up nothing. */
  readonly free: number;
  /** After the first one that is none; each further one doubles it. */
  readonly firstMs: number;
  readonly longestMs: number;
  /** From so many on only IT staff unlock. */
  readonly untilUnlockedAt: number;
  /** After so long without a wrong one they count no more. */
  readonly forgottenAfterMs: number;
}

/** A clerk's own wrong PINs: ten guesses at a million PINs, then IT staff look at it. A right one clears them, time does not. */
export const CLERK_RULE: LockRule = {
  free: 3,
  firstMs: 30_000,
  longestMs: 30 * 60_000,
  untilUnlockedAt: 10,
  forgottenAfterMs: Number.POSITIVE_INFINITY,
};

/** Wrong PINs at one window, whoever's: against trying the same PIN on every clerk. It ends by itself, for a window must be able to open. */
export const WINDOW_RULE: LockRule = {
  free: 10,
  firstMs: 60_000,
  longestMs: 30 * 60_000,
  untilUnlockedAt: Number.POSITIVE_INFINITY,
  forgottenAfterMs: 60 * 60_000,
};

export type Lock = { readonly is: "open" } | { readonly is: "for-a-while"; readonly ms: number } | { readonly is: "until-unlocked" };

/** Milliseconds since a moment; a clock that was set back makes no time pass (I11). */
const since = ({ wallMs, monotonicMs, bootId }: Moment, now: Moment): number =>
  bootId === now.bootId ? now.monotonicMs - monotonicMs : Math.max(0, now.wallMs - wallMs);

/** How many wrong PINs count now. */
export const countedTries = (tries: BadTries | null, now: Moment, rule: LockRule): number =>
  tries === null || since(tries.lastAt, now) >= rule.forgottenAfterMs ? 0 : tries.count;

/** Whether a PIN may be tried now. */
export const lockOf = (tries: BadTries | null, now: Moment, rule: LockRule): Lock => {
  const count = countedTries(tries, now, rule);
  if (tries === null || count < rule.free) return { is: "open" };
  if (count >= rule.untilUnlockedAt) return { is: "until-unlocked" };
  const wholeMs = Math.min(rule.longestMs, rule.firstMs * 2 ** Math.min(count - rule.free, 20));
  const ms = wholeMs - since(tries.lastAt, now);
  return ms > 0 ? { is: "for-a-while", ms } : { is: "open" };
};
