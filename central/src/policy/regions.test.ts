import { describe, expect, test } from "vitest";
import { parseMoment } from "../calendar/civil-date.ts";
import type { Question } from "./explain.ts";
import { openRuleBook } from "./rule-book.ts";
import type { RuleId } from "./vocabulary.ts";

const book = openRuleBook();

const at = (text: string): number => {
  const ms = parseMoment(text);
  if (ms === undefined) throw new Error(`"${text}" is no moment`);
  return ms;
};

/** "complex online ten-more": class, channel and reading in any order. */
const factsOf = (facts: string): Partial<Question> =>
  Object.fromEntries(
    facts
      .split(" ")
      .filter((word) => word !== "")
      .map((word) => [
        ["simple", "general", "complex"].includes(word) ? "class" : ["onsite", "online"].includes(word) ? "channel" : "reading",
        word,
      ]),
  );

const ask = (region: string, rule: RuleId, facts: string, moment: string) =>
  book.explain(region, { rule, at: at(moment), ...factsOf(facts) });

/** [rule, facts, event, due]; events without an offset are in China Standard Time. */
type Row = readonly [RuleId, string, string, string];
const endOf = (date: string): string => `${date}T24:00+08:00`;

const DUE: Readonly<Record<string, readonly Row[]>> = {
  "weihai-lingang": [
    ["rectification", "complex online", "2022-03-01T10:00", endOf("2022-03-22")],
    ["rectification", "complex onsite", "2022-03-01T10:00", endOf("2022-03-22")],
    ["rectification", "complex", "2022-03-01T10:00", endOf("2022-03-22")],
    ["rectification", "general onsite", "2022-03-01T10:00", endOf("2022-03-08")],
    // 04-02 is worked, 04-03 to 04-05 are 清明节
    ["rectification", "general online", "2022-03-30T09:00", endOf("2022-04-07")],
    ["rectification", "simple online", "2022-03-04T17:59", endOf("2022-03-07")],
    ["rectification", "simple onsite", "2022-03-04T17:59", "2022-03-04T17:59+08:00"],
    ["rectification", "simple onsite form-note", "2022-03-04T17:59", endOf("2022-03-07")],
    // spring festival of 2022: off 01-31 to 02-06, worked 01-29 and 01-30
    ["rectification", "general online", "2022-01-27T10:00", endOf("2022-02-08")],
    // 国庆 of 2023: off 09-29 to 10-06, worked 10-07 and 10-08
    ["rectification", "complex online", "2023-09-22T10:00", endOf("2023-10-19")],
    ["rectification", "general online", "2023-09-28T10:00", endOf("2023-10-11")],
    ["response", "simple onsite", "2022-03-01T10:00", "2022-03-01T10:00+08:00"],
    ["response", "simple online", "2022-03-01T10:00", endOf("2022-03-02")],
    ["response", "general onsite", "2022-03-01T10:00", endOf("2022-03-02")],
    ["response", "general online", "2022-03-01T10:00", endOf("2022-03-02")],
    ["response", "complex online", "2022-03-01T10:00", endOf("2022-03-02")],
    ["response", "complex onsite", "2022-03-01T10:00", endOf("2022-03-02")],
    ["verification", "onsite", "2022-03-01T10:00", "2022-03-01T10:00+08:00"],
    // 备注1: the body asks for a visit and verification as one thing
    ["verification", "online form-note", "2022-03-01T10:00", endOf("2022-03-02")],
    ["appeal", "", "2022-03-01T10:00", endOf("2022-03-02")],
    // an event on a Sunday: the Monday is the first day
    ["appeal", "", "2022-03-06T10:00", endOf("2022-03-07")],
  ],
  linxia: [
    ["reminder", "", "2022-03-01T10:00", "2022-03-02T10:00+08:00"],
    ["reminder", "", "2022-09-30T17:00", "2022-10-01T17:00+08:00"],
    ["default-rating", "", "2022-03-01T10:00", endOf("2022-03-08")],
    ["default-rating", "from-reminder", "2022-03-01T10:00", endOf("2022-03-09")],
    // Friday evening: the reminder falls on Saturday, five working days from there are the same as from Friday
    ["default-rating", "from-reminder", "2022-03-04T18:00", endOf("2022-03-11")],
    ["rectification", "complex", "2022-03-01T10:00", endOf("2022-03-08")],
    // 州庆 11-19
    ["rectification", "complex online", "2024-11-18T10:00", endOf("2024-11-26")],
    // 州庆 on a Saturday, moved to Monday 11-21
    ["rectification", "complex", "2022-11-17T10:00", endOf("2022-11-25")],
    ["rectification-extended", "complex", "2022-03-01T10:00", endOf("2022-03-15")],
    ["rectification-extended", "complex ten-in-all", "2022-03-01T10:00", endOf("2022-03-15")],
    ["rectification-extended", "complex ten-more", "2022-03-01T10:00", endOf("2022-03-22")],
  ],
  siping: [
    ["default-rating", "", "2022-03-01T10:00", endOf("2022-03-08")],
    // the 7th day is Saturday 03-12
    ["default-rating", "", "2022-03-05T10:00", endOf("2022-03-14")],
    ["default-rating", "stays", "2022-03-05T10:00", endOf("2022-03-12")],
    // the 7th day is Saturday 10-08, which is worked
    ["default-rating", "", "2022-10-01T10:00", endOf("2022-10-08")],
    // the 7th day falls into 国庆
    ["default-rating", "", "2022-09-26T10:00", endOf("2022-10-08")],
    ["verification", "", "2022-09-30T17:30", "2022-10-02T17:30+08:00"],
    ["response", "", "2022-03-01T10:00", "2022-03-03T10:00+08:00"],
    ["response", "review-at-once", "2022-03-01T10:00", "2022-03-01T10:00+08:00"],
    ["rectification", "", "2022-03-01T10:00", endOf("2022-03-16")],
    ["rectification", "complex online", "2022-03-01T10:00", endOf("2022-03-16")],
    ["rectification", "simple onsite", "2022-03-05T10:00", endOf("2022-03-21")],
    ["rectification", "stays", "2022-03-05T10:00", endOf("2022-03-20")],
    ["rectification", "after-verification", "2022-03-01T10:00", endOf("2022-03-18")],
    ["appeal", "", "2022-03-04T10:00", endOf("2022-03-08")],
    ["review", "", "2022-03-01T10:00", endOf("2022-03-08")],
  ],
  xishuangbanna: [
    ["hand-over", "", "2022-03-01T10:00", endOf("2022-03-03")],
    ["rectification", "simple", "2022-03-01T10:00", endOf("2022-03-03")],
    ["rectification", "complex onsite", "2022-03-01T10:00", endOf("2022-03-22")],
    // 泼水节 of 2023: off 04-12 to 04-14
    ["rectification", "simple online", "2023-04-11T10:00", endOf("2023-04-18")],
    ["rectification-extended", "simple", "2022-03-01T10:00", endOf("2022-03-07")],
    ["rectification-extended", "complex", "2022-03-01T10:00", endOf("2022-03-24")],
    ["report", "", "2022-03-01T10:00", endOf("2022-03-03")],
    ["appeal", "", "2022-03-01T10:00", endOf("2022-03-08")],
    ["appeal", "day-counted", "2022-03-01T10:00", endOf("2022-03-07")],
    ["review", "", "2022-03-01T10:00", endOf("2022-03-08")],
    ["bulletin-month", "", "2022-03-15T10:00", endOf("2022-04-10")],
    ["bulletin-month", "before-the-10th", "2022-03-15T10:00", endOf("2022-04-09")],
    ["bulletin-month", "", "2022-12-31T23:59", endOf("2023-01-10")],
    ["bulletin-month", "", "2023-01-01T00:00", endOf("2023-02-10")],
    ["bulletin-half-year", "", "2022-06-30T23:59", endOf("2022-07-10")],
    ["bulletin-half-year", "", "2022-07-01T00:00", endOf("2023-01-10")],
    ["bulletin-half-year", "before-the-10th", "2022-12-01T00:00", endOf("2023-01-09")],
    ["bulletin-year", "", "2022-01-01T00:00", endOf("2023-01-10")],
    // a date in a year without a paper needs no calendar
    ["bulletin-year", "", "2026-05-01T00:00", endOf("2027-01-10")],
  ],
  yantai: [
    ["reminder", "", "2022-03-01T10:00", endOf("2022-03-02")],
    ["reminder", "24-hours", "2022-03-01T10:00", "2022-03-02T10:00+08:00"],
    ["reminder", "", "2022-09-30T10:00", endOf("2022-10-01")],
    ["supplementary", "", "2022-03-01T10:00", endOf("2022-03-08")],
    ["supplementary", "onsite", "2022-03-01T10:00", endOf("2022-03-08")],
    ["supplementary", "onsite", "2020-09-25T10:00", endOf("2020-10-09")],
  ],
};

