import { WindowRatingError } from "@window-rating/protocol/error";
import {
  CAPABILITIES,
  type Command,
  declarationOf,
  type Message,
  type PadEvent,
  PadSession,
  type PadSessionEffect,
  type PadSessionInput,
  type Report,
  type Trust,
} from "@window-rating/protocol/pad";
import type { RequestId } from "@window-rating/protocol/rating";
import type { StoreChange, StoreContents } from "../store/event-store.ts";
import { BLINKING, DEFAULT_THANKS_MS, FAULTY } from "./display.ts";
import { earliest } from "./earliest.ts";
import { EventBook } from "./event-book.ts";
import { EventOffers } from "./event-offers.ts";
import type { Front, Note, Trunk } from "./front.ts";
import { identityOf } from "./identity.ts";
import { PadLog } from "./pad-log.ts";
import { Pairing, type PairingEffect } from "./pairing.ts";
import { Voice } from "./prompts.ts";
import { SeenFace } from "./seen-face.ts";
import type { FirmwareEffect, FirmwareInput, FirmwareOptions, FirmwareShow } from "./signals.ts";
import { NO_REQUEST, StatusNews, statusOf } from "./status.ts";
import { Storeroom, type StoreroomEffect } from "./storeroom.ts";
import { TestingFront } from "./testing-front.ts";
import { WallClock } from "./wall-clock.ts";

/** A store that cannot be written is tried again this often, milliseconds. */
const RETRY_STORE_MS = 5000;
/** Code of the fault event, as the bit number in the faults of status. */
const FAULT_STORE = 1;

/**
 * The firmware of a pad, from power on to loss of power (its memory is this object): event store, session and clock, and a front, which
 * is what a citizen sees and touches. A pure state machine: inputs and monotonic milliseconds in, effects out, to be carried out in
 * their order.
 *
 * A rating goes: the front decides → `store` effect → `kept` input → the front shows it, and the event is offered. So nothing of an event
 * is shown or sent before it is on the disk (I2). The loss of a session changes nothing that is shown: the citizen may still answer, and
 * the event is offered later.
 */
export class Firmware implements Trunk {
  thanksMs = DEFAULT_THANKS_MS;
  readonly #options: FirmwareOptions;
  readonly #front: TestingFront;
  readonly #book: EventBook;
  readonly #session: PadSession;
  readonly #offers: EventOffers;
  readonly #pairing: Pairing;
  readonly #clock = new WallClock();
  #storeroom: Storeroom | undefined;
  #trust: Trust | undefined;
  /** The event store cannot be written; tried again then. */
  #retryStoreAt: number | undefined;
  #blinksUntil: number | undefined;
  readonly #voice = new Voice();
  readonly #log: PadLog;
  #startedAt = 0;
  #hasBooted = false;
  readonly #status = new StatusNews();
  readonly #seen = new SeenFace();
  #effects: FirmwareEffect[] = [];
  /** Something has happened that may show; a ping has not. */
  #isTouched = false;
  #now = 0;

  constructor(options: FirmwareOptions, contents: StoreContents, makeFront: (trunk: Trunk) => Front) {
    this.#options = options;
    this.#log = new PadLog(options, this.#clock);
    this.#book = new EventBook(contents, () => Math.min(options.eventCapacity, options.room?.() ?? options.eventCapacity));
    const key = () => this.#book.pairingKey;
    this.#session = new PadSession({ ...options, key }, () => identityOf(options, this.#book, this.#capabilities));
    this.#offers = new EventOffers(this.#book, this.#session, (event) => this.tell(event));
    this.#pairing = new Pairing(options, key);
    this.#front = new TestingFront(this, makeFront(this));
  }

