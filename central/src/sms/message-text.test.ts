import { expect, test } from "vitest";
import { reminderText, shortItem } from "./message-text.ts";

const labels = { 1: "非常不满意", 2: "不满意", 3: "基本满意", 4: "满意", 5: "非常满意" } as const;

test("a reminder names the item alone, and says how to answer and how to have peace", () => {
  expect(reminderText({ signature: "政务服务评价", labels }, shortItem("居民身份证换领", "C-1"))).toBe(
    "【政务服务评价】您办理的“居民身份证换领”已办结，请您评价。直接回复数字：5非常满意，4满意，3基本满意，2不满意，1非常不满意。不愿再收到提醒请回复T。",
  );
});

test("a reminder names the page as well, unless the message would be longer than three parts with it", () => {
  const told = (page: string) => reminderText({ signature: "政务服务评价", labels }, "居民身份证换领", page);
  const page = `https://pj.example.gov.cn/Q/${"0".repeat(32)}`;
  expect(told(page)).toContain(`；或打开 ${page} 。不愿再收到提醒请回复T。`);
  expect([...told(page)].length).toBeLessThanOrEqual(201);
  expect(told(`https://${"x".repeat(150)}.example/Q/0`)).not.toContain("https");
});

test("a long name is cut, by whole characters", () => {
  expect(shortItem("企业职工基本养老保险参保登记及变更", "C-1")).toBe("企业职工基本养老保险参…");
  expect([...shortItem("𠮷".repeat(20), "C-1")]).toHaveLength(12);
});

test.each([
  ["换领 C-2026-17 号", "C-2026-17"],
  ["张三样例 13000000000", "C-1"],
  ["证件 １２３４５６", "C-1"],
  ["证件 12 34-56", "C-1"],
  ["  ", "C-1"],
])("%j names a case or somebody, and is left out", (itemName, caseNo) => {
  expect(shortItem(itemName, caseNo)).toBe("政务服务事项");
});
