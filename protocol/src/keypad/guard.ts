import type { KeypadDescription } from "./description.ts";

/** The time around a change of case in which presses belong to nobody. */
export class Guard {
  readonly #beforeMs: number;
  readonly #afterMs: number;
  #until = Number.NEGATIVE_INFINITY;
  /** The keys have yet to light up since the change. */
  #isDark = false;

  constructor({ beforeMs, afterMs }: KeypadDescription["guard"]) {
    this.#beforeMs = beforeMs;
    this.#afterMs = afterMs;
  }

  /** Another case, or a pad that was away. */
  begin(now: number): void {
    this.#until = now + this.#afterMs;
    this.#isDark = true;
  }

  /** The keys light up: whatever was pressed before was pressed in the dark. */
  lit(now: number): void {
    if (this.#isDark) this.#until = now + this.#afterMs;
    this.#isDark = false;
  }

  get until(): number {
    return this.#until;
  }

  /** Until when a press is held back, because the case may change. */
  holdUntil(pressedAt: number): number {
    return pressedAt + this.#beforeMs;
  }
}
