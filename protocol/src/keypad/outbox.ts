import type { RequestName } from "./description.ts";

/** What came of what was to be said. */
export type OutboxEvent =
  | { readonly is: "write"; readonly bytes: Uint8Array }
  /** All frames of a request are written, for the first or a further time. */
  | { readonly is: "sent"; readonly name: RequestName; readonly tried: number }
  | { readonly is: "done"; readonly name: RequestName }
  /** Never answered. */
  | { readonly is: "failed"; readonly name: RequestName };

interface Item {
  readonly name: RequestName;
  readonly frames: readonly Uint8Array[];
  readonly patience: { readonly withinMs: number; readonly tries: number } | undefined;
  /** Frames written of this try. */
  written: number;
  tried: number;
  until: number;
}

/** What a pad shows is what it was told last: of these only the newest waits. */
const SCREENS: ReadonlySet<RequestName> = new Set(["startRating", "cancel", "idle"]);
/** A window pauses or goes on: only the newest waits. */
const PAUSES: ReadonlySet<RequestName> = new Set(["pause", "resume"]);
/** What no rating needs. It goes behind everything else, and nothing waits for its answer. */
const ASIDE: ReadonlySet<RequestName> = new Set([...PAUSES, "lamps", "voice", "stars", "beep"]);

export const isAside = (name: RequestName): boolean => ASIDE.has(name);

/** More than this is not kept waiting for a pad that does not answer; the oldest goes. */
const LONGEST_QUEUE = 16;

/** What the host has yet to say: one request at a time until it is answered, with the silence between frames that the pad needs. Pure. */
export class Outbox {
  readonly #pauseMs: number;
  /** Answers to the pad: they wait for no answer of its own. */
  readonly #answers: Uint8Array[] = [];
  readonly #waiting: Item[] = [];
  #current: Item | undefined;
  #nextWriteAt = Number.NEGATIVE_INFINITY;

  constructor(pauseMs: number) {
    this.#pauseMs = pauseMs;
  }

  clear(): void {
    this.#answers.length = 0;
    this.#waiting.length = 0;
    this.#current = undefined;
  }

  answer(frames: readonly Uint8Array[]): void {
    this.#answers.push(...frames);
    this.#answers.splice(0, this.#answers.length - LONGEST_QUEUE);
  }

  ask(name: RequestName, frames: readonly Uint8Array[], patience: Item["patience"]): void {
    if (frames.length === 0) return;
    const isReplaced = (item: Item): boolean =>
      item.name === name ||
      (SCREENS.has(name) && SCREENS.has(item.name)) ||
      (PAUSES.has(name) && PAUSES.has(item.name)) ||
      (name === "startRating" && isAside(item.name));
    for (let index = this.#waiting.length - 1; index >= 0; index--)
      if (isReplaced(this.#waiting[index] as Item)) this.#waiting.splice(index, 1);
    const current = this.#current;
    const isInTheWay = current !== undefined && !isAside(name) && isAside(current.name) && current.tried > 0;
    if (current !== undefined && (isInTheWay || isReplaced(current))) this.#current = undefined;
    const behind = isAside(name) ? -1 : this.#waiting.findIndex((item) => isAside(item.name));
    const item = { name, frames, patience, written: 0, tried: 0, until: Number.POSITIVE_INFINITY };
    this.#waiting.splice(behind < 0 ? this.#waiting.length : behind, 0, item);
    this.#waiting.splice(0, this.#waiting.length - LONGEST_QUEUE);
  }

  asks(name: RequestName): boolean {
    return this.#current?.name === name || this.#waiting.some((item) => item.name === name);
  }

  /** The request that waits for its answer. */
  get awaited(): RequestName | undefined {
    return this.#current?.patience !== undefined && this.#current.tried > 0 ? this.#current.name : undefined;
  }

  /** The awaited request was answered. */
  answered(): OutboxEvent[] {
    const name = this.awaited;
    if (name === undefined) return [];
    this.#current = undefined;
    return [{ is: "done", name }];
  }

  /** Says what may be said now. */
  step(now: number): OutboxEvent[] {
    const events: OutboxEvent[] = [];
    for (;;) {
      const item = this.#current ?? this.#take();
      const isDue = item !== undefined && this.#resend(item, now, events);
      const answer = this.#answers[0];
      const frame = answer ?? (isDue ? item?.frames[item.written] : undefined);
      if (frame === undefined) {
        if (item === undefined || this.#current !== undefined) return events;
        continue;
      }
      if (now < this.#nextWriteAt) return events;
      this.#nextWriteAt = now + this.#pauseMs;
      events.push({ is: "write", bytes: frame });
      if (answer !== undefined) this.#answers.shift();
      else if (item !== undefined) this.#written(item, now, events);
    }
  }

  deadline(): number | undefined {
    const current = this.#current;
    if (this.#answers.length > 0 || (current === undefined && this.#waiting.length > 0)) return this.#nextWriteAt;
    if (current === undefined) return undefined;
    return current.written < current.frames.length ? this.#nextWriteAt : current.until;
  }

  #take(): Item | undefined {
    this.#current = this.#waiting.shift();
    return this.#current;
  }

  /** Begins the next try when its time has come, or gives up. @returns whether a frame of it is to be written */
  #resend(item: Item, now: number, events: OutboxEvent[]): boolean {
    if (item.written < item.frames.length) return true;
    if (now < item.until) return false;
    if (item.tried < (item.patience?.tries ?? 0)) {
      item.written = 0;
      return true;
    }
    this.#current = undefined;
    events.push({ is: "failed", name: item.name });
    return false;
  }

  #written(item: Item, now: number, events: OutboxEvent[]): void {
    item.written++;
    if (item.written < item.frames.length) return;
    item.tried++;
    events.push({ is: "sent", name: item.name, tried: item.tried });
    if (item.patience !== undefined) {
      item.until = now + item.patience.withinMs;
      return;
    }
    this.#current = undefined;
    events.push({ is: "done", name: item.name });
  }
}
