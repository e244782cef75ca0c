import { z } from "zod";
import { isLevel, type Level, levelSchema, shortText } from "../rating.ts";
import { CODES_2019, LIST_2020 } from "./list-2020.ts";

/** One coded option of a level (评价指标, 选项). */
export const reasonSchema = z.strictObject({
  code: z.string().regex(/^[1-5][0-9]{2,5}$/, "digits, the first of them the level"),
  level: levelSchema,
  text: z
    .strictObject({ zh: shortText(64), en: shortText(128) })
    .nullable()
    .describe("null: only the code is known; such a reason is kept where it came from and offered to nobody"),
});
export type Reason = z.infer<typeof reasonSchema>;

/**
 * A list of reasons. Lists are versioned and locked: nobody adds or takes away an option of a list, a change is a list of another
 * version, and every rating names the version whose codes it carries.
 */
export const reasonListSchema = z
  .strictObject({
    version: z
      .string()
      .regex(/^[0-9]{4}(-[a-z0-9]+)*$/)
      .describe("Year, with a region's own name behind it if it is that region's list"),
    inForce: z.boolean().describe("false: kept so that old ratings can be read; offered to nobody"),
    reasons: z.array(reasonSchema).min(1).max(200),
  })
  .superRefine(({ reasons }, context) => {
    const seen = new Set<string>();
    for (const [index, { code, level }] of reasons.entries()) {
      if (seen.has(code)) context.addIssue({ code: "custom", path: ["reasons", index, "code"], message: `${code} stands twice` });
      if (code[0] !== String(level))
        context.addIssue({ code: "custom", path: ["reasons", index, "code"], message: `${code} is of level ${code[0]}` });
      seen.add(code);
    }
  });
export type ReasonList = z.infer<typeof reasonListSchema>;

const levelOf = (code: string): Level => {
  const level = Number(code[0]);
  if (!isLevel(level)) throw new RangeError(`${code} is no code of a reason`);
  return level;
};

/** The list of 2020, in force; 国家标准 GB/T 39734 is thought to hold the same, which is not confirmed. */
export const REASONS_2020: ReasonList = {
  version: "2020",
  inForce: true,
  reasons: LIST_2020.map(([code, zh, en]) => ({ code, level: levelOf(code), text: { zh, en } })),
};

/** The retired list of 2019: codes alone. */
export const REASONS_2019: ReasonList = {
  version: "2019",
  inForce: false,
  reasons: CODES_2019.map((code) => ({ code, level: levelOf(code), text: null })),
};

/** Every list this program carries, newest first. */
export const REASON_LISTS: readonly ReasonList[] = [REASONS_2020, REASONS_2019];

/** What is offered beside a level, in the order of the list; nothing of it is ever pre-selected (I10). */
export const reasonsOf = (list: ReasonList, level: Level): Reason[] =>
  list.reasons.filter((reason) => reason.level === level && reason.text !== null);

/** Codes chosen with a rating: several, each once. */
export const reasonCodesSchema = z
  .array(reasonSchema.shape.code)
  .max(20)
  .refine((codes) => new Set(codes).size === codes.length, "each code once");

/** The first code that is not an option of this level in this list; undefined if all are. */
export const strayReason = (list: ReasonList, level: Level, codes: readonly string[]): string | undefined =>
  codes.find((code) => !list.reasons.some((reason) => reason.code === code && reason.level === level));
