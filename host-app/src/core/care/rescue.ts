import { copyFileSync, existsSync, mkdirSync, mkdtempSync, rmSync, statSync } from "node:fs";
import { join } from "node:path";
import { WindowRatingError } from "@window-rating/protocol/error";
import type { Entry } from "@window-rating/protocol/sync";
import Database from "better-sqlite3";
import { fingerprintOf, replaceFile } from "../config/durable-file.ts";
import { listBackups } from "../store/backup.ts";
import { openDatabase, type Sqlite } from "../store/database.ts";
import { backupsFolder, quarantineFolder } from "./backups.ts";
import type { RescueReport } from "./care-shape.ts";
import { carveEntries } from "./carve.ts";
import { checkDatabase } from "./check.ts";
import { authenticity, entryRows } from "./entry-rows.ts";
import { copyRows, type Row, readableRows } from "./plain-rows.ts";

/** Rows of these come from what can be read, after the requests; `entries` and `outbox` are made from the entries themselves. */
const OTHER_TABLES = [
  "ratings",
  "sign_ins",
  "cases",
  "pad_events",
  "keypad_presses",
  "pauses",
  "notices",
  "clerks",
  "card_salt",
  "bad_tries",
  "paper_forms",
  "set_aside",
];
/** Without these nobody could sign in; where nothing of them can be read, the newest backup has them. */
const SIGN_IN_TABLES = ["clerks", "card_salt"];
/** Whose rows name entries by number. */
const NAMING_ENTRIES = { ratings: "entry_number", paper_forms: "entry_number", outbox: "number", set_aside: "number" } as const;
const GAPS_TOLD = 100;

/** Something that says it is an entry. */
type Found = Readonly<Record<keyof Entry, unknown>> & { readonly number: number; readonly entryId: string };
type Source = keyof RescueReport["from"];

/** What is found of the chain, from all sides. */
class Finds {
  readonly entries = new Map<number, Entry>();
  readonly doubtful = new Map<string, Found>();
  readonly from = { reading: 0, bytes: 0, backups: 0 };
  highestSeen = 0;
  readonly #isAuthentic: (found: unknown) => found is Entry;

  constructor(publicKey: string) {
    this.#isAuthentic = authenticity(publicKey);
  }

  take(found: Found, from: Source): void {
    if (this.entries.has(found.number)) return;
    if (this.#isAuthentic(found)) {
      this.entries.set(found.number, found);
      this.from[from]++;
      this.see(found.number);
      // Chance makes bytes that look like an entry; what SQLite itself reads as one was one.
    } else if (from === "reading") this.doubtful.set(`${found.number} ${found.entryId}`, found);
  }

  see(number: unknown): void {
    if (typeof number === "number" && Number.isSafeInteger(number)) this.highestSeen = Math.max(this.highestSeen, number);
  }

  numbers(): number[] {
    return [...this.entries.keys()].sort((one, other) => one - other);
  }
}

export interface RescueOptions {
  readonly dataDir: string;
  /** Of this window PC, 32 bytes, hexadecimal. */
  readonly publicKey: string;
  readonly wallMs: number;
  readonly nowMs: () => number;
}

/** What a file is known by until it is changed. */
export const originalOf = (dataDir: string): RescueReport["original"] => ({
  database: fingerprintOf(join(dataDir, "window.db")),
  log: fingerprintOf(join(dataDir, "window.db-wal")),
});

/**
 * Makes a sound database of all that is left of a damaged one: what SQLite still reads, what its bytes still hold, and what the backups
 * have. The originals are not opened by SQLite, only read and copied. Every entry is queued for central anew, which takes each once (I6):
 * whether the queue in a damaged file is whole, nobody can say.
 * @throws WR4009 there is no database, WR4003
 */
