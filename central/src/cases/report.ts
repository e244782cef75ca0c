import {
  caseNoSchema,
  clerkNameSchema,
  itemCodeSchema,
  itemNameSchema,
  shortText,
  staffNoSchema,
  visitNoSchema,
  windowNoSchema,
} from "@window-rating/protocol/rating";
import { z } from "zod";

/** ISO 8601 with an offset → Unix milliseconds. */
export const momentSchema = z.iso
  .datetime({ offset: true, error: "ISO 8601 with an offset, as 2026-03-02T09:00:00+08:00" })
  .transform((text) => Date.parse(text))
  .refine((ms) => ms >= Date.UTC(2000, 0, 1) && ms < Date.UTC(2100, 0, 1), "a time of this century");

/** What a report says of one visit (服务次数) of its case. */
const visitReportSchema = z.strictObject({
  visitNo: visitNoSchema,
  windowNo: windowNoSchema.optional(),
  staffNo: staffNoSchema.optional(),
  clerkName: clerkNameSchema.optional(),
  batchNo: shortText(64).optional().describe("The same for all cases handed in together (批量): two or more of one item at one window"),
  endedAt: momentSchema.optional(),
});

/**
 * What a business system tells of a case (办件) and, if any, one visit of it: `caseNo` with `visitNo` is the key. It is the state at
 * `reportedAt`; a newer report goes before an older one, whichever comes first.
 */
export const caseReportSchema = z
  .strictObject({
    caseNo: caseNoSchema,
    itemCode: itemCodeSchema,
    itemName: itemNameSchema,
    agencyCode: shortText(64).optional(),
    online: z.boolean().optional().describe("true: handled online from start to end (全程网办)"),
    themeNo: shortText(64).optional().describe("The same for all cases of one life event (主题式, 一件事)"),
    themeName: shortText(128).optional(),
    acceptedAt: momentSchema.optional(),
    completedAt: momentSchema.optional().describe("When the case was completed (办结); absent while it is not"),
    reportedAt: momentSchema.describe("The system's own time of this state"),
    contact: z
      .string()
      .regex(/^[\x20-\x7e]{16,4096}$/, "id of the key, a blank, and what is sealed in base 64")
      .optional()
      .describe("Name and phone of the applicant, sealed for central"),
    visit: visitReportSchema.optional(),
  })
  .superRefine(({ acceptedAt, completedAt, themeNo, themeName }, context) => {
    if (acceptedAt !== undefined && completedAt !== undefined && completedAt < acceptedAt) {
      context.addIssue({ code: "custom", path: ["completedAt"], message: "before acceptedAt" });
    }
    if (themeName !== undefined && themeNo === undefined)
      context.addIssue({ code: "custom", path: ["themeName"], message: "without a themeNo" });
  });
export type CaseReport = z.output<typeof caseReportSchema>;

/** Most reports of one request. */
export const MAX_REPORTS = 500;

/** `POST /api/v1/cases`. */
export const casesRequestSchema = z.strictObject({
  entries: z
    .array(z.unknown())
    .min(1)
    .max(MAX_REPORTS)
    .describe("Reports; each is checked by itself, so that a bad one never holds up the others"),
});

/** What became of one report, in the order sent. */
export type ReportAnswer =
  /** `older`: a newer one is known; it filled gaps only. */
  | { readonly answer: "taken" | "duplicate" | "older"; readonly caseNo: string; readonly visitNo: number | null }
  | { readonly answer: "refused"; readonly code: string; readonly field: string; readonly detail: string; readonly refusedNo: number };
