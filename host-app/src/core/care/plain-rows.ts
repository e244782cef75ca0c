import type { Sqlite } from "../store/database.ts";

/** A row under the names of its columns. */
export type Row = Readonly<Record<string, unknown>>;

/** Steps over rows that cannot be read before the other way round is tried alone. */
const STEPS_OVER = 64;

/**
 * The rows of a table of a damaged file that SQLite still reads: from the front up to the damage, from the back down to it, and with a row
 * number past it, in steps that grow. A row may come more than once.
 */
export function* readableRows(database: Sqlite, table: string): Generator<Row> {
  const byRow = hasRowNumbers(database, table);
  const order = byRow ? "ORDER BY rowid" : "";
  const number = byRow ? "rowid AS row_number_, " : "";
  const forward = yield* readOn(database, `SELECT ${number}* FROM ${table} ${order}`, []);
  if (forward.isWhole) return;
  yield* readOn(database, byRow ? `SELECT ${number}* FROM ${table} ORDER BY rowid DESC` : `SELECT * FROM ${table} ORDER BY 1 DESC`, []);
  if (!byRow) return;
  let from = forward.last;
  for (let step = 1, tries = 0; tries < STEPS_OVER; tries++) {
    const next = yield* readOn(database, `SELECT ${number}* FROM ${table} WHERE rowid > ? ORDER BY rowid`, [from + step]);
    if (next.isWhole) return;
    if (next.last === 0) step *= 2;
    else {
      from = next.last;
      step = 1;
    }
    if (from + step > Number.MAX_SAFE_INTEGER / 4) return;
  }
}

const hasRowNumbers = (database: Sqlite, table: string): boolean => {
  try {
    database.prepare(`SELECT rowid FROM ${table} LIMIT 1`);
    return true;
  } catch {
    return false;
  }
};

/** Reads until the end or a fault. */
function* readOn(database: Sqlite, sql: string, values: readonly number[]): Generator<Row, { isWhole: boolean; last: number }> {
  let last = 0;
  try {
    for (const row of database.prepare<number[], Record<string, unknown>>(sql).iterate(...values)) {
      const { row_number_: found, ...rest } = row;
      last = typeof found === "number" ? found : last;
      yield rest;
    }
    return { isWhole: true, last };
  } catch {
    return { isWhole: false, last };
  }
}

/**
 * Copies what can be read of a table, under the names that both files have; a row that is there already stays, and one that does not fit
 * (a damaged value, a reference to what is lost) is left out.
 */
export const copyRows = (from: Sqlite, to: Sqlite, table: string): void => {
  const known = new Set((to.pragma(`table_info(${table})`) as { name: string }[]).map(({ name }) => name));
  const keep = (row: Row): void => {
    const columns = Object.keys(row).filter((column) => known.has(column));
    const places = columns.map(() => "?").join(", ");
    const insert = to.prepare(`INSERT OR IGNORE INTO ${table} (${columns.join(", ")}) VALUES (${places})`);
    insert.run(...columns.map((column) => row[column]));
  };
  to.transaction(() => {
    for (const row of readableRows(from, table)) {
      try {
        keep(row);
      } catch {
        if ("request_id" in row && table === "cases") leaveOut(() => keep({ ...row, request_id: null }));
      }
    }
  })();
};

const leaveOut = (keep: () => void): void => {
  try {
    keep();
  } catch {
    // Not this way either.
  }
};
