import { randomUUID } from "node:crypto";
import type { Contact } from "@window-rating/protocol/contact";
import { WindowRatingError } from "@window-rating/protocol/error";
import { sql } from "kysely";
import type { CentralDatabase } from "../../database/tables.ts";
import { inTransaction } from "../../database/transaction.ts";
import type { Tx } from "../../ratings/rating-rows.ts";
import { type ContactKeys, contactKeysOf, heldKey, type KeyFile, readKeyFile } from "../../sms/contact-keys.ts";
import { recordEvent } from "../events.ts";

/** How often an instance says which keys it holds and looks which one seals. */
export const REFRESH_EVERY_MS = 15_000;
/** An instance that has not said so for this long is gone. */
const GONE_AFTER_MS = 8 * REFRESH_EVERY_MS;

/** Any number nobody else in the database locks with: "WRKY". */
const KEYS_LOCK = 0x5752_4b59;

/** A key as the database knows it. */
interface KnownKey {
  readonly key_no: number;
  readonly key_id: string;
  readonly sealing_since_ms: number | null;
  readonly retired_at_ms: number | null;
}

/**
 * The keys of the key file in a central of several instances. A key that is new in the file opens from then on; it seals as soon as every
 * instance holds it, so that none ever meets what it cannot open. The file is read again at each refresh: no restart is needed.
 */
export class KeyRing implements ContactKeys {
  readonly path: string;
  readonly #instance = randomUUID();
  #file: KeyFile;
  /** The first of its keys seals. */
  #keys: ContactKeys;
  /** Keys that are in use and not in this file. */
  #missing: ReadonlySet<string> = new Set();

  /** @throws WindowRatingError WR7037 */
  constructor(path: string) {
    this.path = path;
    this.#file = readKeyFile(path);
    this.#keys = contactKeysOf(this.#file);
  }

  get file(): KeyFile {
    return this.#file;
  }

  get publicKey(): string {
    return this.#keys.publicKey;
  }

  seal(contact: Contact, bound: Uint8Array): string {
    return this.#keys.seal(contact, bound);
  }

  /** @throws WindowRatingError WR7064 if its key is in use elsewhere and only missing in this file: nothing must be concluded from that */
  open(sealed: string, bound: Uint8Array): Contact | undefined {
    this.#requireHeld(sealed);
    return this.#keys.open(sealed, bound);
  }

  sealText(text: string, bound: Uint8Array): string {
    return this.#keys.sealText(text, bound);
  }

  /** @throws WindowRatingError WR7064 as `open` does */
  openText(sealed: string, bound: Uint8Array): string | undefined {
    this.#requireHeld(sealed);
    return this.#keys.openText(sealed, bound);
  }

  phoneHash(phone: string): string {
    return this.#keys.phoneHash(phone);
  }

  derive(purpose: string): Buffer {
    return this.#keys.derive(purpose);
  }

  #requireHeld(sealed: string): void {
    const [keyId = ""] = sealed.split(" ", 1);
    if (this.#missing.has(keyId)) throw new WindowRatingError("WR7064", `Key ${keyId} is not in ${this.path}`);
  }

