import type { Transaction } from "kysely";
import type { CentralDatabase, CentralTables } from "./tables.ts";

/** SQLSTATEs that mean: another transaction was first, look again. Unique violation, serialization failure, deadlock. */
const RETRY_STATES = new Set(["23505", "40001", "40P01"]);
const TRIES = 5;

/** Thrown by the work of a transaction to undo what it wrote and run again, since it knows better now. */
export class RunAgain extends Error {}

/**
 * Runs one transaction, and again when another instance got in between: what was new the first time may then be a duplicate.
 * @param work must do nothing but read and write in the transaction; `attempt` is 1, 2, …
 */
export const inTransaction = async <T>(
  db: CentralDatabase,
  work: (transaction: Transaction<CentralTables>, attempt: number) => Promise<T>,
): Promise<T> => {
  for (let attempt = 1; ; attempt++) {
    try {
      return await db.transaction().execute((transaction) => work(transaction, attempt));
    } catch (error) {
      if (attempt === TRIES || !isWorthRetrying(error)) throw error;
    }
  }
};

const isWorthRetrying = (error: unknown): boolean => {
  const state = error instanceof Error && "code" in error ? error.code : undefined;
  return error instanceof RunAgain || (typeof state === "string" && RETRY_STATES.has(state));
};
