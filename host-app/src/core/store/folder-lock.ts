import { join } from "node:path";
import { WindowRatingError } from "@window-rating/protocol/error";
import Database from "better-sqlite3";

const LOCKS = { work: "lock.db", rescue: "rescue-lock.db" } as const;

/**
 * Makes sure that one window-host alone works on a data folder. Held as a lock inside a small SQLite file, because the
 * operating system lets go of it whatever ends the process, and it works on every system the same.
 * @param what `rescue`: to wait for a rescue and serve it; the folder itself stays free for the command that does the same
 * @returns the function that gives the folder free
 * @throws WR4005
 */
export const lockFolder = (dataDir: string, what: keyof typeof LOCKS = "work"): (() => void) => {
  const lock = new Database(join(dataDir, LOCKS[what]), { timeout: 0 });
  try {
    lock.exec("BEGIN EXCLUSIVE");
  } catch (error) {
    lock.close();
    throw new WindowRatingError("WR4005", `${dataDir} belongs to a window-host that is running`, error);
  }
  return () => lock.close();
};
