/** Numbers first … last, both received, and all between them. */
export interface NumberRange {
  readonly first: number;
  readonly last: number;
  /** When the first of its entries came, Unix milliseconds of central. */
  readonly beganAtMs: number;
}

/**
 * Adds received numbers to ranges; ranges that touch become one.
 * @param ranges in any order, not overlapping
 * @returns ranges in ascending order, none touching another
 */
export const addNumbers = (ranges: readonly NumberRange[], numbers: readonly number[], nowMs: number): NumberRange[] => {
  const added = numbers.map((number): NumberRange => ({ first: number, last: number, beganAtMs: nowMs }));
  const merged: NumberRange[] = [];
  for (const range of [...ranges, ...added].sort((a, b) => a.first - b.first)) {
    const before = merged.at(-1);
    if (before === undefined || range.first > before.last + 1) merged.push(range);
    else {
      const last = Math.max(before.last, range.last);
      merged[merged.length - 1] = { first: before.first, last, beganAtMs: Math.min(before.beganAtMs, range.beganAtMs) };
    }
  }
  return merged;
};
