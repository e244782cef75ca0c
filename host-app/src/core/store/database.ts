import { closeSync, existsSync, openSync } from "node:fs";
import { WindowRatingError } from "@window-rating/protocol/error";
import Database from "better-sqlite3";
import { MIGRATIONS } from "./migrations.ts";

export type Sqlite = Database.Database;

/** Steps of the schema this program knows. */
export const SCHEMA_VERSION = MIGRATIONS.length;

const SYNCHRONOUS_FULL = 2;

const codeOf = (error: unknown): string => (error instanceof Database.SqliteError ? error.code : "");

/** True for errors that freed disk space can mend. */
export const isDiskFull = (error: unknown): boolean => codeOf(error) === "SQLITE_FULL" || codeOf(error) === "SQLITE_IOERR_WRITE";

/** True if SQLite found a page it cannot read as what it must be. */
const isDamaged = (error: unknown): boolean => codeOf(error).startsWith("SQLITE_CORRUPT") || codeOf(error) === "SQLITE_NOTADB";

/** The error of this system that stands for one of SQLite's; any other error as it is. */
export const storeError = (error: unknown, path: string): unknown => {
  if (error instanceof WindowRatingError) return error;
  if (isDiskFull(error)) return new WindowRatingError("WR4003", `${path} cannot grow`, error);
  if (isDamaged(error)) return new WindowRatingError("WR4001", `${path}: ${(error as Error).message}`, error);
  if (codeOf(error).startsWith("SQLITE_BUSY")) return new WindowRatingError("WR4005", `${path} is locked`, error);
  if (error instanceof Database.SqliteError) return new WindowRatingError("WR4008", `${path}: ${error.code} ${error.message}`, error);
  return error;
};

/** Sets a pragma and reads it back: a setting that is silently not in force would break I1. @throws WR4004 */
const pragma = (database: Sqlite, setting: string, wanted: string | number): void => {
  const name = setting.split("=")[0]?.trim() as string;
  database.pragma(setting);
  const found = database.pragma(name, { simple: true });
  if (found !== wanted) throw new WindowRatingError("WR4004", `${name} is ${String(found)}, not ${String(wanted)}`);
};

/** SQLite's own reading of the file: "ok", or what it found. */
export const quickCheck = (database: Sqlite): string => {
  try {
    return database.pragma("quick_check(1)", { simple: true }) as string;
  } catch (error) {
    if (isDamaged(error)) return (error as Error).message;
    throw error;
  }
};

const migrate = (database: Sqlite): void => {
  for (let version = database.pragma("user_version", { simple: true }) as number; version < SCHEMA_VERSION; version++) {
    const step = MIGRATIONS[version] as string;
    database
      .transaction(() => {
        database.exec(step);
        database.pragma(`user_version = ${version + 1}`);
      })
      .exclusive();
  }
};

/**
 * Looks at a file before anything may write to it: a connection that may write takes what it can of the log into the file when it closes,
 * and drops the rest, which a rescue may still read.
 */
const refuseUnusable = (path: string): void => {
  const database = new Database(path, { readonly: true, fileMustExist: true, timeout: 2000 });
  try {
    const version = database.pragma("user_version", { simple: true }) as number;
    if (version > SCHEMA_VERSION) {
      throw new WindowRatingError("WR4002", `${path} has schema ${version}, this program knows ${SCHEMA_VERSION}`);
    }
    const found = quickCheck(database);
    if (found !== "ok") throw new WindowRatingError("WR4001", `${path}: ${found}`);
  } finally {
    database.close();
  }
};

/**
 * Opens the window PC's database: WAL, every commit synced to disk, checked, at this program's schema.
 * @throws WR4001 damaged, WR4002 newer schema (in both cases the file is left as it is), WR4003 disk full, WR4004, WR4005
 */
export const openDatabase = (path: string): Sqlite => {
  let database: Sqlite;
  try {
    if (existsSync(path)) refuseUnusable(path);
    // For its owner alone also where the folder is open to others; SQLite gives the files beside it the same rights.
    else closeSync(openSync(path, "a", 0o600));
    database = new Database(path, { timeout: 2000 });
  } catch (error) {
    throw storeError(error, path);
  }
  try {
    pragma(database, "journal_mode = WAL", "wal");
    // After the switch to WAL and at every open it is NORMAL, which may lose the last commits when the power fails.
    pragma(database, "synchronous = FULL", SYNCHRONOUS_FULL);
    pragma(database, "foreign_keys = ON", 1);
    migrate(database);
    return database;
  } catch (error) {
    database.close();
    throw storeError(error, path);
  }
};
