import { mkdirSync } from "node:fs";
import { join } from "node:path";
import type { Entry } from "@window-rating/protocol/sync";
import { sql } from "kysely";
import type { Storage } from "../src/central.ts";
import { bulkInsert } from "../src/database/bulk-insert.ts";
import { openEmbedded, openPostgres } from "../src/database/open.ts";
import { STORAGES } from "../test/storages.ts";
import { WindowPc } from "../test/window-pc.ts";

export { STORAGES };

/** Rows a commit. */
const BATCH = 200;
/** Entries before the first measured one. */
const WARM_UP = 2_000;

const perSecond = (count: number, startedMs: number): number => Math.round((count * 1000) / (performance.now() - startedMs));

const batchesOf = (entries: readonly Entry[]): Entry[][] =>
  Array.from({ length: Math.ceil(entries.length / BATCH) }, (_, index) => entries.slice(index * BATCH, (index + 1) * BATCH));

const BARE = { number: "bigint", entry_id: "text", previous_hash: "text", hash: "text", signature: "text", body: "text" } as const;

/** Bare multi-row INSERTs of entries, as many a commit as one batch: rows a second. */
export const insertBare = async (storage: Storage, count: number): Promise<number> => {
  if ("data" in storage) mkdirSync(storage.data, { recursive: true });
  const db =
    "data" in storage
      ? await openEmbedded(join(storage.data, "pg"), Date.now)
      : await openPostgres(storage.databaseUrl, Date.now, () => {});
  try {
    const columns = Object.entries(BARE).map(([name, type]) => `${name} ${type} not null`);
    await sql.raw(`create table bare (${columns.join(", ")}, primary key (number))`).execute(db);
    const batches = batchesOf(new WindowPc("bench").entries(WARM_UP + count));
    const insert = ({ number, entryId, previousHash, hash, signature, body }: Entry) => ({
      number,
      entry_id: entryId,
      previous_hash: previousHash,
      hash,
      signature,
      body,
    });
    for (const batch of batches.slice(0, WARM_UP / BATCH)) await bulkInsert("bare", BARE, batch.map(insert)).execute(db);
    const startedMs = performance.now();
    for (const batch of batches.slice(WARM_UP / BATCH)) await bulkInsert("bare", BARE, batch.map(insert)).execute(db);
    return perSecond(count, startedMs);
  } finally {
    await db.destroy();
  }
};
