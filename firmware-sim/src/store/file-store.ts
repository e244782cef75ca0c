import { WindowRatingError } from "@window-rating/protocol/error";
import type { Disk, DiskFile } from "./disk.ts";
import { changed, type EventStore, type Fact, isFact, type StoreChange, type StoreContents } from "./event-store.ts";
import { encodeRecords, type LogRecord } from "./log.ts";
import { snapshotOf } from "./log-contents.ts";
import { journalPath, readStore } from "./store-files.ts";

export interface FileStoreOptions {
  readonly disk: Disk;
  /** Cryptographically strong random bytes. */
  readonly random: (length: number) => Uint8Array;
  /** The log is written anew, without what is forgotten, when it has grown to this. */
  readonly compactAtBytes?: number;
}

const COMPACT_AT_BYTES = 256 * 1024;

/**
 * An event store in a file that survives a loss of power at any write:
 * - the log `<path>`, to which every change is appended; all but `stored` and `lost` are synced before they count as made;
 * - a compacted log is written as `<path>.new`, synced, and takes the log's place in one step;
 * - the journal `<path>.journal` takes over the facts that compaction drops from the log, so that the two together hold every
 *   rating ever made (an event in both is one);
 * - what cannot be read is set aside as `<path>.damaged` before the log is written anew without it.
 */
export class FileStore implements EventStore {
  readonly #path: string;
  readonly #disk: Disk;
  readonly #compactAtBytes: number;
  readonly #facts: Fact[];
  /** Numbers of facts that are in the journal. */
  readonly #journaled: Set<number>;
  #contents: StoreContents;
  #log: DiskFile | undefined;
  #logBytes: number;
  /** The log does not surely hold what `contents` says, for instance after a failed write: nothing is appended before it is written anew. */
  #isSuspect: boolean;

  /** Opens the store, or makes one. @throws WR9002 if the file is no store, or one of a newer format; it is left untouched */
  constructor(path: string, options: FileStoreOptions) {
    this.#path = path;
    this.#disk = options.disk;
    this.#compactAtBytes = options.compactAtBytes ?? COMPACT_AT_BYTES;
    const found = readStore(path, options.disk, options.random);
    this.#contents = found.contents;
    this.#facts = [...found.facts];
    this.#journaled = new Set(found.journaled);
    this.#logBytes = found.log.length;
    this.#isSuspect = !found.isClean;
    if (found.contents.damaged) this.#setAside(found.log);
    if (this.#isSuspect) this.#compact();
    else this.#log = this.#disk.open(path, "append");
  }

  get contents(): StoreContents {
    return this.#contents;
  }

  apply(change: StoreChange): void {
    if (this.#isSuspect) this.#compact();
    const bytes = encodeRecords([change]);
    try {
      this.#openLog.append(bytes);
      if (change.is !== "stored" && change.is !== "lost") this.#openLog.sync();
    } catch (error) {
      this.#isSuspect = true;
      throw error;
    }
    this.#logBytes += bytes.length;
    this.#contents = changed(this.#contents, change);
    if (change.is === "event") {
      if (isFact(change.event)) this.#facts.push(change.event);
    } else if (this.#logBytes >= this.#compactAtBytes || change.is === "paired" || change.is === "unpaired") {
      // Not behind an event: a rating must not wait for it. Behind a change of the key, so that the old one is in no file.
      this.#tryToCompact();
    }
  }

  facts(): readonly Fact[] {
    return this.#facts;
  }

  close(): void {
    this.#log?.close();
    this.#log = undefined;
  }

  get #openLog(): DiskFile {
    if (this.#log === undefined) throw new WindowRatingError("WR9002", `${this.#path} is closed`);
    return this.#log;
  }

  #tryToCompact(): void {
    try {
      this.#compact();
    } catch {
      // The change itself is made. Compaction is tried again at the next one.
    }
  }

  #compact(): void {
    this.#journalFacts();
    const snapshot = snapshotOf(this.#contents);
    const path = `${this.#path}.new`;
    const file = this.#disk.open(path, "empty");
    try {
      file.append(snapshot);
      file.sync();
      this.#disk.rename(path, this.#path);
    } catch (error) {
      file.close();
      throw error;
    }
    // From here on the path names the new file; until the folder is synced a loss of power may bring the old one back.
    this.#isSuspect = true;
    this.#log?.close();
    this.#log = file;
    this.#logBytes = snapshot.length;
    this.#disk.syncFolderOf(this.#path);
    this.#isSuspect = false;
  }

  /** Saves in the journal what the next compaction drops from the log. */
  #journalFacts(): void {
    const facts = this.#facts.filter((fact) => !this.#journaled.has(fact.eventNo));
    if (facts.length === 0) return;
    const { storeId } = this.#contents;
    const journal = this.#disk.open(journalPath(this.#path), "append");
    try {
      journal.append(encodeRecords(facts.map((event): LogRecord => ({ is: "fact", storeId, event }))));
      journal.sync();
      this.#disk.syncFolderOf(this.#path);
    } finally {
      journal.close();
    }
    for (const fact of facts) this.#journaled.add(fact.eventNo);
  }

  #setAside(log: Uint8Array): void {
    const damaged = this.#disk.open(`${this.#path}.damaged`, "append");
    try {
      damaged.append(log);
      damaged.sync();
      this.#disk.syncFolderOf(this.#path);
    } finally {
      damaged.close();
    }
  }
}
