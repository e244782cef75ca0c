import { shortText } from "@window-rating/protocol/rating";
import { z } from "zod";
import { civilDateSchema } from "../../calendar/schema.ts";
import { questionSchema } from "../../policy/question.ts";
import { bothSchema, countSchema, maybeNoSchema, maybeTimeSchema, nextSchema, pageQuery, timeSchema } from "./fields.ts";

/** `waits-for-date`: the document gives no number, and nobody has set the date; `open`: its date is there, what stops the clock has not happened. */
const STEP_STATES = ["waits-for-date", "open", "closed"] as const;

/** Steps of the handling of ratings under a region's rules, those that were begun first before the others. */
export const stepQuerySchema = z.strictObject({
  state: z.enum(STEP_STATES).default("waits-for-date"),
  region: questionSchema.shape.region.max(64).optional(),
  ...pageQuery,
});

const stepSchema = z.object({
  stepId: z.uuid(),
  revision: countSchema,
  subject: z.string().describe('What it belongs to, as "rating 12"'),
  ratingNo: z.number().int().nullable().describe("Where it belongs to a rating"),
  region: z.string(),
  rule: z.string(),
  ruleName: bothSchema,
  class: maybeNoSchema,
  channel: maybeNoSchema,
  at: z.string().describe("When the clock began, with offset"),
  clause: z.string(),
  actor: maybeNoSchema,
  state: z.enum(STEP_STATES),
  ask: z.boolean().describe("The document gives no number: a person sets the date"),
  dueMs: maybeTimeSchema,
  closedAtMs: maybeTimeSchema,
  setting: z
    .object({ by: z.string(), atMs: timeSchema, reason: z.string(), approvedBy: maybeNoSchema })
    .nullable()
    .describe("Who set the date or asked for the extension"),
  extension: z
    .object({ base: maybeNoSchema, tellBefore: maybeNoSchema, approvalBy: maybeNoSchema, tell: z.array(z.string()) })
    .nullable()
    .describe("Of an extension: the limit without it, before which day it is asked, who approves it, who is told"),
});
export type Step = z.infer<typeof stepSchema>;
export const stepListSchema = z.object({ steps: z.array(stepSchema), next: nextSchema });
/** A step as it is after a change. */
export const stepAnswerSchema = z.object({ step: stepSchema });

export const stepParamsSchema = z.strictObject({ stepId: z.uuid() });

const decision = { reason: shortText(500), approvedBy: shortText(64).optional() };
/** A person sets the date; who it is, the session says. */
export const stepDateSchema = z.strictObject({ dueDate: civilDateSchema, ...decision });

/** Begins a step of the handling of a rating. An extension says why, and who approved it where the document has it approved. */
export const newStepSchema = questionSchema.omit({ done: true, region: true }).extend({
  ratingNo: z.number().int().min(1).max(Number.MAX_SAFE_INTEGER),
  reason: shortText(500).optional(),
  approvedBy: decision.approvedBy,
});

/** After a pack, a reading or the calendar was changed. */
export const recomputedSchema = z.object({
  changed: countSchema,
  unchanged: countSchema,
  refused: z.array(z.object({ stepId: z.string(), code: z.string(), detail: z.string() })),
});
