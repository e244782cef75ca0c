import { WindowRatingError } from "@window-rating/protocol/error";
import type { Level } from "@window-rating/protocol/rating";
import { sql } from "kysely";
import type { CentralDatabase } from "../../database/tables.ts";
import type { Tx } from "../../ratings/rating-rows.ts";
import type { Channel, Standing, SubjectKind } from "../../ratings/submission.ts";
import { COUNTED, type RatingFilters, type RatingQuery, type RatingRow } from "../contract/ratings.ts";
import { cursorOf, cutPage, readCursor } from "../cursor.ts";
import type { Places } from "../places.ts";
import { readByIndex } from "../reading.ts";
import { hasWords, type RatingPosition, searchRatings } from "./search.ts";

interface Row {
  readonly seq: number;
  readonly at_ms: number;
  readonly received_at_ms: number;
  readonly level: Level;
  readonly channel: Channel;
  readonly subject: SubjectKind;
  readonly subject_no: string | null;
  readonly standing: Standing;
  readonly supersedes: number | null;
  readonly superseded_by: number | null;
  readonly shared_from: number | null;
  readonly case_no: string | null;
  readonly visit_no: number | null;
  readonly item_code: string | null;
  readonly item_name: string | null;
  readonly window_no: string | null;
  readonly staff_no: string | null;
  readonly clerk_name: string | null;
  readonly secured: boolean | null;
  readonly by_decision: boolean;
  readonly circumstance: RatingRow["circumstance"];
  readonly reason_codes: string | null;
  readonly has_words: boolean;
  readonly named: RatingRow["named"];
}

/** What a list shows of a rating `r`. */
export const ROW_COLUMNS = sql<Row>`
  r.seq, r.at_ms, r.received_at_ms, r.level, r.channel, r.subject, r.subject_no, r.standing, r.supersedes,
  (select later.seq from ratings later where later.supersedes = r.seq) as superseded_by,
  r.shared_from, r.case_no, r.visit_no, r.item_code, r.item_name, r.window_no, r.staff_no, r.clerk_name, r.secured, r.circumstance,
  exists (select from ratings own where own.seq = coalesce(r.shared_from, r.seq) and own.entry_id is not null and own.origin is not null) as by_decision,
  r.reason_codes, ${hasWords(sql`r`)} as has_words, r.named`;

export const ratingRow = (row: Row): RatingRow => ({
  ratingNo: row.seq,
  atMs: row.at_ms,
  receivedAtMs: row.received_at_ms,
  level: row.level,
  channel: row.channel,
  given: row.channel !== "default",
  subject: row.subject,
  subjectNo: row.subject_no,
  standing: row.standing,
  effective: row.standing !== "beside" && row.superseded_by === null,
  supersedes: row.supersedes,
  supersededBy: row.superseded_by,
  sharedFrom: row.shared_from,
  caseNo: row.case_no,
  visitNo: row.visit_no,
  itemCode: row.item_code,
  itemName: row.item_name,
  windowNo: row.window_no,
  staffNo: row.staff_no,
  clerkName: row.clerk_name,
  origin: row.secured === null ? "without-pad" : row.secured ? "secured" : "unsecured",
  byDecision: row.by_decision,
  circumstance: row.circumstance,
  reasons: row.reason_codes === null || row.reason_codes === "" ? [] : row.reason_codes.split(","),
  hasWords: row.has_words,
  named: row.named,
});

const positionOf = (after: string | undefined): RatingPosition | undefined => {
  if (after === undefined) return undefined;
  const [atMs, ratingNo] = readCursor(after, ["number", "number"]);
  return { atMs, ratingNo };
};

/**
 * One page of ratings, newest first. The position is that of a rating and no count of rows: whatever comes meanwhile, every rating that
 * was there at the first page is on exactly one.
 */
export const listRatings = async (
  db: CentralDatabase,
  { after, limit, ...filters }: RatingQuery,
  places: Places,
): Promise<{ ratings: RatingRow[]; next: string | null }> => {
  const before = positionOf(after);
  const { rows } = await readByIndex(db, (tx) =>
    sql<Row>`
      select ${ROW_COLUMNS} from (${searchRatings(filters, places, limit + 1, before)}) hit join ratings r on r.seq = hit.seq
      order by hit.at_ms desc, hit.seq desc`.execute(tx),
  );
  const page = cutPage(rows, limit, (last) => cursorOf(last.at_ms, last.seq));
  return { ratings: page.rows.map(ratingRow), next: page.next };
};

/** A count is worth so much waiting, and no more. */
const COUNT_MS = 2000;

/** How many ratings fit, up to the number that is worth counting to. */
export const countRatings = async (
  db: CentralDatabase,
  filters: RatingFilters,
  places: Places,
): Promise<{ count: number | null; more: boolean }> => {
  const counting = (tx: Tx) =>
    sql<{ count: number }>`select count(*) as count from (${searchRatings(filters, places, COUNTED + 1)}) hit`.execute(tx);
  try {
    const count = (await readByIndex(db, counting, COUNT_MS)).rows[0]?.count ?? 0;
    return { count: Math.min(count, COUNTED), more: count > COUNTED };
  } catch (error) {
    if (error instanceof WindowRatingError && error.code === "WR7046") return { count: null, more: true };
    throw error;
  }
};
