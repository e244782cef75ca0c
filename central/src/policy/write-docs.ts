// Writes the tables of docs/policy.md from the packs and the calendar; with --check it only says whether they are up to date.
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { loadCalendarData } from "../calendar/load.ts";
import { loadPack, regionsIn } from "./load.ts";
import type { Pack } from "./pack-schema.ts";
import { listRules } from "./rule-list.ts";

const PAGE = join(import.meta.dirname, "..", "..", "..", "docs", "policy.md");

const cell = (text: string): string => text.replaceAll("|", "\\|").replaceAll("<", "&lt;");
const row = (cells: readonly string[]): string => `| ${cells.map(cell).join(" | ")} |`;
const table = (heads: readonly string[], rows: readonly (readonly string[])[]): string =>
  [row(heads), row(heads.map(() => "---")), ...rows.map(row)].join("\n");

const rulesTable = (pack: Pack): string => {
  const rows = listRules(pack).map((line) => [
    line.rule,
    line.class?.join(", ") ?? "any",
    line.channel?.join(", ") ?? "any",
    line.reading === null ? "—" : line.reading === "as-written" ? "" : `${line.reading}${line.chosen ? " **chosen**" : ""}`,
    line.ask ? `**ask** (${line.text.en})` : line.reading === null ? `nothing said${remark(line.text.en)}` : line.answer.en,
    line.event?.en ?? "—",
    line.reading === null && !line.clause.includes("(L") ? "—" : line.clause.replace(`${pack.document.number} `, ""),
  ]);
  const status = pack.status === "draft" ? ", **draft**" : "";
  const title = `### ${pack.region} ${pack.name.zh}\n\n${pack.document.number}《${pack.document.title}》${status}, pack version ${pack.version}, ${pack.signOff === null ? "not signed" : "signed"}.`;
  return `${title}\n\n${table(["rule", "class", "channel", "reading", "until", "from", "clause"], rows)}`;
};

const remark = (text: string): string => (text === "The document says nothing of it" ? "" : `: ${text}`);

const papersTable = (): string => {
  const rows = loadCalendarData().years.flatMap(({ year, papers }) =>
    papers.map(({ number, date, off, work, unverified }) => [
      String(year),
      `${number}${unverified === true ? " (unverified)" : ""}`,
      date,
      off.map(({ name, first, last }) => `${name} ${first.slice(5)}${first === last ? "" : `..${last.slice(5)}`}`).join("; "),
      work.map((day) => day.date.slice(5)).join(", "),
    ]),
  );
  return table(["year", "paper", "of", "off", "worked weekends"], rows);
};

const localTable = (): string => {
  const rows = loadCalendarData().overlays.flatMap(({ region, festivals }) =>
    festivals.map((festival) => {
      const days =
        "yearly" in festival
          ? [
              `every year ${festival.yearly.month}-${festival.yearly.day}, ${festival.yearly.onWeekend === "stays" ? "also on a weekend" : "on Monday if a weekend"}`,
            ]
          : [...festival.off.map(({ first, last }) => `${first}..${last}`), ...festival.work.map((date) => `${date} worked`)];
      return [region, `${festival.name} (${festival.en})`, days.join("; ") || "unknown", festival.certainty, festival.source];
    }),
  );
  return table(["region", "festival", "days known", "certainty", "source"], rows);
};

const TABLES: Readonly<Record<string, () => string>> = {
  rules: () =>
    regionsIn()
      .map((region) => rulesTable(loadPack(region).pack))
      .join("\n\n"),
  papers: papersTable,
  local: localTable,
};

/** The page with its tables made anew, between their marks. @throws Error for a page without a mark */
export const policyDocument = (page: string): string =>
  Object.entries(TABLES).reduce((text, [name, make]) => {
    const [open, close] = [`<!-- ${name} -->`, `<!-- /${name} -->`];
    const [from, to] = [text.indexOf(open), text.indexOf(close)];
    if (from < 0 || to < from) throw new Error(`docs/policy.md has no place for the table of ${name}`);
    return `${text.slice(0, from + open.length)}\n\n${make()}\n\n${text.slice(to)}`;
  }, page);

if (import.meta.main) {
  const { check } = parseArgs({ options: { check: { type: "boolean", default: false } } }).values;
  const page = readFileSync(PAGE, "utf8");
  const wanted = policyDocument(page);
  if (!check) writeFileSync(PAGE, wanted);
  else if (page !== wanted) {
    process.stderr.write("docs/policy.md does not show the packs: run node central/src/policy/write-docs.ts\n");
    process.exitCode = 1;
  }
}
