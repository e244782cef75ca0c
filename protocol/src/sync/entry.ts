import { z } from "zod";
import {
  bindingSchema,
  clerkNameSchema,
  levelSchema,
  momentSchema,
  notRatedReasonSchema,
  requestIdSchema,
  shortText,
  staffNoSchema,
  triggerSchema,
} from "../rating.ts";

const portKindSchema = z.enum(["serial", "tcp", "rfc2217", "memory", "browser"]);

/** Where a press came from, as the window PC knows it. */
export const padOriginSchema = z.strictObject({
  serialNumber: shortText(64),
  model: shortText(64),
  firmware: shortText(32),
  storeId: z.number().int().min(0).max(0xffff_ffff).describe("Id of the pad's event store; event numbers start anew with a new store"),
  eventNo: z.number().int().min(1).max(0xffff_ffff),
  bootCount: z.number().int().min(0).max(0xffff_ffff),
  secured: z.boolean().describe("true if the pad proved by its pairing key who it is; false for an unpaired pad"),
  port: portKindSchema,
});
export type PadOrigin = z.infer<typeof padOriginSchema>;

/** A press on another maker's pad, which names no request: bound by the window that was open, outside the guard interval, and marked so. */
export const keypadOriginSchema = z.strictObject({
  model: shortText(64).describe("Id of the profile by which the pad was read"),
  profileHash: z
    .string()
    .regex(/^[0-9a-f]{64}$/)
    .describe("Content hash of that profile"),
  serialNumber: shortText(64).nullable().describe("Serial number of the USB adapter; such pads say none of their own"),
  boundBy: z.literal("open-window"),
  guardMs: z.number().int().min(0).max(60_000).describe("Presses this close to a change of case were discarded"),
  secured: z.literal(false),
  port: portKindSchema,
});
export type KeypadOrigin = z.infer<typeof keypadOriginSchema>;
export const originSchema = z.union([padOriginSchema, keypadOriginSchema]);

/** What a touchscreen pad took beside the level. */
export const touchAnswerSchema = z.strictObject({
  reasonList: shortText(16).nullable().describe("Version of the list the codes are from; null if there are none"),
  reasons: z.array(z.number().int().min(100).max(599_999)).max(16),
  sealed: z
    .strictObject({ keyId: z.string().regex(/^[0-9a-f]{16}$/), data: z.base64().max(1368) })
    .nullable()
    .describe("Words, name and phone, sealed for central on the pad (I9); only central can read them"),
  completed: z.enum(["confirmed", "time-up"]).describe("time-up: the level was chosen, and nothing confirmed in time"),
  language: shortText(16),
});
export type TouchAnswer = z.infer<typeof touchAnswerSchema>;

/** What the pad itself says of the time of a press; its own clock may be unset. */
export const pressTimeSchema = z.strictObject({
  sinceOpenMs: z.number().int().min(0).describe("From the pad lighting up to the press, on the pad's own clock"),
  padWallMs: z.number().int().nullable().describe("The pad's wall clock, or null if it was not set since its boot"),
});

export type PressTime = z.infer<typeof pressTimeSchema>;

/** What had happened to the request before its rating arrived; a press counts for its own case all the same (I3). */
export const circumstanceSchema = z.enum(["in-time", "after-timeout", "after-cancel", "after-next-case"]);
export type Circumstance = z.infer<typeof circumstanceSchema>;

const openedSchema = momentSchema.describe("When the case ended and the request opened");

/** The citizen was asked a second time about the same request: when, and who asked (I12). It happens once at most. */
export const againSchema = z.strictObject({ at: momentSchema, trigger: triggerSchema, by: shortText(64) });
export type Again = z.infer<typeof againSchema>;

/** A citizen's rating, bound to its request. */
export const ratingBodySchema = z.strictObject({
  kind: z.literal("rating"),
  binding: bindingSchema,
  level: levelSchema,
  openedAt: openedSchema,
  pressTime: pressTimeSchema,
  committedAt: momentSchema.describe("When the window PC wrote it to disk"),
  circumstance: circumstanceSchema,
  origin: originSchema,
  answer: touchAnswerSchema.optional().describe("From a touchscreen pad"),
  again: againSchema.optional(),
});

