import { STORAGES, sweepOpenVisits } from "@window-rating/central/bench";
import { type BenchRow, ratioRow, valueRow } from "./row.ts";

const VISITS = 1_000_000;
const FEWER = 100_000;

const sweep = async (visits: number) => {
  const postgres = STORAGES.find(({ name }) => name === "PostgreSQL");
  if (postgres === undefined) throw new Error("There is no PostgreSQL among the storages");
  const { storage, remove } = await postgres.create();
  try {
    if (!("databaseUrl" in storage)) throw new Error("A PostgreSQL has a URL");
    return await sweepOpenVisits(storage, visits);
  } finally {
    await remove();
  }
};

/** One instance that works off reminders and default ratings after an outage of ten days, on PostgreSQL. */
export const benchSweep = async (): Promise<BenchRow[]> => {
  const fewer = await sweep(FEWER);
  const { seconds, report, peakMB, bareSeconds } = await sweep(VISITS);
  const what = `${report.reminder} reminders and ${report["default-rating"]} default ratings among 1,000,000 open visits`;
  return [
    valueRow({ what, unit: "s", value: seconds, against: "bare INSERTs of such rows", baseline: bareSeconds }, { atMost: 60 }),
    ratioRow(
      { what: "the same, most memory", unit: "MB", value: peakMB, against: "among 100,000 open visits", baseline: fewer.peakMB },
      { atMost: 2 },
    ),
  ];
};

if (import.meta.main) for (const row of await benchSweep()) process.stdout.write(`${JSON.stringify(row)}\n`);