describe.each(Object.keys(DUE))("%s is due", (region) => {
  test.each(DUE[region] ?? [])("%s (%s) after %s: %s", (rule, facts, moment, due) => {
    const answer = ask(region, rule, facts, moment);
    const dueDate = due.slice(0, 10);
    expect(answer).toMatchObject({ due, dueDate, ask: false });
    expect(answer.clause).toContain("(L");
    expect(answer.steps[0]).toMatchObject({ kind: "start" });
    expect(answer.steps.at(-1)).toMatchObject({ kind: "due", at: due });
  });
});

/** Steps that the document demands without a number: a person sets the date. */
const ASKED: Readonly<Record<string, readonly (readonly [RuleId, string])[]>> = {
  "weihai-lingang": [
    ["verification", "online"],
    ["response", "complex online body"],
    ["rectification-extended", "general online"],
    ["rectification-extended", "complex onsite"],
    ["report", "simple onsite"],
    ["review", ""],
  ],
  linxia: [
    ["response", ""],
    ["verification", "online"],
    ["rectification", "simple online"],
    ["report", ""],
    ["appeal", ""],
    ["review", ""],
    ["bulletin-month", ""],
  ],
  siping: [["reminder", ""]],
  xishuangbanna: [],
  yantai: [
    ["response", ""],
    ["verification", ""],
    ["rectification", "simple"],
    ["rectification", "complex online"],
    ["supplementary", "online"],
    ["appeal", ""],
    ["review", ""],
    ["bulletin-month", ""],
  ],
};

