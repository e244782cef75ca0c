import { mkdirSync } from "node:fs";
import { join } from "node:path";
import type { Entry } from "@window-rating/protocol/sync";
import { sql } from "kysely";
import type { Storage } from "../src/central.ts";
import { bulkInsert } from "../src/database/bulk-insert.ts";
import { openEmbedded, openPostgres } from "../src/database/open.ts";
import { WindowPc } from "../test/window-pc.ts";

/** Rows a commit, and entries a batch. */
export const BATCH = 200;
/** Entries before the first measured one. */
const WARM_UP = 2_000;

const batchesOf = (entries: readonly Entry[]): Entry[][] =>
  Array.from({ length: Math.ceil(entries.length / BATCH) }, (_, index) => entries.slice(index * BATCH, (index + 1) * BATCH));

const BARE = { number: "bigint", entry_id: "text", previous_hash: "text", hash: "text", signature: "text", body: "text" } as const;

const rowOf = ({ number, entryId, previousHash, hash, signature, body }: Entry) => ({
  number,
  entry_id: entryId,
  previous_hash: previousHash,
  hash,
  signature,
  body,
});

/** A table of entries without anything but its key, as fast as rows go into it. */
export interface BareTable {
  /** Inserts so many entries, as many a commit as one batch. @returns rows a second */
  insert(count: number): Promise<number>;
  close(): Promise<void>;
}

export const openBareTable = async (storage: Storage): Promise<BareTable> => {
  if ("data" in storage) mkdirSync(storage.data, { recursive: true });
  const db =
    "data" in storage
      ? await openEmbedded(join(storage.data, "pg"), Date.now)
      : await openPostgres(storage.databaseUrl, Date.now, () => {});
  const columns = Object.entries(BARE).map(([name, type]) => `${name} ${type} not null`);
  await sql.raw(`create table bare (${columns.join(", ")}, primary key (number))`).execute(db);
  const pc = new WindowPc("bench");
  return {
    async insert(count) {
      const batches = batchesOf(pc.entries(count));
      const startedMs = performance.now();
      for (const batch of batches) await bulkInsert("bare", BARE, batch.map(rowOf)).execute(db);
      return (count * 1000) / (performance.now() - startedMs);
    },
    close: () => db.destroy(),
  };
};

/** Bare multi-row INSERTs of entries: rows a second. */
export const insertBare = async (storage: Storage, count: number): Promise<number> => {
  const bare = await openBareTable(storage);
  try {
    await bare.insert(WARM_UP);
    return Math.round(await bare.insert(count));
  } finally {
    await bare.close();
  }
};
