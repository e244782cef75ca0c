import { benchDecode } from "./decode.ts";
import { benchDrain } from "./drain.ts";
import { benchPress } from "./press.ts";
import type { BenchRow } from "./row.ts";
import { benchStart } from "./start.ts";

const BENCHES: Readonly<Record<string, () => Promise<BenchRow[]>>> = {
  decode: benchDecode,
  press: benchPress,
  drain: benchDrain,
  start: benchStart,
};

// `npm run bench` runs all of them, `npm run bench -- press start` some: a line of JSON for each number.
const wanted = process.argv.slice(2);
const unknown = wanted.filter((name) => !Object.hasOwn(BENCHES, name));
if (unknown.length > 0) {
  process.stderr.write(`There is no bench ${unknown.join(", ")}; there are ${Object.keys(BENCHES).join(", ")}.\n`);
  process.exit(2);
}
for (const [name, bench] of Object.entries(BENCHES)) {
  if (wanted.length > 0 && !wanted.includes(name)) continue;
  for (const row of await bench()) process.stdout.write(`${JSON.stringify(row)}\n`);
}
