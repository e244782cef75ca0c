import { randomUUID } from "node:crypto";
import type { Entry } from "@window-rating/protocol/sync";
import { nextEntry } from "../../identity/entry-chain.ts";
import type { Identity } from "../../identity/identity.ts";
import type { BatchLimits, Outbox, OutboxCounts, SetAsideEntry } from "../outbox.ts";
import type { RefusedAnswer } from "../verdict.ts";

/** The contract of the outbox over plain arrays; it is strict where a database would be lenient. */
export class MemoryOutbox implements Outbox {
  readonly written: Entry[] = [];
  readonly #identity: Pick<Identity, "windowPcId" | "sign">;
  readonly #waiting = new Map<number, Entry>();
  readonly #aside: SetAsideEntry[] = [];
  readonly #listeners = new Set<() => void>();
  readonly #wallMs: () => number;
  /** Thrown by the next calls that write, as long as it is set. */
  failure: Error | null = null;
  closed = false;

  constructor(identity: Pick<Identity, "windowPcId" | "sign">, wallMs: () => number) {
    this.#identity = identity;
    this.#wallMs = wallMs;
  }

  append(body = `{"kind":"test","text":"第${this.written.length + 1}条 \\"引号\\""}`): Entry {
    const { windowPcId, sign } = this.#identity;
    const entry = nextEntry({ windowPcId, previous: this.written.at(-1) ?? null, entryId: randomUUID(), body, sign });
    this.written.push(entry);
    this.#waiting.set(entry.number, entry);
    for (const listener of this.#listeners) listener();
    return entry;
  }

  next(limits: BatchLimits): Entry[] {
    this.#check();
    const batch: Entry[] = [];
    let bytes = 0;
    for (const entry of this.#waiting.values()) {
      bytes += 450 + Buffer.byteLength(entry.body);
      if (batch.length >= limits.entries || (batch.length > 0 && bytes > limits.bytes)) break;
      batch.push(entry);
    }
    return batch;
  }

  confirm(numbers: readonly number[]): void {
    this.#check();
    for (const number of numbers) {
      if (!this.#waiting.delete(number)) throw new Error(`entry ${number} was not waiting`);
      this.#forgetAside(number);
    }
  }

  setAside(refused: readonly RefusedAnswer[], atMs: number): void {
    this.#check();
    for (const { number, code = "", detail = "" } of refused) {
      const entry = this.#waiting.get(number);
      if (entry === undefined) throw new Error(`entry ${number} was not waiting`);
      this.#waiting.delete(number);
      this.#forgetAside(number);
      this.#aside.push({ entry, code, detail, atMs });
    }
  }

  sendAgain(entries: readonly Pick<Entry, "entryId" | "number">[]): void {
    this.#check();
    for (const { number, entryId } of entries) {
      const aside = this.#aside.find(({ entry }) => entry.number === number && entry.entryId === entryId);
      if (aside !== undefined) this.#waiting.set(number, aside.entry);
    }
    for (const listener of this.#listeners) listener();
  }

  counts(): OutboxCounts {
    return { waiting: this.#waiting.size, oldestMs: this.#waiting.size === 0 ? null : this.#wallMs(), setAside: this.#aside.length };
  }

  listSetAside(): SetAsideEntry[] {
    return [...this.#aside];
  }

  onAppended(listener: () => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  get listeners(): number {
    return this.#listeners.size;
  }

  #forgetAside(number: number): void {
    const index = this.#aside.findIndex(({ entry }) => entry.number === number);
    if (index >= 0) this.#aside.splice(index, 1);
  }

  #check(): void {
    if (this.closed) throw new Error("the outbox was touched after it was closed");
    if (this.failure !== null) throw this.failure;
  }
}
