import { z } from "zod";
import { STRIP_ACTIONS, shortcutSchema } from "./preferences.ts";

/** Edges of a monitor at which the strip may stand. */
export const EDGES = ["top", "bottom", "left", "right"] as const;

/** What all windows of a hall may share of the app's shell.json, which a site file may carry. */
export const SHARED_SHELL = {
  edge: z.enum(EDGES),
  shortcuts: z.partialRecord(z.enum(STRIP_ACTIONS), shortcutSchema),
  update: z
    .strictObject({
      feed: z.url({ protocol: /^https?$/ }).describe("Folder of the releases on a server of the hall's network"),
      keys: z
        .array(z.string().regex(/^[A-Za-z0-9+/]{43}=$/))
        .min(1)
        .describe("Ed25519 public keys of whoever releases, base64"),
      closing: z
        .string()
        .regex(/^([01]\d|2[0-3]):[0-5]\d$/)
        .default("18:00")
        .describe("When the hall closes, local time; updates are installed within two hours after it"),
    })
    .nullable(),
} as const;
