import type { Level } from "@window-rating/protocol/rating";
import { sql } from "kysely";
import { dateAt } from "../calendar/civil-date.ts";
import { type PackedColumn, packedRows } from "../database/packed-columns.ts";
import { nextSeqs, submissionId, type Tx } from "../ratings/rating-rows.ts";
import { type DaySteps, recordDaySteps } from "./day-steps.ts";
import { type CaseKey, eventMs } from "./reminders.ts";
import type { RunningRule } from "./rules-in-force.ts";
import type { Batch } from "./turn.ts";

interface Candidate {
  readonly case_no: string;
  readonly completed_at_ms: number;
  readonly event_ms: number;
}

interface DefaultRating {
  readonly seq: number;
  readonly requestId: string;
  readonly caseNo: string;
  /** Of the clerk of a visit; null for the item of the case. */
  readonly visitNo: number | null;
  readonly dueMs: number;
  readonly origin: string;
}

/**
 * Gives the default rating to the items of completed cases that nobody rated, in the order in which it comes due. The rows are those
 * that `acceptRating` would write for the channel `default`; a million of them do not go through it one by one. A case that is being
 * rated at this moment is locked and left alone: it is looked at again in the next run, and then it has its rating.
 */
export const defaultBatch = async (
  tx: Tx,
  rule: RunningRule,
  { from, batch, level, withStaff, nowMs }: { from: CaseKey | undefined; batch: number; level: Level; withStaff: boolean; nowMs: number },
): Promise<Batch<CaseKey>> => {
  const { upToMs, sinceMs } = rule;
  if (upToMs === undefined) return { done: 0, next: undefined };
  const event = eventMs(rule.event);
  const { rows } = await sql<Candidate>`
    select c.case_no, c.completed_at_ms, ${event} as event_ms
    from cases c
    where c.item_rating is null and c.completed_at_ms is not null
      and c.completed_at_ms >= ${sinceMs}::bigint and c.completed_at_ms <= ${upToMs}::bigint and ${event} <= ${upToMs}::bigint
      ${from === undefined ? sql`` : sql`and (c.completed_at_ms, c.case_no) > (${from.completedAtMs}::bigint, ${from.caseNo}::text)`}
    order by c.completed_at_ms, c.case_no
    limit ${batch} for update of c skip locked`.execute(tx);
  const last = rows.at(-1);
  if (last === undefined) return { done: 0, next: undefined };
  const steps = await recordDaySteps(
    tx,
    rule,
    rows.map((one) => one.event_ms),
    nowMs,
  );
  const visits = withStaff ? await openVisits(tx, rows) : [];
  const subjects = subjectsOf(rows, visits);
  const seqs = await nextSeqs(tx, subjects.length);
  const origins = originsOf(rule, steps, last.event_ms);
  await write(
    tx,
    subjects.map(({ visitNo, one }, index) => ({
      seq: seqs[index] as number,
      requestId: submissionId("default", visitNo === null ? `item ${one.case_no}` : `visit ${visitNo} ${one.case_no}`),
      caseNo: one.case_no,
      visitNo,
      dueMs: rule.dueMs(one.event_ms),
      origin: origins(one.event_ms),
    })),
    level,
    nowMs,
  );
  return { done: rows.length, next: rows.length < batch ? undefined : { completedAtMs: last.completed_at_ms, caseNo: last.case_no } };
};

interface OpenVisit {
  readonly case_no: string;
  readonly visit_no: number;
}

const openVisits = async (tx: Tx, rows: readonly Candidate[]): Promise<OpenVisit[]> => {
  const caseNos = rows.map(({ case_no }) => case_no);
  const { rows: visits } = await sql<OpenVisit>`
    select case_no, visit_no from visits where case_no = any(${caseNos}::text[]) and staff_rating is null and ended_at_ms is not null
    order by case_no, visit_no for update`.execute(tx);
  return visits;
};

const subjectsOf = (rows: readonly Candidate[], visits: readonly OpenVisit[]) => {
  const ofCase = Map.groupBy(visits, ({ case_no }) => case_no);
  return rows.flatMap((one): { readonly one: Candidate; readonly visitNo: number | null }[] => [
    { one, visitNo: null },
    ...(ofCase.get(one.case_no) ?? []).map(({ visit_no }) => ({ one, visitNo: visit_no })),
  ]);
};

/** Under what a default rating was computed, as JSON; the step holds the explanation. */
const originsOf = (rule: RunningRule, steps: DaySteps, anyEventMs: number): ((at: number) => string) => {
  const { pack, reading } = rule.explain(anyEventMs);
  return (at) =>
    JSON.stringify({ rule: rule.rule, stepId: steps.get(dateAt(at)) ?? null, packVersion: pack.version, reading, eventMs: at });
};

const COLUMNS: readonly PackedColumn<DefaultRating>[] = [
  { name: "seq", type: "bigint", of: ({ seq }) => seq },
  { name: "request_id", type: "uuid", of: ({ requestId }) => requestId },
  { name: "case_no", type: "text", of: ({ caseNo }) => caseNo },
  { name: "visit_no", type: "smallint", of: ({ visitNo }) => visitNo },
  { name: "due_ms", type: "bigint", of: ({ dueMs }) => dueMs },
  { name: "origin", type: "text", of: ({ origin }) => origin },
];

/** It counts as given when it came due, however late it is written. */
const write = async (tx: Tx, ratings: readonly DefaultRating[], level: Level, nowMs: number): Promise<void> => {
  await sql`
    with due as materialized (select * from ${packedRows("packed", COLUMNS, ratings)}),
    written as (
      insert into ratings (seq, request_id, at_ms, received_at_ms, case_no, visit_no, case_completed, item_code, item_name,
        staff_no, clerk_name, window_no, batch_no, level, channel, subject, standing, origin)
      select due.seq, due.request_id, due.due_ms, ${nowMs}::bigint, due.case_no, due.visit_no, true, c.item_code, c.item_name,
        v.staff_no, v.clerk_name, coalesce(v.window_no, last.window_no), v.batch_no, ${level}::smallint, 'default',
        case when due.visit_no is null then 'item' else 'staff' end, 'first', due.origin
      from due join cases c on c.case_no = due.case_no left join visits v on v.case_no = due.case_no and v.visit_no = due.visit_no
        left join lateral (
          select served.window_no from visits served where due.visit_no is null and served.case_no = due.case_no and served.window_no is not null
          order by served.visit_no desc limit 1) last on true),
    staff as (
      update visits set staff_rating = due.seq from due where visits.case_no = due.case_no and visits.visit_no = due.visit_no)
    update cases set item_rating = due.seq from due where cases.case_no = due.case_no and due.visit_no is null`.execute(tx);
};
