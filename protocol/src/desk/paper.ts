import { z } from "zod";
import { caseNoSchema, levelSchema, shortText, staffNoSchema, visitNoSchema } from "../rating.ts";

/**
 * `POST /desk/v1/paper-forms`: a rating on a paper form (评价表), typed in by another clerk than the one it rates. Words, name and phone
 * are sealed for central at once (I9).
 */
export const paperFormSchema = z.strictObject({
  caseNo: caseNoSchema,
  visitNo: visitNoSchema.default(1),
  level: levelSchema,
  reasonList: shortText(16).nullable().default(null).describe("Version of the list the codes are from"),
  reasons: z.array(z.number().int().min(100).max(599_999)).max(16).default([]),
  words: z.string().trim().max(200).default(""),
  name: z.string().trim().max(30).default(""),
  phone: z
    .string()
    .regex(/^(\+?[0-9]{5,20})?$/, "5 to 20 digits")
    .default(""),
  typedBy: staffNoSchema.describe("Who types it in; must be signed in at this window"),
});
export type PaperForm = z.infer<typeof paperFormSchema>;
