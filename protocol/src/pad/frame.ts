import { WindowRatingError } from "../errors/index.ts";
import { cobsEncode, cobsMaxLength } from "./cobs.ts";
import { crc32c } from "./crc32c.ts";

/** Version of the frame layout and of the messages in it. */
export const PROTOCOL_VERSION = 1;

/** Bytes of header and checksum around a payload: version, type, session (2), sequence, acknowledgement; CRC-32C (4). */
export const FRAME_OVERHEAD = 10;

/** Longest frame before byte stuffing that every side must take: 254, so that frame, stuffing and one delimiter fit 256 bytes. */
export const DEFAULT_MAX_FRAME = 254;

/** Longest frame that may be negotiated, and the hard cap on what a reader buffers. */
export const LARGEST_MAX_FRAME = 4096;

/** Flag of a frame that carries counter and tag behind its payload: bit 7 of the first byte. */
export const SECURED_FLAG = 8;

/** A checked frame. `payload` is a view into the reader's buffer: valid only until the call that got it returns. */
export interface Frame {
  readonly flags: number;
  readonly type: number;
  readonly session: number;
  readonly sequence: number;
  readonly acknowledgement: number;
  readonly payload: Uint8Array;
}

/** Why bytes between two delimiters were thrown away; `not-authentic` is found by the session, all others by the reader. */
export const FRAME_FAULTS = ["too-long", "too-short", "bad-stuffing", "bad-checksum", "bad-version", "bad-flags", "not-authentic"] as const;
export type FrameFault = (typeof FRAME_FAULTS)[number];

/** Writes frames: delimiter, stuffed bytes, delimiter. The leading delimiter cuts off whatever noise stood on the line. */
export class FrameWriter {
  readonly #maxFrame: number;
  readonly #raw: Uint8Array;

  constructor(maxFrame = DEFAULT_MAX_FRAME) {
    this.#maxFrame = maxFrame;
    this.#raw = new Uint8Array(maxFrame);
  }

  /** @throws WR1001 if the payload does not fit the agreed frame size */
  encode(header: Omit<Frame, "payload">, payload: Uint8Array): Uint8Array {
    const length = payload.length + FRAME_OVERHEAD;
    if (length > this.#maxFrame) {
      throw new WindowRatingError("WR1001", `A frame of ${length} bytes does not fit the agreed ${this.#maxFrame}`);
    }
    const raw = this.#raw;
    raw[0] = (header.flags << 4) | PROTOCOL_VERSION;
    raw[1] = header.type;
    raw[2] = header.session & 0xff;
    raw[3] = header.session >>> 8;
    raw[4] = header.sequence;
    raw[5] = header.acknowledgement;
    raw.set(payload, 6);
    const checksum = crc32c(raw, 0, length - 4);
    raw[length - 4] = checksum;
    raw[length - 3] = checksum >>> 8;
    raw[length - 2] = checksum >>> 16;
    raw[length - 1] = checksum >>> 24;
    const wire = new Uint8Array(cobsMaxLength(length) + 2);
    const end = cobsEncode(raw, length, wire, 1);
    return wire.subarray(0, end + 1);
  }
}

/** What a reader reports. */
export interface FrameSink {
  frame(frame: Frame): void;
  /** Bytes were thrown away up to the next delimiter; `version` is given for `bad-version`. */
  fault(fault: FrameFault, version?: number): void;
}

/**
 * Reads frames from any byte stream, however it is split. Un-stuffs byte by byte into one fixed buffer: memory is
 * bounded by `maxFrame`, at most LARGEST_MAX_FRAME, and every delimiter starts afresh. Never throws on input.
 *
 * `@serialport/parser-delimiter` could split the stream, but it keeps everything since the last delimiter and copies all of
 * it on every chunk: a line that never carries a zero byte (wrong baud rate) costs it memory without end (scripts/bench/decode.test.ts).
 */
export class FrameReader {
  readonly #sink: FrameSink;
  readonly #raw: Uint8Array;
  #length = 0;
  /** Bytes of the current block still to come. */
  #left = 0;
  /** Code of the current block; 0 before the first one of a frame. */
  #code = 0;
  #overflow = false;

  constructor(sink: FrameSink, maxFrame = DEFAULT_MAX_FRAME) {
    this.#sink = sink;
    this.#raw = new Uint8Array(Math.min(maxFrame, LARGEST_MAX_FRAME));
  }

  /** Takes the next bytes of the stream. */
  push(chunk: Uint8Array): void {
    const raw = this.#raw;
    let length = this.#length;
    let left = this.#left;
    let code = this.#code;
    for (let index = 0; index < chunk.length; index++) {
      const byte = chunk[index] as number;
      if (byte === 0) {
        if (code !== 0) this.#finish(length, left);
        length = left = code = 0;
        this.#overflow = false;
      } else if (left > 0) {
        left--;
        if (length < raw.length) raw[length++] = byte;
        else this.#overflow = true;
      } else {
        // A block that was cut short by a zero byte stands for that zero, unless it was the last of the frame.
        if (code !== 0 && code !== 0xff) {
          if (length < raw.length) raw[length++] = 0;
          else this.#overflow = true;
        }
        code = byte;
        left = byte - 1;
      }
    }
    this.#length = length;
    this.#left = left;
    this.#code = code;
  }

  /** Forgets a frame that has begun, for instance when the port was closed. */
  reset(): void {
    this.#length = this.#left = this.#code = 0;
    this.#overflow = false;
  }

  #finish(length: number, left: number): void {
    if (this.#overflow) return this.#sink.fault("too-long");
    if (left > 0) return this.#sink.fault("bad-stuffing");
    if (length < FRAME_OVERHEAD) return this.#sink.fault("too-short");
    const raw = this.#raw;
    const end = length - 4;
    const sent =
      ((raw[end] as number) | ((raw[end + 1] as number) << 8) | ((raw[end + 2] as number) << 16) | ((raw[end + 3] as number) << 24)) >>> 0;
    if (crc32c(raw, 0, end) !== sent) return this.#sink.fault("bad-checksum");
    const first = raw[0] as number;
    const version = first & 0x0f;
    if (version !== PROTOCOL_VERSION) return this.#sink.fault("bad-version", version);
    const flags = first >>> 4;
    if (flags !== 0 && flags !== SECURED_FLAG) return this.#sink.fault("bad-flags");
    this.#sink.frame({
      flags,
      type: raw[1] as number,
      session: (raw[2] as number) | ((raw[3] as number) << 8),
      sequence: raw[4] as number,
      acknowledgement: raw[5] as number,
      payload: raw.subarray(6, end),
    });
  }
}