  /**
   * Reads the file again, makes its keys known, and takes over which one seals.
   * @param holds whether this instance goes on running with these keys, and others have to wait for it
   * @throws WindowRatingError WR7037 if the key that seals is not in the file: it belongs to another central, or is out of date
   */
  async refresh(db: CentralDatabase, nowMs: number, { holds }: { readonly holds: boolean }): Promise<void> {
    const file = readKeyFile(this.path);
    const own = file.keys.map((hex) => ({ hex, ...heldKey(hex) }));
    const ids = new Set(own.map(({ keyId }) => keyId));
    const sealing = await inTransaction(db, async (tx) => {
      await sql`select pg_advisory_xact_lock(${KEYS_LOCK})`.execute(tx);
      const before = await readKeys(tx);
      this.#missing = new Set(before.filter((key) => key.retired_at_ms === null && !ids.has(key.key_id)).map(({ key_id }) => key_id));
      const current = sealingKey(before)?.key_id;
      // Nothing is written for a file that does not fit.
      if (current !== undefined && !ids.has(current))
        throw new WindowRatingError("WR7037", `${this.path} lacks key ${current}, which this central seals with`);
      await makeKnown(tx, own, new Set(before.map(({ key_id }) => key_id)), nowMs);
      if (holds) await sayHeld(tx, this.#instance, own, nowMs);
      await letSeal(tx, ids, nowMs);
      return sealingKey(await readKeys(tx))?.key_id;
    });
    const first = own.find(({ keyId }) => keyId === sealing)?.hex ?? (file.keys[0] as string);
    this.#file = file;
    this.#keys = contactKeysOf({ ...file, keys: [first, ...file.keys.filter((hex) => hex !== first)] });
  }

  /** This instance ends: nobody waits for it any more. */
  async leave(db: CentralDatabase): Promise<void> {
    await db.deleteFrom("contact_key_holders").where("instance", "=", this.#instance).execute();
  }
}

const readKeys = (tx: Tx): Promise<KnownKey[]> =>
  tx.selectFrom("contact_keys").select(["key_no", "key_id", "sealing_since_ms", "retired_at_ms"]).orderBy("key_no").execute();

/** The newest key that has begun to seal. */
export const sealingKey = <K extends Pick<KnownKey, "sealing_since_ms">>(known: readonly K[]): K | undefined =>
  known.findLast(({ sealing_since_ms }) => sealing_since_ms !== null);

const makeKnown = async (
  tx: Tx,
  own: readonly { readonly keyId: string; readonly publicKey: Uint8Array }[],
  known: ReadonlySet<string>,
  nowMs: number,
): Promise<void> => {
  // The newest is the first in the file, and gets the highest number.
  for (const { keyId, publicKey } of own.filter((key) => !known.has(key.keyId)).toReversed()) {
    const { key_no } = await tx
      .insertInto("contact_keys")
      .values({ key_id: keyId, public_key: Buffer.from(publicKey).toString("hex"), made_at_ms: nowMs })
      .returning("key_no")
      .executeTakeFirstOrThrow();
    await recordEvent(tx, { kind: "key-made", detail: `key ${key_no}, ${keyId}` }, nowMs);
  }
};

const sayHeld = async (tx: Tx, instance: string, own: readonly { readonly keyId: string }[], nowMs: number): Promise<void> => {
  const held = { key_ids: own.map(({ keyId }) => keyId).join(" "), seen_at_ms: nowMs };
  await tx
    .insertInto("contact_key_holders")
    .values({ instance, ...held })
    .onConflict((conflict) => conflict.column("instance").doUpdateSet(held))
    .execute();
  await tx
    .deleteFrom("contact_key_holders")
    .where("seen_at_ms", "<", nowMs - GONE_AFTER_MS)
    .execute();
};

/** The newest key that every running instance holds begins to seal, if it is newer than the one that does. */
const letSeal = async (tx: Tx, own: ReadonlySet<string>, nowMs: number): Promise<void> => {
  const known = await readKeys(tx);
  const holders = await tx
    .selectFrom("contact_key_holders")
    .select("key_ids")
    .where("seen_at_ms", ">=", nowMs - GONE_AFTER_MS)
    .execute();
  const sets = holders.map(({ key_ids }) => new Set(key_ids.split(" ")));
  const candidate = known.findLast(
    ({ key_id, retired_at_ms }) => retired_at_ms === null && own.has(key_id) && sets.every((held) => held.has(key_id)),
  );
  const current = sealingKey(known);
  if (candidate === undefined || (current !== undefined && candidate.key_no <= current.key_no)) return;
  await tx.updateTable("contact_keys").set({ sealing_since_ms: nowMs }).where("key_no", "=", candidate.key_no).execute();
  await recordEvent(tx, { kind: "key-seals", detail: `key ${candidate.key_no}, ${candidate.key_id}` }, nowMs);
};
