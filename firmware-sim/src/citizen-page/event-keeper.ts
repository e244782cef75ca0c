import { changed, type StoreChange, type StoreContents } from "../store/event-store.ts";
import { decodeRecords, encodeRecords } from "../store/log.ts";
import { checkFormat, contentsOf, pastDamage, snapshotOf } from "../store/log-contents.ts";

/** Rows of bytes that a page keeps, in the order in which they were written. */
export interface Rows {
  all(): Promise<readonly Uint8Array[]>;
  /**
   * One step, done wholly or not at all: when it resolves the row survives a loss of power.
   * @param how `behind` the others; `instead` of them; `aside`: instead of them, and they are put away for whoever looks into a damage
   */
  write(row: Uint8Array, how: "behind" | "instead" | "aside"): Promise<void>;
}

/** So many rows are written anew as one, without what is forgotten. */
const MOST_ROWS = 200;

/**
 * The event store of a pad that is a page: the records of a pad's log (store/log.ts), a row for each change. Unlike the store of a device
 * it answers later; changes are made in the order in which they were asked for.
 */
export class EventKeeper {
  readonly #rows: Rows;
  #contents: StoreContents;
  #rowCount: number;
  #last: Promise<unknown> = Promise.resolve();

  private constructor(rows: Rows, contents: StoreContents, rowCount: number) {
    this.#rows = rows;
    this.#contents = contents;
    this.#rowCount = rowCount;
  }

  /**
   * Opens the store, or makes one, which is on the disk when this resolves.
   * @param random for the id of a new store, cryptographically strong
   * @throws WR9002 for a store of a newer program, which is left as it is, and whatever the rows throw
   */
  static async open(rows: Rows, random: (length: number) => Uint8Array): Promise<EventKeeper> {
    const found = await rows.all();
    const { records, damagedBytes } = decodeRecords(joined(found));
    checkFormat("the event store", records);
    const read = contentsOf(records, random);
    const contents = damagedBytes === 0 ? read : pastDamage(read, undefined, damagedBytes);
    const keeper = new EventKeeper(rows, contents, found.length);
    if (damagedBytes > 0) await keeper.#writeAnew(contents, "aside");
    else if (!records.some(({ is }) => is === "store")) await keeper.#writeAnew(contents, "instead");
    return keeper;
  }

  get contents(): StoreContents {
    return this.#contents;
  }

  /** Makes the change; it survives a loss of power when this resolves. @throws whatever the rows throw; the change is then not made */
  apply(change: StoreChange): Promise<void> {
    const made = this.#last.then(() => this.#make(change));
    this.#last = made.catch(() => undefined);
    return made;
  }

  async #make(change: StoreChange): Promise<void> {
    const next = changed(this.#contents, change);
    // Behind a change of the key, so that the old one is in no row.
    const isAnew = this.#rowCount >= MOST_ROWS || change.is === "paired" || change.is === "unpaired";
    if (isAnew) return this.#writeAnew(next, "instead");
    await this.#rows.write(encodeRecords([change]), "behind");
    this.#rowCount++;
    this.#contents = next;
  }

  async #writeAnew(contents: StoreContents, how: "instead" | "aside"): Promise<void> {
    await this.#rows.write(snapshotOf(contents), how);
    this.#rowCount = 1;
    this.#contents = contents;
  }
}

const joined = (chunks: readonly Uint8Array[]): Uint8Array => {
  const whole = new Uint8Array(chunks.reduce((sum, { length }) => sum + length, 0));
  let end = 0;
  for (const chunk of chunks) {
    whole.set(chunk, end);
    end += chunk.length;
  }
  return whole;
};
