// Writes docs/configuration.md and the tables of docs/desk-api.md; with --check it only says whether they are up to date.
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { configurationPage } from "../config/configuration-page.ts";
import { withVerbTables } from "../desk/verb-tables.ts";

const DOCS = join(import.meta.dirname, "..", "..", "..", "..", "docs");
const current = (file: string): string => (existsSync(join(DOCS, file)) ? readFileSync(join(DOCS, file), "utf8") : "");

/** Each page as it should be. */
export const hostPages = (): { readonly file: string; readonly wanted: string; readonly found: string }[] => [
  { file: "configuration.md", wanted: configurationPage(), found: current("configuration.md") },
  { file: "desk-api.md", wanted: withVerbTables(current("desk-api.md")), found: current("desk-api.md") },
];

if (import.meta.main) {
  const { check } = parseArgs({ options: { check: { type: "boolean", default: false } } }).values;
  for (const { file, wanted, found } of hostPages()) {
    if (wanted === found) continue;
    if (check) {
      console.error(`docs/${file} does not show what host-app declares: run npm run docs`);
      process.exitCode = 1;
    } else writeFileSync(join(DOCS, file), wanted);
  }
}
