import { expect, test } from "vitest";
import type { CivilDate } from "../calendar/civil-date.ts";
import { openRuleBook } from "../policy/rule-book.ts";
import { NO_CHOICES } from "../policy/site-choices.ts";
import { readCalendarYear } from "./calendar.ts";

const packs = openRuleBook();
const OCTOBER = Date.UTC(2026, 9, 1);
const on = "2026-04-01" as CivilDate;
const off = [{ first: "2026-04-13" as CivilDate, last: "2026-04-15" as CivilDate }];
const paper = { region: "xishuangbanna", festival: "泼水节", year: 2026, paper: "样例〔2026〕1号", off, work: [], by: "张三样例", on };

test("a year whose local holidays are not known says so, and that they count as worked", () => {
  const { warnings, local, days } = readCalendarYear(packs, "xishuangbanna", 2026, OCTOBER);
  expect(warnings.map(({ zh }) => zh).join()).toContain("2026 年地方假日不明：泼水节、州庆、地方调休，暂按上班计算");
  expect(local.map(({ name, known }) => [name, known])).toEqual([
    ["泼水节", false],
    ["州庆", false],
    ["地方调休", false],
  ]);
  expect(days.find(({ date }) => date === "2026-04-13")).toMatchObject({ working: true });
});

test("a year of which the site typed in a local paper shows its days, its number, and what is still open", () => {
  const book = packs.with({ ...NO_CHOICES, localDays: [paper] });
  const { warnings, local, days } = readCalendarYear(book, "xishuangbanna", 2026, OCTOBER);
  expect(days.find(({ date }) => date === "2026-04-13")).toMatchObject({ kind: "local-holiday", source: "样例〔2026〕1号" });
  expect(local).toContainEqual(expect.objectContaining({ name: "泼水节", certainty: "P", source: "样例〔2026〕1号", known: true }));
  expect(warnings.map(({ zh }) => zh).join()).toContain("2026 年地方假日不明：州庆、地方调休");
  const other = readCalendarYear(book, "xishuangbanna", 2024, OCTOBER);
  expect(other.local.filter(({ certainty }) => certainty === "P")).toEqual([]);
});

test("a region that keeps the national days has nothing to warn of", () => {
  expect(readCalendarYear(packs, "yantai", 2026, OCTOBER).warnings).toEqual([]);
});
