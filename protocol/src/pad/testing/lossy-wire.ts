import type { SeededRandom } from "./seeded-random.ts";

/** What a wire does to what is written to it; each is the chance per write, if it does not say otherwise. */
export interface WireFaults {
  /** All of it is lost. */
  readonly drop?: number;
  /** One bit of it turns over. */
  readonly flip?: number;
  /** A byte becomes another: the chance for each byte. */
  readonly corrupt?: number;
  /** It arrives twice. */
  readonly repeat?: number;
  /** It arrives late, behind what was written after it. */
  readonly overtake?: number;
  /** Its end is lost. */
  readonly cut?: number;
  /** It arrives in pieces, each at its own time. */
  readonly split?: number;
}

/** Milliseconds on the way when nothing is wrong. */
const DELAY = 5;

/** One direction of a wire with faults: bytes in at one time, chunks out at later ones. */
export class LossyWire {
  faults: WireFaults;
  readonly #random: SeededRandom;
  #lastAt = 0;
  #chunks: { readonly at: number; readonly bytes: Uint8Array }[] = [];

  constructor(random: SeededRandom, faults: WireFaults = {}) {
    this.#random = random;
    this.faults = faults;
  }

  write(bytes: Uint8Array, now: number): void {
    const { drop = 0, flip = 0, corrupt = 0, repeat = 0, overtake = 0, cut = 0, split = 0 } = this.faults;
    const random = this.#random;
    if (random.chance(drop)) return;
    let sent = bytes.slice();
    if (random.chance(cut)) sent = sent.slice(0, random.below(sent.length));
    if (sent.length > 0 && random.chance(flip)) {
      const at = random.below(sent.length);
      sent[at] = (sent[at] as number) ^ (1 << random.below(8));
    }
    if (corrupt > 0) sent = sent.map((byte) => (random.chance(corrupt) ? byte ^ (1 + random.below(255)) : byte));
    if (random.chance(overtake)) {
      this.#chunks.push({ at: now + DELAY + 1 + random.below(400), bytes: sent });
      return;
    }
    this.#queue(sent, now + DELAY, split);
    if (random.chance(repeat)) this.#queue(sent, now + DELAY + random.below(30), split);
  }

  /** Behind all that was queued before. */
  #queue(bytes: Uint8Array, earliest: number, split: number): void {
    const at = Math.max(earliest, this.#lastAt);
    this.#lastAt = at;
    if (bytes.length > 1 && this.#random.chance(split)) {
      const middle = 1 + this.#random.below(bytes.length - 1);
      this.#lastAt = at + this.#random.below(20);
      this.#chunks.push({ at, bytes: bytes.slice(0, middle) }, { at: this.#lastAt, bytes: bytes.slice(middle) });
    } else {
      this.#chunks.push({ at, bytes });
    }
  }

  /** When the next chunk arrives; Infinity if none is on the way. */
  nextAt(): number {
    return this.#chunks.reduce((first, chunk) => Math.min(first, chunk.at), Number.POSITIVE_INFINITY);
  }

  /** Takes the chunks that have arrived by now, in their order of arrival. */
  arrived(now: number): Uint8Array[] {
    const due = this.#chunks.filter((chunk) => chunk.at <= now).sort((one, other) => one.at - other.at);
    this.#chunks = this.#chunks.filter((chunk) => chunk.at > now);
    return due.map((chunk) => chunk.bytes);
  }

  /** The plug is pulled: what is on the way is gone. */
  clear(): void {
    this.#chunks = [];
  }
}
