import type { Entry } from "@window-rating/protocol/sync";
import { sql } from "kysely";
import { openPostgres } from "../src/database/open.ts";
import { makeEnrolmentCode } from "../src/enrolment.ts";

/** Rows counted in the tables themselves, and what the instances keep count of. */
export interface RowCounts {
  readonly entries: number;
  readonly ratings: number;
  readonly notRated: number;
  /** Visits with a rating that counts. */
  readonly ratedVisits: number;
  readonly setAside: number;
  readonly incidents: number;
  /** Running counts of the window PCs, all together. */
  readonly toldRatings: number;
  readonly toldNotRated: number;
  /** Sum of the highest number up to which each window PC's chain is whole. */
  readonly gapless: number;
}

/** The database behind a hall's instances, for whoever prepares and counts. */
export interface HeldByCentral {
  enrolmentCode(windowNo: string): Promise<string>;
  counts(): Promise<RowCounts>;
  /** The chain of one window PC as central keeps it, by number. */
  chainOf(windowPcId: string): Promise<Entry[]>;
  close(): Promise<void>;
}

export const openHeld = async (databaseUrl: string): Promise<HeldByCentral> => {
  const db = await openPostgres(databaseUrl, Date.now, () => {});
  return {
    enrolmentCode: async (windowNo) => (await makeEnrolmentCode(db, windowNo, 60, Date.now())).code,
    async counts() {
      const { rows } = await sql<RowCounts>`select
        (select count(*) from entries) as entries,
        (select count(*) from ratings) as ratings,
        (select count(*) from not_rated) as "notRated",
        (select count(*) from visits where staff_rating is not null) as "ratedVisits",
        (select count(*) from set_aside) as "setAside",
        (select count(*) from incidents) as incidents,
        (select sum(ratings)::bigint from window_pcs) as "toldRatings",
        (select sum(not_rated)::bigint from window_pcs) as "toldNotRated",
        (select sum(highest_gapless)::bigint from window_pcs) as gapless`.execute(db);
      return rows[0] as RowCounts;
    },
    chainOf: (windowPcId) =>
      db
        .selectFrom("entries")
        .select(["entry_id as entryId", "number", "previous_hash as previousHash", "hash", "signature", "body"])
        .where("window_pc_id", "=", windowPcId)
        .orderBy("number")
        .execute(),
    close: () => db.destroy(),
  };
};
