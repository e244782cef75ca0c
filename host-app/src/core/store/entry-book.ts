import type { Entry, EntryBody } from "@window-rating/protocol/sync";
import type { Statement } from "better-sqlite3";
import type { Store } from "./store.ts";

/** Makes the next entry of the chain: hash and signature (I8). */
export type SealEntry = (previous: { number: number; hash: string } | null, body: string) => Entry;

/** The chain of entries on disk. Append-only: triggers refuse anything else. */
export class EntryBook {
  readonly #store: Store;
  readonly #seal: SealEntry;
  readonly #last: Statement<[], { number: number; hash: string }>;
  readonly #insert: Statement;
  readonly #queue: Statement;

  constructor(store: Store, seal: SealEntry) {
    const { database } = store;
    this.#store = store;
    this.#seal = seal;
    this.#last = database.prepare("SELECT number, hash FROM entries ORDER BY number DESC LIMIT 1");
    this.#insert = database.prepare(
      "INSERT INTO entries (number, entry_id, kind, request_id, previous_hash, hash, signature, body, written_ms) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)",
    );
    this.#queue = database.prepare("INSERT INTO outbox (number, bytes) VALUES (?, ?)");
  }

  /** Appends one entry and puts it into the outbox; to be called inside `Store.write`. @returns its number */
  append(kind: EntryBody["kind"], requestId: string, body: string, wallMs: number): number {
    const entry = this.#seal(this.#last.get() ?? null, body);
    this.#insert.run(entry.number, entry.entryId, kind, requestId, entry.previousHash, entry.hash, entry.signature, body, wallMs);
    this.#queue.run(entry.number, ENTRY_BYTES + Buffer.byteLength(body));
    this.#store.markAppended();
    return entry.number;
  }
}

/** What an entry takes as JSON besides its body, rounded up. The body is quoted once more on the way; the sender's limit has room for it. */
export const ENTRY_BYTES = 450;
