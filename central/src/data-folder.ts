import { chmodSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { WindowRatingError } from "@window-rating/protocol/error";
import { z } from "zod";

/** How the commands reach the central that owns a data folder. */
const administrationSchema = z.strictObject({ url: z.url(), token: z.string().min(32) });
export type AdministrationFile = z.infer<typeof administrationSchema>;

/** A data folder that this process owns: no other central opens it until `release`. */
export interface DataFolder {
  /** Where the embedded database lives. */
  readonly database: string;
  /** Tells the commands where this central listens; readable by the folder's owner only. */
  announce(file: AdministrationFile): void;
  release(): void;
}

const administrationPath = (folder: string): string => join(folder, "administration.json");

/**
 * Takes a data folder, made if it is not there.
 *
 * PGlite has no lock of its own, and two processes on one folder destroy it. Node has no file lock either; SQLite has one
 * that the system gives back however the process ends, so an empty SQLite file serves as the lock.
 * @throws WindowRatingError WR7016 if another process owns it, WR7010 if it cannot be made or written
 */
export const takeDataFolder = (folder: string): DataFolder => {
  const lock = lockFolder(folder);
  return {
    database: join(folder, "pg"),
    announce(file) {
      const unfinished = `${administrationPath(folder)}.new`;
      writeFileSync(unfinished, `${JSON.stringify(file)}\n`, { mode: 0o600 });
      chmodSync(unfinished, 0o600);
      renameSync(unfinished, administrationPath(folder));
    },
    release() {
      rmSync(administrationPath(folder), { force: true });
      lock.close();
    },
  };
};

const lockFolder = (folder: string): DatabaseSync => {
  let lock: DatabaseSync | undefined;
  try {
    mkdirSync(folder, { recursive: true, mode: 0o700 });
    lock = new DatabaseSync(join(folder, "lock.db"), { timeout: 0 });
    lock.exec("begin exclusive");
    return lock;
  } catch (error) {
    lock?.close();
    throw lockFailure(error, folder);
  }
};

const SQLITE_BUSY = 5;

const lockFailure = (error: unknown, folder: string): WindowRatingError =>
  error instanceof Error && "errcode" in error && error.errcode === SQLITE_BUSY
    ? new WindowRatingError("WR7016", folder, error)
    : new WindowRatingError("WR7010", `${folder}: ${error instanceof Error ? error.message : String(error)}`, error);

/** How to reach the central that owns the folder, or undefined if none has announced itself. */
export const readAdministrationFile = (folder: string): AdministrationFile | undefined => {
  try {
    return administrationSchema.parse(JSON.parse(readFileSync(administrationPath(folder), "utf8")));
  } catch {
    return undefined;
  }
};
