import {
  declarationOf,
  decodePayload,
  encodePayload,
  type Frame,
  FrameGuard,
  FrameReader,
  FrameWriter,
  type HelloAnswer,
  isSameSecret,
  keyIdOf,
  LARGEST_MAX_FRAME,
  type Message,
  type MessageName,
  messageName,
  openFrame,
  proofOf,
  type Report,
  type ReportName,
  SECURED_FLAG,
} from "@window-rating/protocol/pad";
import type { OpenPort } from "../pads/pad-port.ts";

/** A frame that came, with what it says. */
export interface Heard {
  readonly at: number;
  readonly type: MessageName | number;
  readonly session: number;
  readonly sequence: number;
  readonly acknowledgement: number;
  readonly message: Message | undefined;
}

/** The pad did not do what the item asks for. */
export class Departure extends Error {}

/** The item cannot be tried on this line, which says nothing of the pad. */
export class NotToBeTried extends Error {}

/** @throws Departure with the sentence if the condition does not hold */
export function must(condition: boolean, sentence: string): asserts condition {
  if (!condition) throw new Departure(sentence);
}

/** What the probe stands on; time is real, for the pad's is. */
export interface ProbeOptions {
  readonly open: (bytes: (chunk: Uint8Array) => void) => Promise<Pick<OpenPort, "write" | "close" | "toggleLines">>;
  readonly random: (length: number) => Uint8Array;
  readonly now: () => number;
}

export type FrameHeader = Partial<Pick<Frame, "flags" | "session" | "sequence" | "acknowledgement">>;

const PING_EVERY_MS = 700;
const REPEAT_EVERY_MS = 400;
const REPEATS = 6;

/**
 * The host's end of the line in the hands of a tester: it can say what no host would, and hears every frame. It keeps a session by
 * itself only as far as it is told to (`keepsAlive`, `acknowledges`).
 */
export class Probe {
  readonly #options: ProbeOptions;
  readonly #reader: FrameReader;
  readonly #writer = new FrameWriter(LARGEST_MAX_FRAME);
  readonly heard: Heard[] = [];
  readonly #waiting = new Set<() => void>();
  #port: Pick<OpenPort, "write" | "close" | "toggleLines"> | undefined;
  #pinger: NodeJS.Timeout | undefined;
  session = 0;
  pad: HelloAnswer | undefined;
  /** Number of the next sequenced frame to send, and of the next expected. */
  next = 0;
  expected = 0;
  /** The acknowledgement that came last. */
  acknowledged = 0;
  acknowledges = true;
  keepsAlive = true;
  /** The key that the pad was given by a test's pairing: sessions are secured by it from then on. */
  pairingKey: Uint8Array | undefined;
  #guard: FrameGuard | undefined;
  /** Whether the session is ready and no bye of the pad has ended it. */
  #stands = false;
  #gaveUp: Message<"knock">["cause"] | undefined;
  /** What waits until the bytes that are written one by one are written. */
  #behind: Uint8Array[] | undefined;
  /** Payloads of the handshake as they were on the wire. */
  #hello = new Uint8Array(0);
  #helloAnswer = new Uint8Array(0);

  constructor(options: ProbeOptions) {
    this.#options = options;
    this.#reader = new FrameReader({ frame: (frame) => this.#take(frame), fault: () => undefined }, LARGEST_MAX_FRAME);
  }

  get now(): number {
    return this.#options.now();
  }

  random(length: number): Uint8Array {
    return this.#options.random(length);
  }

  /** Why the pad gave up the present session, which the tester kept alive; undefined: it did not, or the tester did not. */
  get gaveUp(): Message<"knock">["cause"] | undefined {
    return this.#gaveUp;
  }

