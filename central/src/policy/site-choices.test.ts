import { describe, expect, test } from "vitest";
import { type CivilDate, parseMoment } from "../calendar/civil-date.ts";
import type { Question } from "./explain.ts";
import { liveRuleBook } from "./live-book.ts";
import { closeStep, openStep, recompute } from "./policy-step.ts";
import { openRuleBook, type RuleBook } from "./rule-book.ts";
import { mergeChoices, NO_CHOICES, requireReading, type SiteChoices } from "./site-choices.ts";

const packs = openRuleBook();
const on = "2026-11-21" as CivilDate;
const day = (text: string) => text as CivilDate;
const moment = (text: string): number => parseMoment(text) ?? Number.NaN;

const choice = (
  region: string,
  given: Pick<SiteChoices["readings"][number], "rule" | "reading"> & Partial<SiteChoices["readings"][number]>,
) => ({
  region,
  class: null,
  channel: null,
  by: "张三样例",
  on,
  why: "州政府办公室答复",
  ...given,
});
const bookOf = (choices: Partial<SiteChoices>): RuleBook => packs.with({ ...NO_CHOICES, ...choices });
const tenMore = choice("linxia", { rule: "rectification-extended", class: "complex", reading: "ten-more" });
const ask = (book: RuleBook, region: string, question: Omit<Question, "at">, at = "2022-03-01T10:00") =>
  book.explain(region, { ...question, at: moment(at) });
const EXTENDED = { rule: "rectification-extended", class: "complex" } as const;

describe("a reading that the site chose", () => {
  test("counts from then on, with by whom, when and why; the pack stays as it came", () => {
    const answer = ask(bookOf({ readings: [tenMore] }), "linxia", EXTENDED);
    expect(answer).toMatchObject({ reading: "ten-more", dueDate: "2022-03-22" });
    expect(answer.chosen).toMatchObject({ reading: "ten-more", by: { zh: "张三样例" }, on, why: { zh: "州政府办公室答复" } });
    expect(ask(packs, "linxia", EXTENDED)).toMatchObject({ reading: "ten-in-all", dueDate: "2022-03-15" });
  });

  test("gives the pack another hash, and other regions the same", () => {
    const book = bookOf({ readings: [tenMore] });
    expect(book.pack("linxia").hash).not.toBe(packs.pack("linxia").hash);
    expect(book.pack("yantai").hash).toBe(packs.pack("yantai").hash);
  });

  test("for one class stands before one for all, whichever came later", () => {
    const forAll = choice("weihai-lingang", { rule: "response", reading: "form-note" });
    const forComplex = choice("weihai-lingang", { rule: "response", class: "complex", reading: "body" });
    const book = bookOf({ readings: [forComplex, forAll] });
    expect(ask(book, "weihai-lingang", { rule: "response", class: "simple", channel: "onsite" }).reading).toBe("form-note");
    expect(ask(book, "weihai-lingang", { rule: "response", class: "complex", channel: "online" }).reading).toBe("body");
  });

  test("takes the place of an earlier one on the same matter only", () => {
    const first = mergeChoices(NO_CHOICES, { readings: [tenMore, choice("linxia", { rule: "default-rating", reading: "from-reminder" })] });
    const second = mergeChoices(first, { readings: [{ ...tenMore, reading: "ten-in-all" }] });
    expect(second.readings.map(({ rule, reading }) => [rule, reading])).toEqual([
      ["rectification-extended", "ten-in-all"],
      ["default-rating", "from-reminder"],
    ]);
  });

  test.each([
    ["an unknown reading", tenMore, "other", "ten-in-all, ten-more"],
    ["a rule with one reading", choice("linxia", { rule: "reminder", reading: "as-written" }), "as-written", "nothing to choose"],
    ["another class", { ...tenMore, class: "simple" as const }, "ten-more", "none of"],
  ])("is refused for %s", (_, given, reading, words) => {
    const asking = () => requireReading(packs.pack("linxia"), { ...given, reading });
    expect(asking).toThrow(expect.objectContaining({ code: "WR7103" }));
    expect(asking).toThrow(words);
  });

  test("that a newer pack has not any more is told in every answer, and not used", () => {
    const gone = { ...tenMore, reading: "of-an-older-pack" };
    const answer = ask(bookOf({ readings: [gone] }), "linxia", EXTENDED);
    expect(answer.reading).toBe("ten-in-all");
    expect(answer.warnings.map(({ en }) => en).join()).toContain("of-an-older-pack of rectification-extended");
  });

  test("changes open steps when they are computed anew, and closed ones never", () => {
    const open = openStep("8b0b5f6e-0d0f-4b51-9f3e-000000000001", "review 1", ask(packs, "linxia", EXTENDED));
    const anew = ask(bookOf({ readings: [tenMore] }), "linxia", EXTENDED);
    expect(recompute(open, anew)).toMatchObject({ revision: 2, dueMs: anew.dueMs });
    const closed = closeStep(open, moment("2022-03-02T10:00"));
    expect(recompute(closed, anew)).toBe(closed);
  });
});

