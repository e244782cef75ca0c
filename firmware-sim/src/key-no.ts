/** Number of a key and of the level that it stands for: 1 非常不满意 … 5 非常满意. */
export type KeyNo = 1 | 2 | 3 | 4 | 5;
export const KEYS: readonly KeyNo[] = [1, 2, 3, 4, 5];
