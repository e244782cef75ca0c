import { statfsSync } from "node:fs";
import { tmpdir } from "node:os";
import { parseArgs } from "node:util";
import { listGenerated, STORAGES } from "@window-rating/central/bench";
import { type BenchRow, quantile, valueRow } from "./row.ts";

const ROWS = 10_000_000;
/** Ratings with their cases and visits, indexes, and the log of writing them. */
const BYTES_PER_ROW = 1_700;

/**
 * Pages of the console's list of ratings on PostgreSQL: every filter and mix of filters, for accounts of the whole, an agency and a hall.
 * @param rows how many ratings; by itself `node scripts/bench/list.ts --rows 100000` takes seconds
 */
export const benchList = async (rows = ROWS): Promise<BenchRow[]> => {
  const { bavail, bsize } = statfsSync(tmpdir());
  if (bavail * bsize < rows * BYTES_PER_ROW) {
    throw new Error(`${Math.ceil((rows * BYTES_PER_ROW) / 1e9)} GB must be free in ${tmpdir()}; take fewer rows with --rows`);
  }
  const postgres = STORAGES.find(({ name }) => name === "PostgreSQL");
  if (postgres === undefined) throw new Error("There is no PostgreSQL among the storages");
  const { storage, remove } = await postgres.create();
  try {
    if (!("databaseUrl" in storage)) throw new Error("A PostgreSQL has a URL");
    const { pages, counts, uncounted, rowMs } = await listGenerated(storage, rows);
    const times = pages.map(({ ms }) => ms);
    const slowest = pages.toSorted((one, other) => other.ms - one.ms)[0];
    const what = `${pages.length} pages of filtered ratings among ${rows.toLocaleString("en")}`;
    const against = "one row by its key";
    process.stderr.write(
      `slowest page: ${slowest?.ms.toFixed(0)} ms, ${slowest?.filters} page ${slowest?.page} in ${slowest?.scope}; counts up to 10,000: p50 ${quantile(counts, 0.5).toFixed(0)} ms, p95 ${quantile(counts, 0.95).toFixed(0)} ms, ${uncounted} of ${counts.length} given up after 2 s\n`,
    );
    return [
      valueRow({ what: `${what}, p50`, unit: "ms", value: quantile(times, 0.5), against, baseline: rowMs }, { atMost: 200 }),
      valueRow({ what: `${what}, p95`, unit: "ms", value: quantile(times, 0.95), against, baseline: rowMs }, { atMost: 200 }),
      valueRow({ what: `${what}, slowest`, unit: "ms", value: slowest?.ms ?? Number.NaN, against, baseline: rowMs }, { atMost: 15_000 }),
    ];
  } finally {
    await remove();
  }
};

if (import.meta.main) {
  const { values } = parseArgs({ options: { rows: { type: "string" } } });
  for (const row of await benchList(values.rows === undefined ? ROWS : Number(values.rows)))
    process.stdout.write(`${JSON.stringify(row)}\n`);
}
