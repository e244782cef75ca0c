import { z } from "zod";
import type { RequestDeclaration } from "./declaration.ts";
import { preferencesSchema } from "./preferences.ts";

/** It has its effect on disk; there is nothing else to say. */
const done = z.strictObject({});
const nothing = z.strictObject({});

/** What both the strip and the console may ask. */
export const SHARED_REQUESTS = {
  "preferences.read": {
    summary: "How the person at this screen likes it: the clerk on duty, the window while nobody is signed in, or IT staff at the console",
    from: ["strip", "console"],
    body: nothing,
    answer: preferencesSchema,
    errors: [],
  },
  "preferences.save": {
    summary: "Keep how the person at this screen likes it",
    from: ["strip", "console"],
    body: preferencesSchema,
    answer: done,
    errors: ["WR8006"],
  },
} as const satisfies Readonly<Record<string, RequestDeclaration>>;
