import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { withTables } from "./spec-tables.ts";

const SPEC = readFileSync(join(import.meta.dirname, "..", "..", "SPEC.md"), "utf8");

describe("the generated parts of SPEC.md", () => {
  test("are as the declarations have them now", () => {
    expect(withTables(SPEC)).toBe(SPEC);
  });

  test("are mended when a byte of a worked example was changed by hand", () => {
    const wrong = SPEC.replace("AC 2B 7B 51 00", "AC 2B 7B 52 00");
    expect(wrong).not.toBe(SPEC);
    expect(withTables(wrong)).toBe(SPEC);
  });

  test("are missed when their place is gone", () => {
    expect(() => withTables(SPEC.replace("<!-- timers -->", ""))).toThrow('"timers"');
  });
});
