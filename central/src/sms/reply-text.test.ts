import fc from "fast-check";
import { expect, test } from "vitest";
import { readReply } from "./reply-text.ts";

const read = (text: string): number | string => {
  const meaning = readReply(text, null);
  return meaning.is === "level" ? meaning.level : meaning.is;
};

test.each([
  ["5", 5],
  ["５", 5],
  [" 5。", 5],
  ["⑤", 5],
  ["五", 5],
  ["五星", 5],
  ["5颗星", 5],
  ["５分！", 5],
  ["五星好评", 5],
  ["非常满意", 5],
  ["非常满意，谢谢！", 5],
  ["5非常满意", 5],
  ["非常满意 5", 5],
  ["您好，4 满意。谢谢", 4],
  ["满意", 4],
  ["回复4", 4],
  ["基本满意", 3],
  ["三分", 3],
  ["不满意", 2],
  ["“不满意”", 2],
  ["1分差评", 1],
  ["非常不满意", 1],
  ["Very satisfied", 5],
  ["5\n", 5],
  ["👍5", 5],
])("%j is level %i", (text, level) => {
  expect(read(text)).toBe(level);
});

test.each([
  ["", "says nothing"],
  ["好评", "may be 3, 4 or 5"],
  ["差评", "may be 1 or 2"],
  ["很满意", "is no level of the scale"],
  ["不是很满意", "is no level of the scale"],
  ["一般", "begins with a number and is none"],
  ["5不满意", "contradicts itself"],
  ["不满意5", "contradicts itself"],
  ["4或5", "names two"],
  ["4-5", "names two"],
  ["1.5", "is none of the five"],
  ["55", "is none of the five"],
  ["0", "is none of the five"],
  ["6", "is none of the five"],
  ["10分", "is none of the five"],
  ["5号窗口的态度不好", "is about a window"],
  ["1分钟就办好了", "is about a time"],
  ["谢谢", "is polite"],
  ["？", "asks"],
  ["👍", "may be anything"],
  ["五星差评", "contradicts itself"],
])("%j is asked back: it %s", (text) => {
  expect(read(text)).toBe("unclear");
});

test.each(["T", "t", "TD", "td。", "退订"])("%j wants no more", (text) => {
  expect(read(text)).toBe("stop");
});

test("the region's own words for its levels are understood", () => {
  const labels = { 1: "很差", 2: "较差", 3: "中等", 4: "较好", 5: "很好" } as const;
  expect(readReply("较差", labels)).toEqual({ is: "level", level: 2 });
  expect(readReply("4较好", labels)).toEqual({ is: "level", level: 4 });
  expect(readReply("4较差", labels)).toEqual({ is: "unclear" });
});

test("no text breaks it, and a text with two different digits is never a level", () => {
  fc.assert(
    fc.property(fc.string({ unit: "binary", maxLength: 60 }), (text) => {
      readReply(text, null);
    }),
  );
  fc.assert(
    fc.property(
      fc.integer({ min: 1, max: 9 }),
      fc.integer({ min: 1, max: 9 }),
      fc.constantFrom("", " ", "，", "或", "/", "星"),
      (one, other, between) => {
        fc.pre(one !== other);
        expect(read(`${one}${between}${other}`)).toBe("unclear");
      },
    ),
  );
});
