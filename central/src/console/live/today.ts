import type { Level } from "@window-rating/protocol/rating";
import { sql } from "kysely";
import { type CivilDate, dateAt, endOf, startOf } from "../../calendar/civil-date.ts";
import type { CentralDatabase } from "../../database/tables.ts";
import type { LevelCounts } from "../contract/fields.ts";

/** What happened at one place on a day. */
export interface Sums extends LevelCounts {
  notRated: number;
}

type FiveCounts = LevelCounts["given"];
const none = (): FiveCounts => [0, 0, 0, 0, 0];
export const noSums = (): Sums => ({ given: none(), default: none(), items: { given: none(), default: none() }, notRated: 0 });

const plus = (one: FiveCounts, other: FiveCounts): FiveCounts => [
  one[0] + other[0],
  one[1] + other[1],
  one[2] + other[2],
  one[3] + other[3],
  one[4] + other[4],
];
export const addSums = (one: Sums, other: Sums): Sums => ({
  given: plus(one.given, other.given),
  default: plus(one.default, other.default),
  items: { given: plus(one.items.given, other.items.given), default: plus(one.items.default, other.items.default) },
  notRated: one.notRated + other.notRated,
});

/** Of what a count of ratings is. */
export interface Counted {
  readonly level: Level;
  readonly is_item: boolean;
  readonly is_default: boolean;
}

/** Puts a count where it belongs. Given and default stay apart (I10), and so do clerks and items. */
export const count = (sums: Sums, { level, is_item, is_default }: Counted, howMany: number): void => {
  const of = is_item ? sums.items : sums;
  of[is_default ? "default" : "given"][(level - 1) as 0 | 1 | 2 | 3 | 4] += howMany;
};

/** What `count` asks of a rating `r`. */
export const COUNTED = sql`r.level, r.subject = 'item' as is_item, r.channel = 'default' as is_default`;
/** A rating `r` that counts for a clerk or an item, once also where it is valid for a whole batch. */
export const COUNTS = sql`r.subject in ('staff', 'item') and r.standing <> 'beside' and r.shared_from is null
  and not exists (select from ratings later where later.supersedes = r.seq)`;
/** A request `n` that ended without a rating and got none later. */
export const STAYED_UNRATED = sql`not exists (select from ratings r where r.request_id = n.request_id)`;

export interface Today {
  readonly day: CivilDate;
  readonly windows: ReadonlyMap<string, Sums>;
  readonly lastRatingAtMs: ReadonlyMap<string, number>;
}

/** However many watch, today's ratings are counted once in this time. */
const FRESH_MS = 1000;

/** Today's sums of every window, counted once for all who watch. */
export class TodayBook {
  readonly #db: CentralDatabase;
  readonly #now: () => number;
  #readAtMs = Number.NEGATIVE_INFINITY;
  #reading: Promise<Today> | undefined;

  constructor(db: CentralDatabase, now: () => number) {
    this.#db = db;
    this.#now = now;
  }

  read(): Promise<Today> {
    const nowMs = this.#now();
    if (this.#reading !== undefined && Math.abs(nowMs - this.#readAtMs) < FRESH_MS) return this.#reading;
    this.#readAtMs = nowMs;
    const reading = readToday(this.#db, dateAt(nowMs));
    this.#reading = reading;
    reading.catch(() => {
      if (this.#reading === reading) this.#reading = undefined;
    });
    return reading;
  }
}

const readToday = async (db: CentralDatabase, day: CivilDate): Promise<Today> => {
  const [fromMs, toMs] = [startOf(day), endOf(day)];
  const [rated, notRated] = await Promise.all([
    sql<Counted & { window_no: string; ratings: number; last_at_ms: number }>`
      select r.window_no, ${COUNTED}, count(*) as ratings, max(r.at_ms) as last_at_ms
      from ratings r where r.at_ms >= ${fromMs}::bigint and r.at_ms < ${toMs}::bigint and r.window_no is not null and ${COUNTS}
      group by 1, 2, 3, 4`.execute(db),
    sql<{ window_no: string; requests: number }>`
      select n.window_no, count(*) as requests from not_rated n
      where n.at_ms >= ${fromMs}::bigint and n.at_ms < ${toMs}::bigint and ${STAYED_UNRATED} group by 1`.execute(db),
  ]);
  const windows = new Map<string, Sums>();
  const lastRatingAtMs = new Map<string, number>();
  const of = (windowNo: string): Sums => {
    const sums = windows.get(windowNo) ?? noSums();
    windows.set(windowNo, sums);
    return sums;
  };
  for (const { window_no, ratings, last_at_ms, ...counted } of rated.rows) {
    count(of(window_no), counted, ratings);
    if (!counted.is_default && !counted.is_item) lastRatingAtMs.set(window_no, Math.max(lastRatingAtMs.get(window_no) ?? 0, last_at_ms));
  }
  for (const { window_no, requests } of notRated.rows) of(window_no).notRated += requests;
  return { day, windows, lastRatingAtMs };
};
