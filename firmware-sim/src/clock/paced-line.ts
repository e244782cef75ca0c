import type { Clock } from "./clock.ts";

/** Bits on the line for one byte: start, eight, stop. */
const BITS = 10;

/**
 * One direction of a serial line that carries no more than its rate: what is written waits for what was written before it, as in the
 * buffer of a serial driver, and arrives when its last byte has gone through.
 */
export class PacedLine {
  readonly #clock: Clock;
  readonly #msPerByte: number;
  readonly #arrive: (bytes: Uint8Array) => void;
  /** When the line will have carried all that was given to it. */
  #freeAt = 0;
  #cuts = 0;

  /** @param baud bits per second */
  constructor(clock: Clock, baud: number, arrive: (bytes: Uint8Array) => void) {
    this.#clock = clock;
    this.#msPerByte = (1000 * BITS) / baud;
    this.#arrive = arrive;
  }

  /** @param bytes the line's own from now on */
  carry(bytes: Uint8Array): void {
    const now = this.#clock.now();
    this.#freeAt = Math.max(now, this.#freeAt) + bytes.length * this.#msPerByte;
    const cuts = this.#cuts;
    this.#clock.after(this.#freeAt - now, () => {
      if (cuts === this.#cuts) this.#arrive(bytes);
    });
  }

  /** What is on the way is lost. */
  cut(): void {
    this.#cuts++;
    this.#freeAt = 0;
  }
}
