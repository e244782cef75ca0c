import {
  type Command,
  declarationOf,
  type Message,
  type PadEvent,
  type PadIdentity,
  PadSession,
  type PadSessionEffect,
  type PadSessionInput,
  type Report,
} from "@window-rating/protocol/pad";
import { requestIdFromBytes, requestIdToBytes } from "@window-rating/protocol/rating";
import { KEYS, type KeyNo, type Spoken } from "../face.ts";
import type { StoreChange, StoreContents } from "../store/event-store.ts";
import {
  BLINKING,
  CHOSEN_MS,
  DEFAULT_THANKS_MS,
  endOf,
  labelsFor,
  lampsOf,
  OWN_LABELS,
  phaseOf,
  requestOf,
  type Showing,
} from "./display.ts";
import { EventBook } from "./event-book.ts";
import { Keypad } from "./keypad.ts";
import { PROMPTS, promptOf } from "./prompts.ts";
import type { FirmwareEffect, FirmwareInput, FirmwareOptions, FirmwareShow } from "./signals.ts";
import { differs, statusOf } from "./status.ts";
import { WallClock } from "./wall-clock.ts";

/** A store that cannot be written is tried again this often, milliseconds. */
const RETRY_STORE_MS = 5000;
/** Code of the fault event, as the bit number in the faults of status. */
const FAULT_STORE = 1;

/**
 * The firmware of the five-button pad, from power on to loss of power (its memory is this object). A pure state machine:
 * inputs and monotonic milliseconds in, effects out, to be carried out in their order.
 *
 * A rating goes: key counts → `store` effect → `kept` input → lamp of the key lights and the event is offered. So nothing of an
 * event is shown or sent before it is on the disk (I2). Rules beyond the messages' own:
 * - Only a finger that came after the lamps lit counts; a key held from before must be let go first.
 * - A finger that came in time counts, even if the debounce time ends after the time-out.
 * - The loss of a session changes nothing that is shown: the citizen may still press, and the event is offered later.
 * - `chosen` lasts 0.6 s, then thanks, whether or not a host is there: the pad has the rating and will not lose it.
 */
export class Firmware {
  readonly #options: FirmwareOptions;
  readonly #book: EventBook;
  readonly #session: PadSession;
  readonly #keypad = new Keypad();
  readonly #clock = new WallClock();
  #showing: Showing = { is: "idle" };
  #blinksUntil: number | undefined;
  #spoken: Spoken | null = null;
  #thanksMs = DEFAULT_THANKS_MS;
  #volume = 100;
  #startedAt = 0;
  #hasBooted = false;
  #reported: Message<"status"> | undefined;
  #seen = "";
  #effects: FirmwareEffect[] = [];
  #now = 0;

  constructor(options: FirmwareOptions, contents: StoreContents) {
    this.#options = options;
    this.#book = new EventBook(contents, options.eventCapacity);
    this.#session = new PadSession({ random: options.random }, () => this.#identity());
  }

  /** @param now monotonic milliseconds, never less than before */
  step(input: FirmwareInput, now: number): readonly FirmwareEffect[] {
    this.#effects = [];
    this.#now = now;
    this.#catchUp();
    const at = Math.floor(now);
    switch (input.is) {
      case "powerOn":
        this.#startedAt = at;
        this.#store({ is: "booted", bootCount: this.#book.bootCount + 1 });
        break;
      case "bytes":
        this.#wire({ is: "bytes", bytes: input.bytes });
        this.#wire({ is: "settle" });
        break;
      case "keyDown":
        this.#keypad.down(input.key, at);
        break;
      case "keyUp":
        this.#keypad.up(input.key, at);
        break;
      case "kept":
        this.#book.settle(input.change, true);
        this.#kept(input.change, at);
        break;
      case "notKept":
        this.#book.settle(input.change, false);
        this.#book.endOffer();
        this.#show({ is: "fault", retryAt: at + RETRY_STORE_MS });
        break;
      case "time":
        break;
    }
    this.#reportStatus();
    this.#reportFace();
    return this.#effects;
  }

