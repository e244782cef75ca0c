import { sql } from "kysely";
import type { CentralDatabase } from "../database/tables.ts";
import { inTransaction } from "../database/transaction.ts";
import type { Tx } from "../ratings/rating-rows.ts";

/** Any number nobody else in the database locks with: "WRJB". */
const JOBS_LOCK = 0x5752_4a42;

export const JOB_NAMES = ["reminder", "default-rating", "late-contacts", "send", "static-match"] as const;
export type JobName = (typeof JOB_NAMES)[number];

/** What one batch did. */
export interface Batch<Key> {
  readonly done: number;
  /** Where the next one begins; undefined: this was the last. */
  readonly next: Key | undefined;
}

/**
 * Works off a job in batches, each in a transaction of its own: its effects and the marks that they are done are there together or not
 * at all. One instance does it at a time, for the sake of order; should it be killed, the database takes its lock back and the next one
 * goes on. That nothing is done twice does not hang on this lock but on the marks and unique keys.
 * @returns how much was done, or undefined if another instance is at it
 */
export const workOff = async <Key>(
  db: CentralDatabase,
  job: JobName,
  work: (tx: Tx, from: Key | undefined) => Promise<Batch<Key>>,
): Promise<number | undefined> => {
  let done = 0;
  let from: Key | undefined;
  for (;;) {
    const batch = await inTransaction(db, async (tx) => {
      const { rows } = await sql<{ mine: boolean }>`
        select pg_try_advisory_xact_lock(${JOBS_LOCK}, ${JOB_NAMES.indexOf(job)}) as mine`.execute(tx);
      if (rows[0]?.mine !== true) return undefined;
      // A batch is a few thousand rows of millions, each found by its key; left to itself the planner reads the tables whole for it.
      await sql`select set_config('enable_hashjoin', 'off', true), set_config('enable_mergejoin', 'off', true)`.execute(tx);
      return work(tx, from);
    });
    if (batch === undefined) return done === 0 ? undefined : done;
    done += batch.done;
    if (batch.next === undefined) return done;
    from = batch.next;
  }
};
