import { WindowRatingError } from "@window-rating/protocol/error";
import { sql } from "kysely";
import { MIGRATIONS } from "./migrations.ts";
import type { CentralDatabase } from "./tables.ts";

/** Any number nobody else in the database locks with: "WRCN". */
const MIGRATION_LOCK = 0x5752_434e;

/** The schema version that this program brings a database to. */
export const SCHEMA_VERSION = MIGRATIONS.at(-1)?.version ?? 0;

/**
 * Brings the schema up to date, each step in its own transaction. Instances that start together wait for each other.
 * @returns the version the database is at
 * @throws WindowRatingError WR7011 if the database is newer than this program; nothing was changed then
 */
export const migrate = async (db: CentralDatabase, now: () => number): Promise<number> => {
  for (;;) {
    const version = await oneStep(db, now);
    if (version >= SCHEMA_VERSION) return version;
  }
};

const oneStep = (db: CentralDatabase, now: () => number): Promise<number> =>
  db.transaction().execute(async (transaction) => {
    await sql`select pg_advisory_xact_lock(${MIGRATION_LOCK})`.execute(transaction);
    const version = await readVersion(transaction);
    if (version > SCHEMA_VERSION) {
      throw new WindowRatingError("WR7011", `The database has schema version ${version}, this window-central knows ${SCHEMA_VERSION}`);
    }
    const next = MIGRATIONS.find((migration) => migration.version > version);
    if (next === undefined) return version;
    await sql`create table if not exists schema_versions (version integer primary key, name text not null, applied_at_ms bigint not null)`.execute(
      transaction,
    );
    for (const statement of next.statements) await sql.raw(statement).execute(transaction);
    await sql`insert into schema_versions values (${next.version}, ${next.name}, ${now()})`.execute(transaction);
    return next.version;
  });

const readVersion = async (db: CentralDatabase): Promise<number> => {
  const table = await sql<{ present: boolean }>`select to_regclass('schema_versions') is not null as present`.execute(db);
  if (table.rows[0]?.present !== true) return 0;
  const highest = await sql<{ version: number | null }>`select max(version) as version from schema_versions`.execute(db);
  return highest.rows[0]?.version ?? 0;
};
