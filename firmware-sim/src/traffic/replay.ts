import type { Message } from "@window-rating/protocol/pad";
import { HostSession, isEvent, type PadEvent, PadSession, type Report } from "@window-rating/protocol/pad";
import { newRequestId, requestIdToBytes } from "@window-rating/protocol/rating";
import type { Clock, Timer } from "../clock/clock.ts";
import { Cue, PATIENCE_MS, type Pace } from "./cue.ts";
import type { RecordedTalk } from "./recorded-messages.ts";
import { isAsking, RequestMap } from "./request-map.ts";

export interface ReplayOptions {
  readonly talk: RecordedTalk;
  readonly pace: Pace;
  readonly clock: Clock;
  readonly random: (length: number) => Uint8Array;
  readonly write: (bytes: Uint8Array) => void;
}

/** What a replay has come to. */
export interface ReplayEnd {
  readonly played: number;
  readonly of: number;
  /** Times that the other side did not say within ten seconds what it had said in the recording. */
  readonly impatient: number;
}

/** One side of a recording against a live other side. */
export interface Replay {
  /** Bytes of the other side. */
  take(bytes: Uint8Array): void;
  /** Settles when everything was played, and what must be answered was answered. */
  readonly done: Promise<ReplayEnd>;
  stop(): void;
}

type Session = Pick<HostSession, "deadline"> & {
  step(input: { readonly is: "bytes"; readonly bytes: Uint8Array } | { readonly is: "settle" } | { readonly is: "time" }): void;
};

/**
 * What both sides share: a live session of today, whose numbers, nonces and repeats are its own, and the cue. Only what was said is
 * played, not the bytes: a live other side would take none of an old session.
 */
abstract class Player implements Replay {
  readonly done: Promise<ReplayEnd>;
  protected readonly options: ReplayOptions;
  protected readonly cue: Cue;
  protected readonly requests: RequestMap;
  protected isReady = false;
  #readyAt = 0;
  #waitsSince: number | undefined;
  #impatient = 0;
  #timer: Timer | undefined;
  #sessionTimer: Timer | undefined;
  #resolve: (end: ReplayEnd) => void = () => {};
  #isOver = false;

  constructor(options: ReplayOptions, cue: Cue) {
    this.options = options;
    this.cue = cue;
    this.requests = new RequestMap(options.talk.messages.map(({ message }) => message));
    this.done = new Promise((resolve) => {
      this.#resolve = resolve;
    });
  }

  protected abstract readonly session: Session;
  /** Says a message; its request is today's. */
  protected abstract say(message: Message): void;
  /** Whether something that was said is still to be answered. */
  protected abstract readonly isOpen: boolean;

