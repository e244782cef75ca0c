import { describe, expect, test } from "vitest";
import { AREAS_OF_WORDS } from "./use-words.ts";

const PAIRS = Object.entries(AREAS_OF_WORDS).flatMap(([area, texts]) =>
  Object.entries(texts).map(([name, [zh, en]]) => ({ key: `${area}.${name}`, zh, en })),
);
const blanksOf = (text: string): string[] => [...text.matchAll(/\{\{(\w+)\}\}/g)].map(([, name]) => name ?? "").sort();

describe("The words of the console", () => {
  test("are there in both languages, with the same blanks", () => {
    expect(PAIRS.length).toBeGreaterThan(20);
    for (const { key, zh, en } of PAIRS) {
      expect([key, zh !== "" && en !== ""]).toEqual([key, true]);
      expect([key, blanksOf(en)]).toEqual([key, blanksOf(zh)]);
    }
  });

  test("have nothing Chinese in English, but for the name of that language", () => {
    expect(PAIRS.filter(({ key, en }) => /\p{Script=Han}/u.test(en) && key !== "frame.otherLanguage")).toEqual([]);
  });
});
