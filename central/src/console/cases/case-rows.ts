import type { Level } from "@window-rating/protocol/rating";
import { sql } from "kysely";
import type { Tx } from "../../ratings/rating-rows.ts";
import type { Channel } from "../../ratings/submission.ts";
import type { CaseRow } from "../contract/cases.ts";
import type { Places } from "../places.ts";

interface RatedRow {
  readonly rating: number | null;
  readonly level: Level | null;
  readonly channel: Channel | null;
  readonly at_ms: number | null;
}
interface Row extends RatedRow {
  readonly case_no: string;
  readonly item_code: string;
  readonly item_name: string;
  readonly agency_code: string | null;
  readonly theme_no: string | null;
  readonly online: boolean | null;
  readonly accepted_at_ms: number | null;
  readonly completed_at_ms: number | null;
  readonly received_at_ms: number;
  readonly told_by: string;
}
interface VisitRow extends RatedRow {
  readonly case_no: string;
  readonly visit_no: number;
  readonly window_no: string | null;
  readonly staff_no: string | null;
  readonly clerk_name: string | null;
  readonly batch_no: string | null;
  readonly ended_at_ms: number | null;
  readonly told_by: string;
}

const effective = ({ rating, level, channel, at_ms: atMs }: RatedRow): CaseRow["rating"] =>
  rating === null || level === null || channel === null || atMs === null ? null : { ratingNo: rating, level, channel, atMs };

/** A case as an account sees it, and whether there is more of it elsewhere. */
export interface SeenCase {
  readonly row: CaseRow;
  readonly elsewhere: boolean;
}

/**
 * Cases with their visits and the ratings that count, in the order of the numbers given. Whose case it is sees all visits of it; who had a
 * visit at a window of theirs sees that one.
 */
export const readCases = async (tx: Tx, caseNos: readonly string[], places: Places): Promise<SeenCase[]> => {
  if (caseNos.length === 0) return [];
  const cases = await sql<Row>`
    select c.case_no, c.item_code, c.item_name, c.agency_code, c.theme_no, c.online, c.accepted_at_ms, c.completed_at_ms, c.received_at_ms, c.told_by,
      r.seq as rating, r.level, r.channel, r.at_ms
    from unnest(${caseNos}::text[]) with ordinality asked(case_no, place) join cases c on c.case_no = asked.case_no collate "C"
      left join ratings r on r.seq = c.item_rating
    order by asked.place`.execute(tx);
  const visits = await sql<VisitRow>`
    select v.case_no, v.visit_no, v.window_no, v.staff_no, v.clerk_name, v.batch_no, v.ended_at_ms, v.told_by,
      r.seq as rating, r.level, r.channel, r.at_ms
    from visits v left join ratings r on r.seq = v.staff_rating where v.case_no = any(${caseNos}::text[])
    order by v.case_no, v.visit_no`.execute(tx);
  const visitsOf = Map.groupBy(visits.rows, ({ case_no }) => case_no);
  return cases.rows.map((one) => {
    const all = visitsOf.get(one.case_no) ?? [];
    const seen =
      isOwn(one, places) || places.is === "all"
        ? all
        : all.filter(({ window_no }) => window_no !== null && places.windows.includes(window_no));
    return { row: caseRow(one, seen), elsewhere: seen.length < all.length };
  });
};

const isOwn = ({ agency_code, item_code }: Row, places: Places): boolean =>
  places.is === "some" && ((agency_code !== null && places.agencies.includes(agency_code)) || places.items.includes(item_code));

const caseRow = (row: Row, visits: readonly VisitRow[]): CaseRow => ({
  caseNo: row.case_no,
  itemCode: row.item_code,
  itemName: row.item_name,
  agencyCode: row.agency_code,
  themeNo: row.theme_no,
  online: row.online,
  acceptedAtMs: row.accepted_at_ms,
  completedAtMs: row.completed_at_ms,
  receivedAtMs: row.received_at_ms,
  toldBy: row.told_by,
  rating: effective(row),
  visits: visits.map((visit) => ({
    visitNo: visit.visit_no,
    windowNo: visit.window_no,
    staffNo: visit.staff_no,
    clerkName: visit.clerk_name,
    batchNo: visit.batch_no,
    endedAtMs: visit.ended_at_ms,
    toldBy: visit.told_by,
    rating: effective(visit),
  })),
});
