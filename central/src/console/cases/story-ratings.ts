import type { Level } from "@window-rating/protocol/rating";
import { sql } from "kysely";
import type { Tx } from "../../ratings/rating-rows.ts";
import type { Channel, Standing, SubjectKind } from "../../ratings/submission.ts";
import type { CaseEvent } from "../contract/cases.ts";
import { ratingsOfCase } from "../ratings/search.ts";
import { storyWords } from "./story-words.ts";

interface RatingRow {
  readonly seq: number;
  readonly at_ms: number;
  readonly level: Level;
  readonly channel: Channel;
  readonly subject: SubjectKind;
  readonly standing: Standing;
  readonly visit_no: number | null;
  readonly supersedes: number | null;
  readonly is_superseded: boolean;
  readonly shared_from: number | null;
  readonly origin: string | null;
  readonly typed_by: string | null;
  readonly number: number | null;
  readonly window_pc_id: string | null;
}

/** The ratings of a case that an account sees, and what is said of them. */
export interface RatingEvents {
  readonly events: CaseEvent[];
  readonly ratings: readonly number[];
  /** Steps of the rules by which default ratings came about. */
  readonly steps: readonly string[];
}

/** What was given, and what was not. @param sees whether a visit of this number is shown */
export const ratingEvents = async (tx: Tx, caseNo: string, sees: (visitNo: number) => boolean): Promise<RatingEvents> => {
  const { rows } = await sql<RatingRow>`
    select r.seq, r.at_ms, r.level, r.channel, r.subject, r.standing, r.visit_no, r.supersedes, r.shared_from, r.origin, r.typed_by,
      exists (select from ratings later where later.supersedes = r.seq) as is_superseded, e.number, e.window_pc_id
    from (${ratingsOfCase(caseNo)}) own join ratings r on r.seq = own.seq left join proven_entries e on e.entry_id = r.entry_id
    order by r.at_ms, r.seq`.execute(tx);
  const seen = rows.filter(({ visit_no }) => visit_no === null || sees(visit_no));
  return {
    events: [...seen.map(ratingEvent), ...(await notRatedEvents(tx, caseNo, sees))],
    ratings: seen.map(({ seq }) => seq),
    steps: seen.flatMap(stepOf),
  };
};

const ratingEvent = (row: RatingRow): CaseEvent => ({
  kind: "rating",
  atMs: row.at_ms,
  clock: row.number === null ? (row.channel === "default" ? "central" : "channel") : "window-pc",
  by: row.channel === "default" ? "rules" : row.typed_by === null ? "citizen" : `typed by ${row.typed_by}`,
  text: storyWords.rating(row.level, row.channel, row.subject, row.standing, row.shared_from !== null),
  visitNo: row.visit_no,
  ratingNo: row.seq,
  level: row.level,
  channel: row.channel,
  subject: row.subject,
  standing: row.standing,
  effective: row.standing !== "beside" && !row.is_superseded,
  supersedes: row.supersedes,
  sharedFrom: row.shared_from,
  entryNumber: row.number,
  windowPcId: row.window_pc_id,
});

const stepOf = ({ channel, origin }: RatingRow): string[] => {
  if (channel !== "default" || origin === null) return [];
  const { stepId } = JSON.parse(origin) as { stepId?: unknown };
  return typeof stepId === "string" ? [stepId] : [];
};

const notRatedEvents = async (tx: Tx, caseNo: string, sees: (visitNo: number) => boolean): Promise<CaseEvent[]> => {
  const { rows } = await sql<{ at_ms: number; visit_no: number; reason: string; number: number | null; rated_later: boolean }>`
    select n.at_ms, n.visit_no, n.reason, e.number, exists (select from ratings r where r.request_id = n.request_id) as rated_later
    from not_rated n left join proven_entries e on e.entry_id = n.entry_id where n.case_no = ${caseNo}::text`.execute(tx);
  return rows
    .filter(({ visit_no }) => sees(visit_no))
    .map(({ at_ms: atMs, visit_no: visitNo, reason, number, rated_later: ratedLater }) => ({
      kind: "not-rated",
      atMs,
      clock: "window-pc",
      by: "window-pc",
      text: storyWords.notRated(visitNo, reason, ratedLater),
      visitNo,
      reason,
      entryNumber: number,
      ratedLater,
    }));
};
