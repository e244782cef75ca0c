import { z } from "zod";
import { caseNoSchema, GROUP_LIMITS, itemCodeSchema, itemNameSchema, shortText, triggerSchema, visitNoSchema } from "../rating.ts";
import { servedBySchema } from "./verbs.ts";

const visitSchema = z.strictObject({
  caseNo: caseNoSchema,
  visitNo: visitNoSchema.default(1),
  itemCode: itemCodeSchema,
  itemName: itemNameSchema,
});

/** How many there must be is for the window PC to say (WR5025). */
const casesSchema = (most: number) =>
  z.array(visitSchema).max(most).describe("The first one names the rating; one of them may be open at the window, no other case may be");

const endedSchema = {
  completed: z.boolean().default(true).describe("true if the cases are completed (办结)"),
  trigger: triggerSchema.default("business-system"),
  staffNo: servedBySchema,
};

/** `POST /desk/v1/batches/end`: two or more cases of one item, handed in together (批量), one rating for all of them. */
export const endBatchSchema = z.strictObject({
  batchNo: shortText(64).optional().describe("Number of the batch in the business system; the window PC makes one if it is left out"),
  cases: casesSchema(GROUP_LIMITS.batch),
  ...endedSchema,
});
export type EndBatch = z.infer<typeof endBatchSchema>;

/** `POST /desk/v1/themes/end`: two or more cases of one life event (主题式, 一件事), one overall rating. */
export const endThemeSchema = z.strictObject({
  themeNo: shortText(64).describe("Number of the theme as the business system and central know it"),
  themeName: shortText(128),
  cases: casesSchema(GROUP_LIMITS.theme),
  ...endedSchema,
});
export type EndTheme = z.infer<typeof endThemeSchema>;
