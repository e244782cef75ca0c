import type { Rows } from "../../event-keeper.ts";
import type { DiskChange } from "../../kept-disk.ts";

/** By what the window PC knows this browser. */
export interface DeviceKey {
  /** The name that the window PC gave it. */
  readonly device: string;
  /** Cannot be read out, not by this page either. */
  readonly privateKey: CryptoKey;
}

/**
 * What the page keeps in IndexedDB, apart for each window: events, files and the key by which it is known. Every write is one transaction that
 * is on the disk when it resolves (`durability: "strict"`).
 */
export class PadDatabase implements Rows {
  readonly #database: IDBDatabase;
  /** Of each file the number of its next part. */
  readonly #parts = new Map<string, number>();

  private constructor(database: IDBDatabase) {
    this.#database = database;
  }

  /**
   * @param whenGone the browser has taken the database away, for instance because somebody cleared its data
   * @throws DOMException if the browser keeps nothing for this page
   */
  static async open(windowNo: string, whenGone: () => void): Promise<PadDatabase> {
    const request = indexedDB.open(`window-rating pad ${windowNo}`, 1);
    request.onupgradeneeded = () => {
      for (const name of ["events", "damaged"]) request.result.createObjectStore(name, { autoIncrement: true });
      for (const name of ["files", "device"]) request.result.createObjectStore(name);
    };
    const database = await answer(request);
    database.onclose = whenGone;
    database.onversionchange = whenGone;
    return new PadDatabase(database);
  }

  async all(): Promise<readonly Uint8Array[]> {
    return (await answer(this.#database.transaction("events").objectStore("events").getAll())).filter(isBytes);
  }

  write(row: Uint8Array, how: "behind" | "instead" | "aside"): Promise<void> {
    return this.#inOneStep(["events", "damaged"], async (step) => {
      const events = step.objectStore("events");
      if (how === "aside") for (const old of await answer(events.getAll())) step.objectStore("damaged").add(old);
      if (how !== "behind") events.clear();
      events.add(row);
    });
  }

  /** The files that are kept, each with its bytes. */
  async files(): Promise<ReadonlyMap<string, Uint8Array>> {
    const store = this.#database.transaction("files").objectStore("files");
    const [keys, values] = await Promise.all([answer(store.getAllKeys()), answer(store.getAll())]);
    const parts = new Map<string, Uint8Array[]>();
    keys.forEach((key, index) => {
      const [path, part] = key as [string, number];
      const bytes: unknown = values[index];
      if (!isBytes(bytes)) return;
      parts.set(path, [...(parts.get(path) ?? []), bytes]);
      this.#parts.set(path, part + 1);
    });
    return new Map(await Promise.all([...parts].map(async ([path, all]) => [path, await joined(all)] as const)));
  }

  keepFiles(changes: readonly DiskChange[]): Promise<void> {
    return this.#inOneStep(["files"], async (step) => {
      for (const change of changes) await this.#keepFile(step.objectStore("files"), change);
    });
  }

  async deviceKey(): Promise<DeviceKey | undefined> {
    return answer(this.#database.transaction("device").objectStore("device").get("key") as IDBRequest<DeviceKey | undefined>);
  }

  keepDeviceKey(key: DeviceKey): Promise<void> {
    return this.#inOneStep(["device"], async (step) => {
      step.objectStore("device").put(key, "key");
    });
  }

  async #keepFile(store: IDBObjectStore, change: DiskChange): Promise<void> {
    const { path } = change;
    const next = this.#parts.get(path) ?? 0;
    switch (change.is) {
      case "append":
        store.put(change.bytes, [path, next]);
        this.#parts.set(path, next + 1);
        return;
      case "empty":
        store.delete(partsOf(path));
        store.put(new Uint8Array(0), [path, 0]);
        this.#parts.set(path, 1);
        return;
      case "remove":
        store.delete(partsOf(path));
        this.#parts.delete(path);
        return;
      case "rename": {
        const parts = await answer(store.getAll(partsOf(path)));
        store.delete(partsOf(path));
        store.delete(partsOf(change.to));
        for (const [index, part] of parts.entries()) store.put(part, [change.to, index]);
        this.#parts.delete(path);
        this.#parts.set(change.to, parts.length);
      }
    }
  }

  /** @throws what the browser says why nothing of it was written */
  async #inOneStep(stores: readonly string[], work: (step: IDBTransaction) => Promise<void>): Promise<void> {
    const step = this.#database.transaction(stores, "readwrite", { durability: "strict" });
    const done = new Promise<void>((resolve, reject) => {
      step.oncomplete = () => resolve();
      step.onabort = () => reject(step.error ?? new DOMException("nothing was written", "AbortError"));
    });
    try {
      await work(step);
    } catch (error) {
      done.catch(() => undefined);
      abort(step);
      throw error;
    }
    return done;
  }
}

/** Of a path whose parts have the keys `[path, number]`. */
const partsOf = (path: string): IDBKeyRange => IDBKeyRange.bound([path], [path, []]);

const isBytes = (value: unknown): value is Uint8Array => value instanceof Uint8Array;

const joined = async (parts: readonly Uint8Array[]): Promise<Uint8Array> =>
  new Uint8Array(await new Blob(parts as Uint8Array<ArrayBuffer>[]).arrayBuffer());

const abort = (step: IDBTransaction): void => {
  try {
    step.abort();
  } catch {
    // It has ended by itself.
  }
};

const answer = <Result>(request: IDBRequest<Result>): Promise<Result> =>
  new Promise((resolve, reject) => {
    request.onsuccess = () => resolve(request.result);
    request.onerror = () => reject(request.error);
    if (request instanceof IDBOpenDBRequest) request.onblocked = () => reject(new DOMException("another page is in the way", "AbortError"));
  });
