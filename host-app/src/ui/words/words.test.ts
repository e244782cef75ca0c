import { ERRORS, type ErrorCode } from "@window-rating/protocol/error";
import { describe, expect, test } from "vitest";
import { COMMON_ERRORS, type RequestDeclaration } from "../../messages/declaration.ts";
import { REQUESTS } from "../../messages/requests.ts";
import { en } from "./en.ts";
import { ERROR_WORDS } from "./error-words.ts";
import { causeSentence, sentenceOf } from "./sentence.ts";
import { words } from "./words.ts";
import { zhCN } from "./zh-CN.ts";

/** Every text with its path. */
const textsOf = (group: object, before = ""): [string, string][] =>
  Object.entries(group).flatMap(([key, value]) =>
    typeof value === "string" ? [[before + key, value] as [string, string]] : textsOf(value as object, `${before}${key}.`),
  );
const blanksOf = (text: string): string[] => [...text.matchAll(/\{\{(\w+)\}\}/g)].map(([, name]) => name ?? "").sort();

describe("The words of the strip", () => {
  test("are there in Chinese for every code that a clerk may meet: of a request, a pad, a port, the database, and the way to central", () => {
    const declared = Object.values(REQUESTS).flatMap(({ errors }: RequestDeclaration) => errors);
    const known = (Object.keys(ERRORS) as ErrorCode[]).filter((code) => /^WR[1346]/.test(code));
    const missing = [...new Set([...COMMON_ERRORS, ...declared, ...known])].filter((code) => ERROR_WORDS[code] === undefined);
    expect(missing).toEqual([]);
  });

  test("say nothing of a code that does not exist", () => {
    expect(Object.keys(ERROR_WORDS).filter((code) => !Object.hasOwn(ERRORS, code))).toEqual([]);
  });

  test("have the same blanks in both languages, and no text is empty", () => {
    const english = new Map(textsOf(en));
    for (const [key, text] of textsOf(zhCN)) {
      expect([key, blanksOf(english.get(key) ?? "")]).toEqual([key, blanksOf(text)]);
      expect(text).not.toBe("");
      expect(english.get(key)).not.toBe("");
    }
  });

  test("keep a case number as it is, also where it looks like a page's code", () => {
    expect(words.t("line.rated", { caseNo: "<b>&{{x}}" })).toBe("已收到评价：办件 <b>&{{x}}");
  });

  test("give the sentence of a code in the language of the screen, and what came from the core where there is none", () => {
    expect(sentenceOf("WR5008", "WR5008 Manual trigger switched off", "zh-CN")).toBe("本单位规定只能由业务系统结束办件。（WR5008）");
    expect(sentenceOf("WR5008", "WR5008 Manual trigger switched off", "en")).toBe("WR5008 Manual trigger switched off");
    expect(causeSentence("WR3002 No permission to open the port: /dev/ttyUSB0. x", "zh-CN")).toMatch(/^没有权限.*WR3002/);
    expect(causeSentence("something else", "zh-CN")).toBe("something else");
  });
});