  /** @throws WR3xxx if the port cannot be opened */
  async open(): Promise<void> {
    this.#port = await this.#options.open((chunk) => this.#reader.push(chunk));
    this.#pinger = setInterval(() => {
      if (this.keepsAlive && this.session !== 0) this.send({ type: "ping", token: 1 });
    }, PING_EVERY_MS);
  }

  async close(): Promise<void> {
    clearInterval(this.#pinger);
    this.#stands = false;
    if (this.session !== 0) this.send({ type: "bye", cause: "shutdown" });
    const port = this.#port;
    this.#port = undefined;
    await port?.close();
  }

  /** Changes DTR and RTS and puts them back. @throws NotToBeTried if this port has none */
  async toggleLines(): Promise<void> {
    if (!(await this.#port?.toggleLines?.())) throw new NotToBeTried("this port has no DTR and RTS");
  }

  write(bytes: Uint8Array): void {
    if (this.#behind === undefined) this.#port?.write(bytes);
    else this.#behind.push(bytes);
  }

  /** Writes bytes one by one. Pings and acknowledgements that are due meanwhile wait: they would cut the frame that they stand in. */
  async trickle(bytes: Uint8Array, everyMs: number): Promise<void> {
    const behind: Uint8Array[] = [];
    this.#behind = behind;
    for (const byte of bytes) {
      this.#port?.write(Uint8Array.of(byte));
      await this.pause(everyMs);
    }
    this.#behind = undefined;
    for (const waiting of behind) this.write(waiting);
  }

  /** The bytes of a frame as a host would send it, or with a header of one's own. */
  frame(type: number, payload: Uint8Array, header: FrameHeader = {}): Uint8Array {
    const { session, expected } = this;
    return this.#writer.encode({ flags: 0, type, session, sequence: 0, acknowledgement: expected & 0xff, ...header }, payload);
  }

  /** Sends a message once, without a number of its own unless the header gives one. */
  send(message: Message, header: FrameHeader = {}): void {
    this.write(this.frame(declarationOf(message.type).id, encodePayload(message).slice(), header));
  }

  /** Sends a sequenced message until it is acknowledged. @throws Departure if it never is */
  async command(message: Message): Promise<void> {
    await this.deliver(declarationOf(message.type).id, encodePayload(message).slice(), message.type);
  }

  /** Sends any sequenced frame until it is acknowledged. @throws Departure if it never is */
  async deliver(type: number, payload: Uint8Array, what: string): Promise<void> {
    const number = this.next++;
    const sealed = this.#guard?.seal(type, this.session, number, payload) ?? payload;
    const flags = this.#guard === undefined ? 0 : SECURED_FLAG;
    for (let time = 0; time < REPEATS; time++) {
      this.write(this.frame(type, sealed, { flags, sequence: number & 0xff }));
      if (await this.until(() => ((this.acknowledged - number) & 0xff) === 1, REPEAT_EVERY_MS)) return;
    }
    throw new Departure(`${what} was not acknowledged, though it was sent ${REPEATS} times`);
  }

  /** Opens a session as far as the pad's answer. @throws Departure if it does not answer */
  async hello(over: Partial<Message<"hello">> = {}, session = this.newSession()): Promise<HelloAnswer> {
    const nonce = this.random(8);
    this.session = session;
    this.next = this.expected = this.acknowledged = 0;
    this.#guard = this.#gaveUp = undefined;
    this.#stands = false;
    const hello = { type: "hello", nonce, minVersion: 1, maxVersion: 1, maxFrame: LARGEST_MAX_FRAME, window: 1, ...over } as const;
    this.#hello = encodePayload(hello).slice();
    for (let time = 0; time < REPEATS; time++) {
      const since = this.heard.length;
      this.send(hello);
      const answer = await this.wait("helloAnswer", { within: REPEAT_EVERY_MS, since });
      if (answer === undefined) continue;
      this.pad = answer;
      return answer;
    }
    throw new Departure("hello was not answered");
  }

  /** Place of the newest helloAnswer among what was heard: what stands behind it is of the session that it opened. */
  get sessionSince(): number {
    return this.heard.findLastIndex(({ type }) => type === "helloAnswer");
  }

  newSession(): number {
    const random = this.random(2);
    const session = ((random[0] as number) << 8) | (random[1] as number);
    return session === 0 || session === this.session ? (this.session % 0xffff) + 1 : session;
  }

  /**
   * Opens a session and makes it ready, without proofs unless there is a pairing key. Events that the pad offers are not stored.
   * @param key undefined: as a host that has none
   * @throws Departure if the pad does not answer, or does not prove that it has the key
   */
  async ready(over: Partial<Message<"hello">> = {}, key = this.pairingKey): Promise<HelloAnswer> {
    const pad = await this.hello(over);
    const since = this.heard.length;
    const hostNonce = this.random(16);
    await this.command({ type: "challenge", nonce: hostNonce });
    const answer = await this.wait("challengeAnswer", { within: 2000, since });
    if (answer === undefined) throw new Departure("challenge was not answered");
    if (key === undefined) {
      await this.command({ type: "ready", secured: false, proof: new Uint8Array(16) });
      this.#stands = true;
      return pad;
    }
    const [hello, helloAnswer] = [this.#hello, this.#helloAnswer];
    const handshake = { session: this.session, hello, helloAnswer, hostNonce, padNonce: answer.nonce };
    must(answer.secured && isSameSecret(answer.proof, proofOf(key, "pad", handshake)), "it does not prove that it holds the key");
    await this.command({ type: "ready", secured: true, proof: proofOf(key, "host", handshake) });
    this.#guard = new FrameGuard("host", key, handshake, this.expected);
    this.#stands = true;
    return pad;
  }

  /** The payload of a frame with counter and tag. @throws Departure outside a secured session */
  sealed(type: number, number: number, payload: Uint8Array): Uint8Array {
    must(this.#guard !== undefined, "the tester has no secured session");
    return this.#guard.seal(type, this.session, number, payload);
  }

  /** Has the pad erase the key of a test's pairing. */
  async unpair(): Promise<void> {
    if (this.pairingKey === undefined) return;
    await this.ready();
    await this.command({ type: "unpair", keyId: keyIdOf(this.pairingKey) });
    this.pairingKey = undefined;
  }

  /** The first message of that type after `since`, if it comes in time and passes. */
  async wait<Name extends MessageName>(
    type: Name,
    {
      within,
      since = this.heard.length,
      where = () => true,
    }: { within: number; since?: number; where?: (message: Message<Name>) => boolean },
  ): Promise<Message<Name> | undefined> {
    const find = () => this.heard.slice(since).find((one) => one.message?.type === type && where(one.message as Message<Name>));
    await this.until(() => find() !== undefined, within);
    return find()?.message as Message<Name> | undefined;
  }

  /** @throws Departure if no such report comes in time */
  async report<Name extends ReportName>(
    type: Name,
    options: { within: number; since?: number; where?: (message: Message<Name>) => boolean },
  ): Promise<Message<Name>> {
    const message = await this.wait(type, options);
    if (message === undefined) throw new Departure(`no ${type} came within ${options.within} ms`);
    return message;
  }

  /** Asks for a status and gives it. */
  async status(): Promise<Message<"status">> {
    const since = this.heard.length;
    await this.command({ type: "askStatus" });
    return this.report("status", { within: 1500, since });
  }

  /** Whether the condition came true in time; looked at whenever a frame comes. */
  async until(condition: () => boolean, within: number): Promise<boolean> {
    if (condition()) return true;
    return new Promise((resolve) => {
      const look = () => {
        if (condition()) finish(true);
      };
      const finish = (is: boolean) => {
        clearTimeout(timer);
        this.#waiting.delete(look);
        resolve(is);
      };
      const timer = setTimeout(() => finish(condition()), within);
      this.#waiting.add(look);
    });
  }

  /** Lets time pass; frames are heard and answered meanwhile. */
  pause(ms: number): Promise<boolean> {
    return this.until(() => false, ms);
  }

  #take(arrived: Frame): void {
    const isOurs = arrived.session === this.session && arrived.session !== 0;
    const frame = isOurs ? openFrame(arrived, this, this.#guard) : arrived;
    // What is not authentic was not said by the pad.
    if (frame === undefined) return;
    const decoded = decodePayload(frame.type, frame.payload);
    const message = decoded.is === "message" ? decoded.message : undefined;
    if (isOurs && message?.type === "helloAnswer") this.#helloAnswer = frame.payload.slice();
    if (isOurs && message?.type === "bye") this.#stands = false;
    if (message?.type === "knock" && this.#stands && this.session !== 0 && this.keepsAlive && this.acknowledges) {
      this.#stands = false;
      this.#gaveUp = message.cause;
    }
    const { session, sequence, acknowledgement } = frame;
    const isSequenced = frame.type >= 0x10;
    const isRepeat = isOurs && isSequenced && sequence !== (this.expected & 0xff);
    if (isOurs && (isSequenced || message?.type === "ack" || message?.type === "pong")) this.acknowledged = acknowledgement;
    // Heard twice is heard once: what is counted is what a host would be given. Raw repeats are there under their number.
    const type = messageName(frame.type) ?? frame.type;
    this.heard.push({ at: this.now, type, session, sequence, acknowledgement, message: isRepeat ? undefined : message });
    if (isOurs && isSequenced && this.acknowledges) {
      if (!isRepeat) this.expected++;
      this.send({ type: "ack" });
    }
    for (const look of this.#waiting) look();
  }

  /** Every report of these kinds since then, each once. */
  reports(since: number): readonly Report[] {
    return this.heard
      .slice(since)
      .map(({ message }) => message)
      .filter((message): message is Report => message !== undefined && declarationOf(message.type).delivery === "sequenced");
  }
}
