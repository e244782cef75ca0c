import { asciiBytes, asciiText, joined, sameBytes } from "./byte-text.ts";
import { checksumBytes } from "./checksum.ts";
import type { Rejection } from "./description.ts";
import { type Attempt, DEFAULT_GAP_MS, type FramePart, type FrameValues, type Framing, NO_BYTES, type TakeProblem } from "./framing.ts";
import type { LineFramingDescription } from "./framing-schema.ts";

type ValueName = keyof FrameValues;
type Piece =
  | { readonly is: "text"; readonly text: string }
  | { readonly is: "value"; readonly name: ValueName; readonly width: number | undefined };

const PIECE = /\{(?<name>[^{}:]*)(?::(?<width>[1-9][0-9]?))?\}|(?<text>(?:\{\{|\}\}|[^{}])+)/y;
const CR = 0x0d;
const LF = 0x0a;

/** Lines of ASCII text. */
export class LineFraming implements Framing {
  readonly kind = "line";
  readonly carries: Framing["carries"];
  readonly longest: number;
  readonly gapMs: number;
  readonly #description: LineFramingDescription;
  readonly #start: Uint8Array;
  readonly #pieces: readonly Piece[];

  private constructor(description: LineFramingDescription, pieces: readonly Piece[]) {
    this.#description = description;
    this.#start = asciiBytes(description.start ?? "");
    this.#pieces = pieces;
    const has = (name: ValueName): boolean => pieces.some((piece) => piece.is === "value" && piece.name === name);
    this.carries = { address: has("address"), function: has("function"), data: has("data") };
    this.longest = description.maxLength + 2;
    this.gapMs = description.gapMs ?? DEFAULT_GAP_MS;
  }

  static read(description: LineFramingDescription, wrong: TakeProblem): LineFraming | undefined {
    const pieces = readPattern(description.pattern);
    if (typeof pieces === "string") {
      wrong(["pattern"], pieces);
      return undefined;
    }
    const framing = new LineFraming(description, pieces);
    const { carries } = framing;
    if (carries.address !== (description.address !== undefined)) {
      wrong(["address"], carries.address ? "is missing: the pattern has {address}" : "stands for nothing: the pattern has no {address}");
      return undefined;
    }
    if (!carries.data && !carries.function) {
      wrong(["pattern"], "needs {function} or {data}: nothing else can tell one key from another");
      return undefined;
    }
    return framing;
  }