/** A request that ended without a rating: "not rated", never a level (I10). A rating may still follow it. */
export const notRatedBodySchema = z.strictObject({
  kind: z.literal("not-rated"),
  binding: bindingSchema,
  reason: notRatedReasonSchema,
  openedAt: openedSchema,
  endedAt: momentSchema,
  again: againSchema.optional(),
});

/**
 * A rating on a paper form (评价表), typed in at the window PC that served the visit, by another clerk than the one it rates (domain 3.4).
 * It is no press: nothing in it comes from a pad, and it is counted apart.
 */
export const paperBodySchema = z.strictObject({
  kind: z.literal("paper"),
  formId: requestIdSchema.describe("Id of this rating; what is sealed opens for it alone"),
  binding: bindingSchema.describe("Of the visit, as its request copied it when it ended (I5)"),
  level: levelSchema,
  openedAt: openedSchema,
  committedAt: momentSchema.describe("When the window PC wrote it to disk"),
  typedBy: staffNoSchema,
  typistName: clerkNameSchema,
  enteredBy: shortText(64).describe("Name of the pairing or screen through which it was typed in"),
  reasonList: shortText(16).nullable().describe("Version of the list the codes are from; null if there are none"),
  reasons: z.array(z.number().int().min(100).max(599_999)).max(16),
  named: z.boolean().describe("True if the form bears name and phone; they are in what is sealed"),
  sealed: touchAnswerSchema.shape.sealed.describe("Words, name and phone, sealed for central on the window PC (I9)"),
});

/** A press whose request id this window PC does not know; kept and shown, counted for nobody. */
export const unboundBodySchema = z.strictObject({
  kind: z.literal("unbound"),
  requestId: requestIdSchema,
  level: levelSchema,
  pressTime: pressTimeSchema,
  committedAt: momentSchema,
  origin: padOriginSchema,
  answer: touchAnswerSchema.optional(),
});

export const entryBodySchema = z.discriminatedUnion("kind", [ratingBodySchema, notRatedBodySchema, paperBodySchema, unboundBodySchema]);
export type RatingBody = z.infer<typeof ratingBodySchema>;
export type NotRatedBody = z.infer<typeof notRatedBodySchema>;
export type PaperBody = z.infer<typeof paperBodySchema>;
export type UnboundBody = z.infer<typeof unboundBodySchema>;
export type EntryBody = z.infer<typeof entryBodySchema>;

/** Hash before the first entry of a chain. */
export const CHAIN_START = "0".repeat(64);

const hex = (digits: number) => z.string().regex(new RegExp(`^[0-9a-f]{${digits}}$`), `${digits} hexadecimal digits in lower case`);

/**
 * One entry of a window PC's chain (I8), as it is stored and as it travels. `body` stays the exact text that was
 * hashed, so that no two JSON writers can disagree about it.
 */
export const entrySchema = z.strictObject({
  entryId: z.uuid().describe("UUID of the entry; central takes each once"),
  number: z.number().int().min(1).max(Number.MAX_SAFE_INTEGER).describe("1, 2, 3 … without a gap, per window PC"),
  previousHash: hex(64),
  hash: hex(64).describe("SHA-256 of entryHashInput"),
  signature: hex(128).describe("Ed25519 over the 32 bytes of hash, by the window PC's key"),
  body: z.string().min(2).max(16_384).describe("JSON text of an entry body"),
});
export type Entry = z.infer<typeof entrySchema>;

/** The text whose UTF-8 bytes are hashed with SHA-256 to get an entry's hash. */
export const entryHashInput = (windowPcId: string, entry: Pick<Entry, "entryId" | "number" | "previousHash" | "body">): string =>
  `window-rating entry 1\n${windowPcId}\n${entry.number}\n${entry.entryId}\n${entry.previousHash}\n${entry.body}`;
