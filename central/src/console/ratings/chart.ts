import { WindowRatingError } from "@window-rating/protocol/error";
import { type RawBuilder, sql } from "kysely";
import { addDays, type CivilDate, endOf, startOf } from "../../calendar/civil-date.ts";
import { civilDateSchema } from "../../calendar/schema.ts";
import type { CentralDatabase } from "../../database/tables.ts";
import type { Tx } from "../../ratings/rating-rows.ts";
import { CHART_DAYS, type ChartAnswer, type ChartQuery } from "../contract/ratings.ts";
import { COUNTED, COUNTS, type Counted, count, noSums, STAYED_UNRATED, type Sums } from "../live/today.ts";
import type { Places } from "../places.ts";
import { readInTime } from "../reading.ts";

interface Bar {
  readonly day: CivilDate;
  readonly window_no: string | null;
  readonly how_many: number;
}
interface RatedBar extends Bar, Counted {}

/** A long period is summed week by week, so that no statement holds all of its rows. */
const DAYS_AT_A_TIME = 7;

/** The day in China of a moment. */
const dayOf = (atMs: RawBuilder<unknown>): RawBuilder<string> =>
  sql<string>`to_char(to_timestamp(${atMs} / 1000.0) at time zone interval '8 hours', 'YYYY-MM-DD')`;

/**
 * Ratings by day and by window: of clerks and of items, those that count, each once; given and default apart, and beside them the requests
 * that nobody answered. Ratings of items whose case was served at no window are those of their agency.
 * @throws WindowRatingError WR7001 for a period that is none or longer than a chart holds
 */
export const readChart = (db: CentralDatabase, query: ChartQuery, places: Places, nowMs: number): Promise<ChartAnswer> => {
  const [from, to] = [civilDateSchema.parse(query.from), civilDateSchema.parse(query.to)];
  const days = daysOf(from, to);
  return readInTime(db, async (tx) => {
    const byDay = new Map(days.map((day) => [day, noSums()]));
    const byWindow = new Map<string | null, Sums>();
    for (let first = 0; first < days.length; first += DAYS_AT_A_TIME) {
      const some = days.slice(first, first + DAYS_AT_A_TIME);
      const [fromMs, toMs] = [startOf(some[0] as CivilDate), endOf(some.at(-1) as CivilDate)];
      const sumsOf = ({ day, window_no }: Bar): Sums[] => {
        const ofWindow = byWindow.get(window_no) ?? noSums();
        byWindow.set(window_no, ofWindow);
        const ofDay = byDay.get(day);
        return ofDay === undefined ? [ofWindow] : [ofDay, ofWindow];
      };
      for (const bar of await rated(tx, places, fromMs, toMs)) for (const sums of sumsOf(bar)) count(sums, bar, bar.how_many);
      for (const bar of await unrated(tx, places, fromMs, toMs)) for (const sums of sumsOf(bar)) sums.notRated += bar.how_many;
    }
    return {
      from,
      to,
      days: [...byDay].map(([day, sums]) => ({ day, ...sums })),
      windows: [...byWindow]
        .map(([windowNo, sums]) => ({ windowNo, ...sums }))
        .sort((one, other) => byNumber.compare(one.windowNo ?? "\u{10ffff}", other.windowNo ?? "\u{10ffff}")),
      asOfMs: nowMs,
    };
  });
};

const byNumber = new Intl.Collator("zh", { numeric: true });

const daysOf = (from: CivilDate, to: CivilDate): CivilDate[] => {
  const days: CivilDate[] = [];
  for (let day = from; day <= to; day = addDays(day, 1)) {
    days.push(day);
    if (days.length > CHART_DAYS) throw new WindowRatingError("WR7001", `to: a chart holds ${CHART_DAYS} days at most`);
  }
  if (days.length === 0) throw new WindowRatingError("WR7001", "to: is before from");
  return days;
};

const atPlaces = (places: Places, windowNo: RawBuilder<unknown>): RawBuilder<unknown> =>
  places.is === "all" ? sql`true` : sql`${windowNo} = any(${places.windows}::text[])`;

/** An agency's items, where no window served their case. */
const ofOwnItems = (places: Places): RawBuilder<unknown> =>
  places.is === "all" || places.items.length === 0
    ? sql`false`
    : sql`(r.window_no is null and r.subject = 'item' and r.item_code = any(${places.items}::text[]))`;

const rated = async (tx: Tx, places: Places, fromMs: number, toMs: number): Promise<readonly RatedBar[]> => {
  const { rows } = await sql<RatedBar>`
    select ${dayOf(sql`r.at_ms`)} as day, r.window_no, ${COUNTED}, count(*) as how_many
    from ratings r where r.at_ms >= ${fromMs}::bigint and r.at_ms < ${toMs}::bigint
      and (${atPlaces(places, sql`r.window_no`)} or ${ofOwnItems(places)}) and ${COUNTS}
    group by 1, 2, 3, 4, 5`.execute(tx);
  return rows;
};

const unrated = async (tx: Tx, places: Places, fromMs: number, toMs: number): Promise<readonly Bar[]> => {
  const { rows } = await sql<Bar>`
    select ${dayOf(sql`n.at_ms`)} as day, n.window_no, count(*) as how_many
    from not_rated n where n.at_ms >= ${fromMs}::bigint and n.at_ms < ${toMs}::bigint and ${atPlaces(places, sql`n.window_no`)} and ${STAYED_UNRATED}
    group by 1, 2`.execute(tx);
  return rows;
};
