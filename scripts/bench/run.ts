import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { benchAsset } from "./asset.ts";
import { benchCitizenPage } from "./citizen-page.ts";
import { benchDecode } from "./decode.ts";
import { benchDrain } from "./drain.ts";
import { benchExplain } from "./explain.ts";
import { benchFleet } from "./fleet.ts";
import { benchFuzz } from "./fuzz.ts";
import { benchHours } from "./hours.ts";
import { benchInstances } from "./instances.ts";
import { benchIntake } from "./intake.ts";
import { benchLink } from "./link.ts";
import { benchList } from "./list.ts";
import { benchPress } from "./press.ts";
import { benchPush } from "./push.ts";
import type { BenchRow } from "./row.ts";
import { benchSetup } from "./setup.ts";
import { benchStart } from "./start.ts";
import { benchStrip } from "./strip.ts";
import { benchSweep } from "./sweep.ts";

const BENCHES: Readonly<Record<string, () => Promise<BenchRow[]>>> = {
  decode: benchDecode,
  link: benchLink,
  asset: benchAsset,
  press: benchPress,
  drain: benchDrain,
  intake: benchIntake,
  instances: benchInstances,
  fleet: benchFleet,
  fuzz: benchFuzz,
  start: benchStart,
  setup: benchSetup,
  strip: benchStrip,
  citizen: benchCitizenPage,
  hours: benchHours,
  push: benchPush,
  explain: benchExplain,
  sweep: benchSweep,
  list: benchList,
};

const OPEN = "<!-- bench -->";
const CLOSE = "<!-- /bench -->";

const tableOf = (rows: readonly BenchRow[], heads: readonly string[]): string => {
  const line = (cells: readonly unknown[]): string => `| ${cells.join(" | ")} |`;
  const cellsOf = ({ what, unit, value, against, baseline, ratio, must }: BenchRow) => [
    what,
    `${value} ${unit}`,
    against,
    baseline,
    ratio,
    must,
  ];
  return [line(heads), line(heads.map(() => "---")), ...rows.map((row) => line(cellsOf(row)))].join("\n");
};

/** Puts the table of this run into a README, between its two marks. */
const writeTable = (file: string, rows: readonly BenchRow[], heads: readonly string[]): void => {
  const path = join(import.meta.dirname, "..", "..", file);
  const text = readFileSync(path, "utf8");
  const [from, to] = [text.indexOf(OPEN), text.indexOf(CLOSE)];
  if (from < 0 || to < from) throw new Error(`${file} has no place for the table of measurements`);
  writeFileSync(path, `${text.slice(0, from + OPEN.length)}\n\n${tableOf(rows, heads)}\n\n${text.slice(to)}`);
};

// `npm run bench` runs all of them, `npm run bench -- press start` some: a line of JSON for each number. With --write the table of a
// whole run goes into both READMEs.
const isToWrite = process.argv.includes("--write");
const wanted = process.argv.slice(2).filter((word) => word !== "--write");
const unknown = wanted.filter((name) => !Object.hasOwn(BENCHES, name));
if (unknown.length > 0 || (isToWrite && wanted.length > 0)) {
  process.stderr.write(`Usage: npm run bench -- [--write | ${Object.keys(BENCHES).join(" ")}]; --write goes with the whole run alone.\n`);
  process.exit(2);
}
const rows: BenchRow[] = [];
for (const [name, bench] of Object.entries(BENCHES)) {
  if (wanted.length > 0 && !wanted.includes(name)) continue;
  for (const row of await bench()) {
    process.stdout.write(`${JSON.stringify(row)}\n`);
    rows.push(row);
  }
}
if (isToWrite) {
  writeTable("README.md", rows, ["what", "measured", "against", "baseline", "ratio", "must reach"]);
  writeTable("README.zh-CN.md", rows, ["项目", "实测", "对照", "基准", "比值", "要求"]);
}
if (rows.some(({ ok }) => !ok)) process.exitCode = 1;
