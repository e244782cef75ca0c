import { WindowRatingError } from "@window-rating/protocol/error";
import { sql } from "kysely";
import type { Tx } from "../ratings/rating-rows.ts";
import { MAX_KEY_NO } from "./code.ts";

/** A signing key for dynamic codes, as `window-central qr keys` shows it. */
export interface QrKey {
  readonly keyNo: number;
  readonly madeAtMs: number;
  readonly revokedAtMs: number | null;
}

/** Any number nobody else in the database locks with: "WRQR". */
const KEYS_LOCK = 0x5752_5152;

/** One at a time: two instances that start at once make one first key. */
const lockKeys = (tx: Tx) => sql`select pg_advisory_xact_lock(${KEYS_LOCK})`.execute(tx);

const newestKey = (tx: Tx) => tx.selectFrom("qr_keys").selectAll().orderBy("key_no", "desc").limit(1).executeTakeFirst();

/** The key that signs now; the first one is made when it is asked for. @throws WindowRatingError WR7040 if all 255 are used up */
export const signingKeyNo = async (tx: Tx, nowMs: number): Promise<number> => {
  const newest = await newestKey(tx);
  if (newest !== undefined && newest.revoked_at_ms === null) return newest.key_no;
  return rotateQrKey(tx, nowMs);
};

/**
 * From now on new codes are signed with another key. Codes of the ones before are taken until they expire.
 * @throws WindowRatingError WR7040 if all 255 are used up
 */
export const rotateQrKey = async (tx: Tx, nowMs: number): Promise<number> => {
  await lockKeys(tx);
  const keyNo = ((await newestKey(tx))?.key_no ?? 0) + 1;
  if (keyNo > MAX_KEY_NO) throw new WindowRatingError("WR7040", `All ${MAX_KEY_NO} signing keys are used up; make a new key file`);
  await tx.insertInto("qr_keys").values({ key_no: keyNo, made_at_ms: nowMs, revoked_at_ms: null }).execute();
  return keyNo;
};

/** No code of this key is taken any more, used or not. @throws WindowRatingError WR7012 */
export const revokeQrKey = async (tx: Tx, keyNo: number, nowMs: number): Promise<void> => {
  const revoked = await tx
    .updateTable("qr_keys")
    .set({ revoked_at_ms: nowMs })
    .where("key_no", "=", keyNo)
    .where("revoked_at_ms", "is", null)
    .returning("key_no")
    .executeTakeFirst();
  if (revoked === undefined) throw new WindowRatingError("WR7012", `There is no signing key ${keyNo} in use`);
};

export const listQrKeys = async (tx: Tx): Promise<QrKey[]> =>
  (await tx.selectFrom("qr_keys").selectAll().orderBy("key_no").execute()).map((row) => ({
    keyNo: row.key_no,
    madeAtMs: row.made_at_ms,
    revokedAtMs: row.revoked_at_ms,
  }));
