import type { PadEvent, PadSession } from "@window-rating/protocol/pad";
import type { EventBook } from "./event-book.ts";

/** Offers what is kept to the host, the oldest first and one at a time. */
export class EventOffers {
  readonly #book: EventBook;
  readonly #session: Pick<PadSession, "isReady" | "unacknowledged">;
  readonly #tell: (event: PadEvent) => void;

  constructor(book: EventBook, session: Pick<PadSession, "isReady" | "unacknowledged">, tell: (event: PadEvent) => void) {
    this.#book = book;
    this.#session = session;
    this.#tell = tell;
  }

  /** Offers the oldest event if none is under way. @param at monotonic milliseconds, whole */
  next(at: number): void {
    if (!this.#session.isReady) return;
    const event = this.#book.offer(at);
    if (event !== undefined) this.#tell(event);
  }

  /** Offers again what the host has not stored. @param at monotonic milliseconds, whole */
  again(at: number): void {
    // What the link has not even delivered is not repeated behind itself.
    if (this.#session.unacknowledged > 0) return this.#book.delayOffer(at);
    this.#book.endOffer();
    this.next(at);
  }
}
