import { levelSchema } from "@window-rating/protocol/rating";
import { z } from "zod";
import {
  bothSchema,
  channelSchema,
  countSchema,
  daySchema,
  levelCountsSchema,
  levelTextSchema,
  listOf,
  maybeNoSchema,
  maybeTimeSchema,
  nextSchema,
  pageQuery,
  periodQuery,
  placeQuery,
  standingSchema,
  subjectKindSchema,
  timeSchema,
  wordSchema,
  yesNoSchema,
} from "./fields.ts";

/**
 * How much is known of where a rating came from. `secured`: a pad that proved by its key who it is; `unsecured`: a pad that did not, or
 * another maker's; `without-pad`: every other way.
 */
const ORIGINS = ["secured", "unsecured", "without-pad"] as const;

const filters = {
  ...periodQuery,
  ...placeQuery,
  level: listOf(levelTextSchema).optional().describe("One or more levels, as 1,2"),
  channel: listOf(channelSchema).optional(),
  origin: z.enum(ORIGINS).optional(),
  staffNo: wordSchema.optional(),
  item: wordSchema.optional().describe("Code of the item"),
  caseNo: wordSchema.optional(),
  subject: subjectKindSchema.optional(),
  standing: listOf(standingSchema).optional(),
  words: yesNoSchema.optional().describe("Whether the citizen wrote something"),
  given: yesNoSchema.optional().describe("yes: given by a person; no: default ratings alone"),
};
/** Ratings are listed by the time at which they were given, newest first. */
export const ratingQuerySchema = z.strictObject({ ...filters, ...pageQuery });
export type RatingQuery = z.output<typeof ratingQuerySchema>;
export const ratingCountQuerySchema = z.strictObject(filters);
export type RatingFilters = z.output<typeof ratingCountQuerySchema>;

/** Counts go up to this number: "10,000+". */
export const COUNTED = 10_000;
export const ratingCountSchema = z.object({
  count: countSchema.max(COUNTED).nullable().describe("Null: to count them would have taken too long"),
  more: z.boolean().describe("There are more than counted"),
});

const ratingRowSchema = z.object({
  ratingNo: z.number().int(),
  atMs: timeSchema.describe("When it was given"),
  receivedAtMs: timeSchema,
  level: levelSchema,
  channel: channelSchema,
  given: z.boolean().describe("False: a default rating"),
  subject: subjectKindSchema,
  subjectNo: maybeNoSchema.describe("Number of the theme, hall, agency, platform or window, if that is what was rated"),
  standing: standingSchema,
  effective: z.boolean().describe("It counts: not beside another, and not superseded"),
  supersedes: z.number().int().nullable(),
  supersededBy: z.number().int().nullable(),
  sharedFrom: z.number().int().nullable().describe("The rating of a batch, theme or press that is valid for this one too"),
  caseNo: maybeNoSchema,
  visitNo: z.number().int().nullable(),
  itemCode: maybeNoSchema,
  itemName: maybeNoSchema,
  windowNo: maybeNoSchema,
  staffNo: maybeNoSchema,
  clerkName: maybeNoSchema,
  origin: z.enum(ORIGINS),
  byDecision: z.boolean().describe("Its place in the chain of its window PC was another's, and somebody decided on record that it counts"),
  circumstance: z.enum(["in-time", "after-timeout", "after-cancel", "after-next-case"]).nullable(),
  reasons: z.array(z.string()).describe("Codes of reasons"),
  hasWords: z.boolean(),
  named: z.enum(["no", "claimed", "verified"]).describe("Whether the citizen said who they are; who it is stands nowhere here"),
});
export type RatingRow = z.infer<typeof ratingRowSchema>;
export const ratingListSchema = z.object({ ratings: z.array(ratingRowSchema), next: nextSchema });

