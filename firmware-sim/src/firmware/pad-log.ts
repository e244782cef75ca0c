import type { Command, Message, PadEvent, PadSessionEffect } from "@window-rating/protocol/pad";
import type { StoreChange } from "../store/event-store.ts";
import type { FirmwareOptions } from "./signals.ts";
import type { WallClock } from "./wall-clock.ts";

/** Lines that the pad remembers; the oldest gives way. */
const MOST_LINES = 128;
/** Longest line, its end not counted, bytes: a page of logLines carries two of them at least. */
const LONGEST_LINE = 96;
/** What one logLines carries: lines, and bytes with the end of each. */
const PAGE = { lines: 32, bytes: 200 };
/**
 * Numbers that each start has for its lines, so that no line of a store has the number of another although nothing of the log is written:
 * wear and power cuts are the event store's business. A start that has used them up says no more; what it said last stays to be read.
 */
const LINES_PER_START = 2 ** 16;
const LAST_NUMBER = 2 ** 32 - 1;

/**
 * The pad's own log, for whoever looks into a fault: its newest lines since power came on, in memory alone. There is nothing of a citizen
 * in it, and nothing that tells of one: no level, no key, no request, no case, no name.
 */
export class PadLog {
  readonly #options: Pick<FirmwareOptions, "version" | "bootCause">;
  readonly #clock: Pick<WallClock, "unixMs">;
  readonly #lines: string[] = [];
  /** Number of the line that comes next. */
  #next = 1;
  #last = 0;
  #startedAt = 0;

  constructor(options: Pick<FirmwareOptions, "version" | "bootCause">, clock: Pick<WallClock, "unixMs">) {
    this.#options = options;
    this.#clock = clock;
  }

  /** A change is in the event store. @param at whole milliseconds of the pad's monotonic clock */
  kept(change: StoreChange, at: number): void {
    if (change.is === "booted") this.#begin(change.bootCount, at);
    else if (change.is === "event") this.#event(change.event, at);
    else if (change.is === "paired") this.#say("paired with a PC", at);
    else if (change.is === "unpaired") this.#say("pairing key erased", at);
  }

  notKept(at: number): void {
    this.#say("event store cannot be written", at);
  }

  session(effect: PadSessionEffect, at: number): void {
    if (effect.is === "ready") this.#say(`session ready, ${effect.trust}`, at);
    else if (effect.is === "lost") this.#say(`session lost, ${effect.cause}`, at);
  }

  refused({ type }: Command, reason: Message<"refused">["reason"], at: number): void {
    this.#say(`refused ${type}, ${reason}`, at);
  }

  /** The first lines from this number on that one message carries. */
  page(from: number): Message<"logLines"> {
    const oldest = this.#next - this.#lines.length;
    const first = Math.min(this.#next, Math.max(from, oldest));
    let text = "";
    let count = 0;
    for (const line of this.#lines.slice(first - oldest, first - oldest + PAGE.lines)) {
      if (text.length + line.length + 1 > PAGE.bytes) break;
      text += `${line}\n`;
      count++;
    }
    return { type: "logLines", from: first, count, text };
  }

  #begin(bootCount: number, at: number): void {
    this.#next = (bootCount - 1) * LINES_PER_START + 1;
    this.#last = Math.min(bootCount * LINES_PER_START, LAST_NUMBER - 1);
    this.#startedAt = at;
    const { version = "1.0.0", bootCause = "power" } = this.#options;
    this.#say(`start ${bootCount}, ${bootCause}, firmware ${version}`, at);
  }

  #event(event: PadEvent, at: number): void {
    if (event.type === "keyStuck") this.#say("a key is held down", at);
    else if (event.type === "fault") this.#say(event.detail, at);
    else if (event.type === "updated") this.#say(`firmware ${event.version} ${event.outcome}`, at);
  }

  #say(what: string, at: number): void {
    if (this.#next > this.#last) return;
    const line = `${this.#time(at)} ${what}`.replace(/[^ -~]/g, "?").slice(0, LONGEST_LINE);
    this.#lines.push(line);
    this.#next++;
    if (this.#lines.length > MOST_LINES) this.#lines.shift();
  }

  /** By the clock of the day, or while nobody has set it by the seconds since the start. */
  #time(at: number): string {
    const unixMs = this.#clock.unixMs(at);
    return unixMs === 0 ? `+${((at - this.#startedAt) / 1000).toFixed(1)}s` : `${new Date(unixMs).toISOString().slice(0, 19)}Z`;
  }
}
