import { z } from "zod";

/** A level of a rating: 1 非常不满意 … 5 非常满意. Stars = level (seeds 000 二, 001 二(一)2, 002 7.2). */
export type Level = 1 | 2 | 3 | 4 | 5;

/** The five levels, worst first, as every seed words them. Labels may differ by region; the numbers never do. */
export const LEVELS = [
  { level: 1, zh: "非常不满意", en: "Very dissatisfied" },
  { level: 2, zh: "不满意", en: "Dissatisfied" },
  { level: 3, zh: "基本满意", en: "Fairly satisfied" },
  { level: 4, zh: "满意", en: "Satisfied" },
  { level: 5, zh: "非常满意", en: "Very satisfied" },
] as const satisfies readonly { level: Level; zh: string; en: string }[];

export const isLevel = (value: number): value is Level => Number.isInteger(value) && value >= 1 && value <= 5;

/** True for a bad review (差评): 不满意 or 非常不满意 (seeds: the last two levels). */
export const isBadReview = (level: Level): boolean => level <= 2;

export const levelSchema = z
  .union([z.literal(1), z.literal(2), z.literal(3), z.literal(4), z.literal(5)])
  .describe("Level of the rating: 1 非常不满意 … 5 非常满意; stars = level");

/** Id of one rating request: a UUID in lower-case text form, 16 bytes on the pad's wire. */
export type RequestId = string & { readonly brand: "RequestId" };
export const requestIdSchema = z
  .string()
  .regex(/^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/, "a UUID in lower case")
  .transform((text) => text as RequestId);

const HEX = Array.from({ length: 256 }, (_, byte) => byte.toString(16).padStart(2, "0"));

/** 16 bytes → UUID text. Throws RangeError for any other length. */
export const requestIdFromBytes = (bytes: Uint8Array): RequestId => {
  if (bytes.length !== 16) throw new RangeError(`A request id has 16 bytes, not ${bytes.length}`);
  let text = "";
  for (let index = 0; index < 16; index++) {
    if (index === 4 || index === 6 || index === 8 || index === 10) text += "-";
    text += HEX[bytes[index] as number];
  }
  return text as RequestId;
};

/** UUID text → 16 bytes. */
export const requestIdToBytes = (id: RequestId): Uint8Array => {
  const hex = id.replaceAll("-", "");
  const bytes = new Uint8Array(16);
  for (let index = 0; index < 16; index++) bytes[index] = Number.parseInt(hex.slice(index * 2, index * 2 + 2), 16);
  return bytes;
};

/**
 * A new request id: UUID version 7 (RFC 9562), so that ids sort by time.
 * @param unixMs wall clock, milliseconds
 * @param random 10 random bytes
 */
export const newRequestId = (unixMs: number, random: Uint8Array): RequestId => {
  const bytes = new Uint8Array(16);
  let time = Math.trunc(unixMs);
  for (let index = 5; index >= 0; index--) {
    bytes[index] = time % 256;
    time = Math.floor(time / 256);
  }
  bytes.set(random.subarray(0, 10), 6);
  bytes[6] = 0x70 | ((bytes[6] as number) & 0x0f);
  bytes[8] = 0x80 | ((bytes[8] as number) & 0x3f);
  return requestIdFromBytes(bytes);
};

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
