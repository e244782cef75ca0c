import type { KeypadKey } from "@window-rating/protocol/keypad";
import { DEFAULT_DEBOUNCE_MS } from "../firmware/keypad.ts";

interface Held {
  readonly downAt: number;
  hasCounted: boolean;
}

/** Keys of any number; each counts once when it was down without a break for the debounce time. */
export class DebouncedKeys {
  readonly #held = new Map<KeypadKey, Held>();

  down(key: KeypadKey, at: number): void {
    if (!this.#held.has(key)) this.#held.set(key, { downAt: at, hasCounted: false });
  }

  up(key: KeypadKey): void {
    this.#held.delete(key);
  }

  isDown(key: KeypadKey): boolean {
    return this.#held.has(key);
  }

  /** When the next key counts, if none moves before. */
  due(): number | undefined {
    const times = [...this.#held.values()].filter(({ hasCounted }) => !hasCounted).map(({ downAt }) => downAt + DEFAULT_DEBOUNCE_MS);
    return times.length === 0 ? undefined : Math.min(...times);
  }

  /** Takes the key that counts first of those that are due; undefined when there is none. */
  next(now: number): KeypadKey | undefined {
    const due = this.due();
    if (due === undefined || due > now) return undefined;
    for (const [key, held] of this.#held) {
      if (held.hasCounted || held.downAt + DEFAULT_DEBOUNCE_MS > due) continue;
      held.hasCounted = true;
      return key;
    }
    return undefined;
  }
}
