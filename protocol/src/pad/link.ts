import { WindowRatingError } from "../errors/index.ts";
import { type Decoded, decodePayload, encodePayload, type Unusable } from "./codec.ts";
import { FRAME_OVERHEAD, type Frame, FrameWriter, SECURED_FLAG } from "./frame.ts";
import { declarationOf, FIRST_SEQUENCED_ID, type Message } from "./messages.ts";
import { type FrameGuard, GUARD_OVERHEAD } from "./security.ts";

/** Timers of the link, milliseconds. The ranges stand in SPEC.md. */
export interface LinkTimers {
  /** First acknowledgement timeout, before a round trip was measured. */
  readonly initialTimeout: number;
  /** Floor: a USB adapter may sit on bytes for 16 ms in each direction. */
  readonly minTimeout: number;
  readonly maxTimeout: number;
  /** Retransmissions before the session counts as broken. */
  readonly maxRetries: number;
  /** The host pings when it heard nothing for this long. */
  readonly pingAfter: number;
  /** Either side gives the session up when it heard nothing for this long; under 3 s, so that a silent unplug is noticed by then. */
  readonly silentAfter: number;
}

export const DEFAULT_TIMERS: LinkTimers = {
  initialTimeout: 200,
  minTimeout: 50,
  maxTimeout: 1000,
  maxRetries: 8,
  pingAfter: 900,
  silentAfter: 2800,
};

export interface LinkOptions {
  /** The host pings, the pad answers. */
  readonly role: "host" | "pad";
  /** Number of the session, 1..65535; frames of any other are dropped. */
  readonly session: number;
  /** Most sequenced frames under way, 1..8. */
  readonly window: number;
  readonly maxFrame: number;
  readonly timers?: LinkTimers;
}

/** All times are monotonic milliseconds. */
export type LinkInput =
  /** A checked frame of this session. */
  | { readonly is: "frame"; readonly frame: Frame }
  /** A sequenced message to send. */
  | { readonly is: "send"; readonly message: Message }
  /** All bytes at hand were taken: acknowledge now what no message acknowledged on its way. */
  | { readonly is: "settle" }
  /** Time has passed. */
  | { readonly is: "time" };

export type LinkEffect =
  | { readonly is: "transmit"; readonly bytes: Uint8Array }
  | { readonly is: "deliver"; readonly message: Message }
  /** A sequenced frame arrived whose content cannot be used; it is acknowledged so that others are not held up. */
  | { readonly is: "unusable"; readonly decoded: Unusable }
  | { readonly is: "broken"; readonly cause: "no-acknowledgement" | "silence" };

/** What the link counted; read by status and doctor. */
export interface LinkCounters {
  sent: number;
  delivered: number;
  resent: number;
  /** Sequenced frames that had been delivered before. */
  repeated: number;
  /** Sequenced frames that came before one that is missing. */
  early: number;
  unusable: number;
}

interface Outgoing {
  readonly id: number;
  readonly payload: Uint8Array;
  readonly guard: FrameGuard | undefined;
}

interface UnderWay extends Outgoing {
  /** Which sequenced frame of this direction it is, from 0; the header carries the lowest 8 bits. */
  readonly number: number;
  /** When it was sent for the first time. */
  readonly sentAt: number;
  times: number;
}

/** How many newest round trips are kept for the histogram. */
const ROUND_TRIPS_KEPT = 512;

/**
 * The link of one session: reliable, ordered delivery in both directions (go-back-N, cumulative acknowledgement,
 * timeout after Jacobson/Karels with Karn's rule, heartbeats). A pure state machine: inputs and the time in, effects out.
 */
export class Link {
  readonly counters: LinkCounters = { sent: 0, delivered: 0, resent: 0, repeated: 0, early: 0, unusable: 0 };
  readonly session: number;
  readonly #role: "host" | "pad";
  readonly #window: number;
  readonly #timers: LinkTimers;
  readonly #writer: FrameWriter;
  readonly #maxFrame: number;

  #guard: FrameGuard | undefined;
  /** Number of the first frame under way. */
  #base = 0;
  readonly #underWay: UnderWay[] = [];
  readonly #waiting: Outgoing[] = [];
  /** Number of the sequenced frame that comes next; the header carries the lowest 8 bits. */
  #expected = 0;
  #acknowledgementDue = false;

  #smoothed: number | undefined;
  #deviation = 0;
  #timeout: number;
  /** Since when the acknowledgement timeout runs: the last (re)transmission or progress. */
  #timeoutFrom: number;
  #retries = 0;
  readonly #roundTrips: number[] = [];
  #roundTripsSeen = 0;

