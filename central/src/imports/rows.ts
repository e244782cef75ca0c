import { WindowRatingError } from "@window-rating/protocol/error";
import { IMPORT_COLUMNS, type ImportKind, type ImportRow } from "./kinds.ts";
import type { Cell, Table } from "./table.ts";

/** What is wrong with one cell of a file. */
export interface BadRow {
  /** As a spreadsheet counts: the row of names is 1. */
  readonly row: number;
  /** Name of the column as the file has it; empty if the row as a whole is at fault. */
  readonly column: string;
  readonly reason: string;
  /** What stands there, cut short. */
  readonly value: string;
}

/** A good row and where it stands. */
export interface NumberedRow<Kind extends ImportKind> {
  readonly row: number;
  readonly content: ImportRow<Kind>;
}

export interface ReadRows<Kind extends ImportKind> {
  readonly rows: readonly NumberedRow<Kind>[];
  readonly bad: readonly BadRow[];
  /** Columns that mean nothing here. */
  readonly ignored: readonly string[];
  /** Name in the file by field, for what is found wrong later. */
  readonly columnOf: Readonly<Record<string, string>>;
}

const plainName = (cell: Cell | undefined): string =>
  String(cell ?? "")
    .normalize("NFKC")
    .replace(/\s/g, "")
    .toLowerCase();

const shown = (cell: Cell | undefined): string =>
  cell instanceof Date
    ? cell.toISOString()
    : String(cell ?? "")
        .replace(/\p{Cc}/gu, "?")
        .slice(0, 60);

/**
 * Reads every row of a table as a kind of file, and lists everything that is wrong with it, not just the first.
 * @throws WindowRatingError WR7033 if a column is missing or stands twice
 */
export const readRows = <Kind extends ImportKind>(kind: Kind, { rows: [heads = [], ...rows], encoding }: Table): ReadRows<Kind> => {
  const fields = Object.entries(IMPORT_COLUMNS[kind]) as [
    string,
    { names: readonly string[]; cell: { safeParse: SafeParse }; optional?: true },
  ][];
  const places = heads.map((head) => fields.find(([, { names }]) => names.some((name) => plainName(name) === plainName(head)))?.[0]);
  for (const [field, { names, optional }] of fields) {
    const found = places.filter((place) => place === field).length;
    if (found > 1) throw new WindowRatingError("WR7033", `The column ${names.join(" / ")} stands ${found} times`);
    if (found === 0 && optional !== true) {
      throw new WindowRatingError(
        "WR7033",
        `The column ${names.join(" / ")} is missing; read as ${encoding}, the first row is: ${heads.map(shown).join(", ").slice(0, 200)}`,
      );
    }
  }
  const good: NumberedRow<Kind>[] = [];
  const bad: BadRow[] = [];
  for (const [index, cells] of rows.entries()) {
    if (cells.every((cell) => cell === null || cell === "")) continue;
    const row = index + 2;
    const content: Record<string, unknown> = {};
    const faults = fields.flatMap(([field, { cell }]): BadRow[] => {
      const at = places.indexOf(field);
      const value = at < 0 ? null : (cells[at] ?? null);
      const parsed = cell.safeParse(value);
      if (parsed.success) {
        content[field] = parsed.data;
        return [];
      }
      const reason = value === null ? "empty" : (parsed.error.issues[0]?.message ?? "not valid");
      return [{ row, column: shown(heads[at]), reason, value: shown(value) }];
    });
    if (faults.length === 0) good.push({ row, content: content as ImportRow<Kind> });
    bad.push(...faults);
  }
  return {
    rows: good,
    bad,
    ignored: heads.filter((head, index) => places[index] === undefined && plainName(head) !== "").map(shown),
    columnOf: Object.fromEntries(places.flatMap((field, index) => (field === undefined ? [] : [[field, shown(heads[index])]]))),
  };
};

type SafeParse = (
  value: unknown,
) => { success: true; data: unknown } | { success: false; error: { issues: readonly { message: string }[] } };
