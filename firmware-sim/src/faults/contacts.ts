import type { Clock, Timer } from "../clock/clock.ts";
import { KEYS, type KeyNo } from "../face.ts";

/** What a contact does while it chatters: it opens or closes again this often, milliseconds. */
const CHATTER_MS = 3;

/** The contacts under the five keys: what the firmware sees of fingers, through contacts that may stick and chatter. */
export class Contacts {
  bounceMs = 0;
  readonly #clock: Clock;
  readonly #moved: (key: KeyNo, isClosed: boolean) => void;
  readonly #fingers = new Set<KeyNo>();
  readonly #closed = new Set<KeyNo>();
  readonly #chatter = new Map<KeyNo, Timer>();
  #stuck: ReadonlySet<KeyNo> = new Set();

  /** @param moved called when a contact closes or opens */
  constructor(clock: Clock, moved: (key: KeyNo, isClosed: boolean) => void) {
    this.#clock = clock;
    this.#moved = moved;
  }

  /** Keys whose contact is closed, lowest first. */
  get closed(): readonly KeyNo[] {
    return KEYS.filter((key) => this.#closed.has(key));
  }

  /** A finger comes or goes. */
  finger(key: KeyNo, isDown: boolean): void {
    if (isDown) this.#fingers.add(key);
    else this.#fingers.delete(key);
    if (this.#stuck.has(key)) return;
    this.#chatter.get(key)?.cancel();
    this.#set(key, isDown);
    if (this.bounceMs > 0) this.#chatterUntil(key, this.#clock.now() + this.bounceMs);
  }

  /** From now on the contacts of these keys, and of no others, stay closed. */
  stick(keys: readonly KeyNo[]): void {
    const before = this.#stuck;
    this.#stuck = new Set(keys);
    for (const key of KEYS) if (before.has(key) || this.#stuck.has(key)) this.#set(key, this.#stuck.has(key) || this.#fingers.has(key));
  }

  #chatterUntil(key: KeyNo, end: number): void {
    const timer = this.#clock.after(CHATTER_MS, () => {
      const isOver = this.#clock.now() + CHATTER_MS > end;
      if (!this.#stuck.has(key)) this.#set(key, isOver ? this.#fingers.has(key) : !this.#closed.has(key));
      if (isOver) this.#chatter.delete(key);
      else this.#chatterUntil(key, end);
    });
    this.#chatter.set(key, timer);
  }

  #set(key: KeyNo, isClosed: boolean): void {
    if (this.#closed.has(key) === isClosed) return;
    if (isClosed) this.#closed.add(key);
    else this.#closed.delete(key);
    this.#moved(key, isClosed);
  }
}
