import { KEYS, type KeyNo } from "../face.ts";

/** A key that has been down for longer than this is stuck, milliseconds. */
const STUCK_AFTER_MS = 10_000;
export const DEFAULT_DEBOUNCE_MS = 30;

/**
 * What the keypad reports, at whole milliseconds.
 * `counted`: down without a break for the debounce time; `downAt` is when the finger came. `stuck`: ignored until it is let go.
 */
export type KeyHappening =
  | { readonly is: "counted"; readonly key: KeyNo; readonly at: number; readonly downAt: number }
  | { readonly is: "stuck"; readonly key: KeyNo; readonly at: number };

interface HeldKey {
  readonly key: KeyNo;
  readonly downAt: number;
  /** Start of the debounce time: `downAt`, or later for the last key left of several that went down together. */
  settlesFrom: number;
  state: "bouncing" | "counted" | "tied" | "stuck";
}

/**
 * Five keys and their debounce. Rules:
 * - A key counts once, when it has been down without a break for the debounce time; any shorter contact is bounce.
 * - Of two keys the one that completes its debounce first comes first, so the one that went down first.
 * - Keys that went down in the same millisecond are a tie: none of them counts. When all but one of them were let go, that one
 *   counts after being down alone for another debounce time, so that two keys let go together choose nothing.
 * - A key down for longer than 10 s is stuck and silent until it is let go.
 */
export class Keypad {
  debounceMs = DEFAULT_DEBOUNCE_MS;
  readonly #held = new Map<KeyNo, HeldKey>();

  down(key: KeyNo, at: number): void {
    if (!this.#held.has(key)) this.#held.set(key, { key, downAt: at, settlesFrom: at, state: "bouncing" });
  }

  up(key: KeyNo, at: number): void {
    const released = this.#held.get(key);
    this.#held.delete(key);
    if (released?.state !== "tied") return;
    const rivals = [...this.#held.values()].filter((held) => held.state === "tied");
    const last = rivals[0];
    if (rivals.length === 1 && last !== undefined) {
      last.state = "bouncing";
      last.settlesFrom = at;
    }
  }

  isDown(key: KeyNo): boolean {
    return this.#held.has(key);
  }

  isStuck(key: KeyNo): boolean {
    return this.#held.get(key)?.state === "stuck";
  }

  get isAnyStuck(): boolean {
    return [...this.#held.values()].some((held) => held.state === "stuck");
  }

  /** When a key now in its debounce time may still count for a finger that came before `end`; undefined if there is none. */
  settlesForPressBefore(end: number): number | undefined {
    const times = [...this.#held.values()]
      .filter((held) => held.state === "bouncing" && held.downAt < end)
      .map((held) => held.settlesFrom + this.debounceMs);
    return times.length === 0 ? undefined : Math.min(...times);
  }

  /** When `next` will report something, if no key moves before. */
  due(): number | undefined {
    let first: number | undefined;
    for (const held of this.#held.values()) {
      const at = this.#dueOf(held);
      if (at !== undefined && (first === undefined || at < first)) first = at;
    }
    return first;
  }

  /** Takes the earliest thing that is due by `now`; undefined when there is none. Call again until then. */
  next(now: number): KeyHappening | undefined {
    for (let at = this.due(); at !== undefined && at <= now; at = this.due()) {
      const due = KEYS.map((key) => this.#held.get(key)).filter((held) => held !== undefined && this.#dueOf(held) === at) as HeldKey[];
      const stuck = due.find((held) => held.state !== "bouncing");
      if (stuck !== undefined) {
        stuck.state = "stuck";
        return { is: "stuck", key: stuck.key, at };
      }
      const only = due[0];
      if (due.length === 1 && only !== undefined) {
        only.state = "counted";
        return { is: "counted", key: only.key, at, downAt: only.downAt };
      }
      for (const held of due) held.state = "tied";
    }
    return undefined;
  }

  #dueOf(held: HeldKey): number | undefined {
    if (held.state === "stuck") return undefined;
    return held.state === "bouncing" ? held.settlesFrom + this.debounceMs : held.downAt + STUCK_AFTER_MS;
  }
}
