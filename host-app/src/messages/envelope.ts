import { z } from "zod";

/** The most that one message may have, in UTF-16 units; a screen that needs more is broken. */
export const MESSAGE_LIMIT = 32 * 1024;

/** From a screen to the core, as JSON text. */
export const questionSchema = z.strictObject({
  ask: z.string().max(64).describe("Name of a declared request"),
  id: z.number().int().min(0).max(Number.MAX_SAFE_INTEGER).describe("Chosen by the screen; the answer bears it"),
  body: z.unknown(),
});
export type Question = z.infer<typeof questionSchema>;

/** What of the detail a screen puts into its own words; see ErrorFacts. */
const factsSchema = z.object({
  field: z.string().max(64).exactOptional(),
  line: z.number().int().exactOptional(),
  seconds: z.number().int().exactOptional(),
  caseNo: z.string().exactOptional(),
  windowNo: z.string().exactOptional(),
  itemName: z.string().exactOptional(),
});

/** Why a request was refused: a code, and sentences in English. A screen shows its own words for the code. */
export const refusalSchema = z.object({
  code: z.string(),
  title: z.string(),
  detail: z.string(),
  advice: z.string(),
  facts: factsSchema.exactOptional(),
});
export type Refusal = z.infer<typeof refusalSchema>;

/** From the core to a screen, as JSON text. */
export const reportSchema = z.union([
  z.strictObject({ is: z.literal("answer"), id: z.number().int(), body: z.unknown() }),
  z.strictObject({
    is: z.literal("refused"),
    id: z.number().int().nullable().describe("null: the question itself could not be read"),
    error: refusalSchema,
  }),
  z.strictObject({ is: z.literal("event"), name: z.string(), body: z.unknown() }),
]);
export type ScreenReport = z.infer<typeof reportSchema>;
