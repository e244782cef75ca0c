import { z } from "zod";
import { clerkNameSchema, itemCodeSchema, itemNameSchema, levelSchema, shortText, staffNoSchema, windowNoSchema } from "../rating.ts";
import { reasonListSchema } from "../reasons/index.ts";

/** How many rows of the roster one answer holds at most; the window PC asks again until it has all. */
export const DOWN_PAGE = 2000;

/** A clerk as central knows them; `name` null: not with this site any more. */
const rosterClerkSchema = z.object({
  staffNo: staffNoSchema,
  name: clerkNameSchema.nullable(),
  title: shortText(20).optional().describe("Title on the clerk's card"),
  stars: z.number().int().min(0).max(5).optional().describe("Stars of the clerk's grade, on the card alone"),
  partyMember: z
    .boolean()
    .optional()
    .describe("Whether the card bears the party emblem (中共党员); left out: nobody has said, and it bears none"),
});
/** An item as central names it; `itemName` null: not offered any more. */
const rosterItemSchema = z.object({ itemCode: itemCodeSchema, itemName: itemNameSchema.nullable() });

/** A PC of more windows than this is a load test. */
export const MOST_WINDOW_CODES = 64;

/** The static code of one window, as it also hangs there; a pad's QR code holds 255 bytes. */
const windowCodeSchema = z.object({ windowNo: windowNoSchema, url: z.url({ protocol: /^https?$/ }).max(255) });
export type WindowCode = z.infer<typeof windowCodeSchema>;
export type RosterClerk = z.infer<typeof rosterClerkSchema>;
export type RosterItem = z.infer<typeof rosterItemSchema>;

/** What the site decided, as far as a window PC acts on it. */
export const sitePolicySchema = z.object({
  version: z.number().int().min(0).describe("0: the site has decided nothing yet"),
  region: shortText(64).nullable(),
  regionName: shortText(64).nullable(),
  packVersion: z.number().int().min(1).nullable(),
  // A central of before does not say it.
  calendar: z
    .object({ version: shortText(32), firstYear: z.int(), lastYear: z.int() })
    .nullable()
    .optional()
    .describe("The region's calendar of working days, by which central counts: years that a paper arranges; null: no region is chosen"),
  labels: z
    .array(z.object({ level: levelSchema, label: shortText(32) }))
    .length(5)
    .describe("The region's words for the five levels; the levels themselves never change"),
  contactKey: z
    .string()
    .regex(/^[0-9a-f]{64}$/)
    .nullable()
    .optional()
    .describe("Central's public key (X25519) for what citizens write; without one, pads ask for neither words nor contact"),
  manualTrigger: z.boolean().nullable().describe("Whether a clerk's own key may end a case; null: the window PC's own setting"),
  // A central of before says none of these: the window PC's own settings hold.
  idleMinutes: z.int().min(0).max(480).nullable().optional().describe("Clerks are signed out after so long; 0: never; null: own setting"),
  ownTotals: z.boolean().nullable().optional().describe("Whether a clerk may see the own totals; null: own setting"),
  totalsDelayHours: z.int().min(1).max(720).nullable().optional().describe("How late totals are shown; null: own setting"),
});
export type SitePolicy = z.infer<typeof sitePolicySchema>;

/**
 * Answer to `GET /api/v1/down?windowPcId=…&since=…`, with the token of the window PC: the roster's changes after version `since`, and
 * the whole of what is small. Fields that a window PC does not know yet are passed over. `ETag` and `If-None-Match` spare it when nothing has changed.
 */
export const downAnswerSchema = z.object({
  since: z.number().int().min(0).describe("As asked; 0 gives the whole roster. Lower than asked: central was put back, start from there"),
  version: z.number().int().min(0).describe("Version of the roster with these changes applied; ask for what is after it"),
  more: z.boolean().describe("There is more after this version"),
  clerks: z.array(rosterClerkSchema).max(DOWN_PAGE),
  items: z.array(rosterItemSchema).max(DOWN_PAGE),
  reasons: reasonListSchema.nullable().describe("List in force; null if the window PC said that it has it"),
  site: sitePolicySchema,
  // A central of before never says it; a PC of before passes it over.
  windowCodes: z
    .array(windowCodeSchema)
    .max(MOST_WINDOW_CODES)
    .optional()
    .describe("Static codes (一窗一码) of the windows that this PC serves, where they were made; the whole of them each time"),
});
export type DownAnswer = z.infer<typeof downAnswerSchema>;
