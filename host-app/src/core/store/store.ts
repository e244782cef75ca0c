import type { Ballast } from "./ballast.ts";
import { isDiskFull, type Sqlite, storeError } from "./database.ts";

/** Who waits for a commit. */
export interface Waiting<T> {
  /** The work is on disk; called with its result. */
  readonly kept: (result: T) => void;
  /** It could not be written; nothing of it is changed. */
  readonly failed: (error: unknown) => void;
}

/** Work that waits for the next commit. */
interface Joined {
  /** @returns what is to be called when it is on disk */
  readonly work: () => () => void;
  readonly failed: (error: unknown) => void;
}

/** The database with its ways to write: a transaction that is on disk when it is told, or changed nothing. */
export class Store {
  readonly database: Sqlite;
  readonly #ballast: Ballast;
  readonly #commit: (work: () => void) => void;
  readonly #inside: (work: () => void) => void;
  readonly #afterCommit = new Set<() => void>();
  #joined: Joined[] = [];
  #appended = false;

  constructor(database: Sqlite, ballast: Ballast) {
    this.database = database;
    this.#ballast = ballast;
    this.#commit = database.transaction((work: () => void) => work()).immediate;
    this.#inside = database.transaction((work: () => void) => work());
  }

  /** @throws WR4003 if the disk is full even without the ballast, WR4001, or what `work` throws; nothing is changed then */
  write<T>(work: () => T): T {
    let result: T | undefined;
    const keep = (): void => {
      result = work();
    };
    // Inside a write the outer one commits.
    if (this.database.inTransaction) this.#inside(keep);
    else this.#together(keep);
    return result as T;
  }

  /**
   * Does the work in a commit together with that of all who join in the same turn: a commit waits for the disk, and a thousand pads
   * that wait one after the other wait for seconds (measured). The order of joining and writing is kept.
   */
  join<T>(work: () => T, { kept, failed }: Waiting<T>): void {
    this.#joined.push({
      work: () => {
        const result = work();
        return () => kept(result);
      },
      failed,
    });
    if (this.#joined.length === 1) setImmediate(() => this.flush());
  }

  /** Called by whoever put an entry into the outbox, inside `write` or `join`. */
  markAppended(): void {
    this.#appended = true;
  }

  /** The listener is called after each commit that appended entries. */
  onAppended(listener: () => void): () => void {
    this.#afterCommit.add(listener);
    return () => this.#afterCommit.delete(listener);
  }

  /** Commits what has joined, now. */
  flush(): void {
    // A write in the same turn has taken them along, or the database was closed: then nobody was told anything.
    if (this.#joined.length === 0 || !this.database.open) return;
    try {
      this.#together(() => {});
    } catch (error) {
      const failed = this.#joined;
      this.#joined = [];
      for (const joined of failed) joined.failed(error);
    }
  }

  /** What has joined, and one work more, in one commit. @throws if this one work or the commit fails; what has joined then waits on */
  #together(own: () => void): void {
    try {
      return this.#once(own);
    } catch (error) {
      if (!isDiskFull(error) || !this.#ballast.drop()) throw storeError(error, this.database.name);
    }
    try {
      this.#once(own);
    } catch (error) {
      throw storeError(error, this.database.name);
    }
  }

  #once(own: () => void): void {
    this.#appended = false;
    const waiting = this.#joined;
    let told: (() => void)[] = [];
    this.#commit(() => {
      told = waiting.map((joined) => this.#attempt(joined));
      own();
    });
    this.#joined = this.#joined.slice(waiting.length);
    if (this.#appended) for (const listener of this.#afterCommit) listener();
    for (const tell of told) tellApart(tell);
  }

  /** One that fails does not take the others with it, unless the disk is full: then all are tried again. */
  #attempt({ work, failed }: Joined): () => void {
    let tell = (): void => {};
    try {
      this.#inside(() => {
        tell = work();
      });
      return tell;
    } catch (error) {
      if (isDiskFull(error) || !this.database.inTransaction) throw error;
      return () => failed(storeError(error, this.database.name));
    }
  }
}

/** What goes wrong in telling is not the fault of whoever happened to write, and keeps nobody else from being told. */
const tellApart = (tell: () => void): void => {
  try {
    tell();
  } catch (error) {
    queueMicrotask(() => {
      throw error;
    });
  }
};
