// Writes the table of faults into docs/simulator.md; with --check it only says whether the page is up to date.
import { readFileSync, writeFileSync } from "node:fs";
import path from "node:path";
import { parseArgs } from "node:util";
import { FAULTS } from "./library.ts";

const PAGE = path.resolve(import.meta.dirname, "../../../docs/simulator.md");
const OPEN = "<!-- faults -->";
const CLOSE = "<!-- /faults -->";

/** The table of all faults, as Markdown. */
export const faultTable = (): string => {
  const rows = Object.entries(FAULTS).map(
    ([name, { value, standard, does, seen }]) => `| \`${name}\` | ${standard} | ${value} | ${does} | ${seen} |`,
  );
  return ["| fault | standard | value | what goes wrong | what citizen and window PC notice |", "|---|---|---|---|---|", ...rows].join(
    "\n",
  );
};

/** The page with the table of today. @throws Error if it has no place for it */
export const pageWithFaults = (page: string): string => {
  const [from, to] = [page.indexOf(OPEN), page.indexOf(CLOSE)];
  if (from < 0 || to < from) throw new Error("docs/simulator.md has no place for the table of faults");
  return `${page.slice(0, from + OPEN.length)}\n${faultTable()}\n${page.slice(to)}`;
};

if (import.meta.main) {
  const { check } = parseArgs({ options: { check: { type: "boolean", default: false } } }).values;
  const page = readFileSync(PAGE, "utf8");
  const wanted = pageWithFaults(page);
  if (!check) writeFileSync(PAGE, wanted);
  else if (page !== wanted) {
    process.stderr.write("docs/simulator.md does not show the faults of firmware-sim/src/faults/library.ts: run npm run docs\n");
    process.exitCode = 1;
  }
}
