import type { KeypadDescription, KeypadKey } from "@window-rating/protocol/keypad";

/** Which presses a pad sends again, and when: until it is answered, or while the key is held. */
export class PressRepeater {
  readonly #repeat: KeypadDescription["repeat"];
  /** When each is sent next. */
  readonly #waiting = new Map<KeypadKey, number>();

  constructor(repeat: KeypadDescription["repeat"]) {
    this.#repeat = repeat;
  }

  pressed(key: KeypadKey, now: number): void {
    if (this.#repeat.is !== "never") this.#waiting.set(key, now + this.#repeat.everyMs);
  }

  letGo(key: KeypadKey): void {
    if (this.#repeat.is === "while-held") this.#waiting.delete(key);
  }

  answered(key: KeypadKey): void {
    if (this.#repeat.is === "until-answered") this.#waiting.delete(key);
  }

  clear(): void {
    if (this.#repeat.is === "until-answered") this.#waiting.clear();
  }

  /** Presses to which an answer may come: the one that is shown, and those that are sent until then. */
  awaiting(shown: KeypadKey | null): ReadonlySet<KeypadKey> {
    return new Set([...(shown === null ? [] : [shown]), ...(this.#repeat.is === "until-answered" ? this.#waiting.keys() : [])]);
  }

  due(): number | undefined {
    return this.#waiting.size === 0 ? undefined : Math.min(...this.#waiting.values());
  }

  /** The keys to be sent again now. */
  take(now: number): KeypadKey[] {
    const repeat = this.#repeat;
    if (repeat.is === "never") return [];
    const due = [...this.#waiting].filter(([, at]) => at <= now).map(([key]) => key);
    for (const key of due) this.#waiting.set(key, now + repeat.everyMs);
    return due;
  }
}
