import type { Message } from "@window-rating/protocol/pad";
import { requestIdToBytes } from "@window-rating/protocol/rating";
import { KEYS } from "../face.ts";
import type { EventBook } from "./event-book.ts";
import type { FirmwareShow } from "./signals.ts";

export const NO_REQUEST = new Uint8Array(16);
const STORE_FULL = 1 << 0;
const STORE_DAMAGED = 1 << 1;
const KEY_STUCK = 1 << 2;

/** The status message of now. */
export const statusOf = (
  { phase, requestId, keysDown }: FirmwareShow,
  isAnyStuck: boolean,
  book: EventBook,
  uptimeMs: number,
): Message<"status"> => ({
  type: "status",
  phase,
  requestId: requestId === null ? NO_REQUEST : requestIdToBytes(requestId),
  pendingEvents: book.pending.length,
  lostEvents: book.lostEvents,
  keysDown: KEYS.reduce((bits, key) => bits | (keysDown[key - 1] ? 1 << (key - 1) : 0), 0),
  faults: (book.isFull ? STORE_FULL : 0) | (book.isDamaged || phase === "fault" ? STORE_DAMAGED : 0) | (isAnyStuck ? KEY_STUCK : 0),
  uptimeMs: uptimeMs % 2 ** 32,
});

/** Knows what the host was told last, so that it is told only what is new. */
export class StatusNews {
  #told: Message<"status"> | undefined;

  /** The host is to be told, whatever it was told before. */
  forget(): void {
    this.#told = undefined;
  }

  /** @returns the status if the host is to be told of it although nobody asked */
  of(status: Message<"status">): Message<"status"> | undefined {
    if (!differs(this.#told, status)) return undefined;
    this.#told = status;
    return status;
  }
}

/** True if the second status is news: in a test each key is, too. */
const differs = (one: Message<"status"> | undefined, other: Message<"status">): boolean =>
  one === undefined ||
  one.phase !== other.phase ||
  one.faults !== other.faults ||
  (other.phase === "testing" && one.keysDown !== other.keysDown) ||
  one.requestId.some((byte, index) => byte !== other.requestId[index]);
