import { z } from "zod";
import { bothSchema, countSchema, daySchema, maybeNoSchema, maybeTimeSchema, timeSchema } from "./fields.ts";

const signOffSchema = z.object({ by: z.string(), on: z.string(), hash: z.string() }).nullable();
const documentSchema = z.object({ file: z.string(), title: z.string(), number: z.string(), date: z.string().nullable() });
const packHeadSchema = z.object({
  region: z.string(),
  name: bothSchema,
  version: z.number().int(),
  status: z.enum(["issued", "draft"]),
  statusNote: bothSchema.nullable(),
  document: documentSchema,
  signOff: signOffSchema,
  hash: z.string(),
});
/** The packs, and what this site has chosen. */
export const packListSchema = z.object({
  packs: z.array(packHeadSchema),
  site: z.object({
    version: countSchema,
    region: maybeNoSchema,
    setBy: maybeNoSchema,
    setAtMs: maybeTimeSchema,
    choices: z.record(z.string(), z.unknown()),
  }),
  missingYears: z.array(bothSchema).describe("Years whose paper is not there yet"),
});

export const regionQuerySchema = z.strictObject({ region: z.string().max(64) });
const citeSchema = z.object({ clause: z.string(), line: z.number().int(), quote: z.string() });
const readingSchema = z.object({
  name: z.string(),
  text: bothSchema,
  answer: bothSchema.describe("How long, in words"),
  ask: z.boolean().describe("The document gives no number: a person sets the date"),
  chosen: z.boolean(),
  cites: z.array(citeSchema),
});
const variantSchema = z.object({
  class: z
    .array(z.enum(["simple", "general", "complex"]))
    .nullable()
    .describe("Null: the same for all"),
  channel: z.array(z.enum(["onsite", "online"])).nullable(),
  saysNothing: bothSchema.nullable().describe("What is said where the document has no such step"),
  readings: z.array(readingSchema).describe("More than one: the clause can be read in several ways"),
  chosen: z.object({ reading: z.string(), by: bothSchema, on: z.string(), why: bothSchema }).nullable(),
});
const ruleSchema = z.object({
  rule: z.string(),
  name: bothSchema,
  actor: maybeNoSchema,
  event: bothSchema.nullable().describe("What starts the clock"),
  stop: bothSchema.nullable().describe("What stops it"),
  variants: z.array(variantSchema),
});
export const ruleListSchema = z.object({ pack: packHeadSchema, rules: z.array(ruleSchema) });
export type RuleList = z.infer<typeof ruleListSchema>;

/** Fields as on the command line: see `window-central policy explain --help`. */
export const explainQuerySchema = z.strictObject({
  region: z.string().max(64),
  rule: z.string().max(64),
  class: z.string().max(16).optional(),
  channel: z.string().max(16).optional(),
  at: z.string().max(40).describe("2022-03-01T10:00+08:00"),
  reading: z.string().max(64).optional(),
  done: z.string().max(40).optional(),
});
/** The explanation as `policy explain --json` prints it; here only what the page must find in it. */
export const explanationSchema = z.looseObject({
  region: z.string(),
  rule: z.string(),
  ruleName: bothSchema,
  due: z.string().nullable(),
  dueDate: z.string().nullable(),
  dueMs: maybeTimeSchema,
  ask: z.boolean(),
  reading: z.string().nullable(),
  readings: z.array(
    z.looseObject({ name: z.string(), text: bothSchema, chosen: z.boolean(), due: z.string().nullable(), dueDate: z.string().nullable() }),
  ),
  clause: z.string(),
  cites: z.array(citeSchema),
  actor: z.string().nullable(),
  steps: z.array(z.looseObject({})),
  assumptions: z.array(bothSchema),
  warnings: z.array(bothSchema),
});
export type Explanation = z.infer<typeof explanationSchema>;

/** Days of a region's year. Without a year: that of today. */
export const calendarQuerySchema = z.strictObject({
  region: z.string().max(64).optional(),
  year: z
    .string()
    .regex(/^\d{4}$/)
    .transform(Number)
    .optional(),
});
export const calendarAnswerSchema = z.object({
  region: maybeNoSchema,
  year: z.number().int(),
  years: z.array(z.number().int()).describe("Years that have a paper"),
  version: z.string(),
  papers: z.array(
    z.object({ number: z.string(), title: z.string(), date: z.string(), url: z.string(), unverified: z.boolean(), note: z.string() }),
  ),
  local: z.array(
    z.object({ name: z.string(), en: z.string(), source: z.string(), certainty: z.enum(["P", "Q", "I", "U"]), known: z.boolean() }),
  ),
  days: z
    .array(
      z.object({
        date: daySchema,
        weekday: z.number().int(),
        working: z.boolean(),
        kind: z.enum(["working-day", "weekend", "holiday", "make-up", "local-holiday", "local-make-up"]),
        name: maybeNoSchema,
        source: maybeNoSchema,
        remark: bothSchema.nullable(),
      }),
    )
    .describe("None if the year has no paper"),
  warnings: z.array(bothSchema),
  atMs: timeSchema,
});
export type CalendarAnswer = z.infer<typeof calendarAnswerSchema>;
