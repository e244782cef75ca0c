import { z } from "zod";
import { countSchema, maybeTimeSchema, nextSchema, pageQuery, timeSchema, wordSchema } from "./fields.ts";

const windowFilters = { hall: wordSchema.optional(), window: wordSchema.optional() };
const ofWindowPc = { windowPcId: z.string(), windowNo: z.string() };

/** Entries of window PCs that central refused, whole. */
export const setAsideQuerySchema = z.strictObject({ ...windowFilters, code: wordSchema.optional(), ...pageQuery });
export const setAsideListSchema = z.object({
  setAside: z.array(
    z.object({
      setAsideNo: z.number().int(),
      ...ofWindowPc,
      entryId: z.string(),
      number: z.number().int(),
      code: z.string(),
      detail: z.string(),
      advice: z.string().describe("What to do, as the table of errors says"),
      entry: z.string().describe("As it came"),
      receivedAtMs: timeSchema,
    }),
  ),
  next: nextSchema,
});

/** Incidents, and the numbers that are missing now. */
export const INCIDENT_KINDS = ["altered-entry", "bad-signature", "broken-chain", "number-conflict", "wrong-clock"] as const;
export const incidentQuerySchema = z.strictObject({ ...windowFilters, kind: z.enum(INCIDENT_KINDS).optional(), ...pageQuery });
export const incidentListSchema = z.object({
  incidents: z.array(
    z.object({
      incidentNo: z.number().int(),
      ...ofWindowPc,
      kind: z.enum(INCIDENT_KINDS),
      code: z.string().nullable(),
      entryId: z.string(),
      number: z.number().int(),
      detail: z.string(),
      noticedAtMs: timeSchema,
    }),
  ),
  holes: z.array(z.object({ ...ofWindowPc, firstMissing: z.number().int(), lastMissing: z.number().int(), sinceMs: timeSchema })),
  next: nextSchema,
});

/** Reports of business systems that were refused; `open` alone if not asked otherwise. Those of ratings are sealed, for they may name a person. */
export const refusedQuerySchema = z.strictObject({
  kind: z.enum(["case", "rating"]).optional(),
  state: z.enum(["open", "retaken", "all"]).default("open"),
  system: z.coerce.number().int().min(1).optional(),
  ...pageQuery,
});
export const refusedListSchema = z.object({
  refused: z.array(
    z.object({
      refusedNo: z.number().int(),
      systemNo: z.number().int(),
      systemName: z.string(),
      kind: z.enum(["case", "rating"]),
      code: z.string(),
      field: z.string(),
      detail: z.string(),
      advice: z.string(),
      content: z.unknown().describe("As it came, without the contact; null if it is sealed"),
      receivedAtMs: timeSchema,
      retaken: z.object({ outcome: z.string(), atMs: timeSchema }).nullable(),
    }),
  ),
  open: countSchema,
  next: nextSchema,
});
/** What taking it again came to: `taken`, `older`, `duplicate`, `accepted`, or `refused` with the reason of now. */
export const retakeAnswerSchema = z.object({
  refusedNo: z.number().int(),
  answer: z.enum(["taken", "older", "duplicate", "accepted", "refused"]),
  code: z.string().nullable(),
  field: z.string().nullable(),
  detail: z.string().nullable(),
  retakenAtMs: maybeTimeSchema,
});
