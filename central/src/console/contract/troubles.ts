import { shortText } from "@window-rating/protocol/rating";
import { z } from "zod";
import { countSchema, maybeNoSchema, maybeTimeSchema, nextSchema, pageQuery, timeSchema, wordSchema } from "./fields.ts";

const windowFilters = { hall: wordSchema.optional(), window: wordSchema.optional() };
const ofWindowPc = { windowPcId: z.string(), windowNo: z.string() };

/** Whether what was refused still waits, or was taken after all; `open` alone if not asked otherwise. */
const stateSchema = z.enum(["open", "retaken", "all"]).default("open");

/** Entries of window PCs that central refused, whole. */
export const setAsideQuerySchema = z.strictObject({ ...windowFilters, code: wordSchema.optional(), state: stateSchema, ...pageQuery });
/**
 * What a person sees who decides whether an entry counts: nothing of how good or bad the rating is, so that none is chosen by that. Null of
 * entries that are no matter of decision.
 */
const undecidedSchema = z
  .object({
    kind: z.enum(["rating", "paper", "not-rated", "unbound"]),
    atMs: timeSchema.describe("By the window PC's own clock"),
    caseNo: maybeNoSchema,
    itemName: maybeNoSchema,
    staffNo: maybeNoSchema,
    clerkName: maybeNoSchema,
    isRated: z.boolean().describe("Central has a rating of this request by another way, and this one cannot count beside it"),
  })
  .nullable();

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
      entry: z.string().nullable().describe("As it came; null while this account may decide about it"),
      fromFile: z.boolean().describe("It came in a file of exported entries"),
      undecided: undecidedSchema,
      receivedAtMs: timeSchema,
      retaken: z
        .object({
          outcome: z.enum(["taken", "duplicate", "left"]),
          reason: z.string().nullable().describe("Where a person decided: why"),
          by: z.string(),
          atMs: timeSchema,
          toldAtMs: maybeTimeSchema.describe("When the window PC heard of it"),
        })
        .nullable(),
    }),
  ),
  open: countSchema.describe("Those that fit and wait"),
  next: nextSchema,
});

/** What taking an entry again came to: it counts now, it had come in meanwhile, or it is refused with the reason of now. */
export const entryRetakeAnswerSchema = z.object({
  setAsideNo: z.number().int(),
  answer: z.enum(["taken", "duplicate", "refused"]),
  code: z.string().nullable(),
  detail: z.string().nullable(),
});
export type EntryRetakeAnswer = z.infer<typeof entryRetakeAnswerSchema>;

/** Whether an entry counts, and why. `left`: it does not, until somebody decides anew. */
export const decisionSchema = z.strictObject({ counts: z.boolean(), reason: shortText(200) });
export const decisionAnswerSchema = z.object({
  setAsideNo: z.number().int(),
  answer: z.enum(["taken", "duplicate", "left", "refused"]),
  code: z.string().nullable(),
  detail: z.string().nullable(),
});
export type DecisionAnswer = z.infer<typeof decisionAnswerSchema>;

/** What became of a file of entries that a window PC exported. */
export const entryFileReportSchema = z.object({
  windowPcId: z.string(),
  windowNo: z.string(),
  fileHash: z.string(),
  entries: countSchema,
  taken: countSchema,
  known: countSchema,
  setAside: z.record(z.string(), countSchema).describe("Those that wait among what is set aside, by the code of their refusal"),
});

/** All that fit and wait, oldest first, some at a time: `after` is the `next` of the answer before. */
export const allRetakeQuerySchema = z.strictObject({ ...windowFilters, code: wordSchema.optional(), after: pageQuery.after });
export const allRetakeAnswerSchema = z.object({
  taken: countSchema,
  duplicate: countSchema,
  refused: countSchema,
  codes: z.array(z.string()).describe("Why some are refused now"),
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
  state: stateSchema,
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
