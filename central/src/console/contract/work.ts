import { z } from "zod";
import { bothSchema, countSchema, maybeNoSchema, maybeTimeSchema, nextSchema, pageQuery, timeSchema, wordSchema } from "./fields.ts";

export const JOBS = ["reminder", "default-rating", "late-contacts", "send", "static-match"] as const;
const lastRunSchema = z.object({ done: countSchema, finishedAtMs: timeSchema }).nullable();
export const jobStatusSchema = z.object({
  atMs: timeSchema,
  region: maybeNoSchema,
  settings: z.record(z.string(), z.unknown()),
  rules: z.array(
    z.object({
      rule: z.enum(["reminder", "default-rating"]),
      state: z.enum(["runs", "held", "waits", "off"]),
      why: bothSchema.nullable(),
      sinceMs: maybeTimeSchema,
      due: countSchema.describe("Cases whose time has come and for which nothing was done yet; at most 10,000 are counted"),
      lastRun: lastRunSchema,
    }),
  ),
  others: z.array(z.object({ job: z.enum(JOBS), waiting: countSchema.nullable(), lastRun: lastRunSchema })),
  messages: z.record(z.string(), countSchema),
});
export type JobStatusAnswer = z.infer<typeof jobStatusSchema>;
export const jobRunQuerySchema = z.strictObject({ job: z.enum(JOBS).optional(), ...pageQuery });
export const jobRunListSchema = z.object({
  runs: z.array(
    z.object({ runNo: z.number().int(), job: z.string(), done: countSchema, startedAtMs: timeSchema, finishedAtMs: timeSchema }),
  ),
  next: nextSchema,
});

export const SMS_STATES = [
  "waiting",
  "sending",
  "accepted",
  "refused",
  "given-up",
  "unsure",
  "needless",
  "no-phone",
  "opted-out",
  "too-late",
] as const;
export const smsQuerySchema = z.strictObject({ state: z.enum(SMS_STATES).optional(), caseNo: wordSchema.optional(), ...pageQuery });
/** No phone and no words stand in any of these. */
export const smsListSchema = z.object({
  messages: z.array(
    z.object({
      messageNo: z.number().int(),
      kind: z.enum(["reminder", "answer"]),
      caseNo: maybeNoSchema,
      item: maybeNoSchema,
      state: z.enum(SMS_STATES),
      dueMs: timeSchema,
      attempts: countSchema,
      fault: maybeNoSchema,
      queuedAtMs: timeSchema,
      settledAtMs: maybeTimeSchema,
    }),
  ),
  next: nextSchema,
});
export const replyQuerySchema = z.strictObject(pageQuery);
export const replyListSchema = z.object({
  replies: z.array(
    z.object({
      replyNo: z.number().int(),
      outcome: z.enum(["rated", "refused", "unclear", "nothing-open", "opted-out"]),
      code: maybeNoSchema,
      caseNo: maybeNoSchema,
      rating: z.number().int().nullable(),
      receivedAtMs: timeSchema,
    }),
  ),
  next: nextSchema,
});

export const IMPORT_FILE_KINDS = ["cases", "agencies", "halls", "windows", "clerks", "items", "ratings"] as const;
/** The body of the request is the file itself, CSV or XLSX. */
export const importRequestSchema = z.strictObject({
  kind: z.enum(IMPORT_FILE_KINDS),
  mode: z.enum(["dry-run", "apply"]),
  fileName: z
    .string()
    .max(200)
    .regex(/^\P{Cc}*$/u, "no control characters")
    .default(""),
});
export const importReportSchema = z.object({
  kind: z.enum(IMPORT_FILE_KINDS),
  fileName: z.string(),
  mode: z.enum(["dry-run", "apply"]),
  encoding: z.string(),
  rows: countSchema,
  taken: countSchema.describe("Rows that are new"),
  known: countSchema.describe("Rows that say what is known already"),
  bad: z.array(z.object({ row: z.number().int(), column: z.string(), reason: z.string(), value: z.string() })),
  ignoredColumns: z.array(z.string()),
  importNo: z.number().int().nullable().describe("Null: nothing was taken"),
});
export const importListSchema = z.object({
  imports: z.array(
    z.object({
      importNo: z.number().int(),
      kind: z.string(),
      fileName: z.string(),
      fileHash: z.string(),
      rows: countSchema,
      taken: countSchema,
      known: countSchema,
      appliedBy: z.string(),
      appliedAtMs: timeSchema,
    }),
  ),
  next: nextSchema,
});
export const importQuerySchema = z.strictObject(pageQuery);
/** The largest file that is taken. */
export const IMPORT_BYTES = 16 * 1_048_576;
