import { levelSchema } from "@window-rating/protocol/rating";
import { z } from "zod";
import {
  bothSchema,
  channelSchema,
  countSchema,
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
} from "./fields.ts";

/** `open`: not completed; `completed`; `rated`: completed, and a citizen rated the item; `default`: completed, and the rules set it; `not-rated`. */
export const CASE_STATES = ["open", "completed", "rated", "default", "not-rated"] as const;

/**
 * Cases are listed by when central first heard of them, or of their first visit at the places asked for, newest first; `from` and `to` are
 * about that too. With the beginning of a number they are listed by their numbers.
 */
export const caseQuerySchema = z.strictObject({
  ...periodQuery,
  ...placeQuery,
  caseNo: wordSchema.optional().describe("Beginning of the number"),
  item: wordSchema.optional(),
  staffNo: wordSchema.optional(),
  state: z.enum(CASE_STATES).optional(),
  ...pageQuery,
});
export type CaseQuery = z.output<typeof caseQuerySchema>;

const effectiveSchema = z.object({ ratingNo: z.number().int(), level: levelSchema, channel: channelSchema, atMs: timeSchema });
const visitSchema = z.object({
  visitNo: z.number().int(),
  windowNo: maybeNoSchema,
  staffNo: maybeNoSchema,
  clerkName: maybeNoSchema,
  batchNo: maybeNoSchema,
  endedAtMs: maybeTimeSchema,
  toldBy: z.string(),
  rating: effectiveSchema.nullable().describe("The one that counts for the clerk"),
});
const caseRowSchema = z.object({
  caseNo: z.string(),
  itemCode: z.string(),
  itemName: z.string(),
  agencyCode: maybeNoSchema,
  themeNo: maybeNoSchema,
  online: z.boolean().nullable(),
  acceptedAtMs: maybeTimeSchema,
  completedAtMs: maybeTimeSchema,
  receivedAtMs: timeSchema,
  toldBy: z.string(),
  rating: effectiveSchema.nullable().describe("The one that counts for the item"),
  visits: z.array(visitSchema).describe("Those that the account may see"),
});
export type CaseRow = z.infer<typeof caseRowSchema>;
export const caseListSchema = z.object({
  cases: z.array(caseRowSchema),
  searchedToMs: maybeTimeSchema.describe(
    "What is older was not looked at yet, and `next` goes on there; null: the page is full, or all was looked at",
  ),
  next: nextSchema,
});

/**
 * Whose clock a time is by. `central`: its own; `window-pc`: the PC's wall clock, corrected by the offset measured when it was sent;
 * `teller`: as the business system or file told; `channel`: as the channel told.
 */
const clockSchema = z.enum(["central", "window-pc", "teller", "channel"]);

const event = <K extends string, S extends z.ZodRawShape>(kind: K, shape: S) =>
  z.object({
    kind: z.literal(kind),
    atMs: timeSchema,
    clock: clockSchema,
    by: z.string().describe("Who told or did it"),
    text: bothSchema,
    ...shape,
  });
const visitNo = { visitNo: z.number().int().nullable() };

/** Something that happened to a case. `text` says it in one sentence; the other fields are for whoever wants more. */
export const caseEventSchema = z.discriminatedUnion("kind", [
  event("told", { windowNo: maybeNoSchema }),
  event("accepted", {}),
  event("served", { ...visitNo, windowNo: maybeNoSchema, staffNo: maybeNoSchema, clerkName: maybeNoSchema, batchNo: maybeNoSchema }),
  event("completed", {}),
  event("report", { ...visitNo, outcome: z.enum(["applied", "older"]), reportNo: z.number().int() }),
  event("refused-report", { refusedNo: z.number().int(), code: z.string(), field: z.string(), detail: z.string() }),
  event("retaken-report", { refusedNo: z.number().int(), outcome: z.string() }),
  event("not-rated", { ...visitNo, reason: z.string(), entryNumber: z.number().int().nullable(), ratedLater: z.boolean() }),
  event("rating", {
    ...visitNo,
    ratingNo: z.number().int(),
    level: levelSchema,
    channel: channelSchema,
    subject: subjectKindSchema,
    standing: standingSchema,
    effective: z.boolean(),
    supersedes: z.number().int().nullable(),
    sharedFrom: z.number().int().nullable(),
    entryNumber: z.number().int().nullable(),
    windowPcId: maybeNoSchema,
  }),
  event("receipt", { ratingNo: z.number().int() }),
  event("code-issued", { ...visitNo, channel: z.string(), expiresAtMs: timeSchema }),
  event("static-match", { ...visitNo, ratingNo: z.number().int(), outcome: z.string() }),
  event("reminder", { outcome: z.enum(["queued", "no-contact", "too-late"]), dueMs: timeSchema, stepId: z.string() }),
  event("sms", { messageNo: z.number().int(), state: z.string(), attempts: countSchema }),
  event("sms-reply", { replyNo: z.number().int(), outcome: z.string(), ratingNo: z.number().int().nullable() }),
  event("policy-step", {
    stepId: z.string(),
    revision: z.number().int(),
    rule: z.string(),
    region: z.string(),
    clause: z.string(),
    reading: maybeNoSchema,
    packVersion: z.number().int(),
    packHash: z.string(),
    calendarVersion: z.string(),
    dueMs: maybeTimeSchema,
    ask: z.boolean(),
    dateSetBy: maybeNoSchema,
    closedAtMs: maybeTimeSchema,
  }),
  event("look", { lookNo: z.number().int(), purpose: z.string() }),
]);
export type CaseEvent = z.infer<typeof caseEventSchema>;

export const caseStorySchema = z.object({
  case: caseRowSchema,
  elsewhere: z.boolean().describe("Further visits were at places that the account does not see"),
  hasContact: z.boolean().describe("A contact of the applicant is there, sealed"),
  events: z.array(caseEventSchema).describe("Oldest first"),
  cut: z.boolean().describe("There were more events than are shown"),
});
export type CaseStory = z.infer<typeof caseStorySchema>;
