import { between } from "../faults/seeded-random.ts";
import type { PadPort, PortListener } from "./pad-port.ts";

/**
 * Another port whose reads and writes come in other pieces than they were made: split and merged at random, byte for byte the
 * same stream. What real ports do now and then, all the time; for tests.
 */
export class SplittingPort implements PadPort {
  readonly #port: PadPort;
  readonly #random: () => number;
  readonly #toHost: ByteMill;
  #toPad: ByteMill | undefined;

  /** @param random 0 ≤ number < 1; seeded, so that a failing test can be repeated */
  constructor(port: PadPort, random: () => number) {
    this.#port = port;
    this.#random = random;
    this.#toHost = new ByteMill(random, (piece) => port.write(piece));
  }

  get path(): string {
    return this.#port.path;
  }

  get isPlugged(): boolean {
    return this.#port.isPlugged;
  }

  write(bytes: Uint8Array): void {
    this.#toHost.push(bytes);
  }

  listen(listener: PortListener): void {
    const mill = new ByteMill(this.#random, (piece) => listener.bytes(piece));
    this.#toPad = mill;
    this.#port.listen({ bytes: (chunk) => mill.push(chunk) });
  }

  unplug(): void {
    this.#toHost.empty();
    this.#toPad?.empty();
    this.#port.unplug();
  }

  hangConnection(): void {
    this.#port.hangConnection?.();
  }

  plug(): Promise<void> {
    return this.#port.plug();
  }

  close(): Promise<void> {
    this.unplug();
    return this.#port.close();
  }
}

/** Gives bytes on in their order, in pieces of random size over several turns. */
class ByteMill {
  readonly #random: () => number;
  readonly #give: (piece: Uint8Array) => void;
  #waiting: Uint8Array = new Uint8Array(0);
  #isTurning = false;

  constructor(random: () => number, give: (piece: Uint8Array) => void) {
    this.#random = random;
    this.#give = give;
  }

  push(bytes: Uint8Array): void {
    const merged = new Uint8Array(this.#waiting.length + bytes.length);
    merged.set(this.#waiting);
    merged.set(bytes, this.#waiting.length);
    this.#waiting = merged;
    this.#goOn();
  }

  empty(): void {
    this.#waiting = new Uint8Array(0);
  }

  #goOn(): void {
    if (this.#isTurning || this.#waiting.length === 0) return;
    this.#isTurning = true;
    setImmediate(() => {
      this.#isTurning = false;
      this.#turn();
      this.#goOn();
    });
  }

  #turn(): void {
    // A third of the turns give nothing, so that what is pushed meanwhile is merged with what waits.
    if (this.#waiting.length === 0 || this.#random() < 1 / 3) return;
    const size = between(this.#random, 1, Math.min(this.#waiting.length, 40));
    const piece = this.#waiting.subarray(0, size);
    this.#waiting = this.#waiting.subarray(size);
    this.#give(piece);
  }
}
