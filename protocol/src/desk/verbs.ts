import { z } from "zod";
import { CLERK_ACTIONS } from "../keypad/description.ts";
import {
  bindingSchema,
  caseNoSchema,
  clerkNameSchema,
  itemCodeSchema,
  itemNameSchema,
  staffNoSchema,
  triggerSchema,
  visitNoSchema,
  windowNoSchema,
} from "../rating.ts";
import { besideSchema } from "./clerk.ts";

/** `POST /desk/v1/clerk/sign-in`. Whoever was signed in before is signed out, unless the clerk sits down `beside` them. */
export const signInSchema = z.strictObject({ staffNo: staffNoSchema, name: clerkNameSchema, beside: besideSchema });

/** `POST /desk/v1/clerk/sign-out`. */
export const signOutSchema = z.strictObject({
  staffNo: staffNoSchema.optional().describe("Who leaves; without it everybody at the window does"),
});

/** Which clerk served a case. Needed where it could be more than one: it is never guessed. */
export const servedBySchema = staffNoSchema
  .optional()
  .describe("Clerk who is rated; needed where two sit at the window, or another one started the case than sits there now (WR5018)");

/** `POST /desk/v1/cases`: a case (one visit of it) begins at this window. Repeating it with the same content changes nothing. */
export const startCaseSchema = z.strictObject({
  caseNo: caseNoSchema,
  visitNo: visitNoSchema.default(1),
  itemCode: itemCodeSchema,
  itemName: itemNameSchema,
  staffNo: staffNoSchema.optional().describe("Clerk who serves it, if two sit at the window and it is known already"),
});

/** `POST /desk/v1/cases/{caseNo}/end`: the visit ended; this, and nothing else, opens a rating (I12). */
export const endCaseSchema = z.strictObject({
  visitNo: visitNoSchema.default(1),
  completed: z.boolean().default(true).describe("true if the case is completed (办结), false if only this visit ended"),
  trigger: triggerSchema.default("business-system"),
  staffNo: servedBySchema,
});

/** `POST /desk/v1/cases/{caseNo}/invite-again`: the citizen is asked once more, once; only if nobody rated. */
export const inviteAgainSchema = z.strictObject({
  visitNo: visitNoSchema.default(1),
  trigger: triggerSchema.default("business-system"),
});

/** `POST /desk/v1/cases/{caseNo}/cancel`: closes a case without a rating, or takes back the invitation on the pad. */
export const cancelCaseSchema = z.strictObject({ visitNo: visitNoSchema.default(1) });

/** `POST /desk/v1/pause`: the window pauses (暂停服务); a case may be ended all the same. */
export const pauseSchema = z.strictObject({
  text: z.string().trim().max(40).default("").describe("What a pad with a screen shows; empty: its own words"),
});

/** `POST /desk/v1/resume`. */
export const resumeSchema = z.strictObject({});

/** `POST /desk/v1/notice`: a line of text on the idle screen of the pad, never over a rating. One that stands until the next one does so through a restart of the window PC. */
export const noticeSchema = z.strictObject({
  text: z.string().trim().max(66).describe("Empty: takes the notice away"),
  seconds: z.number().int().min(0).max(86_400).default(0).describe("How long; 0: until the next one"),
});

export type SignIn = z.infer<typeof signInSchema>;
export type SignOut = z.infer<typeof signOutSchema>;
export type StartCase = z.infer<typeof startCaseSchema>;
export type EndCase = z.infer<typeof endCaseSchema>;
export type InviteAgain = z.infer<typeof inviteAgainSchema>;
export type CancelCase = z.infer<typeof cancelCaseSchema>;
export type Pause = z.infer<typeof pauseSchema>;
export type Notice = z.infer<typeof noticeSchema>;

/** Life of a rating request, as the desk may know it: it tells that a rating came, never its level. */
export const requestStateSchema = z.enum([
  "waiting",
  "shown",
  "rated",
  "timed-out",
  "expired",
  "cancelled",
  "superseded",
  "refused-by-pad",
]);
export type RequestState = z.infer<typeof requestStateSchema>;

/** Answer to *end a case*. */
export const endCaseAnswerSchema = z.object({
  requestId: z.string(),
  state: requestStateSchema,
  expiresInMs: z.number().int().min(0),
});
export type EndCaseAnswer = z.infer<typeof endCaseAnswerSchema>;

