import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";

const ROOT = join(import.meta.dirname, "..", "..");

test.each(["README.md", "README.zh-CN.md"])("%s shows every picture that is drawn, and none that is not", (readme) => {
  const shown = [...readFileSync(join(ROOT, readme), "utf8").matchAll(/\]\(docs\/screens\/([^)]+)\)/g)].map(([, name]) => name);
  const drawn = readdirSync(join(ROOT, "docs", "screens"));
  expect([...new Set(shown)].sort()).toEqual(drawn.sort());
});
