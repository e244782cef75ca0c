import { z } from "zod";
import { levelSchema, shortText } from "../rating.ts";

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

/** Codes chosen with a rating: several, each once. */
export const reasonCodesSchema = z
  .array(reasonSchema.shape.code)
  .max(20)
  .refine((codes) => new Set(codes).size === codes.length, "each code once");
