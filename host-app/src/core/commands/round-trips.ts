import type { RoundTrips } from "./status-shape.ts";

/** Upper bounds of the histogram, milliseconds: 16 is one USB latency timer, 32 two of them. */
const BOUNDS = [1, 2, 4, 8, 16, 32, 64, 128, 256, 512, 1024] as const;

/**
 * Quantiles and histogram of measured round trips.
 * @param samples milliseconds, in any order
 * @returns null if there are none
 */
export const roundTripsOf = (samples: readonly number[]): RoundTrips | null => {
  if (samples.length === 0) return null;
  const sorted = [...samples].sort((one, other) => one - other);
  const histogram: RoundTrips["histogram"] = [];
  let below = 0;
  for (const upToMs of [...BOUNDS, null]) {
    const upTo = upToMs === null ? sorted.length : countUpTo(sorted, upToMs);
    histogram.push({ upToMs, count: upTo - below });
    below = upTo;
  }
  return {
    samples: sorted.length,
    p50: quantile(sorted, 0.5),
    p90: quantile(sorted, 0.9),
    p99: quantile(sorted, 0.99),
    max: quantile(sorted, 1),
    histogram,
  };
};

/** Nearest rank: always a value that was measured. */
const quantile = (sorted: readonly number[], part: number): number => sorted[Math.max(0, Math.ceil(part * sorted.length) - 1)] as number;

const countUpTo = (sorted: readonly number[], bound: number): number => {
  const over = sorted.findIndex((sample) => sample > bound);
  return over === -1 ? sorted.length : over;
};
