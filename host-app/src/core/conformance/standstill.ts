const BEAT_MS = 50;

/**
 * How long the tester's own process stood still: nothing came in or went out meanwhile, so that what an item measured says nothing of
 * the pad, and a pad that heard nothing for so long is right to give the session up.
 */
export class Standstill implements Disposable {
  readonly #now: () => number;
  readonly #beats: NodeJS.Timeout;
  #lastBeat: number;
  #longest = 0;

  constructor(now: () => number) {
    this.#now = now;
    this.#lastBeat = now();
    this.#beats = setInterval(() => this.#beat(), BEAT_MS);
  }

  /** The longest one since this object was made, milliseconds; one that has only just ended counts. */
  get longest(): number {
    this.#beat();
    return this.#longest;
  }

  [Symbol.dispose](): void {
    clearInterval(this.#beats);
  }

  #beat(): void {
    const now = this.#now();
    this.#longest = Math.max(this.#longest, now - this.#lastBeat - BEAT_MS);
    this.#lastBeat = now;
  }
}