export const rescueDatabase = ({ dataDir, publicKey, wallMs, nowMs }: RescueOptions): RescueReport => {
  const original = join(dataDir, "window.db");
  if (!existsSync(original)) throw new WindowRatingError("WR4009", original);
  mkdirSync(quarantineFolder(dataDir), { recursive: true, mode: 0o700 });
  // To the millisecond, since the newest is known by its name.
  const stamp = new Date(wallMs).toISOString().replace(/[-:.]/g, "");
  const folder = mkdtempSync(join(quarantineFolder(dataDir), `rescue-${stamp}-`));
  const backups = listBackups(backupsFolder(dataDir))
    .reverse()
    .map((name) => join(backupsFolder(dataDir), name));
  const finds = new Finds(publicKey);
  const path = join(folder, "window.db");
  const rescued = openDatabase(path);
  try {
    for (const found of carveEntries(partsOf(original))) finds.take(found, "bytes");
    withCopy(folder, original, (damaged) => {
      seeNumbers(damaged, finds);
      readEntries(damaged, finds, "reading");
      copyRows(damaged, rescued, "requests");
    });
    for (const backup of backups) withCopy(folder, backup, (old) => readEntries(old, finds, "backups"));
    keepEntries(rescued, finds.entries);
    withCopy(folder, original, (damaged) => {
      for (const table of OTHER_TABLES) copyRows(damaged, rescued, table);
    });
    const [newest] = backups;
    const unknown = SIGN_IN_TABLES.filter((table) => rowsIn(rescued, table) === 0);
    if (newest !== undefined && unknown.length > 0)
      withCopy(folder, newest, (old) => {
        for (const table of unknown) copyRows(old, rescued, table);
      });
    rescued.exec("DELETE FROM outbox WHERE number IN (SELECT number FROM set_aside)");
    rescued.pragma("wal_checkpoint(TRUNCATE)");
    if (finds.doubtful.size > 0) replaceFile(join(folder, "doubtful.json"), `${JSON.stringify([...finds.doubtful.values()], null, 2)}\n`);
    const numbers = finds.numbers();
    const report: RescueReport = {
      path,
      original: originalOf(dataDir),
      entries: numbers.length,
      highest: numbers.at(-1) ?? 0,
      gaps: gapsIn(numbers).slice(0, GAPS_TOLD),
      highestSeen: finds.highestSeen,
      altered: [...finds.doubtful.values()].filter(({ number }) => !finds.entries.has(number)).length,
      from: finds.from,
      otherRows: Object.fromEntries(["requests", ...OTHER_TABLES].map((table) => [table, rowsIn(rescued, table)])),
      check: checkDatabase(path, publicKey, nowMs),
    };
    replaceFile(join(folder, "report.json"), `${JSON.stringify(report, null, 2)}\n`);
    return report;
  } finally {
    rescued.close();
  }
};

const rowsIn = (database: Sqlite, table: string): number =>
  database.prepare<[], { n: number }>(`SELECT count(*) AS n FROM ${table}`).get()?.n ?? 0;

const partsOf = (original: string): { path: string; isLog: boolean }[] =>
  [
    { path: original, isLog: false },
    { path: `${original}-wal`, isLog: true },
  ].filter(({ path }) => existsSync(path) && statSync(path).size > 0);

/** Reading may write, for instance what the log holds: so a copy is read, and thrown away. One that cannot be read gives nothing. */
const withCopy = (folder: string, original: string, read: (copy: Sqlite) => void): void => {
  const copy = join(folder, "reading.db");
  for (const part of ["", "-wal"]) if (existsSync(original + part)) copyFileSync(original + part, copy + part);
  let database: Sqlite | undefined;
  try {
    database = new Database(copy, { fileMustExist: true });
    // What a damaged file names as its triggers and views is not carried out.
    database.pragma("trusted_schema = OFF");
    read(database);
  } catch {
    // The damage is why this is done at all.
  } finally {
    try {
      database?.close();
    } catch {
      // A copy that cannot be closed well is thrown away all the same.
    }
    for (const part of ["", "-wal", "-shm"]) rmSync(copy + part, { force: true });
  }
};

const seeNumbers = (damaged: Sqlite, finds: Finds): void => {
  for (const [table, column] of Object.entries(NAMING_ENTRIES)) for (const row of readableRows(damaged, table)) finds.see(row[column]);
  try {
    const ids = damaged.prepare<[], { number: number }>("SELECT number FROM entries INDEXED BY sqlite_autoindex_entries_1");
    for (const { number } of ids.iterate()) finds.see(number);
  } catch {
    // The index is damaged, too.
  }
};

/** Along the table from both ends, and one by one by number. */
const readEntries = (database: Sqlite, finds: Finds, from: Source): void => {
  for (const row of readableRows(database, "entries")) {
    const found = entryIn(row);
    if (found === null) continue;
    finds.see(from === "reading" ? found.number : 0);
    finds.take(found, from);
  }
  const byNumber = database.prepare<[number], Row>("SELECT * FROM entries WHERE number = ?");
  // A damaged number may be any; more than this no window PC ever had.
  for (let number = 1; number <= Math.min(finds.highestSeen, 20_000_000); number++) {
    if (finds.entries.has(number)) continue;
    try {
      const found = entryIn(byNumber.get(number) ?? {});
      if (found !== null) finds.take(found, from);
    } catch {
      // This one's page is damaged; the next may lie on another.
    }
  }
};

const entryIn = (row: Row): Found | null => {
  const { number, entry_id: entryId, previous_hash: previousHash, hash, signature, body } = row;
  return typeof number === "number" && typeof entryId === "string" ? { number, entryId, previousHash, hash, signature, body } : null;
};

const keepEntries = (rescued: Sqlite, entries: ReadonlyMap<number, Entry>): void => {
  const rows = entryRows(rescued);
  rescued.transaction(() => {
    for (const entry of [...entries.values()].sort((one, other) => one.number - other.number)) {
      rows.keep(entry);
      rows.queue(entry);
    }
  })();
};

const gapsIn = (numbers: readonly number[]): { first: number; last: number }[] => {
  const gaps: { first: number; last: number }[] = [];
  let expected = 1;
  for (const number of numbers) {
    if (number > expected) gaps.push({ first: expected, last: number - 1 });
    expected = number + 1;
  }
  return gaps;
};
