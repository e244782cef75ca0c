import { join } from "node:path";
import { WindowRatingError } from "@window-rating/protocol/error";
import Database from "better-sqlite3";

/** A change takes milliseconds; whoever holds on for longer is stuck. */
const PATIENCE_MS = 5000;

/**
 * Reads, changes and writes the pairings while nobody else does: a running window-host and a command are two processes, and the one that
 * writes last would undo what the other wrote. A lock of the operating system, as that of the data folder: it ends with its process.
 * @throws WR8006
 */
export const whilePairingsAreLocked = <Result>(dataDir: string, change: () => Result): Result => {
  let lock: Database.Database;
  try {
    lock = new Database(join(dataDir, "pairings-lock.db"), { timeout: PATIENCE_MS });
  } catch (cause) {
    throw notLocked(cause);
  }
  try {
    try {
      lock.exec("BEGIN EXCLUSIVE");
    } catch (cause) {
      throw notLocked(cause);
    }
    return change();
  } finally {
    lock.close();
  }
};

const notLocked = (cause: unknown): WindowRatingError =>
  new WindowRatingError("WR8006", `the pairings cannot be changed now (${(cause as Error).message})`, cause);
