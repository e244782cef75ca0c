import type { Level } from "@window-rating/protocol/rating";
import type { OwnRating } from "../clerks/own-totals.ts";
import type { Sqlite } from "./database.ts";

export interface OwnRatings {
  /**
   * The newest ratings of a clerk at pads of this PC, in the order in which they were written.
   * @param pool they begin with the first one of a pool: the first ever, or one that so many, or a multiple, came before
   * @param most so many pools, and what belongs to none yet
   */
  of(staffNo: string, pool: number, most: number): OwnRating[];
}

export const ownRatings = (database: Sqlite): OwnRatings => {
  const mine = "FROM requests JOIN ratings USING (request_id) WHERE json_extract(binding, '$.staffNo') = ?";
  const count = database.prepare<[string], { n: number }>(`SELECT count(*) AS n ${mine}`);
  const newest = database.prepare<[string, number], { level: Level; writtenMs: number }>(
    `SELECT level, written_ms AS writtenMs FROM (SELECT level, entry_number ${mine}) own JOIN entries ON entries.number = entry_number
     ORDER BY entry_number LIMIT -1 OFFSET ?`,
  );
  return {
    of(staffNo, pool, most) {
      const whole = Math.floor((count.get(staffNo)?.n ?? 0) / pool);
      return newest.all(staffNo, Math.max(0, whole - most) * pool);
    },
  };
};
