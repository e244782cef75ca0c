import {
  declarationOf,
  type Frame,
  FrameReader,
  GUARD_OVERHEAD,
  LARGEST_MAX_FRAME,
  type Message,
  type MessageName,
  messageName,
  PayloadReader,
  SECURED_FLAG,
} from "@window-rating/protocol/pad";
import { requestIdFromBytes } from "@window-rating/protocol/rating";
import { hexText } from "./hex-text.ts";
import { gravest, type Hides, hiddenField } from "./hidden-fields.ts";
import type { LineFrames, ReadFrame } from "./line-frames.ts";

type Direction = "in" | "out";

const HEADER_BYTES = 6;
/** Texts and lists are cut off after this many characters. */
const LONGEST_VALUE = 120;
/** Keys that are down choose nothing in a test of the pad. */
const TESTING: Message<"status">["phase"] = "testing";

/** Reads a line that speaks the pad protocol. */
export class PadFrames implements LineFrames {
  readonly #tell: (frame: ReadFrame) => void;
  readonly #readers: Readonly<Record<Direction, FrameReader>>;
  /** On the wire since the last frame or fault, by direction. */
  readonly #bytes = { in: 0, out: 0 };

  constructor(tell: (frame: ReadFrame) => void) {
    this.#tell = tell;
    this.#readers = { in: this.#reader("in"), out: this.#reader("out") };
  }

  push(direction: Direction, bytes: Uint8Array): void {
    let rest = bytes;
    // Piece by piece, each with its delimiter, so that every frame knows its own length.
    while (rest.length > 0) {
      const end = rest.indexOf(0);
      const piece = end === -1 ? rest : rest.subarray(0, end + 1);
      this.#bytes[direction] += piece.length;
      this.#readers[direction].push(piece);
      if (end !== -1) this.#bytes[direction] = 0;
      rest = rest.subarray(piece.length);
    }
  }

  time(): void {}

  deadline(): undefined {
    return undefined;
  }

  reset(): void {
    for (const direction of ["in", "out"] as const) {
      this.#readers[direction].reset();
      this.#bytes[direction] = 0;
    }
  }

  #reader(direction: Direction): FrameReader {
    return new FrameReader(
      {
        frame: (frame) => this.#tell({ direction, is: "frame", bytes: this.#bytes[direction], ...readFrame(frame) }),
        // What was damaged may have been a rating: how many bytes, never which.
        fault: (fault, version) =>
          this.#tell({
            direction,
            is: "fault",
            type: fault,
            fields: version === undefined ? [] : [["version", String(version)]],
            hides: "level",
            header: null,
            bytes: this.#bytes[direction],
            hex: "",
          }),
      },
      LARGEST_MAX_FRAME,
    );
  }
}

const readFrame = (frame: Frame): Pick<ReadFrame, "type" | "fields" | "hides" | "header" | "hex"> => {
  const { flags, type, session, sequence, acknowledgement, payload } = frame;
  const secured = flags === SECURED_FLAG;
  const length = secured ? Math.max(0, payload.length - GUARD_OVERHEAD) : payload.length;
  const name = messageName(type);
  const read = name === undefined ? UNKNOWN : readPayload(name, payload.subarray(0, length));
  const header = Uint8Array.of((flags << 4) | 1, type, session & 0xff, session >>> 8, sequence, acknowledgement);
  const whole = new Uint8Array(HEADER_BYTES + payload.length);
  whole.set(header);
  whole.set(payload, HEADER_BYTES);
  const isHidden = (place: number): boolean => {
    if (place < HEADER_BYTES) return false;
    // The tag is made over what is hidden.
    return place >= HEADER_BYTES + length ? read.hides !== null : read.isHidden(place - HEADER_BYTES);
  };
  return {
    type: name ?? `0x${type.toString(16).padStart(2, "0")}`,
    fields: read.fields,
    hides: read.hides,
    header: { session, sequence, acknowledgement, secured },
    hex: hexText(whole, isHidden),
  };
};

interface ReadPayload {
  readonly fields: ReadFrame["fields"];
  readonly hides: Hides | null;
  readonly isHidden: (place: number) => boolean;
}

/** A message of a later version may hold a level anywhere. */
const UNKNOWN: ReadPayload = { fields: [], hides: "level", isHidden: () => true };

const readPayload = (name: MessageName, payload: Uint8Array): ReadPayload => {
  const reader = new PayloadReader(payload);
  const fields: [string, string | null][] = [];
  const hidden: { readonly from: number; readonly to: number; readonly hides: Hides }[] = [];
  const values: Record<string, unknown> = {};
  for (const [field, { read }] of Object.entries(declarationOf(name).fields)) {
    const from = reader.position;
    const value = read(reader);
    // What does not fit its declaration may be anything.
    if (reader.fault !== undefined) return { ...UNKNOWN, fields: [["malformed", `${field}: ${withoutValue(reader.fault)}`]] };
    values[field] = value;
    const hides = field === "keysDown" && values.phase === TESTING ? null : hiddenField(name, field);
    if (hides !== null) hidden.push({ from, to: reader.position, hides });
    fields.push([field, hides === null ? shown(field, value) : null]);
  }
  if (reader.position < payload.length)
    return { ...UNKNOWN, fields: [["malformed", `${payload.length - reader.position} bytes too many`]] };
  return {
    fields,
    hides: gravest(hidden.map(({ hides }) => hides)),
    isHidden: (place) => hidden.some(({ from, to }) => place >= from && place < to),
  };
};

/** "6 is not in 1..5" would tell what was pressed. */
const withoutValue = (fault: string): string => (/^ends after|^a text|bytes/.test(fault) ? fault : "out of its range");

const shown = (field: string, value: unknown): string => {
  if (field === "requestId" && value instanceof Uint8Array) return value.every((byte) => byte === 0) ? "–" : requestIdFromBytes(value);
  if (value instanceof Uint8Array) return value.length <= 8 ? hexText(value) : `${value.length} bytes`;
  const text = Array.isArray(value) ? value.join(", ") : String(value);
  return text.length > LONGEST_VALUE ? `${text.slice(0, LONGEST_VALUE)}…` : text;
};
