import type { BenchRow } from "./row.ts";

const OPEN = "<!-- bench -->";
const CLOSE = "<!-- /bench -->";

const line = (cells: readonly unknown[]): string => `| ${cells.join(" | ")} |`;

const lineOf = ({ what, unit, value, against, baseline, ratio, must }: BenchRow): string =>
  line([what, `${value} ${unit}`, against, baseline, ratio, must]);

/** What a line measures: its first cell. */
const nameOf = (row: string): string => row.split("|")[1]?.trim() ?? "";

/**
 * Puts measured rows into the table of a README, between its two marks: a row that is there already is replaced where it stands.
 * @param isWhole every benchmark ran, so that the table is made anew and what is no longer measured goes
 * @throws Error if the text has no place for the table
 */
export const withRows = (text: string, rows: readonly BenchRow[], heads: readonly string[], isWhole: boolean): string => {
  const [from, to] = [text.indexOf(OPEN), text.indexOf(CLOSE)];
  if (from < 0 || to < from) throw new Error("it has no place for the table of measurements");
  const before = text
    .slice(from + OPEN.length, to)
    .split("\n")
    .filter((one) => one.startsWith("|"))
    .slice(2);
  const byName = new Map(isWhole ? [] : before.map((one) => [nameOf(one), one]));
  for (const row of rows) byName.set(row.what, lineOf(row));
  const table = [line(heads), line(heads.map(() => "---")), ...byName.values()].join("\n");
  return `${text.slice(0, from + OPEN.length)}\n\n${table}\n\n${text.slice(to)}`;
};
