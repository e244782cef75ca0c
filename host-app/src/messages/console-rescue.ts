import { z } from "zod";
import { centralHighestSchema, rescueStateSchema } from "../core/care/care-shape.ts";
import type { RequestDeclaration } from "./declaration.ts";

const nothing = z.strictObject({});

/** What the console may ask while the database of this PC is damaged, and at no other time. */
export const CONSOLE_RESCUE_REQUESTS = {
  "rescue.read": {
    summary: "What is damaged, and what the newest rescue found",
    from: ["console"],
    body: nothing,
    answer: rescueStateSchema,
    errors: ["WR5104"],
  },
  "rescue.begin": {
    summary: "Make a sound database of what is left, in quarantine; rescue.read tells how it goes",
    from: ["console"],
    body: nothing,
    answer: z.object({}),
    errors: ["WR4005", "WR4011", "WR5104"],
  },
  "rescue.central": {
    summary: "Ask central how far it has the entries of this PC: a rescued file must not lie behind it",
    from: ["console"],
    body: nothing,
    answer: centralHighestSchema,
    errors: ["WR5104"],
  },
  "rescue.use": {
    summary: "Start from the newest rescued database; the damaged one is kept beside it",
    from: ["console"],
    body: z.strictObject({
      centralHighest: z
        .number()
        .int()
        .min(0)
        .nullable()
        .describe("Highest number that central has, as a person has read it there; needed only where central cannot be asked"),
    }),
    answer: z.object({}),
    errors: ["WR4005", "WR4009", "WR4010", "WR4011", "WR5104"],
  },
} as const satisfies Readonly<Record<string, RequestDeclaration>>;
