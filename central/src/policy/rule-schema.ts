import { z } from "zod";
import { civilDateSchema, textSchema } from "../calendar/schema.ts";
import { CHANNELS, CLASSES, EVENT_IDS, RULE_IDS, STOP_IDS } from "./vocabulary.ts";

/** Where the region's document says it. The check of a pack finds the quote in that very line. */
export const citeSchema = z.strictObject({
  clause: z.string().min(1),
  /** Line of the document on which the quote begins, from 1. */
  line: z.int().positive(),
  /** Verbatim; only white space may differ, for some documents break their lines within words. */
  quote: z.string().min(2),
});
export type Cite = z.infer<typeof citeSchema>;
export const citesSchema = z.array(citeSchema).min(1);

const count = z.int().min(1).max(400);

/** One stretch of time. A deadline is a row of them, each beginning where the one before ended. */
const spanSchema = z.discriminatedUnion("unit", [
  /** 当场, 即时: at the event itself. */
  z.strictObject({ unit: z.literal("on-the-spot") }),
  z.strictObject({ unit: z.literal("minutes"), count }),
  z.strictObject({ unit: z.literal("hours"), count }),
  /** `lastDay`: a last day that is not worked moves to the next worked day, or stays. */
  z.strictObject({ unit: z.literal("calendar-days"), count, lastDay: z.enum(["moves-on", "stays"]) }),
  /** `startDay`: absent, the day of the event is not counted (民法典 201). */
  z.strictObject({ unit: z.literal("working-days"), count, startDay: z.literal("counted").optional() }),
  /** The n-th day of the month that follows the period; `included` says whether that day itself still belongs to it. */
  z.strictObject({
    unit: z.literal("fixed-date"),
    period: z.enum(["month", "half-year", "year"]),
    day: z.int().min(1).max(28),
    included: z.boolean(),
  }),
]);
export type Span = z.infer<typeof spanSchema>;

const answerSchema = z.discriminatedUnion("is", [
  z.strictObject({ is: z.literal("deadline"), spans: z.array(spanSchema).min(1).max(4) }),
  /** The document demands the step and gives no number: a person must set the date. */
  z.strictObject({ is: z.literal("no-number") }),
]);

/** One way to understand the clause. */
const readingSchema = z.strictObject({
  name: z.string().regex(/^[a-z0-9]+(-[a-z0-9]+)*$/),
  text: textSchema,
  answer: answerSchema,
  cites: citesSchema,
});
export type Reading = z.infer<typeof readingSchema>;

/** Which reading counts, by whose decision. */
const chosenSchema = z.strictObject({ reading: z.string(), by: textSchema, on: civilDateSchema, why: textSchema });
export type Chosen = z.infer<typeof chosenSchema>;

const whenSchema = z.strictObject({
  class: z.array(z.enum(CLASSES)).min(1).optional(),
  channel: z.array(z.enum(CHANNELS)).min(1).optional(),
});

const bodies = z.array(z.string().min(1)).min(1);

const variantSchema = z.union([
  z.strictObject({
    when: whenSchema.default({}),
    /** To whom it is handed or reported, in the document's words. */
    to: bodies.optional(),
    /** Who acts together with the actor of the rule. */
    with: bodies.optional(),
    readings: z.array(readingSchema).min(1),
    chosen: chosenSchema.optional(),
  }),
  /** The document has no such step here. */
  z.strictObject({ when: whenSchema.default({}), saysNothing: textSchema, cites: z.array(citeSchema).default([]) }),
]);
export type Variant = z.infer<typeof variantSchema>;

export const ruleSchema = z.union([
  z.strictObject({
    event: z.enum(EVENT_IDS),
    stop: z.enum(STOP_IDS),
    /** Who must act, in the document's words. */
    actor: z.string().min(1),
    /** Facts the clause itself speaks of, taken if the caller names none. */
    presumes: z.strictObject({ channel: z.enum(CHANNELS) }).optional(),
    variants: z.array(variantSchema).min(1),
  }),
  z.strictObject({ saysNothing: textSchema, cites: z.array(citeSchema).default([]) }),
]);
export type Rule = z.infer<typeof ruleSchema>;

export const rulesSchema = z.strictObject(
  Object.fromEntries(RULE_IDS.map((id) => [id, ruleSchema])) as Record<(typeof RULE_IDS)[number], typeof ruleSchema>,
);
