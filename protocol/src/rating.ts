import { z } from "zod";
import type { RequestId } from "./request-id.ts";

// What needs no schema lies apart: a pad uses it too, and a page that is a pad carries no schema library for it.
export { isBadReview, isLevel, LEVELS, type Level } from "./level.ts";
export { newRequestId, type RequestId, requestIdFromBytes, requestIdToBytes } from "./request-id.ts";

export const levelSchema = z
  .union([z.literal(1), z.literal(2), z.literal(3), z.literal(4), z.literal(5)])
  .describe("Level of the rating: 1 非常不满意 … 5 非常满意; stars = level");

export const requestIdSchema = z
  .string()
  .regex(/^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/, "a UUID in lower case")
  .transform((text) => text as RequestId);

/** Who or what said that a case ended (I12). `manual` is the clerk's own key, recorded as such. */
export const TRIGGERS = ["business-system", "push", "link", "manual", "simulated"] as const;
export const triggerSchema = z
  .enum(TRIGGERS)
  .describe(
    "Who said that the case ended: business-system (through the desk API), push (business system through central), link (a one-time link), manual (the clerk's key), simulated (demo, tests)",
  );
export type Trigger = z.infer<typeof triggerSchema>;

/** How a rating request can end without a rating; none of them is a rating (I10). */
export const NOT_RATED_REASONS = ["timed-out", "expired", "cancelled", "superseded", "refused-by-pad"] as const;
export const notRatedReasonSchema = z.enum(NOT_RATED_REASONS);
export type NotRatedReason = z.infer<typeof notRatedReasonSchema>;

/** A text of people or machines: not empty, and without control characters, which no database and no screen keeps alike. */
export const shortText = (max: number) =>
  z
    .string()
    .trim()
    .min(1)
    .max(max)
    .regex(/^\P{Cc}*$/u, "no control characters");
export const caseNoSchema = shortText(64).describe("办件编号, the data interface's projectNo");
export const visitNoSchema = z.number().int().min(1).max(99).describe("服务次数 1..99; caseNo + visitNo is the key of a visit");
export const staffNoSchema = shortText(32).describe("Number that identifies the clerk");
/**
 * Whether two numbers are those of one clerk, however they were typed: full-width digits, small letters and blanks make no other clerk. What
 * is stored stays as it was typed, for the numbers of registries, signed entries and sign-ins are compared with each other as they are.
 */
export const isSameStaff = (one: string, other: string): boolean => plainStaffNo(one) === plainStaffNo(other);
const plainStaffNo = (staffNo: string): string => staffNo.normalize("NFKC").replace(/\s/gu, "").toUpperCase();
export const clerkNameSchema = shortText(64);
export const itemCodeSchema = shortText(64).describe("Code of the item (事项)");
export const itemNameSchema = shortText(128);
export const windowNoSchema = shortText(32).describe("Number of the window as it stands over the counter");

/** Most cases of one rating: an entry has room for so many. */
export const GROUP_LIMITS = { batch: 50, theme: 16 } as const;

/** The cases that one rating is for (I5): a batch (批量) of one item, or a theme (主题式, 一件事) of several. The binding's own is the first of them. */
export const groupSchema = z.discriminatedUnion("kind", [
  z.strictObject({
    kind: z.literal("batch"),
    no: shortText(64),
    others: z
      .array(z.strictObject({ caseNo: caseNoSchema, visitNo: visitNoSchema }))
      .min(1)
      .max(GROUP_LIMITS.batch - 1),
  }),
  z.strictObject({
    kind: z.literal("theme"),
    no: shortText(64),
    name: shortText(128),
    others: z
      .array(z.strictObject({ caseNo: caseNoSchema, visitNo: visitNoSchema, itemCode: itemCodeSchema, itemName: itemNameSchema }))
      .min(1)
      .max(GROUP_LIMITS.theme - 1),
  }),
]);
export type Group = z.infer<typeof groupSchema>;

/** What a rating request copies when it opens (I5): who, where, what. Nothing in it changes later. */
export const bindingSchema = z.strictObject({
  requestId: requestIdSchema,
  caseNo: caseNoSchema,
  visitNo: visitNoSchema,
  caseCompleted: z.boolean().describe("true if the case itself is completed (办结), false if only this visit ended"),
  itemCode: itemCodeSchema,
  itemName: itemNameSchema,
  staffNo: staffNoSchema,
  clerkName: clerkNameSchema,
  windowNo: windowNoSchema,
  trigger: triggerSchema,
  triggeredBy: shortText(64).describe("Name of the pairing (business system) or person that said so"),
  group: groupSchema.optional().describe("Other cases that this one rating is for"),
});
export type Binding = z.infer<typeof bindingSchema>;

/** One moment, with all that is known of its sources (I11). */
export const momentSchema = z.strictObject({
  wallMs: z.number().int().describe("Wall clock, Unix milliseconds; may be wrong"),
  monotonicMs: z.number().nonnegative().describe("Monotonic clock of this boot, milliseconds; never steps back"),
  bootId: z.string().min(1).max(64).describe("Which boot of the machine monotonicMs belongs to"),
});
export type Moment = z.infer<typeof momentSchema>;
