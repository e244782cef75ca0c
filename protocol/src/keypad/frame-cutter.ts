import { joined } from "./byte-text.ts";
import { REJECTIONS, type Rejection } from "./description.ts";
import type { Attempt, FrameValues, Framing } from "./framing.ts";

/** What bytes turned out to be. */
export type Cut =
  | ({ readonly is: "frame" } & CutFrame)
  /** Bytes that were thrown away. `fault` says of the first of them what was wrong, for people. */
  | { readonly is: "rejected"; readonly reason: Rejection; readonly bytes: Uint8Array; readonly fault: Fault };

export interface CutFrame {
  readonly values: FrameValues;
  readonly bytes: Uint8Array;
}

/** Where reading stopped. */
export type Fault = Pick<Wrong, "at" | "size" | "fault" | "wanted"> & {
  /** The bytes looked at, from the place on where a frame was expected. */
  readonly looked: Uint8Array;
};

type Wrong = Omit<Extract<Attempt, { is: "wrong" }>, "is">;

/** What is thrown away is kept together up to here, so that noise makes few pieces. */
const LONGEST_REJECTED = 64;

interface Rejected {
  readonly reason: Rejection;
  readonly fault: Fault;
  readonly chunks: Uint8Array[];
  size: number;
}

/**
 * Cuts a stream of bytes into frames. Keeps at most twice the longest frame; after garbage it goes on at the next place where a frame may
 * begin, and throws away one byte at a time, never what a damaged length claims. Never throws.
 */
export class FrameCutter {
  /** Bytes thrown away since this was made, by reason. */
  readonly rejected: Record<Rejection, number> = Object.fromEntries(REJECTIONS.map((reason) => [reason, 0])) as Record<Rejection, number>;
  readonly #framing: Framing;
  readonly #isKnown: (values: FrameValues) => boolean;
  readonly #buffer: Uint8Array;
  #start = 0;
  #end = 0;
  #lastAt = 0;
  #garbage: Rejected | undefined;
  #cuts: Cut[] = [];

  /** @param isKnown where every byte is a message: whether it means anything; one that does not is noise */
  constructor(framing: Framing, isKnown: (values: FrameValues) => boolean = () => true) {
    this.#framing = framing;
    this.#isKnown = isKnown;
    this.#buffer = new Uint8Array(framing.longest * 2);
  }

  /** @param now monotonic milliseconds */
  push(bytes: Uint8Array, now: number): Cut[] {
    this.#cuts = [];
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
    return this.#cuts;
  }

  /** Gives up a frame that stands still for too long, and finds what may hide behind its first byte. */
  time(now: number): Cut[] {
    this.#cuts = [];
    if (now < (this.deadline() ?? Number.POSITIVE_INFINITY)) return this.#cuts;
    while (this.#start < this.#end) {
      const attempt = this.#framing.attempt(this.#buffer, this.#start, this.#end, true);
      const at = this.#end - this.#start;
      this.#reject(
        attempt.is === "wrong"
          ? attempt
          : { reason: "gap", skip: 1, at, size: 0, fault: attempt.is === "short" ? (attempt.fault ?? "") : "" },
      );
      this.#read();
    }
    this.#tellGarbage();
    return this.#cuts;
  }

  /** When `time` must be called next, monotonic milliseconds. */
  deadline(): number | undefined {
    return this.#start < this.#end ? this.#lastAt + this.#framing.gapMs : undefined;
  }

  /** Forgets what is not whole: the port was opened anew. */
  reset(): void {
    this.#start = 0;
    this.#end = 0;
    this.#garbage = undefined;
  }

  #read(): void {
    while (this.#start < this.#end) {
      const attempt = this.#framing.attempt(this.#buffer, this.#start, this.#end);
      if (attempt.is === "wrong") {
        this.#reject(attempt);
        continue;
      }
      if (attempt.is === "frame") this.#take(attempt);
      // A frame as long as none can be would never end.
      else if (attempt.is === "short" && this.#end - this.#start > this.#framing.longest) {
        this.#reject({ reason: "too-long", skip: 1, at: this.#framing.longest, size: 0, fault: "" });
        continue;
      } else if (attempt.is === "short") return;
      this.#start += attempt.length;
    }
  }

  #take({ length, values }: Extract<Attempt, { is: "frame" }>): void {
    if (!this.#isKnown(values)) return this.#addGarbage({ reason: "unknown", skip: length, at: 0, size: length, fault: "" });
    this.#tellGarbage();
    this.#cuts.push({ is: "frame", values, bytes: this.#buffer.slice(this.#start, this.#start + length) });
  }

  #reject(wrong: Wrong): void {
    const skip = Math.min(wrong.skip, this.#end - this.#start);
    this.#addGarbage({ ...wrong, skip });
    this.#start += skip;
  }

  #addGarbage(wrong: Wrong): void {
    const { reason, skip } = wrong;
    // After the first wrong byte of a frame the others of it are no frame's start either: they go under the same reason.
    const follows = this.#garbage !== undefined && (reason === "start" || reason === this.#garbage.reason);
    if (!follows || (this.#garbage?.size ?? 0) >= LONGEST_REJECTED) this.#tellGarbage();
    this.#garbage ??= { reason, fault: this.#faultOf(wrong), chunks: [], size: 0 };
    this.#garbage.chunks.push(this.#buffer.slice(this.#start, this.#start + skip));
    this.#garbage.size += skip;
    this.rejected[this.#garbage.reason] += skip;
  }

  #faultOf({ at, size, fault, wanted }: Wrong): Fault {
    const looked = this.#buffer.slice(this.#start, Math.min(this.#end, this.#start + this.#framing.longest));
    return { at, size, fault, looked, ...(wanted === undefined ? {} : { wanted }) };
  }

  #tellGarbage(): void {
    const garbage = this.#garbage;
    if (garbage === undefined) return;
    this.#garbage = undefined;
    this.#cuts.push({ is: "rejected", reason: garbage.reason, bytes: joined(garbage.chunks), fault: garbage.fault });
  }
}
