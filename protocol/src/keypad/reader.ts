import { joined } from "./byte-text.ts";
import { REJECTIONS, type Rejection } from "./description.ts";
import type { Attempt, FrameValues } from "./framing.ts";
import type { KeypadFrameRole, KeypadProtocol } from "./protocol.ts";

/** What bytes of a pad turned out to be. */
export type KeypadReading =
  /** A press of a key, by a frame whose checksum is right where there is one. */
  | ({ readonly is: "key" } & Extract<KeypadFrameRole, { is: "key" }> & ReadFrame)
  /** A right frame that is no press. */
  | ({ readonly is: "frame"; readonly role: Exclude<KeypadFrameRole, { is: "key" }> } & ReadFrame)
  /** Bytes that were thrown away. `fault` and the rest say of the first of them what was wrong, for people. */
  | { readonly is: "rejected"; readonly reason: Rejection; readonly bytes: Uint8Array; readonly fault: Fault };

interface ReadFrame {
  readonly values: FrameValues;
  readonly bytes: Uint8Array;
}

/** Where reading stopped. */
export type Fault = Pick<Extract<Attempt, { is: "wrong" }>, "at" | "size" | "fault" | "wanted"> & {
  /** The bytes looked at, from the place on where a frame was expected. */
  readonly looked: Uint8Array;
};

/** Readers keep what they threw away together up to here, so that noise makes few readings. */
const LONGEST_REJECTED = 64;

interface Rejected {
  readonly reason: Rejection;
  readonly fault: Fault;
  readonly chunks: Uint8Array[];
  size: number;
}

/**
 * Cuts a stream of bytes into frames by a description. Keeps at most twice the longest frame; after garbage it goes on at the next place where a frame may
 * begin, and throws away one byte at a time, never what a damaged length claims. Never throws.
 */
export class KeypadReader {
  /** Bytes thrown away since this reader was made, by reason. */
  readonly rejected: Record<Rejection, number> = Object.fromEntries(REJECTIONS.map((reason) => [reason, 0])) as Record<Rejection, number>;
  readonly #protocol: KeypadProtocol;
  readonly #buffer: Uint8Array;
  #start = 0;
  #end = 0;
  #lastAt = 0;
  #garbage: Rejected | undefined;
  #readings: KeypadReading[] = [];

  constructor(protocol: KeypadProtocol) {
    this.#protocol = protocol;
    this.#buffer = new Uint8Array(protocol.fromPad.longest * 2);
  }

  /** @param now monotonic milliseconds */
  push(bytes: Uint8Array, now: number): KeypadReading[] {
    this.#readings = [];
    this.#lastAt = now;
    for (let taken = 0; taken < bytes.length; ) {
      this.#buffer.copyWithin(0, this.#start, this.#end);
      this.#end -= this.#start;
      this.#start = 0;
      const piece = bytes.subarray(taken, taken + this.#buffer.length - this.#end);
      this.#buffer.set(piece, this.#end);
      this.#end += piece.length;
      taken += piece.length;
      this.#read();
    }
    if (this.#start === this.#end) this.#tellGarbage();
    return this.#readings;
  }

  /** Gives up a frame that stands still for too long, and finds what may hide behind its first byte. */
  time(now: number): KeypadReading[] {
    this.#readings = [];
    if (now < (this.deadline() ?? Number.POSITIVE_INFINITY)) return this.#readings;
    while (this.#start < this.#end) {
      const attempt = this.#protocol.fromPad.attempt(this.#buffer, this.#start, this.#end, true);
      const at = this.#end - this.#start;
      this.#reject(
        attempt.is === "wrong"
          ? attempt
          : { reason: "gap", skip: 1, at, size: 0, fault: attempt.is === "short" ? (attempt.fault ?? "") : "" },
      );
      this.#read();
    }
    this.#tellGarbage();
    return this.#readings;
  }

  /** When `time` must be called next, monotonic milliseconds. */
  deadline(): number | undefined {
    return this.#start < this.#end ? this.#lastAt + this.#protocol.fromPad.gapMs : undefined;
  }

  /** Forgets what is not whole: the port was opened anew. */
  reset(): void {
    this.#start = 0;
    this.#end = 0;
    this.#garbage = undefined;
  }

  #read(): void {
    while (this.#start < this.#end) {
      const attempt = this.#protocol.fromPad.attempt(this.#buffer, this.#start, this.#end);
      if (attempt.is === "wrong") {
        this.#reject(attempt);
        continue;
      }
      if (attempt.is === "frame") this.#take(attempt);
      // A frame as long as none can be would never end.
      else if (attempt.is === "short" && this.#end - this.#start > this.#protocol.fromPad.longest) {
        this.#reject({ reason: "too-long", skip: 1, at: this.#protocol.fromPad.longest, size: 0, fault: "" });
        continue;
      } else if (attempt.is === "short") return;
      this.#start += attempt.length;
    }
  }

  #take({ length, values }: Extract<Attempt, { is: "frame" }>): void {
    const bytes = this.#buffer.slice(this.#start, this.#start + length);
    const role = this.#protocol.roleOf(values);
    if (role.is === "other" && this.#protocol.fromPad.kind === "byte") {
      // Where every byte is a message, one that means nothing is noise.
      this.#addGarbage({ reason: "unknown", skip: 1, at: 0, size: 1, fault: "" });
      return;
    }
    this.#tellGarbage();
    this.#readings.push(role.is === "key" ? { ...role, values, bytes } : { is: "frame", role, values, bytes });
  }

  #reject(wrong: Omit<Extract<Attempt, { is: "wrong" }>, "is">): void {
    const skip = Math.min(wrong.skip, this.#end - this.#start);
    this.#addGarbage({ ...wrong, skip });
    this.#start += skip;
  }

  #addGarbage(wrong: Omit<Extract<Attempt, { is: "wrong" }>, "is">): void {
    const { reason, skip } = wrong;
    // After the first wrong byte of a frame the others of it are no frame's start either: they go under the same reason.
    const follows = this.#garbage !== undefined && (reason === "start" || reason === this.#garbage.reason);
    if (!follows || (this.#garbage?.size ?? 0) >= LONGEST_REJECTED) this.#tellGarbage();
    this.#garbage ??= { reason, fault: this.#faultOf(wrong), chunks: [], size: 0 };
    this.#garbage.chunks.push(this.#buffer.slice(this.#start, this.#start + skip));
    this.#garbage.size += skip;
    this.rejected[this.#garbage.reason] += skip;
  }

  #faultOf({ at, size, fault, wanted }: Omit<Extract<Attempt, { is: "wrong" }>, "is">): Fault {
    const looked = this.#buffer.slice(this.#start, Math.min(this.#end, this.#start + this.#protocol.fromPad.longest));
    return { at, size, fault, looked, ...(wanted === undefined ? {} : { wanted }) };
  }

  #tellGarbage(): void {
    const garbage = this.#garbage;
    if (garbage === undefined) return;
    this.#garbage = undefined;
    this.#readings.push({ is: "rejected", reason: garbage.reason, bytes: joined(garbage.chunks), fault: garbage.fault });
  }
}
