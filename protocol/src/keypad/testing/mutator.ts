import type { SeededRandom } from "../../pad/testing/seeded-random.ts";

/** Damages bytes as lines do, and worse: flips, drops, doubles, swaps, inserts, cuts out, copies elsewhere. */
export class Mutator {
  readonly #random: SeededRandom;

  constructor(random: SeededRandom) {
    this.#random = random;
  }

  mutated(bytes: Uint8Array, damages: number): Uint8Array {
    const random = this.#random;
    let now = [...bytes];
    for (let count = 0; count < damages && now.length > 0; count++) {
      const at = random.below(now.length);
      const far = random.below(now.length);
      const size = 1 + random.below(8);
      const damage = [
        () => now.with(at, (now[at] as number) ^ (1 << random.below(8))),
        () => now.with(at, random.below(256)),
        () => now.toSpliced(at, 1),
        () => now.toSpliced(at, 0, now[at] as number),
        () => now.with(at, now[far] as number).with(far, now[at] as number),
        () => now.toSpliced(at, 0, ...random.bytes(size)),
        () => now.toSpliced(at, size),
        () => now.toSpliced(at, 0, ...now.slice(far, far + size)),
      ];
      now = (damage[random.below(damage.length)] as () => number[])();
    }
    return Uint8Array.from(now);
  }
}
