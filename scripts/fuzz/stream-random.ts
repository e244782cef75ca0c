/** Numbers that look random and are the same for the same seed (mulberry32), and what streams are made with. */
export class StreamRandom {
  #state: number;

  constructor(seed: number) {
    this.#state = seed | 0;
  }

  /** In [0, 1). */
  fraction(): number {
    this.#state = (this.#state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(this.#state ^ (this.#state >>> 15), 1 | this.#state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  }

  /** A whole number in [0, limit). */
  below(limit: number): number {
    return Math.floor(this.fraction() * limit);
  }

  chance(probability: number): boolean {
    return this.fraction() < probability;
  }

  of<T>(values: readonly T[]): T {
    return values[this.below(values.length)] as T;
  }

  bytes(length: number): number[] {
    const bytes = new Array<number>(length);
    for (let at = 0; at < length; at++) bytes[at] = this.below(256);
    return bytes;
  }

  /** Damages bytes as lines do, and worse: flips, drops, doubles, swaps, inserts, cuts out, copies elsewhere. Changes `bytes`. */
  damage(bytes: number[], times: number): number[] {
    for (let count = 0; count < times && bytes.length > 0; count++) {
      const at = this.below(bytes.length);
      switch (this.below(8)) {
        case 0:
          bytes[at] = (bytes[at] as number) ^ (1 << this.below(8));
          break;
        case 1:
          bytes[at] = this.below(256);
          break;
        case 2:
          bytes.splice(at, 1);
          break;
        case 3:
          bytes.splice(at, 0, bytes[at] as number);
          break;
        case 4: {
          const far = this.below(bytes.length);
          [bytes[at], bytes[far]] = [bytes[far] as number, bytes[at] as number];
          break;
        }
        case 5:
          bytes.splice(at, 0, ...this.bytes(1 + this.below(8)));
          break;
        case 6:
          bytes.splice(at, 1 + this.below(8));
          break;
        case 7: {
          const far = this.below(bytes.length);
          bytes.splice(at, 0, ...bytes.slice(far, far + 1 + this.below(8)));
        }
      }
    }
    return bytes;
  }

  /** Hands bytes over in pieces, as ports do. */
  pieces(bytes: readonly number[], take: (piece: Uint8Array) => void): void {
    for (let at = 0; at < bytes.length; ) {
      const size = this.chance(0.5) ? bytes.length : 1 + this.below(12);
      take(Uint8Array.from(bytes.slice(at, at + size)));
      at += size;
    }
  }
}
