import { changed, type EventStore, emptyContents, type Fact, isFact, type StoreChange, type StoreContents } from "./event-store.ts";

/** An event store in memory: for benches and tests that cut no power. It outlives the pad's power cuts, not the process. */
export class MemoryStore implements EventStore {
  #contents: StoreContents;
  readonly #facts: Fact[] = [];

  /** @param storeId random, 32 bits */
  constructor(storeId: number) {
    this.#contents = emptyContents(storeId);
  }

  get contents(): StoreContents {
    return this.#contents;
  }

  apply(change: StoreChange): void {
    this.#contents = changed(this.#contents, change);
    if (change.is === "event" && isFact(change.event)) this.#facts.push(change.event);
  }

  facts(): readonly Fact[] {
    return this.#facts;
  }

  close(): void {}
}