  attempt(buffer: Uint8Array, start: number, end: number): Attempt {
    const first = buffer[start];
    if (first === CR || first === LF) return { is: "nothing", length: 1 };
    for (let index = 0; index < this.#start.length; index++) {
      if (start + index >= end) return { is: "short" };
      if (buffer[start + index] !== this.#start[index]) return wrong("start", 1, 0, this.#start.length, "start");
    }
    const { maxLength, terminator } = this.#description;
    let stop = start;
    while (stop < end && !endsAt(buffer, stop, end, terminator)) stop++;
    const length = stop - start;
    // Without a mark at the beginning only a whole line is one: its tail alone might read like another.
    const whole = this.#start.length > 0 ? 1 : length;
    if (length > maxLength) return wrong("too-long", 1, maxLength, length - maxLength, "maxLength");
    if (stop >= end) return { is: "short" };
    for (let index = start; index < stop; index++) {
      const byte = buffer[index] as number;
      if (byte < 0x20 || byte > 0x7e) return wrong("text", whole, index - start, 1, "pattern");
    }
    return this.#line(asciiText(buffer.subarray(start + this.#start.length, stop)), length, terminator === "CR LF" ? 2 : 1, whole);
  }

  told(): undefined {
    return undefined;
  }

  encode(values: Omit<FrameValues, "address">): Uint8Array | string {
    let text = "";
    for (const piece of this.#pieces) {
      if (piece.is === "text") {
        text += piece.text;
        continue;
      }
      const value = piece.name === "address" ? (this.#description.address ?? "") : asciiText(values[piece.name]);
      if (piece.width !== undefined && value.length !== piece.width)
        return `${piece.name} has ${value.length} characters, the pattern ${piece.width}`;
      text += value;
    }
    const { terminator, maxLength } = this.#description;
    const line = (this.#description.start ?? "") + text + this.#closing(text);
    if (line.length > maxLength) return `the line has ${line.length} characters, maxLength is ${maxLength}`;
    if (!/^[ -~]*$/.test(line)) return "a line can hold printable ASCII only";
    const body = asciiBytes(line);
    const back = this.attempt(joined([body, this.#end]), 0, body.length + this.#end.length);
    if (back.is !== "frame" || !sameBytes(back.values.function, values.function) || !sameBytes(back.values.data, values.data)) {
      return "cannot be told apart in the line: a value holds the text that stands behind it in the pattern";
    }
    return joined([body, terminator === "any" ? Uint8Array.of(CR, LF) : this.#end]);
  }

  least(name: "function" | "data"): Uint8Array {
    const piece = this.#pieces.find((one) => one.is === "value" && one.name === name);
    return asciiBytes("0".repeat(piece?.is === "value" ? (piece.width ?? 0) : 0));
  }

  parts(frame: Uint8Array): readonly FramePart[] {
    const { start = "" } = this.#description;
    const stop = frame.findIndex((byte) => byte === CR || byte === LF);
    const text = asciiText(frame.subarray(start.length, stop < 0 ? frame.length : stop));
    const body = this.#body(text);
    const values = matchPattern(this.#pieces, body) ?? {};
    return [
      ...(start === "" ? [] : [{ name: "start", bytes: asciiBytes(start) }]),
      ...this.#pieces.map((piece) =>
        piece.is === "text"
          ? { name: "text", bytes: asciiBytes(piece.text) }
          : { name: piece.name, bytes: asciiBytes(values[piece.name] ?? "") },
      ),
      ...(body.length < text.length ? [{ name: "checksum", bytes: asciiBytes(text.slice(body.length)) }] : []),
      { name: "end", bytes: stop < 0 ? NO_BYTES : frame.slice(stop) },
    ];
  }

  /** The shortest end of line that a reader takes. */
  get #end(): Uint8Array {
    const { terminator } = this.#description;
    if (terminator === "CR LF") return Uint8Array.of(CR, LF);
    return Uint8Array.of(terminator === "LF" ? LF : CR);
  }

  /** The text of a line without its start → the frame. */
  #line(text: string, length: number, endLength: number, whole: number): Attempt {
    const before = this.#start.length;
    const body = this.#body(text);
    const closing = this.#closing(body);
    if (text.slice(body.length).toUpperCase() !== closing.toUpperCase()) {
      return { ...wrong("checksum", whole, before + body.length, text.length - body.length, "checksum"), wanted: asciiBytes(closing) };
    }
    const values = matchPattern(this.#pieces, body);
    if (values === undefined) return wrong("pattern", whole, before, body.length, "pattern");
    const { address = "", fromPad } = this.#description;
    if (this.carries.address && fromPad !== "any" && values.address !== address) {
      return { ...wrong("address", length + endLength, before, body.length, "address"), wanted: asciiBytes(address) };
    }
    return {
      is: "frame",
      length: length + endLength,
      values: {
        address: asciiBytes(values.address ?? ""),
        function: asciiBytes(values.function ?? ""),
        data: asciiBytes(values.data ?? ""),
      },
    };
  }

  /** The part of a line that the checksum is made of and does not belong to. */
  #body(text: string): string {
    return text.slice(0, Math.max(0, text.length - this.#closing("").length));
  }

  /** Separator and checksum of a line. */
  #closing(text: string): string {
    const { checksum, start = "" } = this.#description;
    if (checksum === undefined) return "";
    const sum = checksumBytes(checksum, asciiBytes(checksum.withStart === true ? start + text : text));
    return (checksum.separator ?? "") + Array.from(sum, (byte) => byte.toString(16).padStart(2, "0").toUpperCase()).join("");
  }
}

const wrong = (reason: Rejection, skip: number, at: number, size: number, fault: string): Extract<Attempt, { is: "wrong" }> => ({
  is: "wrong",
  reason,
  skip: Math.max(1, skip),
  at,
  size,
  fault,
});

const endsAt = (buffer: Uint8Array, at: number, end: number, terminator: LineFramingDescription["terminator"]): boolean => {
  const byte = buffer[at];
  switch (terminator) {
    case "CR":
      return byte === CR;
    case "LF":
      return byte === LF;
    case "any":
      return byte === CR || byte === LF;
    case "CR LF":
      return byte === CR && at + 1 < end && buffer[at + 1] === LF;
  }
};

const readPattern = (pattern: string): Piece[] | string => {
  const pieces: Piece[] = [];
  for (let at = 0; at < pattern.length; at = PIECE.lastIndex) {
    PIECE.lastIndex = at;
    const groups = PIECE.exec(pattern)?.groups;
    if (groups === undefined) return `cannot be read from "${pattern.slice(at)}" on: a brace that is meant as such is doubled`;
    if (groups.text !== undefined) {
      pieces.push({ is: "text", text: groups.text.replaceAll("{{", "{").replaceAll("}}", "}") });
      continue;
    }
    const { name, width } = groups;
    if (name !== "address" && name !== "function" && name !== "data") return `{${name}}: there are {address}, {function} and {data}`;
    if (pieces.some((piece) => piece.is === "value" && piece.name === name)) return `{${name}} stands twice`;
    const last = pieces.at(-1);
    if (last?.is === "value" && last.width === undefined)
      return `{${last.name}} and {${name}} touch: put text between them, or say how long {${last.name}} is, such as {${last.name}:2}`;
    pieces.push({ is: "value", name, width: width === undefined ? undefined : Number(width) });
  }
  return pieces;
};

/** Values of a text, or undefined if it does not fit. A value ends where the text behind it stands first; there is no second try. */
const matchPattern = (pieces: readonly Piece[], text: string): Partial<Record<ValueName, string>> | undefined => {
  const values: Partial<Record<ValueName, string>> = {};
  let at = 0;
  for (const [index, piece] of pieces.entries()) {
    if (piece.is === "text") {
      if (!text.startsWith(piece.text, at)) return undefined;
      at += piece.text.length;
      continue;
    }
    const next = pieces[index + 1];
    let stop = text.length;
    if (piece.width !== undefined) stop = at + piece.width;
    else if (next?.is === "text") stop = text.indexOf(next.text, at);
    if (stop < at || stop > text.length) return undefined;
    values[piece.name] = text.slice(at, stop);
    at = stop;
  }
  return at === text.length ? values : undefined;
};
