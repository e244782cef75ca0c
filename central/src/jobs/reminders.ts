import { type RawBuilder, sql } from "kysely";
import { dateAt } from "../calendar/civil-date.ts";
import { type PackedColumn, packedRows } from "../database/packed-columns.ts";
import type { EventId } from "../policy/vocabulary.ts";
import { submissionId, type Tx } from "../ratings/rating-rows.ts";
import { recordDaySteps } from "./day-steps.ts";
import { isOver, isRatedOnSite, type ReminderLimits, servedAtOfCase } from "./reminder-limits.ts";
import type { RunningRule } from "./rules-in-force.ts";
import type { Batch } from "./turn.ts";

const DAY_MS = 86_400_000;

/** Where the sweep has come to among the completed cases. */
export interface CaseKey {
  readonly completedAtMs: number;
  readonly caseNo: string;
}

interface Candidate {
  readonly case_no: string;
  readonly completed_at_ms: number;
  readonly event_ms: number;
  readonly is_rated: boolean;
  readonly served_at_ms: number | null;
  readonly has_contact: boolean;
}

interface Decision {
  readonly caseNo: string;
  readonly eventMs: number;
  readonly dueMs: number;
  readonly stepId: string | null;
  readonly outcome: "queued" | "no-contact" | "too-late" | "rated";
  /** Under which the gateway takes the message once. */
  readonly key: string;
}

/** When that happened which starts the clock. "Data of the case arrived" tells of a completed case, so it is not before completion. */
export const eventMs = (event: EventId): RawBuilder<number> =>
  event === "case-data-arrived" ? sql<number>`greatest(c.received_at_ms, c.completed_at_ms)` : sql<number>`c.completed_at_ms`;

interface Within {
  readonly withinDays: number;
  readonly limits: ReminderLimits;
  readonly nowMs: number;
}

const messageKey = (caseNo: string): string => submissionId("reminder", caseNo);

/**
 * Decides, in the order in which they come due, whether the applicants of completed cases without a rating are reminded. What is
 * decided, the message in the outbox and the mark on the case are written together.
 */
export const remindBatch = async (
  tx: Tx,
  rule: RunningRule,
  { from, batch, withinDays, limits, nowMs }: { from: CaseKey | undefined; batch: number } & Within,
): Promise<Batch<CaseKey>> => {
  const { upToMs, sinceMs } = rule;
  if (upToMs === undefined) return { done: 0, next: undefined };
  const event = eventMs(rule.event);
  const { rows } = await sql<Candidate>`
    with due as materialized (
    select c.case_no, c.completed_at_ms, ${event} as event_ms from cases c
    where c.item_rating is null and c.reminder_decided_at_ms is null and c.completed_at_ms is not null
      and c.completed_at_ms >= ${sinceMs}::bigint and c.completed_at_ms <= ${upToMs}::bigint and ${event} <= ${upToMs}::bigint
      ${from === undefined ? sql`` : sql`and (c.completed_at_ms, c.case_no) > (${from.completedAtMs}::bigint, ${from.caseNo}::text)`}
    order by c.completed_at_ms, c.case_no
    limit ${batch} for update of c skip locked)
    select c.*, ${isRatedOnSite(limits)} as is_rated, ${servedAtOfCase(limits)} as served_at_ms, contact.there is not null as has_contact
    from due c left join lateral (select true as there from case_contacts k where k.case_no = c.case_no limit 1) contact on true
    order by c.completed_at_ms, c.case_no`.execute(tx);
  const unrated = rows.filter(({ is_rated }) => !is_rated);
  const steps = await recordDaySteps(
    tx,
    rule,
    unrated.map((one) => one.event_ms),
    nowMs,
  );
  const decide = (one: Candidate): Decision => {
    const dueMs = rule.dueMs(one.event_ms);
    const late = nowMs - dueMs > withinDays * DAY_MS || isOver(limits, one.served_at_ms, nowMs) ? "too-late" : "queued";
    const outcome = one.is_rated ? "rated" : one.has_contact ? late : "no-contact";
    const stepId = steps.get(dateAt(one.event_ms)) ?? null;
    return { caseNo: one.case_no, eventMs: one.event_ms, dueMs, stepId, outcome, key: messageKey(one.case_no) };
  };
  await write(tx, rows.map(decide), nowMs);
  const last = rows.at(-1);
  const isLast = rows.length < batch || last === undefined;
  return { done: unrated.length, next: isLast ? undefined : { completedAtMs: last.completed_at_ms, caseNo: last.case_no } };
};

/**
 * Reminds of cases whose contact came only after it was decided that there was none; as long as they are not rated.
 * @param sinceMs contacts that came since
 */
export const remindLate = async (
  tx: Tx,
  rule: RunningRule,
  { sinceMs, batch, withinDays, limits, nowMs }: { sinceMs: number; batch: number } & Within,
): Promise<Batch<never>> => {
  const { rows } = await sql<{ case_no: string; event_ms: number; due_ms: number; step_id: string; served_at_ms: number | null }>`
    select distinct on (c.case_no) c.case_no, m.event_ms, m.due_ms, m.step_id, ${servedAtOfCase(limits)} as served_at_ms
    from case_contacts k join cases c on c.case_no = k.case_no join reminders m on m.case_no = k.case_no
    where k.received_at_ms >= ${sinceMs}::bigint and m.outcome = 'no-contact' and m.due_ms >= ${nowMs - withinDays * DAY_MS}::bigint
      and c.item_rating is null and not ${isRatedOnSite(limits)}
      and c.completed_at_ms >= ${rule.sinceMs}::bigint
      and not exists (select 1 from reminders o where o.case_no = k.case_no and o.outcome <> 'no-contact')
    order by c.case_no limit ${batch}`.execute(tx);
  const decisions = rows.map(
    (one): Decision => ({
      caseNo: one.case_no,
      eventMs: one.event_ms,
      dueMs: one.due_ms,
      stepId: one.step_id,
      outcome: isOver(limits, one.served_at_ms, nowMs) ? "too-late" : "queued",
      key: messageKey(one.case_no),
    }),
  );
  await write(tx, decisions, nowMs);
  return { done: rows.length, next: undefined };
};

const COLUMNS: readonly PackedColumn<Decision>[] = [
  { name: "case_no", type: "text", of: ({ caseNo }) => caseNo },
  { name: "event_ms", type: "bigint", of: (one) => one.eventMs },
  { name: "due_ms", type: "bigint", of: ({ dueMs }) => dueMs },
  { name: "step_id", type: "uuid", of: ({ stepId }) => stepId },
  { name: "outcome", type: "text", of: ({ outcome }) => outcome },
  { name: "key", type: "uuid", of: ({ key }) => key },
];

const write = async (tx: Tx, decisions: readonly Decision[], nowMs: number): Promise<void> => {
  if (decisions.length === 0) return;
  await sql`
    with decided as materialized (select * from ${packedRows("packed", COLUMNS, decisions)}),
    kept as (
      insert into reminders (case_no, event_ms, due_ms, step_id, outcome, decided_at_ms)
      select case_no, event_ms, due_ms, step_id, outcome, ${nowMs}::bigint from decided where outcome <> 'rated' order by due_ms, case_no),
    queued as (
      insert into sms_messages (key, kind, case_no, state, due_ms, not_before_ms, queued_at_ms)
      select key, 'reminder', case_no, 'waiting', due_ms, due_ms, ${nowMs}::bigint from decided where outcome = 'queued'
      order by due_ms, case_no)
    update cases set reminder_decided_at_ms = ${nowMs}::bigint from decided where cases.case_no = decided.case_no`.execute(tx);
};