  /** When `time` must be given next, if nothing else happens before; undefined = not at all. */
  deadline(): number | undefined {
    return earliest(this.#nextOwn(), this.#session.deadline());
  }

  show(now: number): FirmwareShow {
    const showing = this.#showing;
    return {
      lamps: this.#blinksUntil === undefined ? lampsOf(showing) : BLINKING,
      phase: phaseOf(showing),
      requestId: requestOf(showing),
      labels: "labels" in showing ? showing.labels : OWN_LABELS,
      spoken: this.#spoken,
      keysDown: KEYS.map((key) => this.#keypad.isDown(key)),
      remainingMs: showing.is === "inviting" ? Math.max(0, showing.endsAt - Math.floor(now)) : null,
      pendingEvents: this.#book.pending.length,
      isReady: this.#session.isReady,
    };
  }

  #identity(): PadIdentity {
    return {
      model: this.#options.model,
      serialNumber: this.#options.serialNumber,
      firmware: "1.0.0",
      storeId: this.#book.storeId,
      bootCount: this.#book.bootCount,
      // Lamps and voice.
      capabilities: 0b11,
      eventCapacity: this.#options.eventCapacity,
      paired: false,
    };
  }

  /** When something of the firmware's own is due. */
  #nextOwn(): number | undefined {
    return earliest(this.#keypad.due(), this.#showingEnds(), this.#blinksUntil, this.#book.offerAgainAt);
  }

  #showingEnds(): number | undefined {
    const end = endOf(this.#showing);
    if (end === undefined || this.#showing.is !== "inviting") return end;
    return Math.max(end, this.#keypad.settlesForPressBefore(end) ?? end);
  }

  /** Lets everything happen that was due, in its order; a key before anything else of the same millisecond. */
  #catchUp(): void {
    for (let at = this.#nextOwn(); at !== undefined && at <= this.#now; at = this.#nextOwn()) {
      const key = this.#keypad.next(at);
      if (key?.is === "counted") this.#pressed(key.key, key.downAt);
      else if (key?.is === "stuck") this.#note({ type: "keyStuck", key: key.key });
      else if ((this.#showingEnds() ?? Infinity) <= at) this.#moveOn(at);
      else if ((this.#blinksUntil ?? Infinity) <= at) this.#blinksUntil = undefined;
      else if ((this.#book.offerAgainAt ?? Infinity) <= at) this.#offerAgain();
    }
    this.#wire({ is: "time" });
  }

  /** What is shown has had its time. */
  #moveOn(at: number): void {
    const showing = this.#showing;
    switch (showing.is) {
      case "inviting":
        this.#show({ is: "idle" });
        this.#enter((eventNo) => ({
          type: "timedOut",
          eventNo,
          requestId: requestIdToBytes(showing.requestId),
          unixMs: this.#clock.unixMs(at),
          bootCount: this.#book.bootCount,
        }));
        return;
      case "chosen":
        if (this.#thanksMs === 0) return this.#show({ is: "idle" });
        this.#show({ is: "thanks", requestId: showing.requestId, labels: showing.labels, until: at + this.#thanksMs });
        this.#speak(PROMPTS.thanks.id, at);
        return;
      case "thanks":
        return this.#show({ is: "idle" });
      case "fault":
        return this.#retryStore(Math.floor(this.#now));
    }
  }

  #pressed(key: KeyNo, downAt: number): void {
    const showing = this.#showing;
    if (showing.is !== "inviting" || downAt < showing.openedAt) return;
    this.#show({ is: "keeping", requestId: showing.requestId, labels: showing.labels, key });
    this.#enter((eventNo) => ({
      type: "rated",
      eventNo,
      requestId: requestIdToBytes(showing.requestId),
      level: key,
      sinceOpenMs: downAt - showing.openedAt,
      unixMs: this.#clock.unixMs(downAt),
      bootCount: this.#book.bootCount,
    }));
  }

  // ——— the event store ———

  #store(change: StoreChange): void {
    this.#effects.push({ is: "store", change });
  }

