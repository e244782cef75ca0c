import type { Message, PadEvent, Report } from "../messages.ts";
import type { PadSessionEffect } from "../pad-session.ts";

const NO_REQUEST = new Uint8Array(16);
/** An event that was offered and not stored is offered again after this long, milliseconds. */
const OFFER_AGAIN = 2000;

type WithoutNumber<Event> = Event extends { readonly eventNo: number } ? Omit<Event, "eventNo"> : never;

/** The least firmware that keeps the rules of events: what is kept survives `restart`, what is kept is offered until it is stored. */
export class SmallPad {
  readonly #send: (report: Report) => void;
  readonly #kept: PadEvent[] = [];
  #lastEventNo = 0;
  bootCount = 0;
  #isReady = false;
  #requestId: Uint8Array = NO_REQUEST;
  #offeredAt = Number.NEGATIVE_INFINITY;

  constructor(send: (report: Report) => void) {
    this.#send = send;
  }

  /** Power came on; the session must be started after this. */
  restart(): void {
    this.bootCount++;
    this.#isReady = false;
    this.#requestId = NO_REQUEST;
    this.#keep({ type: "booted", bootCount: this.bootCount, cause: "power" });
  }

  press(level: number, sinceOpenMs: number, unixMs: number, now: number): void {
    this.#keep({ type: "rated", requestId: this.#requestId, level, sinceOpenMs, unixMs, bootCount: this.bootCount });
    // The rating first: at a window of 1 anything before it costs it a round trip.
    this.offer(now);
    this.#status("chosen", now);
  }

  /** An answer on a touchscreen, to the request that is shown. */
  answer(answer: Omit<Message<"touchRated">, "type" | "eventNo" | "requestId" | "bootCount">, now: number): void {
    this.#keep({ type: "touchRated", requestId: this.#requestId, bootCount: this.bootCount, ...answer });
    this.offer(now);
    this.#status("chosen", now);
  }

  take(effect: PadSessionEffect, now: number): void {
    if (effect.is === "lost") this.#isReady = false;
    else if (effect.is === "ready") {
      this.#isReady = true;
      this.#offeredAt = Number.NEGATIVE_INFINITY;
      this.#status("idle", now);
      this.offer(now);
    } else if (effect.is === "command") this.#obey(effect.message, now);
  }

  /** Offers the oldest event if it is time to. */
  offer(now: number): void {
    const oldest = this.#kept[0];
    if (!this.#isReady || oldest === undefined || now - this.#offeredAt < OFFER_AGAIN) return;
    this.#offeredAt = now;
    this.#send(oldest);
  }

  #obey(command: Message, now: number): void {
    if (command.type === "openRating" || command.type === "openTouchRating") {
      this.#requestId = command.requestId;
      this.#status("inviting", now);
    } else if (command.type === "stored" && this.#kept[0]?.eventNo === command.eventNo) {
      this.#kept.shift();
      this.#offeredAt = Number.NEGATIVE_INFINITY;
      this.offer(now);
    }
  }

  #keep(event: WithoutNumber<PadEvent>): void {
    this.#lastEventNo++;
    this.#kept.push({ ...event, eventNo: this.#lastEventNo });
  }

  #status(phase: Message<"status">["phase"], uptimeMs: number): void {
    this.#send({
      type: "status",
      phase,
      requestId: phase === "idle" ? NO_REQUEST : this.#requestId,
      pendingEvents: this.#kept.length,
      lostEvents: 0,
      keysDown: 0,
      faults: 0,
      uptimeMs,
    });
  }
}