/** One thing that was checked just now, and what came out of it. */
const checkSchema = z.object({
  check: z.enum(["hash", "signature", "content", "link-before", "link-after", "gap", "beside"]),
  result: z.enum(["good", "bad", "missing", "not-applicable"]).describe("missing: what it would be compared with has not come"),
  text: bothSchema,
});
export type Check = z.infer<typeof checkSchema>;
const momentSchema = z.object({ wallMs: z.number(), monotonicMs: z.number(), bootId: z.string() });

/** The signed entry of the window PC's chain that a rating came with. */
const chainEntrySchema = z.object({
  windowPcId: z.string(),
  number: z.number().int(),
  entryId: z.string(),
  hash: z.string(),
  previousHash: z.string(),
  signature: z.string(),
  publicKey: z.string(),
  receivedAtMs: timeSchema,
  clockOffsetMs: z.number().int(),
  trigger: maybeNoSchema,
  triggeredBy: maybeNoSchema,
  openedAt: momentSchema.nullable().describe("By the PC's own clock"),
  committedAt: momentSchema.nullable(),
  sinceOpenMs: z.number().nullable().describe("From the pad lighting up to the press, by the pad's clock"),
  pad: z.record(z.string(), z.union([z.string(), z.number(), z.boolean(), z.null()])).describe("Model, serial number, firmware, port …"),
});

export const ratingAnswerSchema = z.object({
  rating: ratingRowSchema,
  requestId: z.string(),
  reasonsVersion: maybeNoSchema,
  reasonTexts: z.array(z.object({ code: z.string(), text: z.string() })),
  sealed: z.boolean().describe("Words, name or phone are there, sealed; they are opened with a reason alone"),
  typedBy: maybeNoSchema,
  importNo: z.number().int().nullable(),
  batchNo: maybeNoSchema,
  details: z.record(z.string(), z.unknown()).describe("What else the channel told of its origin"),
  receipts: z.array(z.object({ issuedAtMs: timeSchema })),
  sharedTo: countSchema,
  entry: chainEntrySchema.nullable().describe("Null: it did not come through a window PC"),
  verification: z.object({
    checkedAtMs: timeSchema,
    result: z.enum(["good", "bad", "unsigned"]),
    text: bothSchema,
    checks: z.array(checkSchema),
  }),
});
export type RatingAnswer = z.infer<typeof ratingAnswerSchema>;

/** What the verification of a whole chain tells, a JSON text on each line. The last line is `done` or `failed`. */
export const chainLineSchema = z.discriminatedUnion("is", [
  z.object({ is: z.literal("begun"), windowPcId: z.string(), windowNo: z.string(), entries: countSchema }),
  z.object({ is: z.literal("progress"), checked: countSchema, faults: countSchema }),
  z.object({
    is: z.literal("fault"),
    number: z.number().int(),
    entryId: z.string(),
    check: z.enum(["hash", "signature", "link-before", "gap"]),
    text: bothSchema,
  }),
  z.object({
    is: z.literal("done"),
    checked: countSchema,
    faults: countSchema.describe("More than the fault lines, if there were many"),
    lastNumber: countSchema,
    lastHash: maybeNoSchema,
    text: bothSchema,
  }),
  z.object({ is: z.literal("failed"), text: bothSchema }),
]);
export type ChainLine = z.infer<typeof chainLineSchema>;

export const chartQuerySchema = z.strictObject({ ...placeQuery, from: daySchema, to: daySchema.describe("Last day, included") });
export type ChartQuery = z.output<typeof chartQuerySchema>;
/** At most so many days in one chart. */
export const CHART_DAYS = 92;
const barSchema = {
  ...levelCountsSchema.shape,
  notRated: countSchema.describe("Requests that ended without a rating, and got none later"),
};
export const chartAnswerSchema = z.object({
  from: daySchema,
  to: daySchema,
  days: z.array(z.object({ day: daySchema, ...barSchema })),
  windows: z.array(z.object({ windowNo: maybeNoSchema, ...barSchema })).describe("Null: ratings without a window"),
  asOfMs: maybeTimeSchema,
});
export type ChartAnswer = z.infer<typeof chartAnswerSchema>;
