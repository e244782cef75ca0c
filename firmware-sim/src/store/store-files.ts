import { WindowRatingError } from "@window-rating/protocol/error";
import type { Disk } from "./disk.ts";
import { type Fact, isFact, type StoreContents } from "./event-store.ts";
import { decodeRecords } from "./log.ts";
import { checkFormat, contentsOf, pastDamage } from "./log-contents.ts";

/** What a store's files hold. */
export interface StoreFound {
  readonly contents: StoreContents;
  /** Every rating and time-out ever kept, oldest first, each once. */
  readonly facts: readonly Fact[];
  /** Numbers of those that are in the journal. */
  readonly journaled: ReadonlySet<number>;
  readonly log: Uint8Array;
  /** The log can be appended to as it is. */
  readonly isClean: boolean;
}

type Random = (length: number) => Uint8Array;

export const journalPath = (path: string): string => `${path}.journal`;

const NOTHING = new Uint8Array(0);

/**
 * Reads a store's files and changes nothing.
 * @param random for the id of a store that has none
 * @throws WR9002 if the file is no store, or one of a newer format
 */
export const readStore = (path: string, disk: Disk, random: Random): StoreFound => {
  const log = readFile(path, disk);
  const reading = decodeRecords(log);
  if (reading.records.length === 0 && log.length > 0) throw new WindowRatingError("WR9002", `${path} is not an event store`);
  checkFormat(path, reading.records);
  const contents = contentsOf(reading.records, random);
  const journaled = readJournal(path, disk, contents.storeId);
  const logged = reading.records.flatMap((record) => (record.is === "event" && isFact(record.event) ? [record.event] : []));
  const facts = new Map([...journaled, ...logged].map((fact) => [fact.eventNo, fact]));
  const inOrder = [...facts.values()].sort((one, other) => one.eventNo - other.eventNo);
  return {
    contents: reading.damagedBytes === 0 ? contents : pastDamage(contents, inOrder.at(-1), reading.damagedBytes),
    facts: inOrder,
    journaled: new Set(journaled.map((fact) => fact.eventNo)),
    log,
    isClean: log.length > 0 && !reading.isTorn && reading.damagedBytes === 0,
  };
};

const readFile = (path: string, disk: Disk): Uint8Array => {
  try {
    return disk.read(path) ?? NOTHING;
  } catch (error) {
    throw new WindowRatingError("WR9002", `${path}: ${(error as Error).message}`, error);
  }
};

/** Facts of this store; a journal that another store left behind is not counted. */
const readJournal = (path: string, disk: Disk, storeId: number): readonly Fact[] =>
  decodeRecords(readFile(journalPath(path), disk)).records.flatMap((record) =>
    record.is === "fact" && record.storeId === storeId ? [record.event] : [],
  );
