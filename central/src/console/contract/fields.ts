import { levelSchema, shortText } from "@window-rating/protocol/rating";
import { z } from "zod";
import { CHANNELS } from "../../ratings/submission.ts";

/*
 * Words that the requests and answers of the console have in common. Everything in this folder is pure and safe for a browser: the page
 * uses the very schemas that central answers by.
 */

/** Unix milliseconds of central's clock. */
export const timeSchema = z.number().int();
/** A time that may be unknown. */
export const maybeTimeSchema = timeSchema.nullable();
export const countSchema = z.number().int().min(0);
/** A number that may be known to nobody. */
export const maybeNoSchema = z.string().nullable();

/** The same in Chinese and English. */
export const bothSchema = z.object({ zh: z.string(), en: z.string() });
export type Both = z.infer<typeof bothSchema>;

/** A day in China, yyyy-mm-dd. */
export const daySchema = z.string().regex(/^\d{4}-\d{2}-\d{2}$/, "a day, as 2026-03-02");

const momentSchema = z
  .string()
  .max(40)
  .transform((text, context) => {
    const ms = /^\d{1,15}$/.test(text) ? Number(text) : Date.parse(text);
    if (Number.isSafeInteger(ms)) return ms;
    context.addIssue("a time: ISO 8601 with offset, or Unix milliseconds");
    return z.NEVER;
  });
/** A period of time in a query: not before `from`, before `to`. */
export const periodQuery = { from: momentSchema.optional(), to: momentSchema.optional() };

/** A word that rows are filtered by. */
export const wordSchema = shortText(64);
/** Several values in one field of a query, with commas between. */
export const listOf = <S extends z.ZodType<unknown, string>>(one: S) =>
  z
    .string()
    .max(400)
    .transform((text) => text.split(","))
    .pipe(z.array(one).min(1).max(20));
export const levelTextSchema = z
  .string()
  .regex(/^[1-5]$/, "1 to 5")
  .transform((text) => levelSchema.parse(Number(text)));
export const yesNoSchema = z.enum(["yes", "no"]).transform((text) => text === "yes");

/** Where: rows of a window, a hall, an agency; always within what the account may see. */
export const placeQuery = { window: wordSchema.optional(), hall: wordSchema.optional(), agency: wordSchema.optional() };

/** Paging, newest first: `after` is the `next` of the page before. Rows that come meanwhile neither double nor hide any. */
export const pageQuery = {
  after: z
    .string()
    .regex(/^[\w.~-]{1,128}$/, "the next of an earlier answer")
    .optional(),
  limit: z.coerce.number().int().min(1).max(200).default(50),
};
/** What a page ends with. */
export const nextSchema = z.string().nullable().describe("Ask with after=… for the next page; null: there is none");

export const channelSchema = z.enum(CHANNELS);
export const subjectKindSchema = z.enum(["staff", "item", "theme", "hall", "agency", "platform", "window"]);
export const standingSchema = z.enum(["first", "correction", "beside"]);

/** How many ratings of each level there are, level 1 first. */
const byLevelSchema = z.tuple([countSchema, countSchema, countSchema, countSchema, countSchema]);
/** Ratings of clerks that people gave, and those that the rules set: never one number (I10). Only ratings that count; one of a batch counts once. */
export const levelCountsSchema = z.object({
  given: byLevelSchema,
  default: byLevelSchema,
  items: z
    .object({ given: byLevelSchema, default: byLevelSchema })
    .describe("Of items of cases; a press that rates clerk and item alike stands among those of clerks alone"),
});
export type LevelCounts = z.infer<typeof levelCountsSchema>;

/** A number in a path. */
export const numberParam = z
  .string()
  .regex(/^[1-9]\d{0,14}$/, "a number")
  .transform(Number);
