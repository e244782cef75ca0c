import {
  DEFAULT_MAX_FRAME,
  declarationOf,
  decodePayload,
  encodePayload,
  type Frame,
  FrameReader,
  FrameWriter,
  HANDSHAKE,
  type HelloAnswer,
  type Message,
  PROTOCOL_VERSION,
} from "@window-rating/protocol/pad";

/** What became of a hello on an open port. */
export type ProbeResult =
  | { readonly is: "pad"; readonly pad: HelloAnswer }
  /** Nothing came, or only frames that are no answer. */
  | { readonly is: "silent" }
  /** Bytes came that are no frames. */
  | { readonly is: "foreign" };

/** Noise of the moment of opening says nothing. */
const TELLING_BYTES = 64;

/**
 * Asks who is at an open port, and opens no session: a hello now and then, until a pad answers. A pure state machine; the caller says
 * when enough time has passed.
 */
export class HelloProbe {
  readonly #write: (bytes: Uint8Array) => void;
  readonly #nonce: Uint8Array;
  readonly #session: number;
  readonly #writer = new FrameWriter();
  readonly #reader: FrameReader;
  #bytes = 0;
  #frames = 0;
  #pad: HelloAnswer | undefined;

  constructor(random: (length: number) => Uint8Array, write: (bytes: Uint8Array) => void) {
    this.#write = write;
    this.#nonce = random(8);
    const [low = 1, high = 0] = random(2);
    this.#session = low | (high << 8) || 1;
    this.#reader = new FrameReader({ frame: (frame) => this.#frame(frame), fault: () => {} });
  }

  /** How often `hello` is to be said, milliseconds. */
  static readonly everyMs: number = HANDSHAKE.helloEvery;

  hello(): void {
    this.#send({
      type: "hello",
      nonce: this.#nonce,
      minVersion: PROTOCOL_VERSION,
      maxVersion: PROTOCOL_VERSION,
      maxFrame: DEFAULT_MAX_FRAME,
      window: 1,
    });
  }

  /** @returns whether a pad has answered */
  push(chunk: Uint8Array): boolean {
    this.#bytes += chunk.length;
    this.#reader.push(chunk);
    return this.#pad !== undefined;
  }

  /** Lets the pad know that nothing follows, so that it knocks again at once. */
  bye(): void {
    if (this.#pad !== undefined) this.#send({ type: "bye", cause: "shutdown" });
  }

  get result(): ProbeResult {
    if (this.#pad !== undefined) return { is: "pad", pad: this.#pad };
    return this.#frames === 0 && this.#bytes >= TELLING_BYTES ? { is: "foreign" } : { is: "silent" };
  }

  #frame(frame: Frame): void {
    this.#frames++;
    if (frame.session !== this.#session || frame.type !== declarationOf("helloAnswer").id) return;
    const decoded = decodePayload(frame.type, frame.payload);
    if (decoded.is !== "message" || decoded.message.type !== "helloAnswer") return;
    if (Buffer.compare(decoded.message.nonce, this.#nonce) === 0) this.#pad = decoded.message;
  }

  #send(message: Message<"hello" | "bye">): void {
    const header = { flags: 0, type: declarationOf(message.type).id, session: this.#session, sequence: 0, acknowledgement: 0 };
    this.#write(this.#writer.encode(header, encodePayload(message)));
  }
}
