import type { Logger } from "pino";
import type { Clock } from "./clock.ts";
import { backUp } from "./store/backup.ts";
import type { Ballast } from "./store/ballast.ts";
import type { Sqlite } from "./store/database.ts";

export interface BackupJob {
  readonly last: { atMs: number; path: string } | null;
  /** Makes one now, after any that is under way. @returns its path */
  runNow(): Promise<string>;
  stop(): Promise<void>;
}

/** Backs the database up at its times, and puts the ballast back when there is room for it again. */
export const startBackupJob = (options: {
  database: Sqlite;
  folder: string;
  ballast: Ballast;
  everyMinutes: number;
  keep: number;
  clock: Clock;
  logger: Logger;
}): BackupJob => {
  const { database, folder, ballast, keep, clock, logger } = options;
  let last: BackupJob["last"] = null;
  let running: Promise<void> = Promise.resolve();
  const once = async (): Promise<string> => {
    const atMs = clock.wallMs();
    const path = await backUp(database, folder, keep, atMs);
    last = { atMs, path };
    ballast.restore();
    return path;
  };
  const run = async (): Promise<void> => {
    try {
      await once();
    } catch (error) {
      logger.error({ error: String(error) }, "backup failed; it is tried again at the next time");
    }
  };
  const timer = setInterval(() => {
    running = running.then(run);
  }, options.everyMinutes * 60_000);
  timer.unref();
  return {
    get last() {
      return last;
    },
    runNow() {
      const made = running.then(once);
      running = made.then(
        () => undefined,
        () => undefined,
      );
      return made;
    },
    async stop() {
      clearInterval(timer);
      await running;
    },
  };
};
