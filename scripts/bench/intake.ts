import { BATCH, openBareTable, prepareHall, STORAGES } from "@window-rating/central/bench";
import { startChild } from "../rig/child.ts";
import { type BenchRow, quantile, ratioRow } from "./row.ts";

const WINDOW_PCS = 8;
const ROUNDS = 9;
/** Batches of each window PC in one round. */
const BATCHES = 6;

/**
 * Signed entries, prepared beforehand, over HTTP into one central on PostgreSQL, until each batch is committed and answered. Held
 * against bare multi-row INSERTs of such entries over one connection, in turns, so that whatever else the machine does hits both alike.
 */
export const benchIntake = async (): Promise<BenchRow[]> => {
  const [forIntake, forBare] = [await postgres(), await postgres()];
  const central = await startChild("window-central", ["serve", "--port", "0", "--json", "--log-level", "error"], {
    DATABASE_URL: forIntake.storage.databaseUrl,
  });
  const bare = await openBareTable(forBare.storage);
  const hall = await prepareHall(String(central.ready.url), forIntake.storage.databaseUrl, WINDOW_PCS, BATCHES * (ROUNDS + 1));
  try {
    const entries = WINDOW_PCS * BATCHES * BATCH;
    const [ours, theirs]: [number[], number[]] = [[], []];
    await hall.send(BATCHES);
    await bare.insert(entries);
    for (let round = 0; round < ROUNDS; round++) {
      ours.push(await hall.send(BATCHES));
      theirs.push(await bare.insert(entries));
    }
    return [
      ratioRow(
        {
          what: `intake of signed entries on PostgreSQL, one instance, batches of ${BATCH}, ${WINDOW_PCS} window PCs`,
          unit: "entries/s",
          value: quantile(ours, 0.5),
          against: "bare multi-row INSERT",
          baseline: quantile(theirs, 0.5),
        },
        { atLeast: 0.4 },
      ),
    ];
  } finally {
    hall.close();
    await bare.close();
    await central.end("SIGTERM");
    await forIntake.remove();
    await forBare.remove();
  }
};

const postgres = async () => {
  const { storage, remove } = await (STORAGES[1] as (typeof STORAGES)[number]).create();
  if (!("databaseUrl" in storage)) throw new Error("the second storage is no PostgreSQL");
  return { storage, remove };
};

if (import.meta.main) for (const row of await benchIntake()) process.stdout.write(`${JSON.stringify(row)}\n`);
