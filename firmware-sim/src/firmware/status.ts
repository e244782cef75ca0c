import type { Message } from "@window-rating/protocol/pad";
import { requestIdToBytes } from "@window-rating/protocol/rating";
import { KEYS } from "../face.ts";
import { phaseOf, requestOf, type Showing } from "./display.ts";
import type { EventBook } from "./event-book.ts";
import type { Keypad } from "./keypad.ts";

const NO_REQUEST = new Uint8Array(16);
const STORE_FULL = 1 << 0;
const STORE_DAMAGED = 1 << 1;
const KEY_STUCK = 1 << 2;

/** The status message of now. */
export const statusOf = (showing: Showing, book: EventBook, keypad: Keypad, uptimeMs: number): Message<"status"> => {
  const requestId = requestOf(showing);
  return {
    type: "status",
    phase: phaseOf(showing),
    requestId: requestId === null ? NO_REQUEST : requestIdToBytes(requestId),
    pendingEvents: book.pending.length,
    lostEvents: book.lostEvents,
    keysDown: KEYS.reduce((bits, key) => bits | (keypad.isDown(key) ? 1 << (key - 1) : 0), 0),
    faults:
      (book.isFull ? STORE_FULL : 0) | (book.isDamaged || showing.is === "fault" ? STORE_DAMAGED : 0) | (keypad.isAnyStuck ? KEY_STUCK : 0),
    uptimeMs: uptimeMs % 2 ** 32,
  };
};

/** True if the host should be told of the second status although nobody asked. */
export const differs = (one: Message<"status"> | undefined, other: Message<"status">): boolean =>
  one === undefined ||
  one.phase !== other.phase ||
  one.faults !== other.faults ||
  one.requestId.some((byte, index) => byte !== other.requestId[index]);
