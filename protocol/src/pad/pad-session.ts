import { decodePayload, encodePayload } from "./codec.ts";
import { DEFAULT_MAX_FRAME, type Frame, FrameReader, FrameWriter, PROTOCOL_VERSION } from "./frame.ts";
import { Link, type LinkEffect, type LinkInput } from "./link.ts";
import { type Command, declarationOf, MESSAGES, type Message, type Report } from "./messages.ts";
import { FrameGuard, type Handshake, isSameSecret, openFrame, proofOf } from "./security.ts";
import {
  addLinkCounters,
  commonVersion,
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

/** What the pad says of itself in its answer to hello. */
export type PadIdentity = Omit<Message<"helloAnswer">, "type" | "nonce" | "version" | "minVersion" | "maxVersion" | "maxFrame" | "window">;

export type PadSessionInput =
  /** Power came on. */
  | { readonly is: "started" }
  | { readonly is: "bytes"; readonly bytes: Uint8Array }
  /** Dropped if the session is not ready; events are offered again by whoever keeps them. */
  | { readonly is: "send"; readonly message: Report }
  | { readonly is: "settle" }
  | { readonly is: "time" }
  /** The pad holds another pairing key than before, or none: says bye and knocks, for the session rests on the old one. */
  | { readonly is: "renew" };

export type PadSessionEffect =
  | WireEffect
  /** The session stands. Without trust (see Trust) nothing but pairing goes over it; other commands are refused with notPaired. */
  | { readonly is: "ready"; readonly trust: Trust }
  | { readonly is: "command"; readonly message: Command }
  | { readonly is: "lost"; readonly cause: SessionEnd };

type Phase =
  | { readonly is: "off" }
  | { readonly is: "knocking"; cause: Message<"knock">["cause"]; nextKnockAt: number }
  | {
      readonly is: "answered";
      readonly link: Link;
      readonly nonce: Uint8Array;
      readonly until: number;
      readonly proves: Proving;
      readonly challenged?: Challenged;
    }
  | { readonly is: "ready"; readonly link: Link; readonly nonce: Uint8Array; readonly trust: Trust; readonly guard?: FrameGuard };

interface Challenged {
  readonly handshake: Handshake;
  readonly key: Uint8Array | undefined;
}

type Proving = Pick<Handshake, "session" | "hello" | "helloAnswer">;

export interface PadSessionOptions extends SessionOptions {
  /** The pairing key that the pad holds, 32 bytes; asked at each challenge. Default: none. */
  readonly key?: () => Uint8Array | undefined;
}

/**
 * The pad's end of the pad protocol. It never opens a session: it knocks, and answers the host's hello.
 * A pure state machine: inputs and monotonic milliseconds in, effects out. Never throws on bytes.
 */
export class PadSession {
  readonly #options: PadSessionOptions;
  readonly #limits: { readonly maxFrame: number; readonly window: number };
  readonly #identity: () => PadIdentity;
  readonly #counters: SessionCounters = newSessionCounters();
  readonly #reader: FrameReader;
  readonly #writer = new FrameWriter();
  #maxFrame = DEFAULT_MAX_FRAME;
  #phase: Phase = { is: "off" };
  #effects: PadSessionEffect[] = [];
  #now = 0;

  /** @throws WR1002 if the options hold a frame size or window that the protocol does not have */
  constructor(options: PadSessionOptions, identity: () => PadIdentity) {
    this.#options = options;
    this.#limits = limitsOf(options);
    this.#identity = identity;
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

  /** Whether reports may be sent and commands come. */
  get isReady(): boolean {
    return this.#phase.is === "ready" && isTrusted(this.#phase.trust);
  }

  /** Longest frame before stuffing that was agreed for the newest session, bytes. */
  get maxFrame(): number {
    return this.#maxFrame;
  }

  /** Messages given to send that the host has not acknowledged. */
  get unacknowledged(): number {
    return this.#link?.unacknowledged ?? 0;
  }

  /** Counts since this object was made, over all its sessions. */
  get counters(): SessionCounters {
    const link = this.#link?.counters;
    const sum = { ...this.#counters, faults: { ...this.#counters.faults } };
    if (link !== undefined) addLinkCounters(sum, link);
    return sum;
  }

  /** Carry out the effects in their order, all of them before the next step: frames must reach the wire in the order they were made. */
  step(input: PadSessionInput, now: number): PadSessionEffect[] {
    this.#effects = [];
    this.#now = now;
    switch (input.is) {
      case "started":
        this.#reader.reset();
        this.#knock("power");
        break;
      case "bytes":
        if (this.#phase.is !== "off") this.#reader.push(input.bytes);
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
      case "renew":
        if (this.#link === undefined) break;
        this.#bye(this.#link, "newSession");
        this.#lose("new-session", "broken");
        break;
    }
    return this.#effects;
  }

  /** When `time` must be given next, in monotonic milliseconds; undefined = not before other input. */
  deadline(): number | undefined {
    switch (this.#phase.is) {
      case "off":
        return undefined;
      case "knocking":
        return this.#phase.nextKnockAt;
      case "answered":
        return Math.min(this.#phase.until, this.#phase.link.deadline());
      case "ready":
        return this.#phase.link.deadline();
    }
  }

  get #link(): Link | undefined {
    return this.#phase.is === "answered" || this.#phase.is === "ready" ? this.#phase.link : undefined;
  }

  #knock(cause: Message<"knock">["cause"]): void {
    this.#endLink();
    this.#phase = { is: "knocking", cause, nextKnockAt: this.#now };
    this.#time();
  }

  #time(): void {
    const phase = this.#phase;
    if (phase.is === "knocking" && this.#now >= phase.nextKnockAt) {
      phase.nextKnockAt = this.#now + HANDSHAKE.knockEvery;
      this.#control({ type: "knock", cause: phase.cause }, 0);
    } else if (phase.is === "answered" && this.#now >= phase.until) {
      this.#lose("protocol", "broken");
    } else if (this.#link !== undefined) {
      this.#give(this.#link, { is: "time" });
    }
  }

  #frame(frame: Frame): void {
    this.#counters.frames++;
    if (frame.type === MESSAGES.hello.id) return this.#hello(frame);
    const link = this.#link;
    if (link === undefined || frame.session !== link.session) {
      this.#counters.stale++;
      // Without a session, anything but a hello means that the host believes in one that is gone: tell it at once, but not for every frame.
      if (this.#phase.is === "knocking" && this.#phase.cause !== "unknownSession") this.#knock("unknownSession");
      return;
    }
    // Whatever the cause says, this version's or a later one's: the session is over.
    if (frame.type === MESSAGES.bye.id) return this.#lose("bye", "silence");
    const opened = openFrame(frame, link, this.#phase.is === "ready" ? this.#phase.guard : undefined);
    if (opened === undefined) {
      this.#counters.faults["not-authentic"]++;
      this.#effects.push({ is: "rejected", fault: "not-authentic" });
    } else {
      this.#give(link, { is: "frame", frame: opened });
    }
  }

  #hello(frame: Frame): void {
    const decoded = decodePayload(frame.type, frame.payload);
    if (decoded.is !== "message") {
      this.#counters.unusable++;
      this.#effects.push({ is: "unusable", decoded });
      return;
    }
    const hello = decoded.message as Message<"hello">;
    if (frame.session === 0) {
      this.#counters.stale++;
      return;
    }
    const version = commonVersion(hello.minVersion, hello.maxVersion);
    const current = this.#phase.is === "answered" || this.#phase.is === "ready" ? this.#phase : undefined;
    // A repeat of the hello that opened this session: answer again, and give the handshake its full time again.
    const repeated = current !== undefined && current.link.session === frame.session && sameBytes(current.nonce, hello.nonce);
    const answer: HelloAnswer = {
      type: "helloAnswer",
      ...this.#identity(),
      nonce: hello.nonce,
      version,
      minVersion: PROTOCOL_VERSION,
      maxVersion: PROTOCOL_VERSION,
      ...this.#limits,
    };
    const payload = encodePayload(answer).slice();
    if (version !== 0 && !repeated) this.#join(hello, { session: frame.session, hello: frame.payload.slice(), helloAnswer: payload });
    else if (repeated && current.is === "answered") this.#phase = { ...current, until: this.#now + HANDSHAKE.within };
    this.#control(answer, frame.session);
  }

  #join(hello: Message<"hello">, proves: Proving): void {
    const { session } = proves;
    this.#endLink();
    if (this.#phase.is === "ready") this.#effects.push({ is: "lost", cause: "new-session" });
    const { timers, bytesPerSecond } = this.#options;
    this.#maxFrame = Math.min(hello.maxFrame, this.#limits.maxFrame);
    const link = new Link(
      {
        role: "pad",
        session,
        window: Math.min(hello.window, this.#limits.window),
        maxFrame: this.#maxFrame,
        ...(timers === undefined ? {} : { timers }),
        ...(bytesPerSecond === undefined ? {} : { bytesPerSecond }),
      },
      this.#now,
    );
    this.#counters.sessions++;
    this.#phase = { is: "answered", link, nonce: hello.nonce, until: this.#now + HANDSHAKE.within, proves };
  }

  #give(link: Link, input: LinkInput): void {
    for (const effect of link.step(input, this.#now)) {
      // An effect before this one may have ended the session: then nothing of it may reach the wire any more.
      if (this.#link === link) this.#carryOut(link, effect);
    }
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
        this.#lose(effect.cause, effect.cause === "silence" ? "silence" : "broken");
        return;
      case "deliver":
        this.#deliver(link, effect.message as Command);
    }
  }

  #deliver(link: Link, message: Command): void {
    const phase = this.#phase;
    if (message.type === "challenge") {
      // One proof for one session.
      if (phase.is === "answered" && phase.challenged === undefined) this.#challenged(phase, message.nonce);
    } else if (message.type === "ready" && phase.is === "answered" && phase.challenged !== undefined) {
      this.#ready(phase, phase.challenged, message);
    } else if (phase.is !== "ready") {
      // A command before ready, or a ready without a challenge, is out of order in a way no retry mends.
      this.#bye(link, "protocol");
      this.#lose("protocol", "broken");
    } else if (message.type === "ready") {
      return;
    } else if (isTrusted(phase.trust) || isOfPairing(message.type)) {
      this.#effects.push({ is: "command", message });
    } else {
      const requestId = "requestId" in message ? message.requestId : new Uint8Array(16);
      const command = declarationOf(message.type).id;
      this.#give(link, { is: "send", message: { type: "refused", command, requestId, reason: "notPaired" } });
    }
  }

  #challenged(phase: Extract<Phase, { is: "answered" }>, hostNonce: Uint8Array): void {
    const key = this.#options.key?.();
    const handshake = { ...phase.proves, hostNonce, padNonce: this.#options.random(16) };
    this.#phase = { ...phase, challenged: { handshake, key } };
    const proof = key === undefined ? UNSECURED_PROOF : proofOf(key, "pad", handshake);
    const message = { type: "challengeAnswer", nonce: handshake.padNonce, proof, secured: key !== undefined } as const;
    this.#give(phase.link, { is: "send", message });
  }

  #ready({ link, nonce }: Extract<Phase, { is: "answered" }>, { handshake, key }: Challenged, message: Message<"ready">): void {
    const trust = trustIn(message, handshake, key);
    const guard = trust === "paired" && key !== undefined ? new FrameGuard("pad", key, handshake, link.expected) : undefined;
    link.begin(guard);
    this.#phase = { is: "ready", link, nonce, trust, ...(guard === undefined ? {} : { guard }) };
    this.#effects.push({ is: "ready", trust });
  }

  #endLink(): void {
    if (this.#link !== undefined) addLinkCounters(this.#counters, this.#link.counters);
  }

  #lose(cause: SessionEnd, knock: Message<"knock">["cause"]): void {
    if (this.#phase.is === "ready") this.#effects.push({ is: "lost", cause });
    this.#knock(knock);
  }

  #bye({ session }: Link, cause: Message<"bye">["cause"]): void {
    this.#control({ type: "bye", cause }, session);
  }

  #control(message: Message<"helloAnswer" | "knock" | "bye">, session: number): void {
    const bytes = this.#writer.encode(controlFrame(declarationOf(message.type).id, session), encodePayload(message));
    this.#effects.push({ is: "write", bytes });
  }
}

const trustIn = (message: Message<"ready">, handshake: Handshake, key: Uint8Array | undefined): Trust => {
  if (key === undefined) return "unpaired";
  if (!message.secured) return "key-missing-there";
  return isSameSecret(proofOf(key, "host", handshake), message.proof) ? "paired" : "proof-wrong";
};
