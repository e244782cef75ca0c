import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { SETTING_LIST } from "../config/index.ts";
import { withVerbTables } from "../desk/verb-tables.ts";
import { VERBS } from "../desk/verbs.ts";
import { hostPages } from "./write-docs.ts";

test("The pages of settings and of the desk API show what is declared", () => {
  for (const { file, wanted, found } of hostPages()) expect(found === wanted, `docs/${file} is out of date: run npm run docs`).toBe(true);
});

test("Every setting and every verb has its row", () => {
  const [configuration, deskApi] = hostPages().map(({ wanted }) => wanted);
  for (const { key, help } of SETTING_LIST)
    expect(configuration).toMatch(new RegExp(`\\| \`${key.replace(".", "\\.")}\` \\|.*${help.zh.slice(0, 4)}`));
  for (const { method, path } of VERBS) expect(deskApi).toContain(`| \`${method} ${path}\` |`);
});

test("A page that has lost a mark is refused, not overwritten", () => {
  expect(() => withVerbTables("# Desk API\n")).toThrow(/has lost the mark/);
});

test("The examples of the desk API name verbs that exist", () => {
  const page = readFileSync(join(import.meta.dirname, "../../../../docs/desk-api.md"), "utf8");
  const called = [...page.matchAll(/\$DESK(\/[^\s"']*)/g)].map(([, path]) =>
    `/desk/v1${path}`.replace(/cases\/[^/]+\//, "cases/{caseNo}/"),
  );
  expect(called.length).toBeGreaterThan(4);
  const paths = VERBS.map(({ path }) => path);
  for (const path of called) expect(paths).toContain(path);
});
