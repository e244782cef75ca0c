import { describe, expect, test } from "vitest";
import { LEVELS } from "../rating.ts";
import { REASON_LISTS, REASONS_2019, REASONS_2020, reasonCodesSchema, reasonListSchema, reasonsOf, strayReason } from "./index.ts";

describe("the list of 2020", () => {
  test("offers eight reasons with each level, in its order", () => {
    expect(LEVELS.map(({ level }) => reasonsOf(REASONS_2020, level).map(({ code }) => Number(code)))).toEqual([
      [108, 109, 110, 111, 112, 113, 114, 115],
      [207, 208, 209, 210, 211, 212, 213, 214],
      [307, 308, 309, 310, 311, 312, 313, 314],
      [406, 407, 408, 409, 410, 411, 412, 413],
      [510, 511, 512, 513, 514, 515, 516, 517],
    ]);
  });

  test("words its reasons as the sources do", () => {
    const words = (code: string) => REASONS_2020.reasons.find((reason) => reason.code === code)?.text?.zh;
    expect([words("510"), words("413"), words("314"), words("212"), words("115")]).toEqual([
      "一窗受理一次办结",
      "服务态度较好",
      "服务态度一般",
      "在线预约办理后到实体大厅重复取号排队",
      "服务态度差效率低",
    ]);
  });
});

test("every list fits its schema, and of the retired one nothing is offered, for its text is not known", () => {
  for (const list of REASON_LISTS) expect(reasonListSchema.parse(list)).toEqual(list);
  expect(REASONS_2019.inForce).toBe(false);
  expect(LEVELS.flatMap(({ level }) => reasonsOf(REASONS_2019, level))).toEqual([]);
  expect(REASONS_2019.reasons.map(({ code }) => code)).not.toContain("403");
});

test("a list with a code twice, or of another level than its first digit says, is none", () => {
  const reason = { code: "510", level: 5, text: null };
  const faultOf = (reasons: unknown) => reasonListSchema.safeParse({ version: "2030", inForce: true, reasons }).error?.issues[0]?.message;
  expect(faultOf([reason, reason])).toBe("510 stands twice");
  expect(faultOf([{ ...reason, level: 4 }])).toBe("510 is of level 5");
  expect(faultOf([reason])).toBeUndefined();
});

test("a code chosen is an option of its level in its list, or it is a stray one", () => {
  expect(strayReason(REASONS_2020, 5, ["510", "517"])).toBeUndefined();
  expect(strayReason(REASONS_2020, 4, ["406", "510"])).toBe("510");
  expect(strayReason(REASONS_2020, 5, ["501"])).toBe("501");
  expect(strayReason(REASONS_2019, 5, ["501"])).toBeUndefined();
  expect(reasonCodesSchema.safeParse(["510", "510"]).success).toBe(false);
});