export const padStateSchema = z.object({
  connection: z.enum(["absent", "connecting", "ready", "failed"]),
  cause: z.string().optional().describe("In words, with a WR code, if the pad is not ready, or is ready and takes no rating now"),
  model: z.string().optional(),
  serialNumber: z.string().optional(),
  port: z.string().optional(),
  secured: z.boolean().optional(),
  trust: z
    .enum(["paired", "unpaired", "key-missing-here", "key-missing-there", "proof-wrong"])
    .optional()
    .describe("How far pad and window PC know each other; all but paired and unpaired: the pad is not used until it is paired anew"),
});
export type PadState = z.infer<typeof padStateSchema>;

const clerkOnDutySchema = z.object({ staffNo: z.string(), name: z.string() });
export type ClerkOnDuty = z.infer<typeof clerkOnDutySchema>;

/** Names a window on a PC that serves several; a PC with one window needs no name. In the body of POST, in the query of GET. */
export const windowChoiceSchema = windowNoSchema.optional().describe("Which window of this PC; needed where it serves several");

/** `GET /desk/v1/state`. */
export const deskStateSchema = z.object({
  windowNo: z.string(),
  clerk: clerkOnDutySchema.nullable().describe("Who is signed in; of two, who signed in last"),
  clerks: z.array(clerkOnDutySchema).describe("All who are signed in, in the order in which they came; two at most"),
  signOutInMs: z
    .number()
    .int()
    .nullable()
    .describe("When they are signed out if nothing happens, milliseconds from now; null: they are not, or not while a rating is open"),
  allows: z.object({ manualTrigger: z.boolean(), ownTotals: z.boolean() }).describe("What the site lets the clerk do"),
  openCase: z.object(startCaseSchema.shape).nullable(),
  pause: z.object(pauseSchema.shape).nullable().describe("null: the window does not pause"),
  request: z
    .object({
      requestId: z.string(),
      ...bindingSchema.pick({ caseNo: true, visitNo: true, staffNo: true }).shape,
      state: requestStateSchema,
      cases: z.number().int().describe("How many cases it rates: 1, or those of a batch or theme"),
      isAgain: z.boolean().describe("The citizen was asked a second time"),
      canInviteAgain: z.boolean(),
      itemName: z.string(),
      code: z
        .object({
          text: z.string().max(512).describe("What the QR code holds"),
          expiresAtMs: z.number().int().nullable().describe("Unix milliseconds; null: as long as the request may be rated"),
        })
        .nullable()
        .describe("One-case QR code (一事一码), by which the citizen may rate on the own phone; null: there is none, or none yet"),
      whyNoCode: z.string().optional().describe("Why there is no code although one was asked for, in words"),
    })
    .nullable()
    .describe("The newest rating request"),
  pad: padStateSchema,
  queue: z.object({
    waiting: z.number().int().describe("Entries that central has not confirmed"),
    oldestMs: z.number().int().nullable().describe("Age of the oldest of them"),
    setAside: z.number().int().describe("Entries that central refused"),
    lastSyncMs: z.number().int().nullable().describe("Unix milliseconds of the last answer of central"),
    cause: z.string().optional(),
  }),
});
export type DeskState = z.infer<typeof deskStateSchema>;

/**
 * What was tried when a pad's line was in trouble, gentlest first: frames sent again, damaged bytes thrown away, a new session, the port
 * opened anew, the pad reset, given up for now; `well` when the pad is ready again.
 */
export const recoveryEventSchema = z.object({
  rung: z.enum(["resend", "resync", "new-session", "reopen", "soft-reset", "give-up", "well"]),
  side: z
    .enum(["cable", "host", "firmware", "foreign"])
    .nullable()
    .describe("Where the cause lies: cable and power, this PC and its settings, the pad itself, or another device; null if nothing failed"),
  code: z.string().nullable(),
  text: z.string(),
});
export type RecoveryEvent = z.infer<typeof recoveryEventSchema>;

/** What the WebSocket stream `/desk/v1/events` sends: the state at first, then every change. */
export const deskEventSchema = z.discriminatedUnion("event", [
  z.object({ event: z.literal("state"), state: deskStateSchema }),
  z.object({
    event: z.literal("request"),
    windowNo: z.string(),
    requestId: z.string(),
    caseNo: z.string(),
    visitNo: z.number().int(),
    state: requestStateSchema,
  }),
  z.object({ event: z.literal("recovery"), windowNo: z.string(), ...recoveryEventSchema.shape }),
  z
    .object({ event: z.literal("clerk-key"), windowNo: z.string(), action: z.enum(CLERK_ACTIONS), key: z.string() })
    .describe("The clerk asks for something with a key of the pad; the business system does it, or not. Never a rating (I12)"),
  z.object({ event: z.literal("notice"), windowNo: z.string(), code: z.string(), text: z.string() }),
]);
export type DeskEvent = z.infer<typeof deskEventSchema>;
