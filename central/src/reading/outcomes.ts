import { levelSchema } from "@window-rating/protocol/rating";
import { z } from "zod";
import type { CentralDatabase } from "../database/tables.ts";
import { cutPage, pageSchema } from "./page.ts";

const filterText = z
  .string()
  .min(1)
  .max(64)
  .regex(/^\P{Cc}+$/u, "no control characters");
const moment = z.iso.datetime({ offset: true }).transform((text) => Date.parse(text));

/** Filters of `GET /api/v1/ratings`; a level alone means ratings, for a press nobody can be bound to counts for nobody. */
export const outcomeQuerySchema = z.strictObject({
  window: filterText.optional().describe("Number of the window"),
  staffNo: filterText.optional(),
  level: z
    .string()
    .regex(/^[1-5]$/, "1 to 5")
    .transform((text) => levelSchema.parse(Number(text)))
    .optional(),
  from: moment.optional().describe("Not before, ISO 8601 with offset, by central's clock"),
  to: moment.optional().describe("Before, ISO 8601 with offset, by central's clock"),
  kind: z.enum(["rating", "not-rated", "unbound"]).optional(),
  ...pageSchema.shape,
});
export type OutcomeQuery = z.infer<typeof outcomeQuerySchema>;

/** Ratings, requests without a rating, and presses without a request, in the order of their arrival, newest first. */
export const readOutcomes = async (db: CentralDatabase, query: OutcomeQuery) => {
  const kind = query.kind ?? (query.level === undefined ? undefined : "rating");
  const rows = await db
    .selectFrom("outcomes")
    .select([
      "seq",
      "kind",
      "entry_id as entryId",
      "request_id as requestId",
      "window_pc_id as windowPcId",
      "window_no as windowNo",
      "case_no as caseNo",
      "visit_no as visitNo",
      "case_completed as caseCompleted",
      "item_code as itemCode",
      "item_name as itemName",
      "staff_no as staffNo",
      "clerk_name as clerkName",
      "trigger",
      "level",
      "circumstance",
      "secured",
      "reason",
      "channel",
      "subject",
      "standing",
      "shared_from as sharedFrom",
      "at_ms as atMs",
      "received_at_ms as receivedAtMs",
      "clock_offset_ms as clockOffsetMs",
    ])
    .select((column) =>
      column
        .and([
          column("kind", "=", "not-rated"),
          column.exists(column.selectFrom("ratings").select("ratings.seq").whereRef("ratings.request_id", "=", "outcomes.request_id")),
        ])
        .$castTo<boolean>()
        .as("ratedLater"),
    )
    .select((column) =>
      column
        .and([
          column("standing", "in", ["first", "correction"]),
          column.not(column.exists(column.selectFrom("ratings").select("ratings.seq").whereRef("ratings.supersedes", "=", "outcomes.seq"))),
        ])
        .$castTo<boolean | null>()
        .as("effective"),
    )
    .$if(query.after !== undefined, (select) => select.where("seq", "<", query.after as number))
    .$if(kind !== undefined, (select) => select.where("kind", "=", kind as "rating"))
    .$if(query.window !== undefined, (select) => select.where("window_no", "=", query.window as string))
    .$if(query.staffNo !== undefined, (select) => select.where("staff_no", "=", query.staffNo as string))
    .$if(query.level !== undefined, (select) => select.where("level", "=", query.level as 1))
    .$if(query.from !== undefined, (select) => select.where("at_ms", ">=", query.from as number))
    .$if(query.to !== undefined, (select) => select.where("at_ms", "<", query.to as number))
    .orderBy("seq", "desc")
    .limit(query.limit + 1)
    .execute();
  const page = cutPage(rows, query.limit);
  return { ratings: page.rows, next: page.next };
};
