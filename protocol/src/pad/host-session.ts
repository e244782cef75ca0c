import { decodePayload, encodePayload } from "./codec.ts";
import { DEFAULT_MAX_FRAME, type Frame, FrameReader, FrameWriter, LARGEST_MAX_FRAME, PROTOCOL_VERSION } from "./frame.ts";
import { Link, type LinkEffect, type LinkInput } from "./link.ts";
import { type Command, declarationOf, type Message, type Report } from "./messages.ts";
import {
  controlFrame,
  HANDSHAKE,
  type HelloAnswer,
  newSessionCounters,
  sameBytes,
  type SessionCounters,
  type SessionEnd,
  type SessionOptions,
  UNSECURED_PROOF,
  type WireEffect,
} from "./session.ts";

export type HostSessionInput =
  | { readonly is: "opened" }
  | { readonly is: "bytes"; readonly bytes: Uint8Array }
  /** Dropped if the session is not ready: whoever sends says it again when the next one is. */
  | { readonly is: "send"; readonly message: Command }
  | { readonly is: "settle" }
  | { readonly is: "time" }
  /** The port is going to be closed: says bye to the pad. */
  | { readonly is: "close" };

export type HostSessionEffect =
  | WireEffect
  /** The pad may be used. `secured`: both sides proved who they are. */
  | { readonly is: "ready"; readonly pad: HelloAnswer; readonly secured: boolean }
  | { readonly is: "report"; readonly message: Report }
  /** The session is over; a new one is tried at once unless the cause is `closed`. */
  | { readonly is: "lost"; readonly cause: SessionEnd }
  /** The pad speaks none of our versions. It is asked again only when it knocks. */
  | { readonly is: "version-refused"; readonly pad: HelloAnswer };

type Phase =
  | { readonly is: "closed" }
  | { readonly is: "calling"; readonly session: number; readonly nonce: Uint8Array; nextHelloAt: number }
  | { readonly is: "refused" }
  | { readonly is: "proving"; readonly link: Link; readonly pad: HelloAnswer; readonly until: number }
  | { readonly is: "ready"; readonly link: Link; readonly pad: HelloAnswer };

/**
 * The host's end of the pad protocol: handshake, link, and a new session whenever one breaks.
 * A pure state machine: inputs and monotonic milliseconds in, effects out. Never throws on bytes.
 */
export class HostSession {
  readonly #options: SessionOptions;
  readonly #counters: SessionCounters = newSessionCounters();
  readonly #reader: FrameReader;
  readonly #writer = new FrameWriter();
  #phase: Phase = { is: "closed" };
  #effects: HostSessionEffect[] = [];
  #now = 0;
  #lastSession = 0;
  #roundTrips: readonly number[] = [];