  take(bytes: Uint8Array): void {
    if (this.#isOver) return;
    this.session.step({ is: "bytes", bytes });
    this.session.step({ is: "settle" });
    this.goOn();
  }

  stop(): void {
    if (this.#isOver) return;
    this.#isOver = true;
    this.#timer?.cancel();
    this.#sessionTimer?.cancel();
    this.#resolve({ played: this.cue.played, of: this.cue.length, impatient: this.#impatient });
  }

  protected ready(): void {
    if (!this.isReady) this.#readyAt = this.options.clock.now();
    this.isReady = true;
  }

  protected armSession(): void {
    const deadline = this.session.deadline();
    this.#sessionTimer?.cancel();
    if (deadline === undefined || this.#isOver) return;
    this.#sessionTimer = this.options.clock.after(deadline - this.options.clock.now(), () => {
      this.session.step({ is: "time" });
      this.goOn();
    });
  }

  /** Says what may be said by now. */
  protected goOn(): void {
    if (!this.isReady || this.#isOver) return;
    for (let next = this.cue.peek(); next !== undefined; next = this.cue.peek()) {
      const message = this.requests.today(next.message);
      const wait = this.#waitFor(message !== undefined);
      if (wait > 0) return this.#later(wait);
      this.#waitsSince = undefined;
      this.cue.take();
      // A message about a request that nobody asked for today would be about nothing.
      if (message !== undefined) this.say(message);
    }
    if (!this.isOpen) this.stop();
    else if (this.#waitsSince === undefined) this.#waitsSince = this.options.clock.now();
    else if (this.options.clock.now() - this.#waitsSince >= PATIENCE_MS) {
      this.#impatient++;
      return this.stop();
    }
    if (!this.#isOver) this.#later(PATIENCE_MS);
  }

  /** @returns milliseconds until the next message may be said, if nothing comes before; 0 = now */
  #waitFor(hasRequest: boolean): number {
    const { clock, pace } = this.options;
    const now = clock.now();
    const due = pace === "recorded" ? this.#readyAt + this.cue.dueAfter - now : 0;
    if (due > 0) return due;
    if (hasRequest && (pace === "recorded" ? this.cue.hasAnswersBefore : this.cue.isAnswered)) return 0;
    this.#waitsSince ??= now;
    const left = this.#waitsSince + PATIENCE_MS - now;
    if (left > 0) return left;
    this.#impatient++;
    return 0;
  }

  #later(ms: number): void {
    this.#timer?.cancel();
    this.#timer = this.options.clock.after(ms, () => this.goOn());
  }
}

/** The host says these of itself: an event is stored when it comes. */
const HOST_SKIPS: ReadonlySet<string> = new Set(["stored"]);
const PAD_SKIPS: ReadonlySet<string> = new Set();

/** Plays the pad of a recording to a live host. An event is kept until the host has stored it, and offered again, as by any pad. */
export class PadReplay extends Player {
  protected readonly session: Session;
  readonly #session: PadSession;
  readonly #kept: PadEvent[] = [];
  #offered: number | undefined;

  constructor(options: ReplayOptions & { readonly pad: Message<"helloAnswer"> }) {
    super(options, new Cue(options.talk, "pad", PAD_SKIPS));
    const { type: _, nonce: _nonce, version: _version, minVersion: _min, maxVersion: _max, maxFrame, window, ...identity } = options.pad;
    // A store of its own: to the host these are no repeats of the events that were recorded. The key is not in the recording.
    const storeId = new DataView(options.random(4).slice().buffer).getUint32(0);
    this.#session = new PadSession({ random: options.random, maxFrame, window }, () => ({ ...identity, storeId, paired: false }));
    this.session = { deadline: () => this.#session.deadline(), step: (input) => this.#step(input) };
  }

  start(): void {
    this.#step({ is: "started" });
  }

  protected get isOpen(): boolean {
    return this.#kept.length > 0;
  }

  protected say(message: Message): void {
    if (!isEvent(message)) return this.#step({ is: "send", message: message as Report });
    this.#kept.push(message);
    this.#offer();
  }

  #step(input: Parameters<PadSession["step"]>[0]): void {
    const { clock, write } = this.options;
    const effects = this.#session.step(input, clock.now());
    for (const effect of effects) if (effect.is === "write") write(effect.bytes);
    for (const effect of effects) {
      if (effect.is === "ready") {
        this.ready();
        this.#offer();
      } else if (effect.is === "lost") this.#offered = undefined;
      else if (effect.is === "command") this.#heard(effect.message);
    }
    this.armSession();
  }

  #heard(message: Message): void {
    if (isAsking(message)) this.requests.asked(message.requestId);
    if (message.type === "stored" && message.eventNo === this.#kept[0]?.eventNo) {
      this.#kept.shift();
      this.#offered = undefined;
      this.#offer();
    }
    this.cue.heard(message.type);
  }

  #offer(): void {
    const oldest = this.#kept[0];
    if (oldest === undefined || this.#offered === oldest.eventNo || !this.#session.isReady) return;
    this.#offered = oldest.eventNo;
    this.#step({ is: "send", message: oldest });
  }
}

/** Plays the host of a recording to a live pad. What the pad offers is stored by nobody and answered as stored all the same. */
export class HostReplay extends Player {
  protected readonly session: Session;
  readonly #session: HostSession;

  constructor(options: ReplayOptions) {
    super(options, new Cue(options.talk, "host", HOST_SKIPS));
    this.#session = new HostSession({ random: options.random });
    this.session = { deadline: () => this.#session.deadline(), step: (input) => this.#step(input) };
    // New ones: a pad does not ask again for a request that it has a rating for.
    for (let place = 0; place < this.requests.count; place++) {
      this.requests.asked(requestIdToBytes(newRequestId(Date.now(), options.random(10))));
    }
  }

  start(): void {
    this.#step({ is: "opened" });
  }

  protected get isOpen(): boolean {
    return !this.cue.hasAllAnswers;
  }

  protected say(message: Message): void {
    this.#step({ is: "send", message: (message.type === "setTime" ? { ...message, unixMs: Date.now() } : message) as never });
  }

  #step(input: Parameters<HostSession["step"]>[0]): void {
    const { clock, write } = this.options;
    const effects = this.#session.step(input, clock.now());
    for (const effect of effects) if (effect.is === "write") write(effect.bytes);
    for (const effect of effects) {
      if (effect.is === "ready") this.ready();
      else if (effect.is === "report") {
        if (isEvent(effect.message)) this.#step({ is: "send", message: { type: "stored", eventNo: effect.message.eventNo } });
        this.cue.heard(effect.message.type);
      }
    }
    this.armSession();
  }
}
