import { type RawBuilder, sql } from "kysely";
import { dateAt } from "../calendar/civil-date.ts";
import type { Pack } from "../policy/pack-schema.ts";
import type { RatingPolicy } from "../ratings/policy.ts";

/**
 * Whom a reminder is no use to. Everywhere: who has rated the item, by itself or by a press that counts for it (002 5.2). A rating of the
 * clerk alone answers another question (001 二(三)1 asks for both, apart), so it keeps nobody from being asked for the item; else the
 * default rating would be given to what nobody was ever asked about.
 */
export interface ReminderLimits {
  /** The clause itself leaves out who rated at the window (004 四(四): 无现场评价、网上评价结果的): at the visit that completed the case, no earlier one. */
  readonly exceptOnSite: boolean;
  /** Until when the item may be rated at all, by when it was served; null: without end. Who could no longer answer is not asked. */
  readonly endsMs: ((servedAtMs: number) => number | null) | null;
}

export const NO_LIMITS: ReminderLimits = { exceptOnSite: false, endsMs: null };

export const reminderLimitsOf = ({ reminder, rules }: Pack, { supplementUntilMs }: RatingPolicy): ReminderLimits => ({
  exceptOnSite: reminder.said && reminder.exceptRatedOnSite === true,
  endsMs: supplementUntilMs === undefined || "saysNothing" in rules.supplementary ? null : byDay(supplementUntilMs),
});

/** The end is counted in days: it is asked for once a day of service, not once a case. */
const byDay = (endOf: (servedAtMs: number) => number | null): ((servedAtMs: number) => number | null) => {
  const ends = new Map<string, number | null>();
  return (servedAtMs) => {
    const day = dateAt(servedAtMs);
    if (!ends.has(day)) ends.set(day, endOf(servedAtMs));
    return ends.get(day) ?? null;
  };
};

/** Whether the visit that completed case `c` was rated by a person, where that is enough. */
export const isRatedOnSite = ({ exceptOnSite }: ReminderLimits): RawBuilder<boolean> =>
  exceptOnSite
    ? sql<boolean>`coalesce((select r.case_completed and r.channel <> 'default' from visits v left join ratings r on r.seq = v.staff_rating
        where v.case_no = c.case_no order by v.visit_no desc limit 1), false)`
    : sql<boolean>`false`;

/** When case `c` was served, as openCase of ratings/subjects.ts has it; null where there is no end. */
export const servedAtOfCase = ({ endsMs }: ReminderLimits): RawBuilder<number | null> =>
  endsMs === null
    ? sql<null>`null::bigint`
    : sql<number | null>`(select case when max(v.ended_at_ms) is null then null else greatest(c.completed_at_ms, max(v.ended_at_ms)) end
        from visits v where v.case_no = c.case_no)`;

/** Whether a rating of the item would be refused by now. */
export const isOver = ({ endsMs }: ReminderLimits, servedAtMs: number | null, nowMs: number): boolean => {
  const end = servedAtMs === null ? null : (endsMs?.(servedAtMs) ?? null);
  return end !== null && nowMs > end;
};
