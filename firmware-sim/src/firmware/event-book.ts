import type { PadEvent } from "@window-rating/protocol/pad";
import { type RequestId, requestIdFromBytes } from "@window-rating/protocol/rating";
import { changed, type StoreChange, type StoreContents } from "../store/event-store.ts";

/** An event that was offered and not stored is offered again after this long, milliseconds. */
const OFFER_AGAIN_MS = 2000;

/** Newest rated requests that the pad remembers until its power goes. */
const RATED_REMEMBERED = 1024;

/**
 * The pad's view of its event store: what is kept, what is being written, what is offered, and for what there is room.
 * Ratings are never pushed out. One place is kept free for the rating that is shown or will be shown next, so no other event
 * may take the last one; a time-out takes the place of its rating.
 */
export class EventBook {
  readonly #room: () => number;
  #contents: StoreContents;
  /** Events given to the store that it has not answered for. */
  readonly #beingKept: PadEvent[] = [];
  readonly #rated = new Set<RequestId>();
  #lostEvents: number;
  #offered: { readonly eventNo: number; readonly againAt: number } | undefined;

  /** @param room how many events the store has room for now */
  constructor(contents: StoreContents, room: () => number) {
    this.#contents = contents;
    this.#room = room;
    this.#lostEvents = contents.lostEvents;
    for (const event of contents.pending) this.#remember(event);
  }

  get storeId(): number {
    return this.#contents.storeId;
  }

  get bootCount(): number {
    return this.#contents.bootCount;
  }

  get pairingKey(): Uint8Array | undefined {
    return this.#contents.pairingKey;
  }

  get lostEvents(): number {
    return this.#lostEvents;
  }

  get isDamaged(): boolean {
    return this.#contents.damaged;
  }

  /** Events that the host has not stored, oldest first. */
  get pending(): readonly PadEvent[] {
    return this.#contents.pending;
  }

  get isFull(): boolean {
    return this.#used >= this.#room();
  }

  get hasRoomForNote(): boolean {
    return this.#used + 1 < this.#room();
  }

  get #used(): number {
    return this.#contents.pending.length + this.#beingKept.length;
  }

  /** True if the request has a rating that is kept here, or was rated since power came on. */
  wasRated(requestId: RequestId): boolean {
    return this.#rated.has(requestId);
  }

  isKept(eventNo: number): boolean {
    return this.#contents.pending.some((event) => event.eventNo === eventNo);
  }

  /** Numbers an event; it counts from now on for room, and is kept when `settle` says so. */
  enter(make: (eventNo: number) => PadEvent): StoreChange {
    const last = this.#beingKept.at(-1)?.eventNo ?? this.#contents.lastEventNo;
    const event = make(last + 1);
    this.#beingKept.push(event);
    return { is: "event", event };
  }

  /** Counts an event that finds no room. */
  lose(): StoreChange {
    this.#lostEvents++;
    return { is: "lost", lostEvents: this.#lostEvents };
  }

  /** The store has made the change, or could not. A number whose event could not be kept was never told to anybody and is used again. */
  settle(change: StoreChange, done: boolean): void {
    if (change.is === "event") {
      const index = this.#beingKept.indexOf(change.event);
      if (index >= 0) this.#beingKept.splice(index, 1);
    }
    if (!done) return;
    this.#contents = changed(this.#contents, change);
    if (change.is === "event") this.#remember(change.event);
  }

  /** When the event that is offered is due to be offered again; undefined = none is offered. */
  get offerAgainAt(): number | undefined {
    return this.#offered?.againAt;
  }

  /** The oldest event, now to be offered; undefined if there is none or one is offered already. */
  offer(at: number): PadEvent | undefined {
    const oldest = this.pending[0];
    if (this.#offered !== undefined || oldest === undefined) return undefined;
    this.#offered = { eventNo: oldest.eventNo, againAt: at + OFFER_AGAIN_MS };
    return oldest;
  }

  delayOffer(at: number): void {
    if (this.#offered !== undefined) this.#offered = { ...this.#offered, againAt: at + OFFER_AGAIN_MS };
  }

  endOffer(): void {
    this.#offered = undefined;
  }

  /** The host has the event: it is forgotten here at once. */
  forget(eventNo: number): StoreChange {
    if (this.#offered?.eventNo === eventNo) this.#offered = undefined;
    const change: StoreChange = { is: "stored", eventNo };
    this.#contents = changed(this.#contents, change);
    return change;
  }

  #remember(event: PadEvent): void {
    if (event.type !== "rated" && event.type !== "touchRated") return;
    this.#rated.add(requestIdFromBytes(event.requestId));
    if (this.#rated.size > RATED_REMEMBERED) this.#rated.delete(this.#rated.values().next().value as RequestId);
  }
}
