import { WindowRatingError } from "@window-rating/protocol/error";
import { changed, emptyContents, type Fact, type StoreContents } from "./event-store.ts";
import { encodeRecords, FORMAT, type LogRecord, SHORTEST_RECORD } from "./log.ts";

/** @throws WR9002 if a log was written by a newer program */
export const checkFormat = (name: string, records: readonly LogRecord[]): void => {
  for (const record of records) {
    if (record.is === "store" && record.format > FORMAT) {
      throw new WindowRatingError("WR9002", `${name} has format ${record.format}, this version reads up to ${FORMAT}`);
    }
  }
};

/** The records that a log is written anew with, without what is forgotten. */
export const snapshotOf = ({ storeId, bootCount, lastEventNo, lostEvents, pending, pairingKey }: StoreContents): Uint8Array =>
  encodeRecords([
    { is: "store", format: FORMAT, storeId },
    ...pending.map((event): LogRecord => ({ is: "event", event })),
    { is: "state", bootCount, lastEventNo, lostEvents },
    ...(pairingKey === undefined ? [] : [{ is: "paired", key: pairingKey } as const]),
  ]);

/** What the records of a log come to. @param random for the id of a store that has none */
export const contentsOf = (records: readonly LogRecord[], random: (length: number) => Uint8Array): StoreContents => {
  let storeId: number | undefined;
  let contents = emptyContents(0);
  for (const record of records) {
    switch (record.is) {
      case "store":
        storeId = record.storeId;
        break;
      case "state":
        contents = {
          ...contents,
          bootCount: Math.max(contents.bootCount, record.bootCount),
          lastEventNo: Math.max(contents.lastEventNo, record.lastEventNo),
          lostEvents: Math.max(contents.lostEvents, record.lostEvents),
        };
        break;
      case "booted":
      case "event":
      case "stored":
      case "lost":
      case "paired":
      case "unpaired":
        contents = changed(contents, record);
        break;
      case "fact":
        // Of the journal; has no business in a log.
        break;
    }
  }
  return { ...contents, storeId: storeId ?? new DataView(random(4).slice().buffer).getUint32(0) };
};

/**
 * Numbers never go back and never stand for two events: as many are left out as the damaged stretch may have used.
 * The host sees the hole, which is the truth.
 */
export const pastDamage = (contents: StoreContents, newestFact: Fact | undefined, damagedBytes: number): StoreContents => {
  const used = Math.ceil(damagedBytes / SHORTEST_RECORD);
  return {
    ...contents,
    lastEventNo: Math.max(contents.lastEventNo, newestFact?.eventNo ?? 0) + used,
    bootCount: contents.bootCount + used,
    damaged: true,
  };
};
