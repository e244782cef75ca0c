import { z } from "zod";
import { daySchema, maybeNoSchema, nextSchema, pageQuery, timeSchema, wordSchema } from "./fields.ts";

/** Everything an account may filter by: its agencies, halls and windows. */
export const placesSchema = z.object({
  agencies: z.array(z.object({ agencyCode: z.string(), name: z.string() })),
  halls: z.array(z.object({ hallNo: z.string(), name: z.string(), agencyCode: maybeNoSchema })),
  windows: z.array(z.object({ windowNo: z.string(), name: maybeNoSchema, hallNo: maybeNoSchema, agencyCode: maybeNoSchema })),
});

export const REGISTRY_KINDS = ["agency", "hall", "window", "clerk", "item"] as const;
/** `text`: beginning of the key, or part of the name. Rows come in the order of their keys. */
export const registryQuerySchema = z.strictObject({ kind: z.enum(REGISTRY_KINDS), text: wordSchema.optional(), ...pageQuery });
const registryRowSchema = z.object({
  kind: z.enum(REGISTRY_KINDS),
  key: z.string(),
  name: maybeNoSchema,
  agencyCode: maybeNoSchema,
  hallNo: maybeNoSchema,
  windowNo: maybeNoSchema,
  version: z.number().int(),
  toldBy: z.string(),
  toldAtMs: timeSchema,
});
export const registryListSchema = z.object({ rows: z.array(registryRowSchema), next: nextSchema });

/** Every version of one row, newest first; content null: taken away. */
export const registryHistoryQuerySchema = z.strictObject({ kind: z.enum(REGISTRY_KINDS), key: wordSchema });
export const registryHistorySchema = z.object({
  versions: z.array(
    z.object({
      version: z.number().int(),
      content: z.record(z.string(), z.unknown()).nullable(),
      toldBy: z.string(),
      toldAtMs: timeSchema,
    }),
  ),
});

/** Who sat where when: newest day first. */
export const clerkDayQuerySchema = z.strictObject({
  window: wordSchema.optional(),
  hall: wordSchema.optional(),
  staffNo: wordSchema.optional(),
  from: daySchema.optional(),
  to: daySchema.optional().describe("Last day, included"),
  ...pageQuery,
});
export const clerkDayListSchema = z.object({
  days: z.array(
    z.object({
      windowNo: z.string(),
      day: daySchema,
      staffNo: z.string(),
      clerkName: z.string(),
      firstAtMs: timeSchema,
      lastAtMs: timeSchema,
      toldBy: z.string(),
    }),
  ),
  next: nextSchema,
});
