import type { Wire } from "./conversation.ts";
import { LossyWire } from "./lossy-wire.ts";
import { SeededRandom } from "./seeded-random.ts";

/** What whoever holds the wire makes of one frame with its delimiters: what goes on instead of it. */
export type Tap = (bytes: Uint8Array) => readonly Uint8Array[];

/** One direction of a wire in other hands: all that is written is seen, and can be kept back, changed, and said again. */
export class TappedWire implements Wire {
  readonly seen: Uint8Array[] = [];
  tap: Tap = (bytes) => [bytes];
  readonly #behind = new LossyWire(new SeededRandom(1));

  write(bytes: Uint8Array, now: number): void {
    this.seen.push(bytes.slice());
    for (const one of this.tap(bytes)) this.inject(one, now);
  }

  inject(bytes: Uint8Array, now: number): void {
    this.#behind.write(bytes, now);
  }

  nextAt(): number {
    return this.#behind.nextAt();
  }

  arrived(now: number): Uint8Array[] {
    return this.#behind.arrived(now);
  }

  clear(): void {
    this.#behind.clear();
  }
}
