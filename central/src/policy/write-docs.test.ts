import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { policyDocument } from "./write-docs.ts";

test("docs/policy.md shows the packs and the calendar as they are (node central/src/policy/write-docs.ts writes it)", () => {
  const page = readFileSync(join(import.meta.dirname, "../../../docs/policy.md"), "utf8");
  expect(policyDocument(page)).toBe(page);
  expect(() => policyDocument("# Nothing")).toThrow("no place for the table");
});
