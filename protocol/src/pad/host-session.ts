import { decodePayload, encodePayload } from "./codec.ts";
import { type Frame, FrameReader, FrameWriter, PROTOCOL_VERSION } from "./frame.ts";
import { Link, type LinkEffect, type LinkInput } from "./link.ts";
import { type Command, declarationOf, MESSAGES, type Message, type MessageName, type Report } from "./messages.ts";
import { FrameGuard, type Handshake, isSameSecret, openFrame, proofOf } from "./security.ts";
import {
  addLinkCounters,
  controlFrame,
  HANDSHAKE,
  type HelloAnswer,
  isOfPairing,
  isTrusted,
  limitsOf,
  newSessionCounters,
  type SessionCounters,
  type SessionEnd,
  type SessionOptions,
  sameBytes,
  type Trust,
  UNSECURED_PROOF,
  type WireEffect,
} from "./session.ts";

export type HostSessionInput =
  /** @param bytesPerSecond what the line carries, if that is known only now or has changed */
  | { readonly is: "opened"; readonly bytesPerSecond?: number }
  | { readonly is: "bytes"; readonly bytes: Uint8Array }
  /** Dropped if the session is not ready: whoever sends says it again when the next one is. */
  | { readonly is: "send"; readonly message: Command }
  | { readonly is: "settle" }
  | { readonly is: "time" }
  /** The port is going to be closed: says bye to the pad. */
  | { readonly is: "close" };

export type HostSessionEffect =
  | WireEffect
  /** The session stands. Without trust (see Trust) nothing but pairing goes over it. `key`: the one of the pad's keys that it proved to hold. */
  | { readonly is: "ready"; readonly pad: HelloAnswer; readonly trust: Trust; readonly key?: Uint8Array }
  | { readonly is: "report"; readonly message: Report }
  /**
   * The session is over, or its handshake failed before `ready`; a new one is tried at once unless the cause is `closed`.
   * What was sent and not answered may or may not have reached the pad.
   */
  | { readonly is: "lost"; readonly cause: SessionEnd }
  /** The pad speaks none of our versions (`versionRefusal` says it in words). It is asked again when it knocks; told once per pad. */
  | { readonly is: "version-refused"; readonly pad: HelloAnswer };

type Phase =
  | { readonly is: "closed" }
  | { readonly is: "calling"; readonly session: number; readonly nonce: Uint8Array; helloAt: number; nextHelloAt: number }
  | { readonly is: "refused" }
  | { readonly is: "proving"; readonly link: Link; readonly pad: HelloAnswer; readonly until: number; readonly proves: Proving }
  | { readonly is: "ready"; readonly link: Link; readonly pad: HelloAnswer; readonly trust: Trust; readonly guard?: FrameGuard };

type Proving = Omit<Handshake, "padNonce">;

export interface HostSessionOptions extends SessionOptions {
  /** Pairing keys that this host has for the pad, 32 bytes each; more than one only while a new pairing is not confirmed. Default: none. */
  readonly keysOf?: (pad: HelloAnswer) => readonly Uint8Array[];
}

/**
 * The host's end of the pad protocol: handshake, link, and a new session whenever one breaks.
 * A pure state machine: inputs and monotonic milliseconds in, effects out. Never throws on bytes.
 */
export class HostSession {
  readonly #options: HostSessionOptions;
  readonly #limits: { readonly maxFrame: number; readonly window: number };
  readonly #counters: SessionCounters = newSessionCounters();
  readonly #reader: FrameReader;
  readonly #writer = new FrameWriter();
  #phase: Phase = { is: "closed" };
  #effects: HostSessionEffect[] = [];
  #now = 0;
  #lastSession = 0;
  #bytesPerSecond: number | undefined;
  #refusedPad: HelloAnswer | undefined;
  #roundTrips: readonly number[] = [];

  /** @throws WR1002 if the options hold a frame size or window that the protocol does not have */
  constructor(options: HostSessionOptions) {
    this.#options = options;
    this.#limits = limitsOf(options);
    this.#bytesPerSecond = options.bytesPerSecond;
    this.#reader = new FrameReader(
      {
        frame: (frame) => this.#frame(frame),
        fault: (fault, version) => {
          this.#counters.faults[fault]++;
          this.#effects.push(version === undefined ? { is: "rejected", fault } : { is: "rejected", fault, version });
          if (this.#link !== undefined) this.#give(this.#link, { is: "damaged" });
        },
      },
      this.#limits.maxFrame,
    );
  }

