import type { Wire } from "./conversation.ts";

/** One direction of a line that carries so many bytes a second, and no more: what is written waits behind what was written before. */
export class PacedWire implements Wire {
  readonly #bytesPerSecond: number;
  #freeAt = 0;
  #chunks: { readonly at: number; readonly bytes: Uint8Array }[] = [];

  constructor(bytesPerSecond: number) {
    this.#bytesPerSecond = bytesPerSecond;
  }

  /** When everything that was written so far is through. */
  get busyUntil(): number {
    return this.#freeAt;
  }

  write(bytes: Uint8Array, now: number): void {
    this.#freeAt = Math.max(this.#freeAt, now) + (1000 * bytes.length) / this.#bytesPerSecond;
    this.#chunks.push({ at: this.#freeAt, bytes: bytes.slice() });
  }

  nextAt(): number {
    return this.#chunks[0]?.at ?? Number.POSITIVE_INFINITY;
  }

  arrived(now: number): Uint8Array[] {
    const due = this.#chunks.filter(({ at }) => at <= now).map(({ bytes }) => bytes);
    this.#chunks = this.#chunks.slice(due.length);
    return due;
  }

  clear(): void {
    this.#chunks = [];
  }
}