  #heardAt: number;
  #pingedAt: number;
  #pingToken = 0;
  #broken = false;

  constructor(options: LinkOptions, now: number) {
    this.session = options.session;
    this.#role = options.role;
    this.#window = options.window;
    this.#timers = options.timers ?? DEFAULT_TIMERS;
    this.#timeout = this.#timers.initialTimeout;
    this.#writer = new FrameWriter(options.maxFrame);
    this.#maxFrame = options.maxFrame;
    this.#heardAt = now;
    this.#pingedAt = now;
    this.#timeoutFrom = now;
  }

  /** Newest measured round trips, milliseconds, in no particular order. */
  get roundTrips(): readonly number[] {
    return this.#roundTrips;
  }

  /** Messages that were given to send and are not acknowledged. */
  get unacknowledged(): number {
    return this.#underWay.length + this.#waiting.length;
  }

  /** Number of the sequenced frame that comes next, from 0 in each session. */
  get expected(): number {
    return this.#expected;
  }

  /** Secures everything that is given to send from now on. What comes must be opened before it is given to `step`. */
  secure(guard: FrameGuard): void {
    this.#guard = guard;
  }

  step(input: LinkInput, now: number): LinkEffect[] {
    if (this.#broken) return [];
    const effects: LinkEffect[] = [];
    switch (input.is) {
      case "frame":
        this.#take(input.frame, now, effects);
        break;
      case "send":
        this.#accept(input.message);
        break;
      case "settle":
        break;
      case "time":
        this.#time(now, effects);
        break;
    }
    if (!this.#broken) {
      this.#fill(now, effects);
      if (input.is === "settle" && this.#acknowledgementDue) effects.push({ is: "transmit", bytes: this.#control({ type: "ack" }) });
    }
    return effects;
  }

  /** When `time` must be given next, if nothing else happens before; Infinity once the link is broken. */
  deadline(): number {
    if (this.#broken) return Number.POSITIVE_INFINITY;
    return Math.min(this.#silentAt(), this.#pingAt(), this.#resendAt());
  }

  // `time` asks for these very sums: a difference may round to just below its timeout at the deadline itself, for ever.
  #silentAt(): number {
    return this.#heardAt + this.#timers.silentAfter;
  }

  #pingAt(): number {
    return this.#role === "host" ? Math.max(this.#heardAt, this.#pingedAt) + this.#timers.pingAfter : Number.POSITIVE_INFINITY;
  }

  #resendAt(): number {
    return this.#underWay.length === 0 ? Number.POSITIVE_INFINITY : this.#timeoutFrom + this.#timeout;
  }

  #take(frame: Frame, now: number, effects: LinkEffect[]): void {
    this.#heardAt = now;
    const decoded = this.#decode(frame);
    if (frame.type < FIRST_SEQUENCED_ID) return this.#takeControl(frame, decoded, now, effects);
    this.#acknowledged(frame.acknowledgement, now);
    this.#acknowledgementDue = true;
    const behind = (this.#expected - frame.sequence) & 0xff;
    if (behind !== 0) {
      if (behind <= 128) this.counters.repeated++;
      else this.counters.early++;
      return;
    }
    this.#expected++;
    if (decoded.is === "message") {
      this.counters.delivered++;
      effects.push({ is: "deliver", message: decoded.message });
    } else {
      this.#reportUnusable(decoded, effects);
    }
  }

  #takeControl(frame: Frame, decoded: Decoded, now: number, effects: LinkEffect[]): void {
    // Frames that belong outside a session (hello, knock) carry no acknowledgement number; one of them here came the wrong way.
    if (decoded.is === "malformed") return this.#reportUnusable(decoded, effects);
    this.#acknowledged(frame.acknowledgement, now);
    if (decoded.is === "unknown") return this.#reportUnusable(decoded, effects);
    if (decoded.message.type === "ping") {
      effects.push({ is: "transmit", bytes: this.#control({ type: "pong", token: decoded.message.token }) });
    }
  }

  #reportUnusable(decoded: Unusable, effects: LinkEffect[]): void {
    this.counters.unusable++;
    effects.push({ is: "unusable", decoded });
  }

  /** The message in a frame; one that this side may not be sent is malformed. */
  #decode(frame: Frame): Decoded {
    const decoded = decodePayload(frame.type, frame.payload);
    if (decoded.is !== "message") return decoded;
    const { type } = decoded.message;
    const { direction, delivery } = declarationOf(type);
    const isForUs = direction === "both" || direction === (this.#role === "host" ? "pad-to-host" : "host-to-pad");
    if (!isForUs) return { is: "malformed", id: frame.type, why: `${type} in the wrong direction` };
    const isOfLink = delivery === "sequenced" || type === "ack" || type === "ping" || type === "pong";
    return isOfLink ? decoded : { is: "malformed", id: frame.type, why: `${type} inside a session` };
  }

  #acknowledged(number: number, now: number): void {
    const count = (number - this.#base) & 0xff;
    if (count === 0 || count > this.#underWay.length) return;
    const last = this.#underWay[count - 1] as UnderWay;
    // Karn's rule: the answer to a frame that was sent twice does not tell which of the two it answers.
    if (last.times === 1) this.#measure(now - last.sentAt);
    this.#underWay.splice(0, count);
    this.#base += count;
    this.#retries = 0;
    this.#timeoutFrom = now;
  }

  #measure(roundTrip: number): void {
    if (this.#smoothed === undefined) {
      this.#smoothed = roundTrip;
      this.#deviation = roundTrip / 2;
    } else {
      this.#deviation += (Math.abs(roundTrip - this.#smoothed) - this.#deviation) / 4;
      this.#smoothed += (roundTrip - this.#smoothed) / 8;
    }
    this.#timeout = this.#clamp(this.#smoothed + 4 * this.#deviation);
    this.#roundTrips[this.#roundTripsSeen++ % ROUND_TRIPS_KEPT] = roundTrip;
  }

  #clamp(timeout: number): number {
    return Math.min(this.#timers.maxTimeout, Math.max(this.#timers.minTimeout, timeout));
  }

  #time(now: number, effects: LinkEffect[]): void {
    if (now >= this.#silentAt()) return this.#break("silence", effects);
    if (now >= this.#resendAt()) {
      if (this.#retries >= this.#timers.maxRetries) return this.#break("no-acknowledgement", effects);
      this.#retries++;
      this.#timeout = this.#clamp(this.#timeout * 2);
      this.#timeoutFrom = now;
      for (const frame of this.#underWay) {
        frame.times++;
        this.counters.resent++;
        // Encoded anew: the acknowledgement in the header must be of now.
        effects.push({ is: "transmit", bytes: this.#encodeSequenced(frame) });
      }
    }
    if (now >= this.#pingAt()) {
      this.#pingedAt = now;
      this.#pingToken = (this.#pingToken + 1) & 0xffff;
      effects.push({ is: "transmit", bytes: this.#control({ type: "ping", token: this.#pingToken }) });
    }
  }

  #break(cause: "no-acknowledgement" | "silence", effects: LinkEffect[]): void {
    this.#broken = true;
    effects.push({ is: "broken", cause });
  }

  /** @throws WR1001, WR1002 if the message cannot be sent at all; the link goes on */
  #accept(message: Message): void {
    const payload = encodePayload(message).slice();
    const length = payload.length + FRAME_OVERHEAD + (this.#guard === undefined ? 0 : GUARD_OVERHEAD);
    if (length > this.#maxFrame) {
      throw new WindowRatingError("WR1001", `${message.type} needs ${length} bytes, ${this.#maxFrame} are agreed`);
    }
    this.#waiting.push({ id: declarationOf(message.type).id, payload, guard: this.#guard });
  }

  /** Sends what waits, as far as the window allows. */
  #fill(now: number, effects: LinkEffect[]): void {
    while (this.#underWay.length < this.#window) {
      const message = this.#waiting.shift();
      if (message === undefined) return;
      if (this.#underWay.length === 0) this.#timeoutFrom = now;
      const frame: UnderWay = { ...message, number: this.#base + this.#underWay.length, sentAt: now, times: 1 };
      this.#underWay.push(frame);
      this.counters.sent++;
      effects.push({ is: "transmit", bytes: this.#encodeSequenced(frame) });
    }
  }

  #control(message: Message<"ack" | "ping" | "pong">): Uint8Array {
    return this.#encode(0, declarationOf(message.type).id, 0, encodePayload(message));
  }

  /** A repeat has the same number, payload and tag, and the acknowledgement of now. */
  #encodeSequenced({ id, number, payload, guard }: UnderWay): Uint8Array {
    if (guard === undefined) return this.#encode(0, id, number, payload);
    return this.#encode(SECURED_FLAG, id, number, guard.seal(id, this.session, number, payload));
  }

  #encode(flags: number, type: number, number: number, payload: Uint8Array): Uint8Array {
    this.#acknowledgementDue = false;
    const header = { flags, type, session: this.session, sequence: number & 0xff, acknowledgement: this.#expected & 0xff };
    return this.#writer.encode(header, payload);
  }
}
