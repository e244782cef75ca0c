import { type RawBuilder, sql } from "kysely";

/** Between values, and for NULL: control characters, which no checked text holds. */
const BETWEEN = "\u001e";
const NULL_MARK = "\u001d";

export type PackedType = "text" | "uuid" | "bigint" | "smallint" | "boolean";
export type PackedValue = string | number | boolean | null;

/** One column of rows: its name, its SQL type, and where its value is in a row. */
export interface PackedColumn<Row> {
  readonly name: string;
  readonly type: PackedType;
  readonly of: (row: Row) => PackedValue;
  /** The value may hold any character at all, so the separator is looked for before it is trusted. */
  readonly anyText?: true;
}

/**
 * `unnest(…) as name(columns)` over rows, with one text for each column: PostgreSQL takes that apart faster than an array's text, and
 * what is in it needs no escaping, which took a fifth of the time of intake.
 */
export const packedRows = <Row>(name: string, columns: readonly PackedColumn<Row>[], rows: readonly Row[]): RawBuilder<unknown> => {
  const arrays = columns.map((column) => packedColumn(column, rows));
  const names = columns.map((column) => sql.ref(column.name));
  return sql`unnest(${sql.join(arrays)}) as ${sql.ref(name)}(${sql.join(names)})`;
};

const packedColumn = <Row>({ type, of, anyText }: PackedColumn<Row>, rows: readonly Row[]): RawBuilder<unknown> => {
  const values = rows.map(of);
  const cast = sql.raw(`::${type}[]`);
  // One empty text alone would be taken apart into no value at all.
  const isAmbiguous = (value: PackedValue): boolean =>
    value === "" || (anyText === true && typeof value === "string" && (value.includes(BETWEEN) || value.includes(NULL_MARK)));
  if (values.some(isAmbiguous)) return sql`${values}${cast}`;
  const text = values.map((value) => value ?? NULL_MARK).join(BETWEEN);
  return sql`string_to_array(${text}::text, ${sql.lit(BETWEEN)}, ${sql.lit(NULL_MARK)})${cast}`;
};