describe.each(Object.keys(ASKED))("%s has no number and asks a person for", (region) => {
  test.each([...(ASKED[region] ?? [])])("%s (%s)", (rule, facts) => {
    const answer = ask(region, rule, facts, "2022-03-01T10:00");
    expect(answer).toMatchObject({ due: null, dueDate: null, ask: true });
    expect(answer.clause).toContain("(L");
  });

  test("nothing else than what the document leaves open (bulletins aside)", () => {
    const open = new Set((ASKED[region] ?? []).map(([rule]) => rule));
    const asked = (["reminder", "default-rating", "hand-over", "appeal", "review"] as const).filter(
      (rule) => ask(region, rule, "", "2022-03-01T10:00").ask,
    );
    expect(asked).toEqual(asked.filter((rule) => open.has(rule)));
  });
});

/** The document has no such step: nothing is borrowed from a neighbour. */
const SILENT: Readonly<Record<string, readonly (readonly [RuleId, string])[]>> = {
  "weihai-lingang": [
    ["reminder", ""],
    ["default-rating", ""],
    ["supplementary", ""],
    ["hand-over", ""],
    ["rectification-extended", "simple onsite"],
    // results are made public, and no bulletin is named
    ["bulletin-month", ""],
    ["bulletin-half-year", ""],
    ["bulletin-year", ""],
  ],
  linxia: [
    ["supplementary", ""],
    ["hand-over", ""],
    ["rectification", "general"],
    ["rectification-extended", "simple"],
  ],
  siping: [
    ["supplementary", ""],
    ["hand-over", ""],
    ["rectification-extended", "complex online"],
    ["report", ""],
    ["bulletin-month", ""],
    ["bulletin-half-year", ""],
    ["bulletin-year", ""],
  ],
  xishuangbanna: [
    ["reminder", ""],
    ["default-rating", ""],
    ["supplementary", ""],
    ["response", "simple online"],
    ["verification", "online"],
    ["rectification", "general onsite"],
  ],
  yantai: [
    ["default-rating", ""],
    ["hand-over", ""],
    ["rectification", "general"],
    ["rectification-extended", "complex"],
    ["report", ""],
  ],
};

