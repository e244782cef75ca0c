import { type Decoded, messageName } from "@window-rating/protocol/pad";

type Unusable = Exclude<Decoded, { is: "message" }>;

/** A pad offers an event again every two seconds until it is stored: a third time is no damage on the way. */
const REPEATS_THAT_TELL = 3;
/** A pad that sends ever new nonsense costs no memory. */
const KEPT = 100;

/**
 * Messages of one pad that passed their check and cannot be used. An event among them is never stored, so the pad keeps it first in its
 * queue for ever, and its ratings behind it wait: that must be shown.
 */
export class UnusableMessages {
  readonly #times = new Map<string, number>();
  #reoffered: string | undefined;

  /** The newest message that the pad offers again and again. */
  get reoffered(): string | undefined {
    return this.#reoffered;
  }

  /** @returns how often this very message was seen now, and whether that just became telling */
  note(decoded: Unusable): { readonly what: string; readonly times: number; readonly tells: boolean } {
    const what = decoded.is === "unknown" ? `unknown message ${decoded.id}` : `${messageName(decoded.id) ?? decoded.id}: ${decoded.why}`;
    const before = this.#times.get(what);
    if (before === undefined && this.#times.size >= KEPT) return { what, times: 0, tells: false };
    const times = (before ?? 0) + 1;
    this.#times.set(what, times);
    if (times >= REPEATS_THAT_TELL) this.#reoffered = what;
    return { what, times, tells: times === REPEATS_THAT_TELL };
  }

  /** Another pad is on the line, or this one was mended. */
  forget(): void {
    this.#times.clear();
    this.#reoffered = undefined;
  }
}
