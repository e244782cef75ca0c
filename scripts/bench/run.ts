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
import { withRows } from "./readme-table.ts";
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

/** Puts rows into the table of a README. */
const writeRows = (file: string, rows: readonly BenchRow[], heads: readonly string[], isWhole: boolean): void => {
  const path = join(import.meta.dirname, "..", "..", file);
  writeFileSync(path, withRows(readFileSync(path, "utf8"), rows, heads, isWhole));
};

// `npm run bench` runs all of them, `npm run bench -- press start` some: a line of JSON for each number. With --write the rows
// go into the tables of both READMEs: those of a whole run make them anew, others replace what they measure.
const isToWrite = process.argv.includes("--write");
const wanted = process.argv.slice(2).filter((word) => word !== "--write");
const unknown = wanted.filter((name) => !Object.hasOwn(BENCHES, name));
if (unknown.length > 0) {
  process.stderr.write(`Usage: npm run bench -- [--write] [${Object.keys(BENCHES).join(" ")}]\n`);
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
  const isWhole = wanted.length === 0;
  writeRows("README.md", rows, ["what", "measured", "against", "baseline", "ratio", "must reach"], isWhole);
  writeRows("README.zh-CN.md", rows, ["项目", "实测", "对照", "基准", "比值", "要求"], isWhole);
}
if (rows.some(({ ok }) => !ok)) process.exitCode = 1;
