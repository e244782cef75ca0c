import { hmac } from "@noble/hashes/hmac.js";
import { sha256 } from "@noble/hashes/sha2.js";
import { concatBytes, utf8ToBytes } from "@noble/hashes/utils.js";
import { type Frame, PROTOCOL_VERSION, SECURED_FLAG } from "./frame.ts";
import { FIRST_SEQUENCED_ID } from "./messages.ts";

/** Bytes by which a secured frame is longer: counter (4) and tag (8). */
export const GUARD_OVERHEAD = 12;
const TAG_LENGTH = 8;
const PROOF_LENGTH = 16;
/** A repeat is at most a window behind, and what comes early a window ahead; a number outside this is a replay. */
const COUNTER_REACH = 128;

export type Side = "host" | "pad";

/** What both sides have seen of a handshake; whoever changed a byte of it on the way gives the two sides different ones. */
export interface Handshake {
  readonly session: number;
  /** Payloads as they were on the wire. */
  readonly hello: Uint8Array;
  readonly helloAnswer: Uint8Array;
  /** Nonces of challenge and challengeAnswer. */
  readonly hostNonce: Uint8Array;
  readonly padNonce: Uint8Array;
}

const sessionNumber = (session: number): Uint8Array => Uint8Array.of(session & 0xff, session >>> 8);

const transcriptOf = ({ session, hello, helloAnswer, hostNonce, padNonce }: Handshake): Uint8Array =>
  sha256(concatBytes(utf8ToBytes("window-rating/1 session"), sessionNumber(session), hello, helloAnswer, hostNonce, padNonce));

const labelled = (key: Uint8Array, label: string, bytes: Uint8Array): Uint8Array =>
  hmac(sha256, key, concatBytes(utf8ToBytes(`window-rating/1 ${label}`), bytes));

/** By what a side shows that it holds the pairing key; 16 bytes. */
export const proofOf = (key: Uint8Array, side: Side, handshake: Handshake): Uint8Array =>
  labelled(key, side, transcriptOf(handshake)).slice(0, PROOF_LENGTH);

/** Compares without telling by its time where two values differ. */
export const isSameSecret = (one: Uint8Array, other: Uint8Array): boolean => {
  let difference = one.length ^ other.length;
  for (let index = 0; index < one.length; index++) difference |= (one[index] as number) ^ (other[index] ?? 0);
  return difference === 0;
};

/** Authenticates the sequenced frames of one session, with one key for each direction: a frame that comes back to its sender is not taken. */
export class FrameGuard {
  /** Number of the first frame that comes secured; those before it belong to the handshake. */
  readonly first: number;
  readonly #sending: ReturnType<typeof hmac.create>;
  readonly #receiving: ReturnType<typeof hmac.create>;

  /** @param key the pairing key */
  constructor(side: Side, key: Uint8Array, handshake: Handshake, first: number) {
    this.first = first;
    const transcript = transcriptOf(handshake);
    const toPad = hmac.create(sha256, labelled(key, "host to pad", transcript));
    const toHost = hmac.create(sha256, labelled(key, "pad to host", transcript));
    this.#sending = side === "host" ? toPad : toHost;
    this.#receiving = side === "host" ? toHost : toPad;
  }

  /** Payload with counter and tag behind it. @param counter number of this sequenced frame in its direction and session, from 0 */
  seal(type: number, session: number, counter: number, payload: Uint8Array): Uint8Array {
    const length = payload.length;
    const sealed = new Uint8Array(length + GUARD_OVERHEAD);
    sealed.set(payload);
    new DataView(sealed.buffer).setUint32(length, counter, true);
    sealed.set(tagOf(this.#sending, type, session, sealed.subarray(0, length + 4)), length + 4);
    return sealed;
  }

  /**
   * The frame with its payload alone, or undefined if it is not authentic: not secured, changed, of another session, or played again.
   * @param expected number of the sequenced frame that comes next
   */
  open(frame: Frame, expected: number): Frame | undefined {
    const length = frame.payload.length - GUARD_OVERHEAD;
    if (frame.flags !== SECURED_FLAG || length < 0) return undefined;
    const signed = frame.payload.subarray(0, length + 4);
    if (!isSameSecret(tagOf(this.#receiving, frame.type, frame.session, signed), frame.payload.subarray(length + 4))) return undefined;
    const counter = new DataView(signed.buffer, signed.byteOffset + length, 4).getUint32(0, true);
    if ((counter & 0xff) !== frame.sequence || Math.abs(counter - expected) > COUNTER_REACH) return undefined;
    return { ...frame, flags: 0, payload: frame.payload.subarray(0, length) };
  }
}

const tagOf = (keyed: ReturnType<typeof hmac.create>, type: number, session: number, signed: Uint8Array): Uint8Array =>
  keyed
    .clone()
    .update(Uint8Array.of((SECURED_FLAG << 4) | PROTOCOL_VERSION, type, session & 0xff, session >>> 8))
    .update(signed)
    .digest()
    .subarray(0, TAG_LENGTH);

/**
 * What may be given to the link of a session. With a guard, sequenced frames must be secured; without one, none may be. A frame of
 * the handshake that comes again after the guard was set is let through unopened: it cannot be delivered a second time, only acknowledged.
 * @returns undefined if the frame is not authentic
 */
export const openFrame = (frame: Frame, link: { readonly expected: number }, guard: FrameGuard | undefined): Frame | undefined => {
  if (guard === undefined || frame.type < FIRST_SEQUENCED_ID) return frame.flags === 0 ? frame : undefined;
  if (frame.flags === 0 && frame.sequence < guard.first && link.expected <= COUNTER_REACH) return frame;
  return guard.open(frame, link.expected);
};
