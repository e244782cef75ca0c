import { randomBytes } from "node:crypto";
import { WindowRatingError } from "@window-rating/protocol/error";
import { sql } from "kysely";
import type { CentralDatabase } from "../../database/tables.ts";
import { inTransaction } from "../../database/transaction.ts";
import type { Tx } from "../../ratings/rating-rows.ts";
import { isGone } from "../../registry/retired-pcs.ts";
import { heldKey, type KeyFile, readKeyFile } from "../../sms/contact-keys.ts";
import { recordEvent } from "../events.ts";
import type { KeyView } from "../session-schema.ts";
import { replaceKeyFile } from "./key-file.ts";
import { type KeyRing, sealingKey } from "./key-ring.ts";
import { isReadable, SEALED_STORES } from "./stores.ts";

const DAY_MS = 86_400_000;
/** Pads and window PCs that were off seal with the key they know until they have heard of the new one. */
const GRACE_DAYS = 7;

/** All keys this central ever had, oldest first. */
export const readKeyViews = async (tx: Tx, { file }: KeyRing): Promise<KeyView[]> => {
  const rows = await tx.selectFrom("contact_keys").selectAll().orderBy("key_no").execute();
  const holders = await tx.selectFrom("contact_key_holders").select("key_ids").execute();
  const counts = new Map<string, number>();
  for (const store of SEALED_STORES) for (const { key_id, count } of await store.counts(tx)) counts.set(`${store.name} ${key_id}`, count);
  const own = new Set(file.keys.map((hex) => heldKey(hex).keyId));
  const seals = sealingKey(rows)?.key_id;
  return rows.map((row) => ({
    keyNo: row.key_no,
    keyId: row.key_id,
    publicKey: row.public_key,
    madeAtMs: row.made_at_ms,
    sealingSinceMs: row.sealing_since_ms,
    retiredAtMs: row.retired_at_ms,
    seals: row.key_id === seals,
    held: own.has(row.key_id),
    waitingFor: row.retired_at_ms === null ? holders.filter(({ key_ids }) => !key_ids.split(" ").includes(row.key_id)).length : 0,
    sealed: Object.fromEntries(SEALED_STORES.map(({ name }) => [name, counts.get(`${name} ${row.key_id}`) ?? 0])) as KeyView["sealed"],
  }));
};

/**
 * Puts a new key into the key file, before the others. It opens from now on, and seals when every running instance has it in its file.
 * @throws WindowRatingError WR7066, WR7037
 */
export const rotateKey = async (
  db: CentralDatabase,
  keys: KeyRing,
  nowMs: number,
  { holds }: { readonly holds: boolean },
): Promise<void> => {
  const before = readKeyFile(keys.path);
  replaceKeyFile(keys.path, before, { ...before, keys: [randomBytes(32).toString("hex"), ...before.keys] });
  await keys.refresh(db, nowMs, { holds });
};

/**
 * Takes a key out of the key file for good, when nothing that central can read is sealed with it any more.
 * @param evenSo although window PCs may still bring something that is sealed with it: nobody will read that
 * @throws WindowRatingError WR7057 there is none of this number; WR7065 it is in use; WR7066, WR7037
 */
export const retireKey = async (
  db: CentralDatabase,
  keys: KeyRing,
  { keyNo, evenSo, by }: { readonly keyNo: number; readonly evenSo: boolean; readonly by: string },
  nowMs: number,
): Promise<void> => {
  const before = readKeyFile(keys.path);
  const keyId = await inTransaction(db, async (tx) => {
    const rows = await tx.selectFrom("contact_keys").selectAll().orderBy("key_no").forUpdate().execute();
    const key = rows.find(({ key_no }) => key_no === keyNo);
    if (key === undefined) throw new WindowRatingError("WR7057", `There is no key ${keyNo}; window-central keys list shows them`);
    // A command that was cut short between database and file is finished by the next one.
    if (key.retired_at_ms !== null) return key.key_id;
    const sealing = sealingKey(rows);
    if (sealing === undefined || key.key_no >= sealing.key_no) throw inUse(`Key ${keyNo} seals, or is about to`);
    await requireUnused(tx, keys, before, keyNo, key.key_id);
    if (!evenSo) await requireForgotten(tx, keyNo, sealing.sealing_since_ms ?? nowMs, nowMs);
    await tx.updateTable("contact_keys").set({ retired_at_ms: nowMs }).where("key_no", "=", keyNo).execute();
    await recordEvent(tx, { kind: "key-retired", by, detail: `key ${keyNo}, ${key.key_id}${evenSo ? ", even so" : ""}` }, nowMs);
    return key.key_id;
  });
  const left = before.keys.filter((hex) => heldKey(hex).keyId !== keyId);
  if (left.length < before.keys.length) replaceKeyFile(keys.path, before, { ...before, keys: left });
};

