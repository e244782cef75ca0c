/** What a person can try of a pad. `identify`: which one is it. */
export const TRIAL_PARTS = ["identify", "lamps", "keys", "voice", "screen", "beep", "stars"] as const;
export type TrialPart = (typeof TRIAL_PARTS)[number];
