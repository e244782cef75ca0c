// Writes docs/errors.md from the error codes in protocol/src/errors; with --check it only says whether the file is up to date.
import { readFileSync, writeFileSync } from "node:fs";
import path from "node:path";
import { parseArgs } from "node:util";
import { ERRORS, type ErrorEntry } from "@window-rating/protocol/error";

const PAGE = path.resolve(import.meta.dirname, "../../docs/errors.md");

/** The first digit of a code says where it comes from. */
const AREAS: Readonly<Record<string, string>> = {
  1: "Pad protocol",
  2: "Device profiles",
  3: "Ports",
  4: "Database of the window PC",
  5: "Desk API",
  6: "From the window PC to central",
  7: "Central",
  8: "Configuration and commands",
  9: "Simulated pad",
};

/**
 * The page of all error codes, as Markdown.
 *
 * @throws Error for a code of no known area
 */
export function errorTable(errors: Readonly<Record<string, ErrorEntry>> = ERRORS): string {
  const byArea = Map.groupBy(Object.entries(errors).sort(), ([code]) => code.slice("WR".length, "WR".length + 1));
  const sections = [...byArea].map(([digit, entries]) => {
    const area = AREAS[digit];
    if (area === undefined) throw new Error(`No area is named for the codes WR${digit}xxx: add it to scripts/docs/error-table.ts`);
    const rows = entries.map(([code, { title, advice }]) => `| ${code} | ${cell(title)} | ${cell(advice)} |`);
    return `## ${area}\n\n| code | what | what to do |\n|---|---|---|\n${rows.join("\n")}\n`;
  });
  const head =
    "# Error codes\n\nEvery error of the system has a code that never changes. This page is made from `protocol/src/errors` by `npm run docs`.\n";
  return [head, ...sections].join("\n");
}

function cell(text: string): string {
  return text.replaceAll("|", "\\|").replaceAll("<", "&lt;");
}

if (import.meta.main) {
  const { check } = parseArgs({ options: { check: { type: "boolean", default: false } } }).values;
  const wanted = errorTable();
  if (!check) writeFileSync(PAGE, wanted);
  else if (readFileSync(PAGE, "utf8") !== wanted) {
    console.error("docs/errors.md does not show the codes of protocol/src/errors: run npm run docs");
    process.exit(1);
  }
}
