import { cobsEncode, cobsMaxLength } from "../cobs.ts";
import { decodePayload, encodePayload } from "../codec.ts";
import { crc32c } from "../crc32c.ts";
import { type Frame, FrameWriter, LARGEST_MAX_FRAME } from "../frame.ts";
import { declarationOf, type Message } from "../messages.ts";
import { framesIn } from "./frame-collector.ts";

const writer = new FrameWriter(LARGEST_MAX_FRAME);

export type Numbers = Partial<Pick<Frame, "session" | "sequence" | "acknowledgement">>;

/** The bytes of one frame with any header. */
export const framed = (message: Message, numbers: Numbers = {}): Uint8Array =>
  framedRaw(declarationOf(message.type).id, encodePayload(message), numbers);

/** The same with any type and payload. */
export const framedRaw = (type: number, payload: Uint8Array, numbers: Numbers = {}): Uint8Array =>
  writer.encode({ flags: 0, type, session: 0, sequence: 0, acknowledgement: 0, ...numbers }, payload);

/** Stuffs any bytes and puts delimiters around them. */
export const stuffed = (raw: Uint8Array): Uint8Array => {
  const wire = new Uint8Array(cobsMaxLength(raw.length) + 2);
  return wire.subarray(0, cobsEncode(raw, raw.length, wire, 1) + 1);
};

/** Header and payload as given, whatever they are, with a right checksum behind them. */
export const checksummed = (body: Uint8Array): Uint8Array => {
  const raw = new Uint8Array(body.length + 4);
  raw.set(body);
  new DataView(raw.buffer).setUint32(body.length, crc32c(body), true);
  return stuffed(raw);
};

export type Written = Required<Numbers> & { readonly message: Message };

/** The messages, with the numbers of their frames, that effects put on the wire. */
export const written = (effects: readonly { readonly is: string }[]): Written[] =>
  effects
    .filter((effect): effect is { is: "write"; bytes: Uint8Array } => effect.is === "write")
    .flatMap((effect) => framesIn(effect.bytes))
    .map(({ type, payload, session, sequence, acknowledgement }) => {
      const decoded = decodePayload(type, payload);
      if (decoded.is !== "message") throw new Error(`Wrote what cannot be read: ${JSON.stringify(decoded)}`);
      return { session, sequence, acknowledgement, message: decoded.message };
    });

/** Their names only. */
export const writtenNames = (effects: readonly { readonly is: string }[]): string[] => written(effects).map(({ message }) => message.type);
