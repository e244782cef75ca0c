import type { FrameGuard } from "./security.ts";

/** A sequenced message, encoded. */
export interface Outgoing {
  readonly id: number;
  readonly payload: Uint8Array;
  readonly guard: FrameGuard | undefined;
}

/** One that was sent and is not acknowledged. */
export interface UnderWay extends Outgoing {
  /** Which sequenced frame of this direction it is, from 0; the header carries the lowest 8 bits. */
  readonly number: number;
  /** When it was sent for the first time. */
  readonly sentAt: number;
  /** When it was sent last. */
  lastAt: number;
  times: number;
  /** Place of its last sending among all sendings of the link. */
  order: number;
  /** The other side has it, but not yet what comes before it. */
  isThere: boolean;
  /** Sent again on a guess, by the timeout: when it is there, this may be the sending before that has come. */
  isGuess: boolean;
}

/** What an acknowledgement tells. */
export interface Heard {
  /** The other side has something that it had not before. */
  readonly isNews: boolean;
  /** Round trip of a frame that was sent once, milliseconds. */
  readonly roundTrip: number | undefined;
  /** Frames that did not arrive: what was sent after them did, and a line does not change the order. Oldest sending first. */
  readonly lost: readonly UnderWay[];
}

/** Bit behind the mask of what came early: something was damaged on its way. */
export const ASKS = 0x80;

/** Most frames that can be early: behind the one expected in the largest window. */
export const MOST_EARLY = 7;

/** The frames that one side has under way, and what is known of where they are. */
export class Flight {
  /** Number of the first frame under way. */
  #base = 0;
  readonly #frames: UnderWay[] = [];
  /** Sendings so far. */
  #order = 0;
  /** The latest sending that is known to have arrived. */
  #arrived = 0;
  /** Times the other side has asked since it last had anything new. */
  #asked = 0;

  get size(): number {
    return this.#frames.length;
  }

  /** Payload of those that the other side does not have. */
  get bytes(): number {
    return this.#frames.reduce((sum, { isThere, payload }) => sum + (isThere ? 0 : payload.length), 0);
  }

  /** Those that the other side does not have, oldest sending first. */
  get missing(): UnderWay[] {
    return this.#frames.filter(({ isThere }) => !isThere).sort((one, other) => one.order - other.order);
  }

  add(message: Outgoing, now: number): UnderWay {
    const number = this.#base + this.#frames.length;
    const frame = { ...message, number, sentAt: now, lastAt: now, times: 1, order: ++this.#order, isThere: false, isGuess: false };
    this.#frames.push(frame);
    return frame;
  }

  /** A frame is sent once more. */
  repeat(frame: UnderWay, isGuess: boolean, now: number): void {
    frame.times++;
    frame.order = ++this.#order;
    frame.lastAt = now;
    frame.isGuess = isGuess;
  }

  /**
   * @param expected the sequence number that the other side expects next
   * @param early mask of those behind it that it has: bit 0 for expected + 1
   * @param shortest the shortest round trip there is: an acknowledgement that comes sooner answers an earlier sending
   */
  heard(expected: number, early: number, shortest: number, now: number): Heard {
    const count = (expected - this.#base) & 0xff;
    // Of what is not under way, or of long ago.
    if (count > this.#frames.length) return { isNews: false, roundTrip: undefined, lost: [] };
    let isNews = false;
    let newest: UnderWay | undefined;
    for (const [place, frame] of this.#frames.entries()) {
      const isThere = place < count || (place > count && ((early >>> (place - count - 1)) & 1) === 1);
      if (frame.isThere || !isThere) continue;
      frame.isThere = true;
      isNews = true;
      const isCertain = !frame.isGuess || now - frame.lastAt >= shortest;
      if (isCertain && frame.order > (newest?.order ?? 0)) newest = frame;
    }
    this.#frames.splice(0, count);
    this.#base += count;
    if (isNews) this.#asked = 0;
    this.#arrived = Math.max(this.#arrived, newest?.order ?? 0);
    return {
      isNews,
      // Karn's rule: the answer to a frame that was sent twice does not tell which of the two it answers.
      roundTrip: newest?.times === 1 ? now - newest.sentAt : undefined,
      lost: this.missing.filter(({ order }) => order < this.#arrived),
    };
  }

  /**
   * The other side asks. While more is on the way than it has asked for, what arrives of it will tell what is missing; when it has
   * asked as often as frames are missing, none of them will.
   */
  asked(): readonly UnderWay[] {
    const { missing } = this;
    if (++this.#asked < missing.length) return [];
    this.#asked = 0;
    return missing;
  }
}