const inUse = (detail: string): WindowRatingError => new WindowRatingError("WR7065", detail);

const PAGE = 500;

/** Nothing that opens is sealed with the key, and nothing that is refused and may be taken after all. */
const requireUnused = async (tx: Tx, keys: KeyRing, { keys: held }: KeyFile, keyNo: number, keyId: string): Promise<void> => {
  const isHeld = held.some((hex) => heldKey(hex).keyId === keyId);
  for (const store of SEALED_STORES) {
    const count = (await store.counts(tx)).find(({ key_id }) => key_id === keyId)?.count ?? 0;
    if (count === 0) continue;
    // Without the key at hand nobody can say whether these could be read.
    if (!isHeld) throw inUse(`${count} of ${store.name} are sealed with key ${keyNo}, which is not in ${keys.path}`);
    for (let after: string | undefined; ; ) {
      const rows = await store.take(tx, [keyId], after, PAGE);
      if (rows.some((row) => isReadable(keys, store.holds, row))) throw inUse(`${count} of ${store.name} are sealed with key ${keyNo}`);
      if (rows.length === 0) break;
      after = rows.at(-1)?.subject;
    }
  }
  const { rows } = await sql<{ count: number }>`
    select (select count(*) from refused_reports r left join retaken_reports t on t.refused = r.seq
        where t.refused is null and strpos(r.content, ${`${keyId} `}) > 0)
      + (select count(*) from set_aside s where strpos(s.entry, ${keyId}) > 0
        and not exists (select from retaken_entries t where t.set_aside = s.seq)
        and not exists (select from entries e where e.entry_id = s.entry_id and coalesce(e.refusal, 'taken') in ('taken', 'WR7009')))
      as count`.execute(tx);
  const waiting = rows[0]?.count ?? 0;
  if (waiting > 0) throw inUse(`${waiting} refused reports or entries that may still be taken hold something sealed with key ${keyNo}`);
};

/** Window PCs have heard of the newer key, and had time to bring what they had sealed before. */
const requireForgotten = async (tx: Tx, keyNo: number, newerSinceMs: number, nowMs: number): Promise<void> => {
  const days = (nowMs - newerSinceMs) / DAY_MS;
  if (days < GRACE_DAYS)
    throw inUse(
      `A newer key seals for ${days.toFixed(1)} days only; pads go on with key ${keyNo} for up to ${GRACE_DAYS} (--even-so does not wait)`,
    );
  const late = await tx
    .selectFrom("window_pcs")
    .select("window_no")
    .where("enrolled_at_ms", "<", newerSinceMs)
    // A machine that is gone brings nothing any more.
    .where(({ not }) => not(isGone("window_pcs", nowMs)))
    .where((column) => column.or([column("last_seen_at_ms", "is", null), column("last_seen_at_ms", "<", newerSinceMs)]))
    .orderBy("window_no")
    .execute();
  if (late.length === 0) return;
  const named = late
    .slice(0, 5)
    .map(({ window_no }) => window_no)
    .join(", ");
  throw inUse(
    `${late.length} window PCs have not come since a newer key seals and may bring something sealed with key ${keyNo}: window ${named} (--even-so does not wait; a machine that is gone: window-central retire)`,
  );
};
