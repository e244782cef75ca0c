import { mkdirSync } from "node:fs";
import { Agent, request } from "node:http";
import { join } from "node:path";
import { json } from "node:stream/consumers";
import { type BatchAnswer, batchAnswerSchema, type Entry } from "@window-rating/protocol/sync";
import { sql } from "kysely";
import type { Storage } from "../src/central.ts";
import { bulkInsert } from "../src/database/bulk-insert.ts";
import { openEmbedded, openPostgres } from "../src/database/open.ts";
import { runCentralCommand, startCentralProcess } from "../test/central-process.ts";
import { STORAGES } from "../test/storages.ts";
import { WindowPc } from "../test/window-pc.ts";

export { STORAGES };

/** One measured number. */
export interface Measurement {
  readonly what: string;
  readonly unit: "entries/s";
  readonly value: number;
  /** Bare multi-row INSERTs of the same entries, as many per commit, on the same kind of database in the same run. */
  readonly baseline: number;
  /** value / baseline */
  readonly ratio: number;
  readonly mustReach: number;
}

const MUST_REACH: Readonly<Record<string, number>> = { PGlite: 2_000, PostgreSQL: 5_000 };
/** What window-host sends at a time. */
const BATCH = 200;

const perSecond = (count: number, startedMs: number): number => Math.round((count * 1000) / (performance.now() - startedMs));

/** Entries before the first measured one. */
const WARM_UP = 2_000;

const batchesOf = (entries: readonly Entry[]): Entry[][] =>
  Array.from({ length: Math.ceil(entries.length / BATCH) }, (_, index) => entries.slice(index * BATCH, (index + 1) * BATCH));

/** Posts one batch over a connection that stays open, as window-host does. */
const post = (agent: Agent, url: string, pc: WindowPc, entries: readonly Entry[]): Promise<BatchAnswer> =>
  new Promise((resolve, reject) => {
    const body = Buffer.from(JSON.stringify({ windowPcId: pc.windowPcId, sentAtMs: Date.now(), entries }));
    const headers = { "content-type": "application/json", "content-length": body.length, authorization: `Bearer ${pc.token}` };
    const sending = request(`${url}/sync/v1/batches`, { method: "POST", agent, headers }, (response) => {
      json(response).then((answer) => resolve(batchAnswerSchema.parse(answer)), reject);
    });
    sending.once("error", reject).end(body);
  });

/** One window PC empties its outbox to a central in a process of its own, batch after batch over loopback HTTP. */
const drain = async (storage: Storage, count: number): Promise<number> => {
  const central = await startCentralProcess(storage);
  const agent = new Agent({ keepAlive: true });
  try {
    const pc = new WindowPc("bench");
    const made = await runCentralCommand(["enrol", "--window", pc.windowNo, "--json"], storage);
    await pc.enrol(central.url, (JSON.parse(made.out) as { code: string }).code);
    // The first batches warm up both sides, as on any central that has run for a minute.
    for (const batch of batchesOf(pc.entries(WARM_UP))) await post(agent, central.url, pc, batch);
    const batches = batchesOf(pc.entries(count));
    const startedMs = performance.now();
    for (const batch of batches) {
      const { answers } = await post(agent, central.url, pc, batch);
      if (answers.some(({ answer }) => answer !== "stored")) throw new Error("an entry of the benchmark was not stored");
    }
    return perSecond(count, startedMs);
  } finally {
    agent.destroy();
    await central.end("SIGTERM");
  }
};

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

/** Measures how fast central takes entries, on both kinds of storage. */
export const benchIntake = async (count = 20_000): Promise<Measurement[]> => {
  const measurements: Measurement[] = [];
  for (const { name, create } of STORAGES) {
    const [forDrain, forBare] = [await create(), await create()];
    try {
      const value = await drain(forDrain.storage, count);
      const baseline = await insertBare(forBare.storage, count);
      const ratio = Math.round((value / baseline) * 1000) / 1000;
      measurements.push({
        what: `outbox drain to central, ${name}`,
        unit: "entries/s",
        value,
        baseline,
        ratio,
        mustReach: MUST_REACH[name] ?? 0,
      });
    } finally {
      await forDrain.remove();
      await forBare.remove();
    }
  }
  return measurements;
};

if (import.meta.main) for (const measurement of await benchIntake()) console.log(JSON.stringify(measurement));
