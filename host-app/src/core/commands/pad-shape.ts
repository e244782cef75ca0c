import { padStateSchema } from "@window-rating/protocol/desk";
import { z } from "zod";
import { TRIAL_PARTS } from "../pads/trial-parts.ts";

const errorSchema = z.object({ code: z.string(), detail: z.string() });

const filesSchema = z.object({
  held: z.array(z.string()).describe("Assets that are on the pad"),
  waiting: z.array(z.string()).describe("Files on their way to the pad, the one under way first"),
  progress: z.number().min(0).max(1).nullable().describe("Share of the file under way that is on the pad or on the way; null: none is"),
  refused: z.record(z.string(), z.string()).describe("What the pad did not take, and why (protocol/SPEC.md, Transfers)"),
  update: z
    .object({
      is: z
        .enum(["sending", "waiting", "trial", "kept", "failed"])
        .describe("waiting: until nothing is shown and no event waits; trial: the pad starts with it"),
      version: z.string(),
      error: errorSchema.optional(),
      outcome: z.string().optional().describe("Why the pad did not take the file (protocol/SPEC.md, Transfers)"),
    })
    .nullable(),
});

const pairingSchema = z.object({
  is: z
    .enum(["none", "inviting", "asking", "press", "paired", "failed"])
    .describe("inviting: hold the pad's key; asking: type its code; press: press its key once more"),
  remainingMs: z.number().optional().describe("Until it is given up"),
  error: errorSchema.optional(),
});

export const trialPartSchema = z.enum(TRIAL_PARTS);

/** A test of a pad by a person who looks on. Its presses are no ratings, and are kept nowhere. */
const trialSchema = z.object({
  is: trialPartSchema,
  number: z.number().int().describe("Counts the tests of this window"),
  remainingMs: z.number(),
  down: z.array(z.string()).describe("Keys that are down now; only of pads that tell"),
  presses: z.record(z.string(), z.number().int()).describe("How often each key was pressed in this test"),
  found: z
    .object({ outcome: z.enum(["passed", "failed", "toBeSeen"]), detail: z.string() })
    .nullable()
    .describe("What the pad itself found"),
  ended: z.enum(["time", "stopped", "rating", "lost", "refused"]).nullable().describe("null: it goes on; rating: a citizen goes first"),
});

/** What a running window PC says of its pads, to `window-host pad`. No key is ever in it. */
export const padListSchema = z.object({
  unpaired: z.enum(["refuse", "admit"]).describe("The setting pad.unpaired"),
  windows: z.array(
    z.object({
      windowNo: z.string(),
      pad: padStateSchema,
      canBePaired: z.boolean().describe("A pad is there that knows how to"),
      files: filesSchema.nullable().describe("null: a pad of another maker"),
      pairing: pairingSchema,
      tests: z.array(trialPartSchema).describe("What can be tried of the pad that is there"),
      trial: trialSchema.nullable().describe("The test that goes on, or the last one"),
    }),
  ),
  keys: z.array(z.object({ model: z.string(), serialNumber: z.string() })).describe("Pads of which this PC has a pairing key"),
});
export type PadList = z.infer<typeof padListSchema>;

/** A page of the log that a pad keeps of itself. */
export const padLogPageSchema = z.object({
  windowNo: z.string(),
  lines: z
    .array(z.object({ number: z.number().int().describe("Lines are numbered from 1; a start of the pad leaves a gap"), text: z.string() }))
    .readonly(),
  next: z.number().int().nullable().describe("Where to read on; null: there is no more"),
});
