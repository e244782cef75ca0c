import { ERRORS, type ErrorCode } from "@window-rating/protocol/error";
import { describe, expect, test } from "vitest";
import { COMMON_ERRORS, type RequestDeclaration } from "../../../messages/declaration.ts";
import { REQUESTS } from "../../../messages/requests.ts";
import { itCauseOf, itSentenceOf } from "./refusals.ts";

const declared = Object.values(REQUESTS)
  .filter(({ from }: RequestDeclaration) => from.includes("console"))
  .flatMap(({ errors }: RequestDeclaration): readonly ErrorCode[] => errors);
/** Causes that the console shows beside what it asks for. */
const told = (Object.keys(ERRORS) as ErrorCode[]).filter((code) => /^WR[1346]/.test(code));

describe("What the console says of a refusal", () => {
  test.each([...new Set([...COMMON_ERRORS, ...declared, ...told])].sort())(
    "%s is a Chinese sentence with its code, and sends nobody to the IT staff who read it",
    (code) => {
      const sentence = itSentenceOf(code, "", "zh-CN");
      expect(sentence).toMatch(new RegExp(`^\\p{Script=Han}.*。（${code}）$`, "u"));
      expect(sentence).not.toMatch(/信息技术人员/);
      // What is wrong, and after it what to do.
      expect(sentence.slice(0, -10)).toMatch(/[，；。：]/);
    },
  );

  test("names the field, and what may stand in it", () => {
    expect(itSentenceOf("WR5103", "", "zh-CN", { field: "card" })).toBe("卡号须为 4–32 位数字；请改正后再试。（WR5103）");
    expect(itSentenceOf("WR5103", "", "zh-CN", { field: "url" })).toContain("https://");
    expect(itSentenceOf("WR8001", "", "zh-CN", { field: "code" })).toMatch(/^一次性代码不完整/);
    expect(itSentenceOf("WR8013", "", "zh-CN", { windowNo: "99" })).toContain("没有 99 号窗口");
    expect(itSentenceOf("WR5103", "", "zh-CN", { field: "hash" })).toMatch(/^填写内容不符合要求/);
  });

  test("says the cause of the core the same way, and English as the core says it", () => {
    expect(itCauseOf("WR6001 Central cannot be reached: refused. x", "zh-CN")).toMatch(/^连不上中心；请检查.*WR6001/);
    expect(itCauseOf("WR6001 Central cannot be reached: refused. x", "en")).toBe("WR6001 Central cannot be reached: refused. x");
    expect(itCauseOf("something else", "zh-CN")).toBe("something else");
  });
});