describe("a signature of the site", () => {
  const signed = (book: RuleBook) => ({ region: "linxia", hash: book.pack("linxia").hash, by: "样例签署人", on });

  test("stands under the pack as the site reads it, and its answers do not warn any more", () => {
    const readings = [tenMore];
    const book = bookOf({ readings, signatures: [signed(bookOf({ readings }))] });
    const { pack, warnings } = ask(book, "linxia", EXTENDED);
    expect(pack.signOff).toMatchObject({ by: "样例签署人", on });
    expect(warnings.map(({ en }) => en).join()).not.toContain("not signed off");
  });

  test("falls with the next change, and the answers say so", () => {
    const book = bookOf({ readings: [tenMore], signatures: [signed(packs)] });
    const { pack, warnings } = ask(book, "linxia", EXTENDED);
    expect(pack.signOff).toBeNull();
    expect(warnings.map(({ en }) => en).join()).toContain("was changed after 样例签署人 signed on 2026-11-21: sign again");
  });
});

describe("days of a local paper", () => {
  const splash = (year: number, off: { first: CivilDate; last: CivilDate }[], work: CivilDate[] = []) => ({
    ...{ region: "xishuangbanna", festival: "泼水节", year, paper: "西政办发〔2026〕99号（样例）", off, work, by: "张三样例", on },
  });
  const days = splash(2026, [{ first: day("2026-04-13"), last: day("2026-04-15") }], [day("2026-04-11")]);
  const SIMPLE = { rule: "rectification", class: "simple", channel: "online" } as const;

  test("are counted, with the number of the paper, and that festival is known in that year", () => {
    const before = ask(packs, "xishuangbanna", SIMPLE, "2026-04-10T10:00");
    expect(before.dueDate).toBe("2026-04-14");
    expect(before.warnings.map(({ zh }) => zh).join()).toContain("2026年地方假日不明（unknown）：泼水节");
    const after = ask(bookOf({ localDays: [days] }), "xishuangbanna", SIMPLE, "2026-04-10T10:00");
    // Saturday 04-11 is worked, 04-13 to 04-15 are off
    expect(after.dueDate).toBe("2026-04-16");
    expect(after.steps.map(({ why }) => why.zh).join()).toContain("西政办发〔2026〕99号（样例）");
    expect(after.warnings.map(({ zh }) => zh).join()).not.toContain("：泼水节");
    expect(after.calendar.version).not.toBe(before.calendar.version);
  });

  test("that a paper does not give make the festival known as well", () => {
    const calendar = bookOf({ localDays: [splash(2024, [])] }).calendar("xishuangbanna");
    const unknown = (year: number) => calendar.unknownFestivals(year).map(({ name }) => name);
    expect(unknown(2024)).toEqual(["州庆", "地方调休"]);
    expect(unknown(2022)).toEqual(["泼水节", "州庆", "地方调休"]);
  });
});

test("a live book answers as the site reads the rules at that moment", () => {
  const book = liveRuleBook(packs);
  expect(ask(book, "linxia", EXTENDED).reading).toBe("ten-in-all");
  book.follow({ ...NO_CHOICES, readings: [tenMore] });
  expect(ask(book, "linxia", EXTENDED).reading).toBe("ten-more");
  book.follow(NO_CHOICES);
  expect(ask(book, "linxia", EXTENDED).reading).toBe("ten-in-all");
});
