import type { Ballast } from "./ballast.ts";
import { isDiskFull, type Sqlite, storeError } from "./database.ts";

/** The database with its one way to write: a transaction that is on disk when it returns, or changed nothing. */
export class Store {
  readonly database: Sqlite;
  readonly #ballast: Ballast;
  readonly #commit: (work: () => void) => void;
  readonly #afterCommit = new Set<() => void>();
  #appended = false;

  constructor(database: Sqlite, ballast: Ballast) {
    this.database = database;
    this.#ballast = ballast;
    this.#commit = database.transaction((work: () => void) => work()).immediate;
  }

  /** @throws WR4003 if the disk is full even without the ballast, WR4001, or what `work` throws; nothing is changed then */
  write<T>(work: () => T): T {
    try {
      return this.#once(work);
    } catch (error) {
      if (!isDiskFull(error) || !this.#ballast.drop()) throw storeError(error, this.database.name);
    }
    try {
      return this.#once(work);
    } catch (error) {
      throw storeError(error, this.database.name);
    }
  }

  /** Called by whoever put an entry into the outbox, inside `write`. */
  markAppended(): void {
    this.#appended = true;
  }

  /** The listener is called after each commit that appended entries. */
  onAppended(listener: () => void): () => void {
    this.#afterCommit.add(listener);
    return () => this.#afterCommit.delete(listener);
  }

  #once<T>(work: () => T): T {
    this.#appended = false;
    let result: T | undefined;
    this.#commit(() => {
      result = work();
    });
    if (this.#appended) for (const listener of this.#afterCommit) listener();
    return result as T;
  }
}
