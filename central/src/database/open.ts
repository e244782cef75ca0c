import { existsSync, fsyncSync, mkdirSync, renameSync, rmSync } from "node:fs";
import { dirname } from "node:path";
import { PGlite, types } from "@electric-sql/pglite";
import { WindowRatingError } from "@window-rating/protocol/error";
import { Kysely, PGliteDialect, PostgresDialect } from "kysely";
import pg from "pg";
import { DURABLE_START, DurableFiles, syncPath } from "./durable-files.ts";
import { migrate } from "./migrate.ts";
import { PlanningClient } from "./planned-statements.ts";
import type { CentralDatabase, CentralTables } from "./tables.ts";

/** bigint columns hold milliseconds, numbers and counts, all well within what a number holds exactly. */
const INT8 = pg.types.builtins.INT8;
const pgTypes: pg.CustomTypesConfig = {
  getTypeParser: (oid: number, format?: "text" | "binary") =>
    oid === INT8 ? Number : format === "binary" ? pg.types.getTypeParser(oid, "binary") : pg.types.getTypeParser(oid, "text"),
};

/**
 * Opens a PostgreSQL database by its URL and brings its schema up to date. Close it with `db.destroy()`.
 * @param onLost told when an idle connection breaks; the pool makes new ones by itself
 * @throws WindowRatingError WR7010, WR7011
 */
export const openPostgres = (url: string, now: () => number, onLost: (error: Error) => void): Promise<CentralDatabase> => {
  const pool = new pg.Pool({ connectionString: url, max: 10, connectionTimeoutMillis: 10_000, types: pgTypes, Client: PlanningClient });
  pool.on("error", onLost);
  return ready(new Kysely<CentralTables>({ dialect: new PostgresDialect({ pool }) }), now, "PostgreSQL at DATABASE_URL");
};

/**
 * Opens (or makes) the embedded database in a folder, with every commit synced to disk. The caller holds the folder's lock.
 * @param sync brings one open file to the disk
 * @throws WindowRatingError WR7010, WR7011
 */
export const openEmbedded = async (folder: string, now: () => number, sync?: (descriptor: number) => void): Promise<CentralDatabase> => {
  const pglite = async (): Promise<PGlite> => {
    if (!existsSync(folder)) await makeEmbedded(folder, sync);
    return new PGlite({ fs: new DurableFiles(folder, sync), startParams: DURABLE_START, parsers: { [types.INT8]: Number } });
  };
  return ready(new Kysely<CentralTables>({ dialect: new PGliteDialect({ pglite }) }), now, folder);
};

/** Makes the folder under another name and renames it when it is whole on the disk: no kill leaves half a database behind. */
const makeEmbedded = async (folder: string, sync?: (descriptor: number) => void): Promise<void> => {
  const unfinished = `${folder}.new`;
  rmSync(unfinished, { recursive: true, force: true });
  mkdirSync(unfinished, { mode: 0o700 });
  const files = new DurableFiles(unfinished, sync);
  const pglite = new PGlite({ fs: files, startParams: DURABLE_START });
  await pglite.waitReady;
  await pglite.close();
  files.syncAll();
  renameSync(unfinished, folder);
  syncPath(dirname(folder), sync ?? fsyncSync);
};

const ready = async (db: CentralDatabase, now: () => number, where: string): Promise<CentralDatabase> => {
  try {
    await migrate(db, now);
    return db;
  } catch (error) {
    await db.destroy().catch(() => {});
    throw openFailure(error, where);
  }
};

const openFailure = (error: unknown, where: string): WindowRatingError =>
  error instanceof WindowRatingError
    ? error
    : new WindowRatingError("WR7010", `${where}: ${error instanceof Error ? error.message : String(error)}`, error);
