/** A level of a rating: 1 非常不满意 … 5 非常满意. Stars = level (seeds 000 二, 001 二(一)2, 002 7.2). */
export type Level = 1 | 2 | 3 | 4 | 5;

/** The five levels, worst first, as every seed words them. Labels may differ by region; the numbers never do. */
export const LEVELS = [
  { level: 1, zh: "非常不满意", en: "Very dissatisfied" },
  { level: 2, zh: "不满意", en: "Dissatisfied" },
  { level: 3, zh: "基本满意", en: "Fairly satisfied" },
  { level: 4, zh: "满意", en: "Satisfied" },
  { level: 5, zh: "非常满意", en: "Very satisfied" },
] as const satisfies readonly { level: Level; zh: string; en: string }[];

export const isLevel = (value: number): value is Level => Number.isInteger(value) && value >= 1 && value <= 5;

/** True for a bad review (差评): 不满意 or 非常不满意 (seeds: the last two levels). */
export const isBadReview = (level: Level): boolean => level <= 2;
