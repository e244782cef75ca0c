import { existsSync } from "node:fs";
import { WindowRatingError } from "@window-rating/protocol/error";
import type { Entry } from "@window-rating/protocol/sync";
import Database from "better-sqlite3";
import { type ChainLink, verifyChain } from "../identity/entry-chain.ts";
import { SCHEMA_VERSION, type Sqlite, storeError } from "../store/database.ts";
import type { DatabaseCheck } from "./care-shape.ts";
import { ENTRY_SELECT } from "./entry-rows.ts";

const FAULTS_TOLD = 20;
/** Few enough that no reading of a file in use lasts: a long one keeps its log from being taken in. */
const STEP = 500;

/** @throws WR4001, WR4002, WR4005, WR4008, WR4009 there is no such file */
export const openToRead = (path: string): Sqlite => {
  if (!existsSync(path)) throw new WindowRatingError("WR4009", path);
  try {
    const database = new Database(path, { readonly: true, fileMustExist: true, timeout: 2000 });
    try {
      const version = database.pragma("user_version", { simple: true }) as number;
      if (version > SCHEMA_VERSION) throw new WindowRatingError("WR4002", `${path} has schema ${version}`);
      return database;
    } catch (error) {
      database.close();
      throw error;
    }
  } catch (error) {
    throw storeError(error, path);
  }
};

/** The entries of a file by number, read in steps. */
export function* entriesOf(database: Sqlite): Generator<Entry> {
  const next = database.prepare<[number, number], Entry>(`SELECT ${ENTRY_SELECT} FROM entries WHERE number > ? ORDER BY number LIMIT ?`);
  for (let after = 0; ; ) {
    const step = next.all(after, STEP);
    yield* step;
    const last = step.at(-1);
    if (last === undefined) return;
    after = last.number;
  }
}

/**
 * Reads the whole database: pages, indexes, references, the chain with every signature. Changes nothing; a window-host may be at work on it.
 * @throws as `openToRead`
 */
export const checkDatabase = (path: string, publicKey: string, nowMs: () => number): DatabaseCheck => {
  const began = nowMs();
  const database = openToRead(path);
  try {
    const faults = faultsOf(database);
    const foreignKeys = safely(() => (database.pragma("foreign_key_check") as unknown[]).length, 0);
    const chain = chainOf(database, publicKey);
    const rows = (table: string): number =>
      safely(() => database.prepare<[], { n: number }>(`SELECT count(*) AS n FROM ${table}`).get()?.n ?? 0, 0);
    const counts = {
      entries: rows("entries"),
      waiting: rows("outbox"),
      setAside: rows("set_aside"),
      ratings: rows("ratings"),
      requests: rows("requests"),
    };
    const ok = faults.length === 0 && foreignKeys === 0 && chain.brokenAt === null;
    return { ok, faults, foreignKeys, chain, counts, tookMs: Math.round(nowMs() - began) };
  } finally {
    database.close();
  }
};

const messageOf = (error: unknown): string => (error instanceof Error ? error.message : String(error));

/** In a damaged file any reading may fail; the first fault is told already. */
const safely = <T>(read: () => T, otherwise: T): T => {
  try {
    return read();
  } catch {
    return otherwise;
  }
};

const faultsOf = (database: Sqlite): string[] => {
  try {
    const rows = database.pragma(`integrity_check(${FAULTS_TOLD})`) as { integrity_check: string }[];
    return rows.map((row) => row.integrity_check).filter((text) => text !== "ok");
  } catch (error) {
    return [messageOf(error)];
  }
};

const chainOf = (database: Sqlite, publicKey: string): DatabaseCheck["chain"] => {
  let read = 0;
  let last: ChainLink | null = null;
  try {
    for (const entry of entriesOf(database)) {
      const checked = verifyChain([entry], publicKey, last);
      if (!checked.intact) return { entries: read, brokenAt: entry.number, detail: `${checked.at}: ${checked.detail}` };
      last = checked.last;
      read++;
    }
    return { entries: read, brokenAt: null, detail: "" };
  } catch (error) {
    return { entries: read, brokenAt: read + 1, detail: messageOf(error) };
  }
};
