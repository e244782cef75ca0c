import type { Entry, EntryAnswer } from "@window-rating/protocol/sync";

/** Limits of one batch. */
export interface BatchLimits {
  readonly entries: number;
  /** Sum of the JSON texts of the entries, bytes. */
  readonly bytes: number;
}

export interface OutboxCounts {
  /** Entries that central has not confirmed and has not refused. */
  readonly waiting: number;
  /** When the oldest of them was written, Unix milliseconds; null if there is none. */
  readonly oldestMs: number | null;
  /** Entries that central refused, and has not taken since. */
  readonly setAside: number;
}

export interface SetAsideEntry {
  readonly entry: Entry;
  readonly code: string;
  readonly detail: string;
  readonly atMs: number;
}

/** What of the chain has still to reach central. Lives in the same database and transaction as the entries (I6). */
export interface Outbox {
  /** The oldest waiting entries within the limits, by number; at least one if any waits. */
  next(limits: BatchLimits): Entry[];
  /** Central has these entries: stored or duplicate. What was set aside of them is so no longer. */
  confirm(numbers: readonly number[]): void;
  /** Central refused these; they leave the queue and are kept aside with the reason. */
  setAside(refused: readonly (EntryAnswer & { answer: "refused" })[], atMs: number): void;
  /** Puts entries that are set aside into the queue once more. They stay set aside, with their reason, until central has answered anew. */
  sendAgain(entries: readonly Pick<Entry, "entryId" | "number">[]): void;
  counts(): OutboxCounts;
  listSetAside(): SetAsideEntry[];
  /** Called after each commit that put entries into the outbox. Returns the function that ends it. */
  onAppended(listener: () => void): () => void;
}
