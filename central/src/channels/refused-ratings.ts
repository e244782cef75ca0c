import type { CentralDatabase } from "../database/tables.ts";
import type { Tx } from "../ratings/rating-rows.ts";
import type { Refusal } from "../ratings/rules.ts";
import type { Page } from "../reading/page.ts";
import { keepRefused, type ReadKept, rawText, readRefused } from "../registry/refused-reports.ts";
import type { Caller } from "../registry/systems.ts";
import type { ChannelKeys } from "./keys.ts";
import type { Digits } from "./system-entry.ts";

/** An entry with what the digits of its request meant. */
export interface SentEntry {
  readonly entry: unknown;
  readonly digits: Digits | undefined;
}

/** Keeps a refused rating, sealed, for it may name a person. @returns its number */
export const keepRefusedRating = async (
  tx: Tx,
  keys: ChannelKeys,
  caller: Caller,
  sent: SentEntry,
  refusal: Refusal,
  nowMs: number,
): Promise<number> => {
  const text = rawText(sent);
  const fingerprint = keys.sign("refused rating", Buffer.from(`${refusal.code}\n${refusal.field}\n${text}`), 32).toString("hex");
  const { refusedNo, isNew } = await keepRefused(tx, caller, { kind: "rating", refusal, content: null, fingerprint, nowMs });
  if (isNew) {
    const sealed = keys.sealRefused(refusedNo, text);
    await tx.insertInto("sealed_texts").values({ kind: "refused", subject_no: refusedNo, sealed }).execute();
  }
  return refusedNo;
};

/** A refused rating, as it was sent, out of what is sealed. */
export const sentBy =
  (keys: ChannelKeys): ReadKept<SentEntry> =>
  ({ seq, sealed }) =>
    JSON.parse(keys.openRefused(seq, sealed ?? "")) as SentEntry;

/** Refused ratings of a system that were not taken since, newest first. */
export const readRefusedRatings = (db: CentralDatabase, keys: ChannelKeys, caller: Caller, page: Page) => {
  const sent = sentBy(keys);
  return readRefused(db, "rating", caller, page, (kept) => sent(kept).entry);
};
