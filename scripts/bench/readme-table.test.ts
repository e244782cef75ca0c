import { describe, expect, test } from "vitest";
import { withRows } from "./readme-table.ts";
import { valueRow } from "./row.ts";

const HEADS = ["what", "measured"];
const README = "before\n<!-- bench -->\n\n| what | measured |\n| --- | --- |\n| old | 9 |\n| start | 5 |\n\n<!-- /bench -->\nafter\n";
const row = (what: string, value: number) => valueRow({ what, unit: "ms", value, against: "bare Node", baseline: 2 }, { atMost: 10 });

describe("the table of measurements in a README", () => {
  test("keeps its other rows when some are measured, each where it stood, and takes new ones at its end", () => {
    const text = withRows(README, [row("start", 6), row("new", 3)], HEADS, false);
    const lines = text.split("\n").filter((one) => one.startsWith("|"));
    expect(lines.map((one) => one.split(" | ")[0])).toEqual(["| what", "| ---", "| old", "| start", "| new"]);
    expect(lines[3]).toBe("| start | 6 ms | bare Node | 2 | 3 | ≤ 10 ms |");
    expect([text.startsWith("before\n"), text.endsWith("after\n")]).toEqual([true, true]);
    expect(withRows(text, [row("start", 6), row("new", 3)], HEADS, false)).toBe(text);
  });

  test("is made anew by a whole run, without what is measured no longer", () => {
    const text = withRows(README, [row("start", 6)], HEADS, true);
    expect(text.split("\n").filter((one) => one.startsWith("|"))).toHaveLength(3);
    expect(text).not.toContain("old");
  });

  test("has its place marked, or nothing is written", () => {
    expect(() => withRows("no place", [row("start", 6)], HEADS, true)).toThrow(/no place/);
  });
});
