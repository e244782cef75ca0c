import { caseNoSchema, type Level, levelSchema, shortText, staffNoSchema, visitNoSchema } from "@window-rating/protocol/rating";
import { z } from "zod";
import { momentSchema } from "../cases/report.ts";
import { answerShape } from "./answer.ts";
import { serviceSchema } from "./tickets.ts";

/**
 * By which ways a system's citizens rate. Pads and codes are not among them: those ratings come with a proof of their own, and nobody
 * else may say that they gave one. Neither are files and default ratings.
 */
const SYSTEM_CHANNELS = [
  ...(["web", "sms", "hotline", "phone-visit", "paper", "terminal"] as const),
  ...(["message", "opinion-box", "complaint-desk", "system"] as const),
] as const;

const subjectSchema = z.discriminatedUnion("kind", [
  z.strictObject({ kind: z.literal("staff"), caseNo: caseNoSchema, visitNo: visitNoSchema }),
  z.strictObject({ kind: z.literal("item"), caseNo: caseNoSchema }),
  z.strictObject({ kind: z.literal("theme"), themeNo: shortText(64) }),
  z.strictObject({ kind: z.enum(["hall", "agency", "platform"]), subjectNo: shortText(64) }),
]);

const digitSchema = z.string().regex(/^[0-9]$/, "one digit, as it was pressed");

/** One rating, as a system hands it in. */
export const systemEntrySchema = z
  .strictObject({
    key: z
      .string()
      .regex(/^[\x21-\x7e]{1,64}$/, "1 to 64 visible ASCII characters")
      .describe("The system's own number of this rating: the same key again is the same rating"),
    channel: z.enum(SYSTEM_CHANNELS),
    subject: subjectSchema,
    at: momentSchema.describe("When the citizen rated"),
    ...answerShape,
    level: levelSchema.optional(),
    digit: digitSchema.optional().describe("hotline: the key that was pressed; `digits` of the request says what it means"),
    account: shortText(64).optional().describe("Whose log-on it was, where one person rates once a day; kept as a keyed hash"),
    verified: z.boolean().default(false).describe("true: the system knows who it is, by log-on or by the phone on file"),
    typedBy: staffNoSchema.optional().describe("paper, phone-visit, opinion-box, complaint-desk: who typed it in"),
    service: serviceSchema.optional().describe("What the system vouches for about a visit that nobody has told of"),
  })
  .superRefine(({ channel, level, digit, subject, service }, context) => {
    const issue = (path: string, message: string): void => context.addIssue({ code: "custom", path: [path], message });
    if (channel === "hotline" && (digit === undefined || level !== undefined)) issue("digit", "a hotline names the digit and no level");
    if (channel !== "hotline" && digit !== undefined) issue("digit", "for the hotline only");
    if (channel !== "hotline" && level === undefined) issue("level", "is missing");
    if (service !== undefined && subject.kind !== "staff" && subject.kind !== "item") issue("service", "for a visit or a case only");
  });
export type SystemEntry = z.output<typeof systemEntrySchema>;

/** Most ratings of one request. */
export const MAX_SYSTEM_ENTRIES = 200;

/** What the keys of a phone mean, digit by digit, as the caller was told: all five levels, each once. There is no usual one to fall back on. */
const digitsSchema = z
  .record(digitSchema, levelSchema)
  .refine(
    (digits) => Object.keys(digits).length === 5 && new Set(Object.values(digits)).size === 5,
    "five digits for the five levels, each once",
  );
export type Digits = Readonly<Record<string, Level>>;

/** `POST /api/v1/ratings`. */
export const systemRatingsSchema = z.strictObject({
  digits: digitsSchema.optional().describe('What the keys meant, if there are entries of the hotline: { "1": 5, "2": 4, … }'),
  entries: z
    .array(z.unknown())
    .min(1)
    .max(MAX_SYSTEM_ENTRIES)
    .describe("Ratings; each is checked by itself, so that a bad one never holds up the others"),
});

/** What became of one rating, in the order sent. */
export type SystemAnswer =
  | {
      readonly answer: "accepted";
      readonly key: string;
      readonly ratingNo: number;
      /** "beside": kept, but another one counts. */
      readonly standing: "first" | "correction" | "beside";
      /** Code for the citizen; the only time it is known. */
      readonly receipt: string;
    }
  | { readonly answer: "duplicate"; readonly key: string; readonly ratingNo: number }
  | {
      readonly answer: "refused";
      readonly key: string | null;
      readonly code: string;
      readonly field: string;
      readonly detail: string;
      readonly refusedNo: number;
    };
