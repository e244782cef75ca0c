import { z } from "zod";
import { clerkNameSchema, shortText, staffNoSchema } from "../rating.ts";

export const besideSchema = z
  .boolean()
  .optional()
  .describe(
    "true: sits down beside whoever is signed in (two at most); else whoever is signed in is signed out: a change of shift in one step",
  );

/** As somebody typed it; what a new one must be like is for the window PC to say (WR5021). */
const typedPin = z.string().min(1).max(32);
const cardSchema = z
  .string()
  .regex(/^\d{4,32}$/, "4 to 32 digits")
  .describe("Digits that the card reader types");

/** `POST /desk/v1/clerk/sign-in/pin`. */
export const signInWithPinSchema = z.strictObject({ staffNo: staffNoSchema, pin: typedPin, beside: besideSchema });
export type SignInWithPin = z.infer<typeof signInWithPinSchema>;

/** `POST /desk/v1/clerk/sign-in/card`. */
export const signInWithCardSchema = z.strictObject({
  card: cardSchema,
  pin: typedPin.optional().describe("Needed where the site asks for it beside the card (WR5019)"),
  beside: besideSchema,
});
export type SignInWithCard = z.infer<typeof signInWithCardSchema>;

/** `POST /desk/v1/clerk/pin/change`: by the clerk, who knows the present one. */
export const changePinSchema = z.strictObject({ staffNo: staffNoSchema, pin: typedPin, newPin: typedPin });
export type ChangePin = z.infer<typeof changePinSchema>;

/** `POST /desk/v1/clerk/pin/set`: by the clerk, with a one-time code of IT staff; the first one, or one instead of a forgotten one. */
export const setPinWithCodeSchema = z.strictObject({ staffNo: staffNoSchema, code: z.string().min(1).max(32), newPin: typedPin });
export type SetPinWithCode = z.infer<typeof setPinWithCodeSchema>;

/** `POST /desk/v1/clerk/totals`. */
export const ownTotalsRequestSchema = z.strictObject({
  staffNo: staffNoSchema.optional().describe("Whose; needed where two sit at the window. Must be signed in here"),
});
export type OwnTotalsRequest = z.infer<typeof ownTotalsRequestSchema>;

/** Share of good ratings (基本满意 and better), in steps so wide that any single one of the pool may have been good or bad. */
export const goodShareSchema = z.enum(["under-80", "80-to-90", "90-or-more"]);
export type GoodShare = z.infer<typeof goodShareSchema>;

/** A clerk's own ratings at this PC, in pools that do not overlap, each whole, old enough and of a fixed size. */
export const ownTotalsSchema = z.object({
  pools: z
    .array(
      z.object({
        fromDay: z.string().describe("Day of its first rating, yyyy-mm-dd"),
        toDay: z.string(),
        ratings: z.number().int(),
        good: goodShareSchema,
      }),
    )
    .describe("Newest first"),
  pending: z.boolean().describe("There are ratings that belong to no pool yet"),
});
export type OwnTotals = z.infer<typeof ownTotalsSchema>;

/** A clerk of this PC as IT staff see them: never a PIN, a card or a level. */
export const clerkSchema = z.object({
  staffNo: z.string(),
  name: z.string(),
  source: z.enum(["central", "here"]).describe("Who says the name: the roster of central, or IT staff at this PC"),
  pin: z.enum(["none", "set-by-it", "own", "code-given"]).describe("set-by-it: must be changed when it is first used"),
  hasCard: z.boolean(),
  onCard: z
    .object({ title: z.string().nullable(), stars: z.number().nullable(), partyMember: z.boolean().nullable() })
    .nullable()
    .optional()
    .describe("What was said here of the card that a pad shows; null: central says it. A window-host of before says nothing"),
  lock: z.enum(["none", "for-a-while", "until-unlocked"]).describe("After wrong PINs"),
  onDutyAt: z.array(z.string()).describe("Numbers of windows"),
});
export const clerkListSchema = z.object({
  clerks: z.array(clerkSchema),
  lockedWindows: z.array(z.object({ windowNo: z.string(), forMs: z.number().int() })).describe("Windows that take no PIN for a while"),
});
export type ClerkList = z.infer<typeof clerkListSchema>;

/** `POST /desk/v1/clerks/add`: a clerk that central's roster does not have, or a PC without central. */
export const addClerkSchema = z.strictObject({
  staffNo: staffNoSchema,
  name: clerkNameSchema,
  title: shortText(20).optional().describe("On the card that a pad shows; what is left out stays as it is"),
  stars: z.int().min(0).max(5).optional().describe("Stars of the clerk's grade, on the card alone; 0: none"),
  partyMember: z.boolean().optional().describe("Whether the card bears the party emblem (中共党员)"),
});
export type AddClerk = z.infer<typeof addClerkSchema>;

/** `POST /desk/v1/clerks/remove`: forgets PIN, card and a name given here. What was rated stays as it is. */
export const clerkChoiceSchema = z.strictObject({ staffNo: staffNoSchema });
export type ClerkChoice = z.infer<typeof clerkChoiceSchema>;

/** `POST /desk/v1/clerks/pin`: a PIN that IT staff set; the clerk changes it when it is first used. */
export const setPinSchema = z.strictObject({ staffNo: staffNoSchema, pin: typedPin });
export type SetPin = z.infer<typeof setPinSchema>;

/** Answer to `POST /desk/v1/clerks/code`. The code is shown this once; the PC keeps its hash. */
export const pinCodeSchema = z.object({ code: z.string(), expiresAtMs: z.number().int() });
export type PinCode = z.infer<typeof pinCodeSchema>;

/** `POST /desk/v1/clerks/card`: gives a clerk a card, in the place of the one before. Without `card` it is taken away. */
export const setCardSchema = z.strictObject({ staffNo: staffNoSchema, card: cardSchema.optional() });
export type SetCard = z.infer<typeof setCardSchema>;

/** `POST /desk/v1/clerks/unlock`: after wrong PINs; a clerk, a window, or both. */
export const unlockSchema = z.strictObject({ staffNo: staffNoSchema.optional(), windowNo: z.string().min(1).max(32).optional() });
export type Unlock = z.infer<typeof unlockSchema>;