  constructor(options: SessionOptions) {
    this.#options = options;
    this.#reader = new FrameReader(
      {
        frame: (frame) => this.#frame(frame),
        fault: (fault, version) => {
          this.#counters.faults[fault]++;
          this.#effects.push(version === undefined ? { is: "rejected", fault } : { is: "rejected", fault, version });
        },
      },
      options.maxFrame ?? DEFAULT_MAX_FRAME,
    );
  }

  get isReady(): boolean {
    return this.#phase.is === "ready";
  }

  /** Counts since this object was made, over all its sessions. */
  get counters(): SessionCounters {
    const link = this.#link?.counters;
    const sum = { ...this.#counters, faults: { ...this.#counters.faults } };
    if (link !== undefined) addCounters(sum, link);
    return sum;
  }

  /** Newest round trips of the current or the last session, milliseconds. */
  get roundTrips(): readonly number[] {
    return this.#link?.roundTrips ?? this.#roundTrips;
  }

  step(input: HostSessionInput, now: number): HostSessionEffect[] {
    this.#effects = [];
    this.#now = now;
    switch (input.is) {
      case "opened":
        this.#reader.reset();
        this.#call();
        break;
      case "bytes":
        this.#reader.push(input.bytes);
        break;
      case "send":
        if (this.#phase.is === "ready") this.#give(this.#phase.link, { is: "send", message: input.message });
        break;
      case "settle":
        if (this.#link !== undefined) this.#give(this.#link, { is: "settle" });
        break;
      case "time":
        this.#time();
        break;
      case "close":
        this.#close();
        break;
    }
    return this.#effects;
  }

  /** When `time` must be given next, in monotonic milliseconds; undefined = not before other input. */
  deadline(): number | undefined {
    switch (this.#phase.is) {
      case "closed":
      case "refused":
        return undefined;
      case "calling":
        return this.#phase.nextHelloAt;
      case "proving":
        return Math.min(this.#phase.until, this.#phase.link.deadline());
      case "ready":
        return this.#phase.link.deadline();
    }
  }

  get #link(): Link | undefined {
    return this.#phase.is === "proving" || this.#phase.is === "ready" ? this.#phase.link : undefined;
  }

  #call(): void {
    let session: number;
    do {
      const random = this.#options.random(2);
      session = (random[0] as number) | ((random[1] as number) << 8);
    } while (session === 0 || session === this.#lastSession);
    this.#lastSession = session;
    this.#phase = { is: "calling", session, nonce: this.#options.random(8), nextHelloAt: this.#now };
    this.#time();
  }

  #time(): void {
    const phase = this.#phase;
    if (phase.is === "calling" && this.#now >= phase.nextHelloAt) {
      phase.nextHelloAt = this.#now + HANDSHAKE.helloEvery;
      this.#control(
        {
          type: "hello",
          nonce: phase.nonce,
          minVersion: PROTOCOL_VERSION,
          maxVersion: PROTOCOL_VERSION,
          maxFrame: this.#maxFrame,
          window: this.#options.window ?? 1,
        },
        phase.session,
      );
    } else if (phase.is === "proving" && this.#now >= phase.until) {
      this.#lose("protocol");
    } else if (this.#link !== undefined) {
      this.#give(this.#link, { is: "time" });
    }
  }

  get #maxFrame(): number {
    return Math.min(this.#options.maxFrame ?? DEFAULT_MAX_FRAME, LARGEST_MAX_FRAME);
  }

  #frame(frame: Frame): void {
    this.#counters.frames++;
    if (frame.session === 0 || this.#phase.is === "calling" || this.#phase.is === "refused") return this.#unjoined(frame);
    const link = this.#link;
    if (link === undefined || frame.session !== link.session) {
      this.#counters.stale++;
      return;
    }
    if (frame.type === declarationOf("bye").id) return this.#lose("bye");
    // A repeat of the answer, to a hello that was repeated.
    if (frame.type === declarationOf("helloAnswer").id) return;
    this.#give(link, { is: "frame", frame });
  }

  /** Frames outside a session: knocks, and the answer to our hello. */
  #unjoined(frame: Frame): void {
    const decoded = decodePayload(frame.type, frame.payload);
    if (decoded.is !== "message") {
      this.#counters.unusable++;
      this.#effects.push({ is: "unusable", decoded });
      return;
    }
    const { message } = decoded;
    if (message.type === "knock" && frame.session === 0) return this.#knocked();
    if (message.type === "helloAnswer" && this.#phase.is === "calling" && frame.session === this.#phase.session) {
      if (sameBytes(message.nonce, this.#phase.nonce)) return this.#answered(message, frame.session);
    }
    this.#counters.stale++;
  }

  #knocked(): void {
    switch (this.#phase.is) {
      case "closed":
        return;
      case "calling":
        this.#phase.nextHelloAt = this.#now;
        this.#time();
        return;
      case "refused":
        this.#call();
        return;
      case "proving":
      case "ready":
        // The pad has no session any more, whatever we believe.
        this.#lose("new-session");
    }
  }

  #answered(pad: HelloAnswer, session: number): void {
    if (pad.version !== PROTOCOL_VERSION) {
      this.#phase = { is: "refused" };
      this.#effects.push({ is: "version-refused", pad });
      return;
    }
    const { timers } = this.#options;
    const link = new Link(
      {
        role: "host",
        session,
        window: Math.min(pad.window, this.#options.window ?? 1),
        maxFrame: Math.min(pad.maxFrame, this.#maxFrame),
        ...(timers === undefined ? {} : { timers }),
      },
      this.#now,
    );
    this.#counters.sessions++;
    this.#phase = { is: "proving", link, pad, until: this.#now + HANDSHAKE.within };
    this.#give(link, { is: "send", message: { type: "challenge", nonce: this.#options.random(16) } });
  }

  #give(link: Link, input: LinkInput): void {
    for (const effect of link.step(input, this.#now)) this.#carryOut(link, effect);
  }

  #carryOut(link: Link, effect: LinkEffect): void {
    switch (effect.is) {
      case "transmit":
        this.#effects.push({ is: "write", bytes: effect.bytes });
        return;
      case "unusable":
        this.#effects.push(effect);
        return;
      case "broken":
        this.#lose(effect.cause);
        return;
      case "deliver":
        this.#deliver(link, effect.message as Report);
    }
  }

  #deliver(link: Link, message: Report): void {
    const phase = this.#phase;
    if (phase.is === "proving" && message.type === "challengeAnswer") {
      // No pairing key is known for any pad, so no proof can be checked: the session is not secured, whatever the pad says.
      this.#phase = { is: "ready", link, pad: phase.pad };
      this.#give(link, { is: "send", message: { type: "ready", secured: false, proof: UNSECURED_PROOF } });
      this.#effects.push({ is: "ready", pad: phase.pad, secured: false });
    } else if (phase.is === "ready") {
      this.#effects.push({ is: "report", message });
    }
  }

  #lose(cause: SessionEnd): void {
    this.#endLink();
    this.#effects.push({ is: "lost", cause });
    this.#call();
  }

  #endLink(): void {
    const link = this.#link;
    if (link === undefined) return;
    addCounters(this.#counters, link.counters);
    this.#roundTrips = link.roundTrips;
  }

  #close(): void {
    const link = this.#link;
    if (link !== undefined) {
      this.#control({ type: "bye", cause: "shutdown" }, link.session);
      this.#endLink();
      this.#effects.push({ is: "lost", cause: "closed" });
    }
    this.#phase = { is: "closed" };
  }

  #control(message: Message<"hello" | "bye">, session: number): void {
    const bytes = this.#writer.encode(controlFrame(declarationOf(message.type).id, session), encodePayload(message));
    this.#effects.push({ is: "write", bytes });
  }
}

const addCounters = (sum: SessionCounters, link: Link["counters"]): void => {
  for (const name of ["sent", "delivered", "resent", "repeated", "early", "unusable"] as const) sum[name] += link[name];
};
