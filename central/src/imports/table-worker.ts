import { parentPort, workerData } from "node:worker_threads";
import { WindowRatingError } from "@window-rating/protocol/error";
import { CsvError, parse } from "csv-parse/sync";
import { readSheet } from "read-excel-file/node";
import { readFileText } from "./file-text.ts";
import type { Cell, Table, TableAnswer } from "./table.ts";
import { guardXlsx, TABLE_LIMITS } from "./xlsx-guard.ts";

const ZIP_START = "PK\u0003\u0004";

const readXlsx = async (bytes: Buffer): Promise<Table> => {
  guardXlsx(bytes);
  const rows: unknown[][] = await readSheet(bytes);
  return { encoding: "XLSX", rows: rows.map((row) => row.map(cellOf)) };
};

/** Half of a surrogate pair, which XML can name by its number, no column keeps. */
const cellOf = (value: unknown): Cell =>
  typeof value === "string"
    ? value.toWellFormed()
    : typeof value === "number" || typeof value === "boolean" || value instanceof Date
      ? value
      : null;

/** The separator is the one that the first line has most of. */
const separatorOf = (text: string): string => {
  const [line = ""] = text.split(/[\r\n]/, 1);
  const count = (separator: string): number => line.split(separator).length;
  return [",", "\t", ";", ","].reduce((best, other) => (count(other) > count(best) ? other : best));
};

const readCsv = (bytes: Buffer): Table => {
  const { text, encoding } = readFileText(bytes);
  const rows: string[][] = parse(text, {
    bom: true,
    delimiter: separatorOf(text),
    relax_column_count: true,
    skip_empty_lines: false,
    to: TABLE_LIMITS.rows + 2,
    max_record_size: 65_536,
  });
  return { encoding, rows: rows.map((row) => row.map((cell) => (cell === "" ? null : cell))) };
};

const read = async (bytes: Buffer): Promise<TableAnswer> => {
  try {
    const table = bytes.toString("latin1", 0, 4) === ZIP_START ? await readXlsx(bytes) : readCsv(bytes);
    if (table.rows.length > TABLE_LIMITS.rows + 1) return { refused: `It has more than ${TABLE_LIMITS.rows} rows` };
    const wide = table.rows.findIndex((row) => row.length > TABLE_LIMITS.columns);
    if (wide >= 0) return { refused: `Row ${wide + 1} has more than ${TABLE_LIMITS.columns} columns` };
    return { table };
  } catch (error) {
    if (error instanceof WindowRatingError) return { refused: error.detail };
    if (error instanceof CsvError) return { refused: `It is no CSV: ${error.message}` };
    return { refused: `It cannot be read: ${error instanceof Error ? error.message.slice(0, 200) : "unknown failure"}` };
  }
};

if (parentPort !== null) parentPort.postMessage(await read(Buffer.from(workerData as Uint8Array)));
