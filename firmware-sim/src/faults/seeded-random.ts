/** Numbers 0 ≤ n < 1 that look random and are the same for the same seed (mulberry32). Not for secrets. */
export const seededRandom = (seed: number): (() => number) => {
  let state = seed | 0;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
};

/** Whole number in min..max, both included. */
export const between = (random: () => number, min: number, max: number): number => min + Math.floor(random() * (max - min + 1));

/** Bytes from a seed, in the shape of `crypto.randomBytes`. */
export const seededBytes =
  (random: () => number) =>
  (length: number): Uint8Array =>
    Uint8Array.from({ length }, () => between(random, 0, 255));
