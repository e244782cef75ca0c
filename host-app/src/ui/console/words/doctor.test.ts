import { describe, expect, test } from "vitest";
import { FINDING_KINDS } from "../../../core/commands/doctor/finding-kinds.ts";
import { SUBJECTS } from "../pages/doctor/subjects.ts";
import { FINDING_WORDS, toldFinding } from "./doctor.ts";

/** What another program said stands apart on the console. */
const blanksOf = (text = ""): string[] =>
  [...new Set([...text.matchAll(/\{\{(\w+)\}\}/g)].map(([, name]) => name ?? ""))].filter((name) => name !== "detail").sort();

describe("Everything that the doctor can find", () => {
  test.each(Object.entries(FINDING_KINDS) as [string, { subject: string; text: string; todo?: string }][])(
    "%s has words in both languages, with the same facts in them",
    (kind, { subject, text, todo }) => {
      const words = FINDING_WORDS[kind];
      expect(SUBJECTS[subject]?.[0]).toMatch(/\p{Script=Han}/u);
      expect(text).not.toBe("");
      expect(words?.text).toMatch(/\p{Script=Han}|^\{\{\w+\}\}(\{\{about\}\})?$/u);
      expect(blanksOf(words?.text)).toEqual(blanksOf(text));
      if (todo !== undefined) expect(words?.todo).toMatch(/\p{Script=Han}/u);
      // The Chinese names no fact that the core does not give.
      expect(blanksOf(words?.todo).filter((name) => ![...blanksOf(text), ...blanksOf(todo)].includes(name))).toEqual([]);
    },
  );

  test("has no words for what it cannot find", () => {
    expect(Object.keys(FINDING_WORDS).filter((kind) => !Object.hasOwn(FINDING_KINDS, kind))).toEqual([]);
  });
});

describe("A finding on the console", () => {
  const held = {
    kind: "queueHeldUp",
    facts: { waiting: 3, ageMs: 7_300_000, detail: "connect ECONNREFUSED" },
    text: "3 wait for central, the oldest for 2 h: connect ECONNREFUSED",
    code: "WR6001",
    todo: "Check it",
  };

  test("is Chinese, advice and times too; what another program said stands apart", () => {
    expect(toldFinding(held, "zh-CN")).toEqual({
      text: "3 条等待上传，最早一条已等 2 小时，尚未成功。",
      todo: expect.stringMatching(/^连不上中心；请检查.*（WR6001）$/),
      detail: "connect ECONNREFUSED",
    });
    const frames = { kind: "framesBad", facts: { frames: 9, bad: 5, faults: "bad-checksum 4, too-short 1" }, text: "", code: "WR3005" };
    expect(toldFinding(frames, "zh-CN")).toMatchObject({
      text: "好 9 帧，坏 5 帧（校验错误 4, 过短 1）",
      todo: expect.stringContaining("转接器"),
    });
  });

  test("is English as the command prints it", () => {
    expect(toldFinding(held, "en")).toEqual({ text: `WR6001 ${held.text}`, todo: "Check it", detail: null });
  });
});
