import { ERRORS } from "@window-rating/protocol/error";
import { expect, test } from "vitest";
import { errorTable } from "./error-table.ts";

test("the page shows every code once, with its title and advice, in the order of the codes", () => {
  const rows = errorTable()
    .split("\n")
    .filter((line) => line.startsWith("| WR"));
  const codes = rows.map((row) => row.slice(2, 8));
  expect(codes).toEqual(Object.keys(ERRORS).sort());
  expect(rows[0]).toContain(ERRORS.WR1001.title);
  expect(rows[0]).toContain(ERRORS.WR1001.advice);
});

test("signs that Markdown would take as its own are escaped", () => {
  const page = errorTable({ WR8999: { title: "a|b", advice: "Start it with --enrol <code>" } });
  expect(page).toContain("| WR8999 | a\\|b | Start it with --enrol &lt;code> |");
});

test("a code of an area that nobody named is refused", () => {
  expect(() => errorTable({ WR0001: { title: "x", advice: "y" } })).toThrow(/WR0xxx/);
});
