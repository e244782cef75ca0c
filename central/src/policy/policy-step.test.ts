import { describe, expect, test } from "vitest";
import { type CivilDate, parseMoment } from "../calendar/civil-date.ts";
import type { Explanation, Question } from "./explain.ts";
import { closeStep, type DateSetting, isWaitingForDate, openStep, recompute, setDate } from "./policy-step.ts";
import { openRuleBook } from "./rule-book.ts";

const book = openRuleBook();
const AT = parseMoment("2022-03-01T10:00") ?? Number.NaN;
const LATER = AT + 3_600_000;
const ID = "8b0b5f6e-0d0f-4b51-9f3e-000000000001";

const answer = (region: string, question: Partial<Question> & Pick<Question, "rule">) => book.explain(region, { at: AT, ...question });
const counted = () => openStep(ID, "review 1", answer("linxia", { rule: "rectification-extended", class: "complex" }));
const asked = () => openStep(ID, "review 2", answer("yantai", { rule: "rectification", class: "complex" }));
const byHand = { by: "张三样例", atMs: LATER, reason: "会商后确定" };
const on = (date: string) => date as CivilDate;

describe("a step", () => {
  test("keeps the version of pack and calendar and the reading that it was computed under", () => {
    const { explanation, revision, dueMs } = counted();
    expect(revision).toBe(1);
    expect(explanation).toMatchObject({ reading: "ten-in-all", pack: { version: 2, hash: book.pack("linxia").hash }, dueMs });
    expect(explanation.calendar.version).toBe(book.calendar("linxia").version);
  });

  test("is not opened where the document has no such step", () => {
    expect(() => openStep(ID, "review 3", answer("yantai", { rule: "default-rating" }))).toThrow(
      expect.objectContaining({ code: "WR7107" }),
    );
  });
});

describe("a date that the document leaves open", () => {
  test("is set by a named person, until 24:00 of the day, and can be set anew", () => {
    const open = asked();
    expect(isWaitingForDate(open)).toBe(true);
    const set = setDate(open, on("2022-03-15"), byHand);
    expect(set).toMatchObject({ revision: 2, dueMs: Date.UTC(2022, 2, 15, 16), dateSetting: byHand });
    expect(isWaitingForDate(set)).toBe(false);
    expect(setDate(set, on("2022-03-20"), { ...byHand, by: "李四样例" })).toMatchObject({ revision: 3, dateSetting: { by: "李四样例" } });
    expect(open).toMatchObject({ revision: 1, dueMs: null });
  });

  test.each([
    ["where the rules give it", counted, "2022-03-15", byHand],
    ["by nobody", asked, "2022-03-15", { ...byHand, by: " " }],
    ["before the event", asked, "2022-02-28", { ...byHand, atMs: AT - 86_400_000 * 3 }],
    ["on a day that was over", asked, "2022-03-02", { ...byHand, atMs: AT + 86_400_000 * 5 }],
    ["for a closed step", () => closeStep(asked(), LATER), "2022-03-15", byHand],
  ])("is not set %s", (_, step, date, setting) => {
    expect(() => setDate(step(), on(date), setting)).toThrow(expect.objectContaining({ code: "WR7107" }));
  });
});

describe("an extension", () => {
  const weihai = () =>
    openStep(ID, "review 4", answer("weihai-lingang", { rule: "rectification-extended", class: "general", channel: "online" }));
  const on8th = (hour: string) => ({ ...byHand, atMs: parseMoment(`2022-03-${hour}`) ?? Number.NaN });
  const refused = expect.objectContaining({ code: "WR7107" });

  test("that a person sets is asked before the day on which the step is due, and is longer than that (000 三(二)2)", () => {
    // Five working days after 1 March end on the 8th.
    expect(weihai().explanation.extension).toMatchObject({ tellBefore: "2022-03-08", approvalBy: null });
    expect(() => setDate(weihai(), on("2022-03-15"), on8th("08T00:00"))).toThrow(refused);
    expect(() => setDate(weihai(), on("2022-03-08"), on8th("07T10:00"))).toThrow(refused);
    expect(() => setDate(weihai(), on("2022-03-15"), { ...on8th("07T10:00"), reason: " " })).toThrow(refused);
    const set = setDate(weihai(), on("2022-03-15"), on8th("07T23:59"));
    expect(set.dueMs).toBe(Date.UTC(2022, 2, 15, 16));
    // Once more, before the extended limit.
    expect(setDate(set, on("2022-03-18"), on8th("14T10:00")).revision).toBe(3);
    expect(() => setDate(set, on("2022-03-18"), on8th("15T10:00"))).toThrow(refused);
  });

  test("whose limit the rules give is approved where the document has it approved, and by whom is kept (003 一(二)2)", () => {
    const explanation = answer("xishuangbanna", { rule: "rectification-extended", class: "complex" });
    const open = (setting: DateSetting | null = null) => openStep(ID, "review 5", explanation, setting);
    expect(() => open()).toThrow(refused);
    expect(() => open(byHand)).toThrow(refused);
    const approved = { ...byHand, approvedBy: "李四样例" };
    const step = open(approved);
    expect(step).toMatchObject({ dueMs: explanation.dueMs, dateSetting: approved });
    const anew = { ...explanation, pack: { ...explanation.pack, version: 9, hash: "e".repeat(64) } };
    expect(recompute(step, anew)).toMatchObject({ revision: 2, dateSetting: approved });
    // Where nobody approves, nobody need be named (001 二(四)1).
    expect(counted().dateSetting).toBeNull();
  });
});

describe("after the reading is changed", () => {
  const otherReading = () => answer("linxia", { rule: "rectification-extended", class: "complex", reading: "ten-more" });
  const otherPack = (explanation: Explanation): Explanation => ({
    ...explanation,
    pack: { ...explanation.pack, version: 2, hash: "f".repeat(64) },
  });

  test("an open step is computed anew, as a further revision", () => {
    const step = counted();
    const anew = recompute(step, otherReading());
    expect(anew).toMatchObject({ revision: 2, explanation: { reading: "ten-more", dueDate: "2022-03-22" } });
    expect(anew.dueMs).toBeGreaterThan(step.dueMs ?? Number.NaN);
  });

  test("a closed step stays the very same", () => {
    const closed = closeStep(counted(), LATER);
    expect(recompute(closed, otherReading())).toBe(closed);
    expect(closed.explanation).toMatchObject({ reading: "ten-in-all", dueDate: "2022-03-15" });
    expect(() => closeStep(closed, LATER)).toThrow(expect.objectContaining({ code: "WR7107" }));
  });

  test("a step under the same version of everything stays the very same", () => {
    const step = counted();
    expect(recompute(step, answer("linxia", { rule: "rectification-extended", class: "complex" }))).toBe(step);
  });

  test("a date that a person set stays as long as the rules give none", () => {
    const set = setDate(asked(), on("2022-03-15"), byHand);
    expect(recompute(set, otherPack(set.explanation))).toMatchObject({ revision: 3, dueMs: set.dueMs, dateSetting: byHand });
    expect(recompute(set, otherPack(otherReading()))).toMatchObject({ revision: 3, dateSetting: null, explanation: { ask: false } });
  });
});
