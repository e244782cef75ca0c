import { z } from "zod";
import { servedBySchema } from "../desk/verbs.ts";
import { caseNoSchema, itemCodeSchema, itemNameSchema, staffNoSchema, visitNoSchema, windowNoSchema } from "../rating.ts";

const visit = { windowNo: windowNoSchema, caseNo: caseNoSchema, visitNo: visitNoSchema.default(1) };
const item = { itemCode: itemCodeSchema, itemName: itemNameSchema };

/** The same as `POST /desk/v1/cases/{caseNo}/end`, by a way on which the verb before may not have come. */
export const endOrderSchema = z.strictObject({
  do: z.literal("end-case"),
  ...visit,
  completed: z.boolean().default(true).describe("true if the case is completed (办结), false if only this visit ended"),
  staffNo: servedBySchema,
  item: z.strictObject(item).optional().describe("Starts the case first if nobody has"),
});
export type EndOrder = z.infer<typeof endOrderSchema>;

/** What a business system that does not reach the window PC itself may ask of a window. Each means what the verb of the desk API means. */
export const deskOrderSchema = z.discriminatedUnion("do", [
  z.strictObject({ do: z.literal("start-case"), ...visit, ...item, staffNo: staffNoSchema.optional() }),
  endOrderSchema,
  z.strictObject({ do: z.literal("cancel-case"), ...visit }),
]);
export type DeskOrder = z.infer<typeof deskOrderSchema>;
