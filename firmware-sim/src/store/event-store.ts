import type { PadEvent } from "@window-rating/protocol/pad";

/** What survives a loss of power. */
export interface StoreContents {
  /** Random number made with the store. */
  readonly storeId: number;
  /** How often the pad has started. */
  readonly bootCount: number;
  /** Number of the newest event ever; 0 = none yet. */
  readonly lastEventNo: number;
  /** Events other than ratings that found no room, since the store was made. */
  readonly lostEvents: number;
  /** Events that the host has not stored, oldest first. */
  readonly pending: readonly PadEvent[];
  /** The pairing key, 32 bytes. */
  readonly pairingKey?: Uint8Array;
  /** Parts of the store could not be read when it was opened; what could be read is all here. */
  readonly damaged: boolean;
}

/** One change of the store. */
export type StoreChange =
  | { readonly is: "booted"; readonly bootCount: number }
  | { readonly is: "event"; readonly event: PadEvent }
  /** The host has the event; the pad forgets it. */
  | { readonly is: "stored"; readonly eventNo: number }
  | { readonly is: "lost"; readonly lostEvents: number }
  /** The key takes the place of any other. */
  | { readonly is: "paired"; readonly key: Uint8Array }
  | { readonly is: "unpaired" };

/** What a citizen did or let pass, kept for audits after the pad itself has forgotten it. */
export type Fact = Extract<PadEvent, { type: "rated" | "touchRated" | "timedOut" }>;

/** Keeps the events of a pad. */
export interface EventStore {
  readonly contents: StoreContents;
  /**
   * Makes the change. When it returns, all but `stored` and `lost` are on the disk. A `stored` or `lost` may still be undone by a loss
   * of power (not by the end of the process): the event is then offered again, which changes nothing at the host.
   * @throws the disk's error; the change is then not made
   */
  apply(change: StoreChange): void;
  /** Every rating and time-out ever kept, oldest first. */
  facts(): readonly Fact[];
  close(): void;
}

export const isFact = (event: PadEvent): event is Fact =>
  event.type === "rated" || event.type === "touchRated" || event.type === "timedOut";

/** The contents after a change. An event or number that is there already changes nothing. */
export const changed = (contents: StoreContents, change: StoreChange): StoreContents => {
  switch (change.is) {
    case "booted":
      return { ...contents, bootCount: Math.max(contents.bootCount, change.bootCount) };
    case "event": {
      const { event } = change;
      if (event.eventNo <= contents.lastEventNo) return contents;
      return { ...contents, lastEventNo: event.eventNo, pending: [...contents.pending, event] };
    }
    case "stored":
      return { ...contents, pending: contents.pending.filter((event) => event.eventNo !== change.eventNo) };
    case "lost":
      return { ...contents, lostEvents: Math.max(contents.lostEvents, change.lostEvents) };
    case "paired":
      return { ...contents, pairingKey: change.key };
    case "unpaired": {
      const { pairingKey: _, ...rest } = contents;
      return rest;
    }
  }
};

/** Contents of a store that was just made. @param storeId random, 32 bits */
export const emptyContents = (storeId: number): StoreContents => ({
  storeId,
  bootCount: 0,
  lastEventNo: 0,
  lostEvents: 0,
  pending: [],
  damaged: false,
});
