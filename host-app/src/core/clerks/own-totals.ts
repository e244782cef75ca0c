import type { GoodShare, OwnTotals } from "@window-rating/protocol/desk";
import { isBadReview, type Level } from "@window-rating/protocol/rating";

/*
 * What a clerk may see of the own ratings: never what one citizen gave (domain 2.6, "记仇"). Three things together see to it.
 *
 *   1. Pools are cut by count alone, each POOL ratings in the order in which they were written, the first one beginning with the first
 *      rating ever. So each rating is in one pool for ever, and no two totals, whenever they were shown, differ by less than a whole pool.
 *      POOL is no setting: two cuts of the same ratings would overlap, and what they have not in common could be a single one.
 *   2. Whether a pool is shown depends on counts and times, never on levels: nothing can be told from what is not shown.
 *   3. Of a pool only the step is told in which its share of good ratings lies, and each step is so wide that it holds for a number of good
 *      ratings that is neither none nor all. So any one of them may have been good or bad, even if all five stars were pressed that week.
 */

/** Ratings of one pool. The step of 90 % has room for two bad ones among so many; with fewer than 10 there would be none. */
export const POOL = 20;
/** Pools that are shown at most. */
export const POOLS_SHOWN = 12;

/** A rating of the clerk: when it was written, and how good it was. */
export interface OwnRating {
  readonly writtenMs: number;
  readonly level: Level;
}

const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;
const CHINA_OFFSET_MS = 8 * HOUR_MS;

/** Day in China, yyyy-mm-dd. */
const dayOf = (wallMs: number): string => new Date(Math.floor((wallMs + CHINA_OFFSET_MS) / DAY_MS) * DAY_MS).toISOString().slice(0, 10);

/** In whole numbers, for 18 of 20 are 90 % and no rounding shall say otherwise. */
const goodShareOf = (pool: readonly OwnRating[]): GoodShare => {
  const good = pool.filter(({ level }) => !isBadReview(level)).length;
  if (good * 100 >= 90 * pool.length) return "90-or-more";
  return good * 100 >= 80 * pool.length ? "80-to-90" : "under-80";
};

/**
 * The totals that are shown at a moment.
 * @param ratings in the order in which they were written, from the beginning of a pool on
 * @param delayHours a pool is shown so long after its last rating, and not before the next day
 */
export const ownTotals = (ratings: readonly OwnRating[], nowMs: number, delayHours: number): OwnTotals => {
  const pools: OwnTotals["pools"] = [];
  let shown = 0;
  for (let start = 0; start + POOL <= ratings.length; start += POOL) {
    const pool = ratings.slice(start, start + POOL);
    const times = pool.map(({ writtenMs }) => writtenMs);
    const last = Math.max(...times);
    // Pools are shown in their order: one that waits holds up those behind it.
    if (nowMs - last < delayHours * HOUR_MS || dayOf(last) >= dayOf(nowMs)) break;
    pools.push({ fromDay: dayOf(Math.min(...times)), toDay: dayOf(last), ratings: POOL, good: goodShareOf(pool) });
    shown = start + POOL;
  }
  return { pools: pools.reverse().slice(0, POOLS_SHOWN), pending: shown < ratings.length };
};
