import type { KeypadDescription } from "./description.ts";

/** The time around a change of case in which presses belong to nobody. */
export class Guard {
  readonly #beforeMs: number;
  readonly #afterMs: number;
  readonly #repeatMs: number;
  #until = Number.NEGATIVE_INFINITY;
  /** The keys have yet to light up since the change. */
  #isDark = false;

  constructor({ guard: { beforeMs, afterMs }, repeat }: Pick<KeypadDescription, "guard" | "repeat">) {
    this.#repeatMs = repeat.is === "never" ? 0 : repeat.withinMs;
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

  /** When the interval is over, and a press like one of now would not be taken for its repeat any more. */
  newPressCountsAt(now: number): number {
    return Math.max(this.#until, now + this.#repeatMs);
  }

  /** Until when a press is held back, because the case may change. */
  holdUntil(pressedAt: number | undefined): number {
    return pressedAt === undefined ? Number.POSITIVE_INFINITY : pressedAt + this.#beforeMs;
  }
}
