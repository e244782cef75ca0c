import { existsSync, statSync } from "node:fs";
import { join } from "node:path";
import Database from "better-sqlite3";
import { SCHEMA_VERSION, storeError } from "../store/database.ts";

/** What a bundle tells of a database: how it is made and how much is in it, nothing of what is in it. */
export interface DatabaseSummary {
  readonly sizeBytes: number | null;
  readonly schemaVersion: number | null;
  readonly schemaKnown: number;
  /** Rows by table. */
  readonly rows: Readonly<Record<string, number>>;
  readonly queue: {
    readonly waiting: number;
    readonly oldestAtMs: number | null;
    readonly lastNumber: number | null;
    readonly setAside: Readonly<Record<string, number>>;
  } | null;
  /** Why it could not be read, in words. */
  readonly failure: string | null;
}

/** Names of people as the database has them, so that they can be taken out of everything else. */
const NAME_COLUMNS = [
  ["clerks", "clerk_name"],
  ["sign_ins", "clerk_name"],
  ["cases", "clerk_name"],
] as const;

type Sqlite = Database.Database;

/** Reads without changing anything; whatever is wrong is told. */
export const summariseDatabase = (dataDir: string): { readonly summary: DatabaseSummary; readonly names: readonly string[] } => {
  const path = join(dataDir, "window.db");
  const nothing = { sizeBytes: null, schemaVersion: null, schemaKnown: SCHEMA_VERSION, rows: {}, queue: null } as const;
  if (!existsSync(path)) return { summary: { ...nothing, failure: "there is no database" }, names: [] };
  const sizeBytes = statSync(path).size;
  try {
    const database = new Database(path, { readonly: true, fileMustExist: true, timeout: 1000 });
    try {
      const schemaVersion = database.pragma("user_version", { simple: true }) as number;
      const rows = rowsOf(database);
      const summary = { ...nothing, sizeBytes, schemaVersion, rows, queue: queueOf(database), failure: null };
      return { summary, names: namesIn(database) };
    } finally {
      database.close();
    }
  } catch (error) {
    const known = storeError(error, path);
    return { summary: { ...nothing, sizeBytes, failure: known instanceof Error ? known.message : String(known) }, names: [] };
  }
};

const rowsOf = (database: Sqlite): Record<string, number> => {
  const tables = database
    .prepare<[], { name: string }>("SELECT name FROM sqlite_schema WHERE type = 'table' AND name NOT LIKE 'sqlite_%' ORDER BY name")
    .all();
  // Presses on other makers' pads lie beside ratings; none of the tables is split by level.
  return Object.fromEntries(tables.map(({ name }) => [name, count(database, `SELECT count(*) AS n FROM "${name.replaceAll('"', '""')}"`)]));
};

const count = (database: Sqlite, sql: string): number => database.prepare<[], { n: number }>(sql).get()?.n ?? 0;

const queueOf = (database: Sqlite): DatabaseSummary["queue"] => {
  const oldest = database
    .prepare<[], { at: number | null }>("SELECT min(written_ms) AS at FROM entries WHERE number IN (SELECT number FROM outbox)")
    .get();
  const last = database.prepare<[], { number: number | null }>("SELECT max(number) AS number FROM entries").get();
  const setAside = database.prepare<[], { code: string; n: number }>("SELECT code, count(*) AS n FROM set_aside GROUP BY code").all();
  return {
    waiting: count(database, "SELECT count(*) AS n FROM outbox"),
    oldestAtMs: oldest?.at ?? null,
    lastNumber: last?.number ?? null,
    setAside: Object.fromEntries(setAside.map(({ code, n }) => [code, n])),
  };
};

const namesIn = (database: Sqlite): string[] =>
  NAME_COLUMNS.flatMap(([table, column]) => {
    try {
      const rows = database
        .prepare<[], { name: string }>(`SELECT DISTINCT ${column} AS name FROM ${table} WHERE ${column} IS NOT NULL`)
        .all();
      return rows.map(({ name }) => name);
    } catch {
      // A database of another version has other columns.
      return [];
    }
  });