  /** Whether the pad may be used, as far as the protocol goes. */
  get isReady(): boolean {
    return this.#phase.is === "ready" && isTrusted(this.#phase.trust);
  }

  /** Messages given to send that the pad has not acknowledged. */
  get unacknowledged(): number {
    return this.#link?.unacknowledged ?? 0;
  }

  /** What a message may be now and how many may be under way, as the two sides agreed; undefined without a session. */
  get agreed(): { readonly largestPayload: number; readonly window: number } | undefined {
    const link = this.#link;
    return link === undefined ? undefined : { largestPayload: link.largestPayload, window: link.window };
  }

  /** Counts since this object was made, over all its sessions. */
  get counters(): SessionCounters {
    const link = this.#link?.counters;
    const sum = { ...this.#counters, faults: { ...this.#counters.faults } };
    if (link !== undefined) addLinkCounters(sum, link);
    return sum;
  }

  /** Frames sent again since this object was made: one of the counts, without making all of them. */
  get resent(): number {
    return this.#counters.resent + (this.#link?.counters.resent ?? 0);
  }

  /** Newest round trips of the current or the last session, milliseconds. */
  get roundTrips(): readonly number[] {
    return this.#link?.roundTrips ?? this.#roundTrips;
  }

  /** Carry out the effects in their order, all of them before the next step: frames must reach the wire in the order they were made. */
  step(input: HostSessionInput, now: number): HostSessionEffect[] {
    this.#effects = [];
    this.#now = now;
    switch (input.is) {
      case "opened":
        this.#bytesPerSecond = input.bytesPerSecond ?? this.#bytesPerSecond;
        this.#reader.reset();
        this.#refusedPad = undefined;
        if (this.#link === undefined) this.#call();
        else this.#lose("new-session");
        break;
      case "bytes":
        this.#reader.push(input.bytes);
        break;
      case "send":
        if (this.#phase.is === "ready" && (isTrusted(this.#phase.trust) || isOfPairing(input.message.type)))
          this.#give(this.#phase.link, { is: "send", message: input.message });
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
    const random = this.#options.random(2);
    let session = (random[0] as number) | ((random[1] as number) << 8);
    while (session === 0 || session === this.#lastSession) session = (session + 1) & 0xffff;
    this.#lastSession = session;
    this.#phase = { is: "calling", session, nonce: this.#options.random(8), helloAt: this.#now, nextHelloAt: this.#now };
    this.#time();
  }

  #time(): void {
    const phase = this.#phase;
    if (phase.is === "calling" && this.#now >= phase.nextHelloAt) {
      phase.helloAt = this.#now;
      phase.nextHelloAt = this.#now + HANDSHAKE.helloEvery;
      this.#control(this.#hello(phase.nonce), phase.session);
    } else if (phase.is === "proving" && this.#now >= phase.until) {
      this.#lose("protocol");
    } else if (this.#link !== undefined) {
      this.#give(this.#link, { is: "time" });
    }
  }

  #frame(frame: Frame): void {
    this.#counters.frames++;
    const link = this.#link;
    if (link === undefined || frame.session !== link.session) return this.#unjoined(frame);
    // Whatever the cause says, this version's or a later one's: the session is over.
    if (frame.type === MESSAGES.bye.id) return this.#lose("bye");
    // A repeat of the answer, to a hello that was repeated.
    if (frame.type === MESSAGES.helloAnswer.id) return;
    const opened = openFrame(frame, link, this.#phase.is === "ready" ? this.#phase.guard : undefined);
    if (opened === undefined) {
      this.#counters.faults["not-authentic"]++;
      this.#effects.push({ is: "rejected", fault: "not-authentic" });
    } else {
      this.#give(link, { is: "frame", frame: opened });
    }
  }

  /** Frames outside the session: knocks, the answer to our hello, and what is left of older sessions. */
  #unjoined(frame: Frame): void {
    const phase = this.#phase;
    const isKnock = frame.session === 0 && frame.type === MESSAGES.knock.id && phase.is !== "closed";
    const isAnswer = phase.is === "calling" && frame.session === phase.session && frame.type === MESSAGES.helloAnswer.id;
    if (!isKnock && !isAnswer) {
      this.#counters.stale++;
      return;
    }
    const decoded = decodePayload(frame.type, frame.payload);
    if (decoded.is !== "message") {
      this.#counters.unusable++;
      this.#effects.push({ is: "unusable", decoded });
    } else if (decoded.message.type === "knock") {
      this.#knocked();
    } else if (phase.is === "calling" && decoded.message.type === "helloAnswer" && sameBytes(decoded.message.nonce, phase.nonce)) {
      this.#answered(decoded.message, frame);
    } else {
      this.#counters.stale++;
    }
  }

  #hello(nonce: Uint8Array): Message<"hello"> {
    return { type: "hello", nonce, minVersion: PROTOCOL_VERSION, maxVersion: PROTOCOL_VERSION, ...this.#limits };
  }

  #knocked(): void {
    switch (this.#phase.is) {
      case "closed":
        return;
      case "calling":
        this.#phase.nextHelloAt = Math.min(this.#phase.nextHelloAt, this.#phase.helloAt + HANDSHAKE.helloApart);
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

  #answered(pad: HelloAnswer, frame: Frame): void {
    const { session } = frame;
    if (pad.version !== PROTOCOL_VERSION) {
      this.#phase = { is: "refused" };
      if (this.#refusedPad === undefined || !isSamePad(this.#refusedPad, pad)) this.#effects.push({ is: "version-refused", pad });
      this.#refusedPad = pad;
      return;
    }
    this.#refusedPad = undefined;
    const { timers } = this.#options;
    const bytesPerSecond = this.#bytesPerSecond;
    const link = new Link(
      {
        role: "host",
        session,
        window: Math.min(pad.window, this.#limits.window),
        maxFrame: Math.min(pad.maxFrame, this.#limits.maxFrame),
        ...(timers === undefined ? {} : { timers }),
        ...(bytesPerSecond === undefined ? {} : { bytesPerSecond }),
      },
      this.#now,
    );
    this.#counters.sessions++;
    const proves = {
      session,
      hello: encodePayload(this.#hello(pad.nonce)).slice(),
      helloAnswer: frame.payload.slice(),
      hostNonce: this.#options.random(16),
    };
    this.#phase = { is: "proving", link, pad, until: this.#now + HANDSHAKE.within, proves };
    this.#give(link, { is: "send", message: { type: "challenge", nonce: proves.hostNonce } });
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
      this.#ready(link, phase.pad, phase.proves, message);
    } else if (phase.is === "ready" && message.type !== "challengeAnswer" && (isTrusted(phase.trust) || isOfPairing(message.type))) {
      this.#effects.push({ is: "report", message });
    } else {
      const why = whyUnusable(phase, message.type);
      this.#counters.unusable++;
      this.#effects.push({ is: "unusable", decoded: { is: "malformed", id: declarationOf(message.type).id, why } });
    }
  }

  #ready(link: Link, pad: HelloAnswer, proves: Proving, answer: Message<"challengeAnswer">): void {
    const handshake = { ...proves, padNonce: answer.nonce };
    const keys = this.#options.keysOf?.(pad) ?? [];
    const key = answer.secured ? keys.find((one) => isSameSecret(proofOf(one, "pad", handshake), answer.proof)) : undefined;
    if (key === undefined) {
      const trust = trustWithoutProof(keys.length > 0, answer.secured);
      this.#phase = { is: "ready", link, pad, trust };
      this.#give(link, { is: "send", message: { type: "ready", secured: false, proof: UNSECURED_PROOF } });
      link.begin();
      this.#effects.push({ is: "ready", pad, trust });
      return;
    }
    const guard = new FrameGuard("host", key, handshake, link.expected);
    this.#phase = { is: "ready", link, pad, trust: "paired", guard };
    this.#give(link, { is: "send", message: { type: "ready", secured: true, proof: proofOf(key, "host", handshake) } });
    link.begin(guard);
    this.#effects.push({ is: "ready", pad, trust: "paired", key });
  }

  #lose(cause: SessionEnd): void {
    this.#endLink();
    this.#effects.push({ is: "lost", cause });
    this.#call();
  }

  #endLink(): void {
    const link = this.#link;
    if (link === undefined) return;
    addLinkCounters(this.#counters, link.counters);
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

const trustWithoutProof = (hasKey: boolean, padIsPaired: boolean): Trust => {
  if (hasKey) return padIsPaired ? "proof-wrong" : "key-missing-there";
  return padIsPaired ? "key-missing-here" : "unpaired";
};

const whyUnusable = (phase: Phase, type: MessageName): string => {
  if (phase.is !== "ready") return `${type} before the pad's proof`;
  return type === "challengeAnswer" ? `${type} was not asked for` : `${type} of a pad that has not proved who it is`;
};

const isSamePad = (one: HelloAnswer, other: HelloAnswer): boolean =>
  (["model", "serialNumber", "firmware", "minVersion", "maxVersion"] as const).every((name) => one[name] === other[name]);
