import { z } from "zod";

/** Written before a new version is installed, and taken away when it has shown that it works. */
export const trialSchema = z.strictObject({
  from: z.string(),
  to: z.string(),
  /** Installer, or AppImage, of the version before; null: it was not kept, and there is no way back. */
  back: z.string().nullable(),
  starts: z.number().int().min(0),
  sinceMs: z.number(),
});
export type Trial = z.infer<typeof trialSchema>;

export type TrialStep =
  | { readonly is: "none" }
  /** The version before was put back. */
  | { readonly is: "over" }
  | { readonly is: "watch"; readonly trial: Trial; readonly untilMs: number }
  /** `from` a version that does not work. */
  | { readonly is: "go-back"; readonly from: string; readonly installer: string }
  | { readonly is: "no-way-back" };

/** A new version must have its core ready and a screen drawn within this time. */
const HEALTHY_WITHIN_MS = 5 * 60_000;
/** One that ends before it is healthy is given so many starts. */
const MOST_STARTS = 3;

/** What to do at a start of the app. @param trial null: none is under way */
export const trialAtStart = (trial: Trial | null, version: string, nowMs: number): TrialStep => {
  if (trial === null) return { is: "none" };
  if (trial.to !== version) return { is: "over" };
  const next = { ...trial, starts: trial.starts + 1 };
  if (next.starts > MOST_STARTS) return goBack(trial);
  return { is: "watch", trial: next, untilMs: nowMs + HEALTHY_WITHIN_MS };
};

/** What to do with a version that has been watched long enough and is not healthy. */
export const goBack = ({ to, back }: Trial): TrialStep =>
  back === null ? { is: "no-way-back" } : { is: "go-back", from: to, installer: back };
