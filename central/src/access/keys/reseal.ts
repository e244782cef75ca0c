import type { CentralDatabase } from "../../database/tables.ts";
import { inTransaction } from "../../database/transaction.ts";
import type { Tx } from "../../ratings/rating-rows.ts";
import { type ContactKeys, heldKey } from "../../sms/contact-keys.ts";
import { recordEvent } from "../events.ts";
import type { KeyRing } from "./key-ring.ts";
import { type Resealed, SEALED_STORES, type SealedStore, sealedAnew } from "./stores.ts";

/** Texts sealed before they named their key. */
const NAMELESS = "";

/** What a run of sealing anew did, and what it left. */
export interface ResealReport {
  readonly resealed: number;
  /** Sealed with a key that is here, and do not open: damaged, or never meant for central. They stay as they are. */
  readonly unreadable: number;
  /** True if a further run will find more. */
  readonly more: boolean;
}

interface ResealOptions {
  /** Fields of one transaction: each takes milliseconds of the processor, and the central that works on it answers others between two batches. */
  readonly batch?: number;
  /** Fields of one run, so that whoever waits for it hears something. */
  readonly most?: number;
}

/**
 * Seals with the newest key what is sealed with older ones. A run may be killed at any moment, and several may run at once: each batch is one
 * transaction, and rows that another run holds are left to it.
 */
export const resealFields = async (
  db: CentralDatabase,
  keys: KeyRing,
  by: string,
  nowMs: number,
  { batch = 25, most = 500 }: ResealOptions = {},
): Promise<ResealReport> => {
  const older = olderKeys(keys);
  let [resealed, unreadable, isFull] = [0, 0, false];
  for (const store of SEALED_STORES) {
    let after: string | undefined;
    while (!isFull) {
      const done = await inTransaction(db, (tx) => resealBatch(tx, store, keys, older, after, batch));
      resealed += done.resealed;
      unreadable += done.unreadable;
      if (done.last === undefined) break;
      after = done.last;
      isFull = resealed >= most;
    }
  }
  if (resealed > 0)
    await inTransaction(db, (tx) =>
      recordEvent(tx, { kind: "fields-resealed", by, detail: `${resealed} sealed anew, ${unreadable} not readable` }, nowMs),
    );
  return { resealed, unreadable, more: isFull };
};

const resealBatch = async (
  tx: Tx,
  store: SealedStore,
  keys: ContactKeys,
  older: readonly string[],
  after: string | undefined,
  limit: number,
): Promise<{ readonly resealed: number; readonly unreadable: number; readonly last: string | undefined }> => {
  const rows = await store.take(tx, older, after, limit);
  const anew = rows.map((row) => sealedAnew(keys, store.holds, row)).filter((row): row is Resealed => row !== undefined);
  if (anew.length > 0) await store.replace(tx, anew);
  return { resealed: anew.length, unreadable: rows.length - anew.length, last: rows.at(-1)?.subject };
};

/** Ids of the keys in the file but the one that seals. */
const olderKeys = ({ file, publicKey }: KeyRing): string[] => [
  ...file.keys
    .map(heldKey)
    .filter((key) => Buffer.from(key.publicKey).toString("hex") !== publicKey)
    .map(({ keyId }) => keyId),
  NAMELESS,
];
