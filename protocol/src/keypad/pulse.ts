import type { KeypadDescription } from "./description.ts";

/** Signs of life of a pad, by what its description says of them. */
export class Pulse {
  readonly #keepAlive: KeypadDescription["keepAlive"];
  #heardAt = 0;
  #missed = 0;
  /** The pad missed a keep-alive: it may have been without power. */
  isInDoubt = false;

  constructor(keepAlive: KeypadDescription["keepAlive"]) {
    this.#keepAlive = keepAlive;
  }

  begin(now: number): void {
    this.#heardAt = now;
    this.#missed = 0;
    this.isInDoubt = false;
  }

  /** The pad counts as gone, until it is heard again. */
  end(): void {
    this.#heardAt = Number.POSITIVE_INFINITY;
  }

  heard(now: number): void {
    const { from } = this.#keepAlive;
    // Later than it ever should be, but not so late that the pad counts as gone.
    if (from === "pad" && now - this.#heardAt > 1.5 * this.#keepAlive.everyMs) this.isInDoubt = true;
    this.#heardAt = now;
    this.#missed = 0;
  }

  /** A request was never answered. @returns whether the pad counts as gone */
  unanswered(isKeepAlive: boolean): boolean {
    if (this.#keepAlive.from !== "host" || !isKeepAlive) return this.#keepAlive.from === "nobody";
    this.#missed++;
    this.isInDoubt = true;
    return this.#missed >= this.#keepAlive.missed;
  }

  /** When a pad that says by itself that it is there counts as gone. */
  get silentAt(): number {
    const { from } = this.#keepAlive;
    return from === "pad" ? this.#heardAt + this.#keepAlive.everyMs * this.#keepAlive.missed : Number.POSITIVE_INFINITY;
  }
}
