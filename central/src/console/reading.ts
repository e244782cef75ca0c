import { WindowRatingError } from "@window-rating/protocol/error";
import { sql } from "kysely";
import type { CentralDatabase } from "../database/tables.ts";
import type { Tx } from "../ratings/rating-rows.ts";

/** Nobody waits longer for a page; the database has others to serve. */
const PAGE_MS = 15_000;

/** SQLSTATE of a statement that ran into its time limit. */
const TOO_LONG = "57014";

const isTooLong = (error: unknown): boolean => error instanceof Error && "code" in error && error.code === TOO_LONG;

/** Runs queries, but not for ever. @throws WindowRatingError WR7046 if they take too long */
export const readInTime = async <T>(db: CentralDatabase, read: (tx: Tx) => Promise<T>, withinMs = PAGE_MS): Promise<T> => {
  try {
    return await db.transaction().execute(async (tx) => {
      await sql`select set_config('statement_timeout', ${String(withinMs)}, true)`.execute(tx);
      return read(tx);
    });
  } catch (error) {
    throw isTooLong(error) ? new WindowRatingError("WR7046", `No answer within ${withinMs / 1000} s`, error) : error;
  }
};

/**
 * Runs queries that find every row by an index in its order. The planner is told so: for the first page of a list it may otherwise
 * believe that to read a table whole and sort it comes cheaper.
 * @throws WindowRatingError WR7046 if they take too long
 */
export const readByIndex = <T>(db: CentralDatabase, read: (tx: Tx) => Promise<T>, withinMs = PAGE_MS): Promise<T> =>
  readInTime(
    db,
    async (tx) => {
      await sql`
        select set_config('enable_seqscan', 'off', true), set_config('enable_bitmapscan', 'off', true), set_config('enable_hashjoin', 'off', true),
          set_config('enable_mergejoin', 'off', true), set_config('jit', 'off', true), set_config('max_parallel_workers_per_gather', '0', true)`.execute(
        tx,
      );
      return read(tx);
    },
    withinMs,
  );
