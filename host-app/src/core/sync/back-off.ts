export interface BackOff {
  /** The first pause is drawn from 0 up to this, milliseconds. */
  readonly baseMs: number;
  /** No pause is longer. */
  readonly maxMs: number;
}

/** So that a lucky draw is still a pause. */
const SHORTEST_MS = 50;

/**
 * Exponential back-off with full jitter: a draw from 0 up to base × 2^(failures − 1), so that the window PCs of a hall that
 * lost central in one moment do not come back in one moment (AWS Architecture Blog, "Exponential Backoff And Jitter").
 * @param failures tries that failed in a row, 1 or more
 * @param random 0 ≤ x < 1
 * @returns milliseconds
 */
export const backOffMs = (failures: number, { baseMs, maxMs }: BackOff, random: number): number =>
  Math.min(maxMs, Math.max(SHORTEST_MS, random * Math.min(maxMs, baseMs * 2 ** (failures - 1))));
