import { z } from "zod";

/** What the strip does at a key. */
export const STRIP_ACTIONS = [
  "endCase",
  "startCase",
  "cancelCase",
  "inviteAgain",
  "severalCases",
  "pause",
  "paperForm",
  "code",
  "changeClerk",
  "signOut",
  "settings",
] as const;
export type StripAction = (typeof STRIP_ACTIONS)[number];

/** A chord as `Alt+1`, `Ctrl+Shift+E` or `F8`: always with a modifier or a function key, for plain keys belong to what is typed. */
export const shortcutSchema = z
  .string()
  .regex(
    /^(?:(?:Ctrl\+)?(?:Alt\+)?(?:Shift\+)?F(?:[1-9]|1[0-2])|(?:Ctrl\+Alt\+|Ctrl\+|Alt\+)(?:Shift\+)?[A-Z0-9])$/,
    "as Alt+1, Ctrl+Shift+E or F8",
  );

export const DEFAULT_SHORTCUTS: Readonly<Record<StripAction, string>> = {
  endCase: "Alt+1",
  startCase: "Alt+2",
  cancelCase: "Alt+3",
  inviteAgain: "Alt+4",
  severalCases: "Alt+5",
  pause: "Alt+6",
  paperForm: "Alt+7",
  code: "Alt+8",
  changeClerk: "Alt+9",
  signOut: "Alt+0",
  settings: "Alt+S",
};

/** How one clerk likes the strip. Kept by the window PC under the clerk's number, so that it follows them from screen to screen. */
export const preferencesSchema = z.strictObject({
  language: z.enum(["zh-CN", "en"]),
  contrast: z.enum(["normal", "high"]),
  paper: z.enum(["A6", "58mm"]).describe("Paper of the printed receipt"),
  shortcuts: z.partialRecord(z.enum(STRIP_ACTIONS), shortcutSchema).describe("Only those that differ from the usual ones"),
});
export type Preferences = z.infer<typeof preferencesSchema>;

export const DEFAULT_PREFERENCES: Preferences = { language: "zh-CN", contrast: "normal", paper: "A6", shortcuts: {} };
