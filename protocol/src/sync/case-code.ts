import { z } from "zod";
import { caseNoSchema, clerkNameSchema, itemCodeSchema, itemNameSchema, staffNoSchema, visitNoSchema, windowNoSchema } from "../rating.ts";
import { windowPcIdSchema } from "./batch.ts";

/** How long a one-case code can be good, minutes: a month at most, for what lies about longer is found by the wrong people. */
export const CASE_CODE_MINUTES = { least: 1, most: 43_200, usual: 10_080 } as const;

/**
 * `POST /sync/v1/qr-codes`, with the token of the window PC: has a one-case code (一人一事一码) made for a visit that has just ended there.
 * Who served is copied into it then (I5); the entry that tells of the visit may come later.
 */
export const caseCodeRequestSchema = z.strictObject({
  windowPcId: windowPcIdSchema,
  caseNo: caseNoSchema,
  visitNo: visitNoSchema,
  caseCompleted: z.boolean(),
  itemCode: itemCodeSchema,
  itemName: itemNameSchema,
  staffNo: staffNoSchema,
  clerkName: clerkNameSchema,
  windowNo: windowNoSchema.optional().describe("Of a PC that serves several windows; without it the window that it was enrolled for"),
  endedAt: z.iso.datetime({ offset: true, error: "ISO 8601 with an offset, as 2026-03-02T09:00:00+08:00" }),
  validMinutes: z.number().int().min(CASE_CODE_MINUTES.least).max(CASE_CODE_MINUTES.most).default(CASE_CODE_MINUTES.usual),
  svg: z.boolean().default(false).describe("true: the answer brings the code as a picture"),
});
export type CaseCodeRequest = z.input<typeof caseCodeRequestSchema>;

/** Its answer; a pad's QR code holds 255 bytes. */
export const caseCodeAnswerSchema = z.object({
  url: z.url({ protocol: /^https?$/ }).max(255),
  expiresAt: z.iso.datetime({ offset: true }),
});
