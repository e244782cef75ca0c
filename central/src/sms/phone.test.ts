import { expect, test } from "vitest";
import { readPhone } from "./phone.ts";

test.each([
  "13000000001",
  "+8613000000001",
  "8613000000001",
  "008613000000001",
  "+86 130-0000-0001",
  "１３０００００００01",
  "(130) 0000.0001",
])("%s is one and the same phone", (written) => {
  expect(readPhone(written)).toBe("13000000001");
});

test("phones of other countries keep theirs, and what is no phone is none", () => {
  expect([readPhone("+1 202 555 0100"), readPhone("0012025550100"), readPhone("12345")]).toEqual(["+12025550100", "+12025550100", "12345"]);
  for (const none of ["", "abc", "13000000001x", "1".repeat(41), "+", "12"]) expect(readPhone(none)).toBeUndefined();
});