  /** @param now monotonic milliseconds, never less than before */
  step(input: FirmwareInput, now: number): readonly FirmwareEffect[] {
    this.#effects = [];
    this.#now = now;
    this.#isTouched = input.is !== "bytes" && input.is !== "time";
    this.#catchUp();
    const at = Math.floor(now);
    switch (input.is) {
      case "powerOn":
        this.#startedAt = at;
        if (this.#options.files !== undefined) this.#storeroom = new Storeroom(this.#options.files, at);
        this.#store({ is: "booted", bootCount: this.#book.bootCount + 1 });
        break;
      case "bytes":
        this.#wire({ is: "bytes", bytes: input.bytes });
        this.#wire({ is: "settle" });
        break;
      case "keyDown":
      case "keyUp":
      case "touch":
        this.#front.input(input, at);
        break;
      case "kept":
        this.#book.settle(input.change, true);
        this.#kept(input.change, at);
        this.#attendPairing(this.#pairing.settle(input.change, true, at));
        break;
      case "notKept":
        this.#book.settle(input.change, false);
        this.#attendPairing(this.#pairing.settle(input.change, false, at));
        this.#book.endOffer();
        this.#log.notKept(at);
        this.#failStore(at);
        break;
      case "filed":
        this.#attend(this.#storeroom?.filed(input.change, input.result));
        break;
      case "time":
        break;
    }
    if (this.#isTouched) this.#report();
    return this.#effects;
  }

  /** When `time` must be given next, if nothing else happens before; undefined = not at all. */
  deadline(): number | undefined {
    return earliest(this.#nextOwn(), this.#session.deadline());
  }

  show(now: number): FirmwareShow {
    const shown = this.#front.show(Math.floor(now));
    return {
      ...shown,
      ...(this.isPairing ? { phase: "pairing", lamps: this.#pairing.lamps } : {}),
      ...(this.isFaulty ? FAULTY : {}),
      ...(this.#blinksUntil === undefined ? {} : { lamps: BLINKING }),
      spoken: this.#voice.spoken,
      ...{ pairing: this.#pairing.shown, hasSession: this.#pairing.hasSession },
      pendingEvents: this.#book.pending.length,
      isReady: this.#session.isReady,
    };
  }

  get #capabilities(): number {
    return CAPABILITIES.pairing | CAPABILITIES.log | this.#front.capabilities | (this.#storeroom?.capabilities ?? 0);
  }

  /** When something of the firmware's own is due. */
  #nextOwn(): number | undefined {
    const own = [this.#retryStoreAt, this.#blinksUntil, this.#book.offerAgainAt];
    return earliest(this.#front.due(), ...own, this.#storeroom?.due(), this.#pairing.due());
  }

  /** Lets everything happen that was due, in its order; what the citizen does before anything else of the same millisecond. */
  #catchUp(): void {
    for (let at = this.#nextOwn(); at !== undefined && at <= this.#now; at = this.#nextOwn()) {
      this.#isTouched = true;
      if ((this.#front.due() ?? Infinity) <= at) this.#front.happen(at);
      else if ((this.#retryStoreAt ?? Infinity) <= at) this.#retryStore(Math.floor(this.#now));
      else if ((this.#blinksUntil ?? Infinity) <= at) this.#blinksUntil = undefined;
      else if ((this.#book.offerAgainAt ?? Infinity) <= at) this.#offers.again(Math.floor(this.#now));
      else if ((this.#storeroom?.due() ?? Infinity) <= at) this.#attend(this.#storeroom?.happen());
      else if ((this.#pairing.due() ?? Infinity) <= at) this.#attendPairing(this.#pairing.happen(at));
    }
    this.#wire({ is: "time" });
  }

  // ——— what the front is given ———

  get isFaulty(): boolean {
    return this.#retryStoreAt !== undefined;
  }

  get isFull(): boolean {
    return this.#book.isFull;
  }

  get isPaired(): boolean {
    return this.#session.isReady && this.#trust === "paired";
  }

  get isPairing(): boolean {
    return this.#pairing.isShown;
  }

  get maxFrame(): number {
    return this.#session.maxFrame;
  }

  get bootCount(): number {
    return this.#book.bootCount;
  }

  wasRated(requestId: RequestId): boolean {
    return this.#book.wasRated(requestId);
  }

  unixMs(at: number): number {
    return this.#clock.unixMs(at);
  }

  random(length: number): Uint8Array {
    return this.#options.random(length);
  }

  enter(make: (eventNo: number) => PadEvent): void {
    this.#store(this.#book.enter(make));
  }

  note(event: Note): void {
    if (this.#book.hasRoomForNote) this.enter((eventNo) => ({ ...event, eventNo }));
    else this.#store(this.#book.lose());
  }

  speak(prompt: number, at: number): void {
    const spoken = this.#voice.say(prompt, at);
    if (spoken !== undefined) this.#effects.push({ is: "speak", spoken });
  }

  askForPairing(at: number): void {
    if (!this.#front.isTesting) this.#attendPairing(this.#pairing.asked(at));
  }

  pressForPairing(at: number): void {
    this.#attendPairing(this.#pairing.pressed(at));
  }

  refuse(command: Command, reason: Message<"refused">["reason"]): void {
    this.#log.refused(command, reason, Math.floor(this.#now));
    const requestId = "requestId" in command ? command.requestId : NO_REQUEST;
    this.tell({ type: "refused", command: declarationOf(command.type).id, requestId, reason });
  }

  // ——— the event store ———

  #store(change: StoreChange): void {
    this.#effects.push({ is: "store", change });
  }

  #kept(change: StoreChange, at: number): void {
    this.#retryStoreAt = undefined;
    this.#log.kept(change, at);
    if (change.is === "booted") {
      this.#hasBooted = true;
      this.#wire({ is: "started" });
      this.note({ type: "booted", bootCount: change.bootCount, cause: this.#options.bootCause ?? "power" });
      this.#attend(this.#storeroom?.started());
      if (this.#book.isDamaged) this.note({ type: "fault", code: FAULT_STORE, detail: "event store damaged; what could be read is kept" });
    } else if (change.is === "event") {
      this.#front.kept(change.event, at);
      if (change.event.type === "updated") this.#attend(this.#storeroom?.told());
      this.#offers.next(Math.floor(this.#now));
    }
  }

  #failStore(at: number): void {
    this.#front.rest();
    this.#retryStoreAt = at + RETRY_STORE_MS;
  }

  #retryStore(at: number): void {
    this.#failStore(at);
    if (this.#hasBooted) this.note({ type: "fault", code: FAULT_STORE, detail: "event store could not be written for a while" });
    else this.#store({ is: "booted", bootCount: this.#book.bootCount + 1 });
  }

  // ——— the wire ———

  #wire(input: PadSessionInput): void {
    const effects = this.#session.step(input, this.#now);
    // All bytes first: what a command makes us send was encoded later and must leave later.
    for (const effect of effects) if (effect.is === "write") this.#effects.push(effect);
    for (const effect of effects) this.#take(effect);
  }

  tell(message: Report): void {
    try {
      this.#wire({ is: "send", message });
    } catch (error) {
      // An event of a session with longer frames: it waits for the next such session.
      if (!(error instanceof WindowRatingError) || error.code !== "WR1001") throw error;
    }
  }

  #take(effect: PadSessionEffect): void {
    this.#log.session(effect, Math.floor(this.#now));
    this.#isTouched ||= effect.is === "ready" || effect.is === "lost" || effect.is === "command";
    switch (effect.is) {
      case "ready":
        this.#trust = effect.trust;
        this.#pairing.joined();
        if (this.#session.isReady) this.#attend(this.#storeroom?.ready());
        this.#status.forget();
        this.#reportStatus();
        this.#offers.next(Math.floor(this.#now));
        return;
      case "lost":
        this.#storeroom?.lost();
        this.#book.endOffer();
        this.#attendPairing(this.#pairing.lost(Math.floor(this.#now)));
        return;
      case "command":
        return this.#obey(effect.message, Math.floor(this.#now));
      default:
        // Written before; counted by the session.
        return;
    }
  }

  #obey(command: Command, at: number): void {
    switch (command.type) {
      case "configure":
        this.thanksMs = command.thanksMs;
        this.#voice.volume = command.volume;
        this.#front.obey(command, at);
        return;
      case "setTime":
        this.#clock.set(command.unixMs, at);
        return;
      case "identify":
        this.#blinksUntil = command.durationMs === 0 ? undefined : at + command.durationMs;
        return;
      case "askStatus":
        this.#status.forget();
        return this.#reportStatus();
      case "readLog":
        return this.tell(this.#log.page(command.from));
      case "stored":
        return this.#stored(command.eventNo);
      case "challenge":
      case "ready":
        // The session answers these itself.
        return;
      case "openRating":
      case "openTouchRating":
        if (this.isPairing) return this.refuse(command, "notReady");
        this.#attendPairing(this.#pairing.giveWay(at));
        if (!this.#front.obey(command, at)) this.refuse(command, "unsupported");
        return;
      case "pairingStart":
      case "pairingConfirm":
      case "pairingCancel":
      case "unpair":
        return this.#attendPairing(this.#pairing.obey(command, at));
      default:
        if (!this.#isForStoreroom(command) && !this.#front.obey(command, at)) this.refuse(command, "unsupported");
    }
  }

  #isForStoreroom(command: Command): boolean {
    const { phase } = this.show(this.#now);
    const isAtRest = (phase === "idle" || phase === "paused") && this.#book.pending.length === 0;
    const effects = this.#storeroom?.obey(command, isAtRest);
    this.#attend(effects);
    return effects !== undefined;
  }

  #attendPairing(effects: readonly PairingEffect[]): void {
    for (const effect of effects) {
      if (effect.is === "send") this.tell(effect.message);
      else if (effect.is === "store") this.#store(effect.change);
      else this.#wire({ is: "renew" });
    }
  }

  #attend(effects: readonly StoreroomEffect[] = []): void {
    for (const effect of effects) {
      if (effect.is === "send") this.tell(effect.message);
      else if (effect.is === "refuse") this.refuse(effect.command, effect.reason);
      else if (effect.is === "file" || effect.is === "restart") this.#effects.push(effect);
      else
        this.note({ type: "updated", outcome: effect.outcome, version: this.#options.version ?? "", release: this.#options.release ?? 0 });
    }
  }

  #stored(eventNo: number): void {
    if (!this.#book.isKept(eventNo)) return;
    const change = this.#book.forget(eventNo);
    this.#offers.next(Math.floor(this.#now));
    // Written behind the answer: if it is lost with the power, the event is offered once more and stored already.
    this.#store(change);
  }

  // ——— what is told ———

  /** Sends a status when the phase, the request shown or the faults are not what the host was told last. */
  #reportStatus(): void {
    if (!this.#session.isReady) return;
    const uptimeMs = Math.floor(this.#now) - this.#startedAt;
    const news = this.#status.of(statusOf(this.show(this.#now), this.#front.isAnyStuck, this.#book, uptimeMs));
    if (news !== undefined) this.tell(news);
  }

  #report(): void {
    this.#reportStatus();
    if (this.#seen.look(this.show(this.#now))) this.#effects.push({ is: "face" });
  }
}