describe.each(Object.keys(SILENT))("%s says nothing of", (region) => {
  test.each([...(SILENT[region] ?? [])])("%s (%s)", (rule, facts) => {
    const answer = ask(region, rule, facts, "2022-03-01T10:00");
    expect(answer).toMatchObject({ due: null, dueDate: null, ask: false, reading: null });
    expect(answer.steps).toMatchObject([{ kind: "answer", counted: false }]);
  });
});

describe("the limits of the calendar", () => {
  test.each([
    ["linxia", "default-rating", "", "2019-12-31T10:00", endOf("2020-01-08")],
    // extended spring festival of 2020: 02-01 and 02-02 are off, 02-03 is the first working day
    ["xishuangbanna", "appeal", "", "2020-01-22T10:00", endOf("2020-02-06")],
    ["weihai-lingang", "appeal", "", "2026-12-30T10:00", endOf("2026-12-31")],
    ["siping", "verification", "", "2026-12-31T10:00", "2027-01-02T10:00+08:00"],
    ["siping", "default-rating", "stays", "2026-12-28T10:00", endOf("2027-01-04")],
  ] as const)("%s %s %s after %s is due %s", (region, rule, facts, moment, due) => {
    expect(ask(region, rule, facts, moment).due).toBe(due);
  });

  test.each([
    ["linxia", "default-rating", "", "2019-12-30T10:00"],
    ["weihai-lingang", "appeal", "", "2026-12-31T10:00"],
    ["weihai-lingang", "rectification", "complex online", "2026-12-11T10:00"],
    ["siping", "default-rating", "", "2026-12-28T10:00"],
    ["yantai", "supplementary", "", "2031-05-05T10:00"],
  ] as const)("%s %s %s after %s needs a year without a paper and is refused", (region, rule, facts, moment) => {
    expect(() => ask(region, rule, facts, moment)).toThrow(expect.objectContaining({ code: "WR7104" }));
  });

  test("the last days of the last year come with the warning that the next paper may change them", () => {
    const { warnings } = ask("weihai-lingang", "appeal", "", "2026-12-30T10:00");
    expect(warnings.map(({ en }) => en).join()).toContain("The paper of 2027 is missing");
  });

  test("a year whose local holidays are unknown is named in a warning, and only where days were counted", () => {
    const warningsOf = (region: string, rule: RuleId, facts: string) =>
      ask(region, rule, facts, "2024-04-10T10:00")
        .warnings.map(({ zh }) => zh)
        .join();
    expect(warningsOf("xishuangbanna", "rectification", "simple")).toContain("2024年地方假日不明（unknown）：泼水节");
    expect(warningsOf("xishuangbanna", "bulletin-month", "")).not.toContain("unknown");
    expect(warningsOf("yantai", "supplementary", "")).not.toContain("unknown");
  });
});

test("the draft and every unsigned pack say so in every answer", () => {
  const texts = (region: string) => ask(region, "appeal", "", "2022-03-01T10:00").warnings.map(({ en }) => en);
  expect(texts("siping").join()).toContain("draft");
  for (const region of book.regions) expect(texts(region).join()).toContain("not signed off");
});