  #enter(make: (eventNo: number) => PadEvent): void {
    this.#store(this.#book.enter(make));
  }

  /** Keeps an event other than a rating or a time-out, or counts it as lost if there is no room. */
  #note(event: WithoutNumber<Message<"booted" | "keyStuck" | "fault">>): void {
    if (this.#book.hasRoomForNote) this.#enter((eventNo) => ({ ...event, eventNo }));
    else this.#store(this.#book.lose());
  }

  #kept(change: StoreChange, at: number): void {
    if (this.#showing.is === "fault") this.#show({ is: "idle" });
    if (change.is === "booted") {
      this.#hasBooted = true;
      this.#wire({ is: "started" });
      this.#note({ type: "booted", bootCount: change.bootCount, cause: "power" });
      if (this.#book.isDamaged) this.#note({ type: "fault", code: FAULT_STORE, detail: "event store damaged; what could be read is kept" });
    } else if (change.is === "event") {
      if (change.event.type === "rated") this.#ratingKept(change.event, at);
      this.#offer();
    }
  }

  #ratingKept(event: Message<"rated">, at: number): void {
    const requestId = requestIdFromBytes(event.requestId);
    const showing = this.#showing;
    // Another request may have taken the lamps meanwhile.
    if (showing.is !== "keeping" || showing.requestId !== requestId) return;
    this.#show({ is: "chosen", requestId, labels: showing.labels, key: showing.key, until: at + CHOSEN_MS });
  }

  #retryStore(at: number): void {
    this.#show({ is: "fault", retryAt: at + RETRY_STORE_MS });
    if (this.#hasBooted) this.#note({ type: "fault", code: FAULT_STORE, detail: "event store could not be written for a while" });
    else this.#store({ is: "booted", bootCount: this.#book.bootCount + 1 });
  }

  /** Offers the oldest event if none is under way. */
  #offer(): void {
    if (!this.#session.isReady) return;
    const event = this.#book.offer(Math.floor(this.#now));
    if (event !== undefined) this.#send(event);
  }

  #offerAgain(): void {
    // What the link has not even delivered is not repeated behind itself.
    if (this.#session.unacknowledged > 0) return this.#book.delayOffer(Math.floor(this.#now));
    this.#book.endOffer();
    this.#offer();
  }

  // ——— the wire ———

  #wire(input: PadSessionInput): void {
    const effects = this.#session.step(input, this.#now);
    // All bytes first: what a command makes us send was encoded later and must leave later.
    for (const effect of effects) if (effect.is === "write") this.#effects.push(effect);
    for (const effect of effects) this.#take(effect);
  }

  #send(message: Report): void {
    this.#wire({ is: "send", message });
  }

  #take(effect: PadSessionEffect): void {
    switch (effect.is) {
      case "ready":
        this.#reported = undefined;
        this.#reportStatus();
        this.#offer();
        return;
      case "lost":
        this.#book.endOffer();
        return;
      case "command":
        return this.#obey(effect.message, Math.floor(this.#now));
      case "write":
      case "rejected":
      case "unusable":
        // Written before; counted by the session.
        return;
    }
  }

  #obey(command: Command, at: number): void {
    switch (command.type) {
      case "configure":
        this.#keypad.debounceMs = command.debounceMs;
        this.#thanksMs = command.thanksMs;
        this.#volume = command.volume;
        return;
      case "setTime":
        this.#clock.set(command.unixMs, at);
        return;
      case "openRating":
        return this.#openRating(command, at);
      case "cancelRating":
        if (this.#showing.is === "inviting" && this.#showing.requestId === requestIdFromBytes(command.requestId))
          this.#show({ is: "idle" });
        return;
      case "idle":
        if (this.#showing.is !== "fault") this.#show({ is: "idle" });
        return;
      case "identify":
        this.#blinksUntil = command.durationMs === 0 ? undefined : at + command.durationMs;
        return;
      case "askStatus":
        this.#reported = undefined;
        return this.#reportStatus();
      case "stored":
        return this.#stored(command.eventNo);
      case "challenge":
      case "ready":
        // The session answers these itself.
        return;
    }
  }

  #openRating(command: Message<"openRating">, at: number): void {
    const requestId = requestIdFromBytes(command.requestId);
    if (this.#book.wasRated(requestId) || requestOf(this.#showing) === requestId) return;
    const reason = this.#reasonAgainst();
    if (reason !== undefined) {
      return this.#send({ type: "refused", command: declarationOf(command.type).id, requestId: command.requestId, reason });
    }
    this.#show({ is: "inviting", requestId, labels: labelsFor(command.labels), openedAt: at, endsAt: at + command.timeoutMs });
    this.#speak(command.voice, at);
  }

  /** Why no rating can be taken now. With one key stuck the citizen could not give every level, so none is asked for. */
  #reasonAgainst(): Message<"refused">["reason"] | undefined {
    if (this.#showing.is === "fault") return "fault";
    if (this.#book.isFull) return "storeFull";
    if (this.#keypad.isAnyStuck) return "keyStuck";
    return undefined;
  }

  #stored(eventNo: number): void {
    if (!this.#book.isKept(eventNo)) return;
    const change = this.#book.forget(eventNo);
    this.#offer();
    // Written behind the answer: if it is lost with the power, the event is offered once more and stored already.
    this.#store(change);
  }

  // ——— what is seen and heard ———

  #show(showing: Showing): void {
    this.#showing = showing;
  }

  #speak(prompt: number, at: number): void {
    const known = promptOf(prompt);
    if (known === undefined || this.#volume === 0) return;
    this.#spoken = { ...known, at };
    this.#effects.push({ is: "speak", spoken: this.#spoken });
  }

  /** Sends a status when the phase, the request shown or the faults are not what the host was told last. */
  #reportStatus(): void {
    if (!this.#session.isReady) return;
    const status = statusOf(this.#showing, this.#book, this.#keypad, Math.floor(this.#now) - this.#startedAt);
    if (!differs(this.#reported, status)) return;
    this.#reported = status;
    this.#send(status);
  }

  #reportFace(): void {
    const { remainingMs: _, ...face } = this.show(this.#now);
    const seen = JSON.stringify(face);
    if (seen === this.#seen) return;
    this.#seen = seen;
    this.#effects.push({ is: "face" });
  }
}

type WithoutNumber<Event> = Event extends { readonly eventNo: number } ? Omit<Event, "eventNo"> : never;

const earliest = (...times: readonly (number | undefined)[]): number | undefined => {
  const given = times.filter((time) => time !== undefined);
  return given.length === 0 ? undefined : Math.min(...given);
};
