import { sql } from "kysely";
import type { CentralDatabase } from "../database/tables.ts";

/** What central holds, in numbers. */
export interface Counts {
  readonly ratings: number;
  /** Requests that ended without a rating, also those of `ratedLater`. */
  readonly notRated: number;
  /** Requests among `notRated` that were rated all the same. */
  readonly ratedLater: number;
  readonly unbound: number;
  /** Refused entries that were not taken since. */
  readonly setAside: number;
  readonly incidents: number;
  /** Runs of missing numbers before entries that have come. */
  readonly holes: number;
  readonly windowPcs: number;
}

/** The running counts that intake keeps: cheap enough to be asked every half second. */
export const readCounts = async (db: CentralDatabase): Promise<Counts> => {
  const total = (column: string) => sql<number>`coalesce(sum(${sql.ref(column)}), 0)::bigint`;
  return db
    .selectFrom("window_pcs")
    .select([
      total("ratings").as("ratings"),
      total("not_rated").as("notRated"),
      total("rated_later").as("ratedLater"),
      total("unbound").as("unbound"),
      total("set_aside").as("setAside"),
      total("incidents").as("incidents"),
      sql<number>`count(*)`.as("windowPcs"),
    ])
    .select((column) =>
      column
        .selectFrom("received_ranges")
        .select((range) => range.fn.countAll<number>().as("holes"))
        .where("first", ">", 1)
        .$asScalar()
        .$notNull()
        .as("holes"),
    )
    .executeTakeFirstOrThrow();
};

/** One window PC, counted from the tables themselves: what the bookkeeping of a demo or an audit relies on. */
export interface WindowPcSummary {
  readonly windowPcId: string;
  readonly windowNo: string;
  readonly highestGapless: number;
  /** Beyond holes too; 0: none; absent where an older central answers. */
  readonly highest?: number;
  readonly lastSeenAtMs: number | null;
  readonly clockOffsetMs: number | null;
  /** Authentic entries received, also those whose content was refused. */
  readonly entries: number;
  readonly ratings: number;
  readonly notRated: number;
  readonly ratedLater: number;
  readonly unbound: number;
  readonly setAside: number;
  readonly incidents: number;
}

/** Counts every row anew, in one statement and so of one moment. */
export const readSummary = async (db: CentralDatabase): Promise<{ windowPcs: WindowPcSummary[] }> => {
  const rows = (table: "entries" | "ratings" | "not_rated" | "unbound" | "incidents") =>
    sql<number>`(select count(*) from ${sql.table(table)} as counted where counted.window_pc_id = pc.window_pc_id)`;
  const windowPcs = await db
    .selectFrom("window_pcs as pc")
    .select([
      "pc.window_pc_id as windowPcId",
      "pc.window_no as windowNo",
      "pc.highest_gapless as highestGapless",
      sql<number>`(select coalesce(max(last), 0) from received_ranges where received_ranges.window_pc_id = pc.window_pc_id)`.as("highest"),
      "pc.last_seen_at_ms as lastSeenAtMs",
      "pc.clock_offset_ms as clockOffsetMs",
      rows("entries").as("entries"),
      rows("ratings").as("ratings"),
      rows("not_rated").as("notRated"),
      sql<number>`(select count(*) from not_rated join ratings using (request_id) where not_rated.window_pc_id = pc.window_pc_id)`.as(
        "ratedLater",
      ),
      rows("unbound").as("unbound"),
      sql<number>`(select count(*) from set_aside aside where aside.window_pc_id = pc.window_pc_id
        and not exists (select from retaken_entries taken where taken.set_aside = aside.seq))`.as("setAside"),
      rows("incidents").as("incidents"),
    ])
    .orderBy("pc.window_no")
    .orderBy("pc.window_pc_id")
    .execute();
  return { windowPcs };
};
