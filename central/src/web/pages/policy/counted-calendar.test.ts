import { expect, test } from "vitest";
import { sheetsOf } from "./counted-calendar.tsx";

test("the sheets show whole months from Monday on, in order, each once", () => {
  const sheets = sheetsOf(["2024-03-01", "2024-02-28", "2024-03-04"]);
  expect(sheets.map(({ month }) => month)).toEqual(["2024-02", "2024-03"]);
  const [february] = sheets;
  expect(february?.weeks.map((week) => week.length)).toEqual([7, 7, 7, 7, 7]);
  // 1 February 2024 was a Thursday, and that February had 29 days.
  expect(february?.weeks[0]).toEqual([null, null, null, "2024-02-01", "2024-02-02", "2024-02-03", "2024-02-04"]);
  expect(february?.weeks[4]?.slice(0, 5)).toEqual(["2024-02-26", "2024-02-27", "2024-02-28", "2024-02-29", null]);
});