test("an extension tells what it extends, before which day it must be told, and its cap", () => {
  expect(ask("weihai-lingang", "rectification-extended", "general online", "2022-03-01T10:00").extension).toEqual({
    capWorkingDays: null,
    approvalBy: null,
    tell: ["评价人", "政务服务管理办公室"],
    base: endOf("2022-03-08"),
    tellBefore: "2022-03-08",
  });
  expect(ask("xishuangbanna", "rectification-extended", "complex", "2022-03-01T10:00").extension).toMatchObject({
    capWorkingDays: 2,
    approvalBy: "牵头部门",
    base: endOf("2022-03-22"),
    tellBefore: null,
  });
});

test("all readings of a clause come with their results, the chosen one marked with by whom, when and why", () => {
  const { readings, chosen, reading } = ask("linxia", "rectification-extended", "complex", "2022-03-01T10:00");
  expect(readings.map(({ name, dueDate, chosen: isChosen }) => [name, dueDate, isChosen])).toEqual([
    ["ten-in-all", "2022-03-15", true],
    ["ten-more", "2022-03-22", false],
  ]);
  expect(reading).toBe("ten-in-all");
  expect(chosen).toMatchObject({ reading: "ten-in-all", on: "2026-11-21" });
});

test("a step that was done is in time up to the last moment", () => {
  const done = (doneAt: string) => book.explain("siping", { rule: "appeal", at: at("2022-03-04T10:00"), doneAt: at(doneAt) }).stop?.inTime;
  expect(done("2022-03-08T23:59")).toBe(true);
  expect(done("2022-03-09T00:01")).toBe(false);
});

test("who acts together, and to whom a report goes, is told as the clause of the case has it", () => {
  const facts = (rule: RuleId, words: string) => ask("weihai-lingang", rule, words, "2022-03-01T10:00");
  expect(facts("report", "general online").to).toEqual(["同级政务服务管理机构"]);
  expect(facts("report", "general onsite").to).toEqual(["政务服务管理办公室"]);
  expect(facts("report", "complex").to).toEqual(["政务服务管理办公室"]);
  expect(facts("rectification", "general onsite").with).toEqual(["相关责任单位"]);
  expect(facts("rectification", "general online").with).toEqual([]);
  expect(ask("xishuangbanna", "report", "", "2022-03-01T10:00").to).toEqual(["牵头部门", "州政务服务中心"]);
});

test("what is due on the spot is never called late: no minute is given, and a person judges", () => {
  const simple = { rule: "rectification", class: "simple", channel: "onsite", at: at("2022-03-04T10:00") } as const;
  const answer = book.explain("weihai-lingang", { ...simple, doneAt: at("2022-03-04T10:03") });
  expect(answer.stop).toMatchObject({ at: "2022-03-04T10:03+08:00", inTime: null });
  expect(answer.assumptions.map(({ zh }) => zh).join()).toContain("是否当场由人判断");
  const byTheNote = book.explain("weihai-lingang", { ...simple, reading: "form-note", doneAt: at("2022-03-08T10:00") });
  expect(byTheNote.stop?.inTime).toBe(false);
});

describe("refused with a word on what to give:", () => {
  test.each([
    ["a class that matters", "weihai-lingang", "rectification", "", "WR7106", "--class"],
    ["a channel that matters", "weihai-lingang", "rectification", "simple", "WR7106", "--channel"],
    ["an unknown reading", "linxia", "rectification-extended", "complex ten-times", "WR7103", "ten-in-all, ten-more"],
    ["a reading where nothing is said", "yantai", "default-rating", "some", "WR7103", "says nothing"],
    ["an unknown region", "nowhere", "appeal", "", "WR7102", "yantai"],
  ] as const)("%s", (_, region, rule, facts, code, word) => {
    const asking = () => ask(region, rule, facts, "2022-03-01T10:00");
    expect(asking).toThrow(expect.objectContaining({ code }));
    expect(asking).toThrow(word);
  });
});
