import { WindowRatingError } from "../errors/index.ts";
import { ByteFraming } from "./byte-framing.ts";
import { type BytePart, type ByteText, joined, parseHexText, parseLineText, plainBytes, sameBytes } from "./byte-text.ts";
import {
  type KeypadDescription,
  type KeypadFraming,
  type KeypadKey,
  type KeypadMatch,
  type KeypadTemplate,
  REQUEST_NAMES,
  REQUEST_NUMBERS,
  type RequestName,
  type RequestNumbers,
} from "./description.ts";
import { FrameFraming } from "./frame-framing.ts";
import { type FrameValues, type Framing, type KeypadProblem, NO_BYTES, type TakeProblem } from "./framing.ts";
import { LineFraming } from "./line-framing.ts";

/** A match with its texts read. */
interface Match {
  readonly function: Uint8Array | undefined;
  readonly data: Uint8Array | undefined;
  readonly isOpen: boolean;
}

/** A template with its texts read. */
interface Template {
  readonly function: ByteText;
  readonly data: ByteText;
}

interface Request {
  readonly send: readonly Template[];
  readonly expect: Match | undefined;
  readonly withinMs: number;
  readonly tries: number;
}

const DEFAULT_WITHIN_MS = 500;
const DEFAULT_TRIES = 3;

/** What a frame of the pad is by its description. */
export type KeypadFrameRole =
  | { readonly is: "key"; readonly key: KeypadKey }
  | { readonly is: "reply"; readonly index: number }
  | { readonly is: "keepAlive" }
  | { readonly is: "started" }
  | { readonly is: "answer" }
  | { readonly is: "other" };

/**
 * A description made ready for use: reads what the pad's frames are and makes the host's. Pure and without state; one serves any
 * number of pads.
 */
export class KeypadProtocol {
  readonly description: KeypadDescription;
  readonly fromPad: Framing;
  readonly toPad: Framing;
  readonly #keys: readonly { readonly key: KeypadKey; readonly match: Match }[];
  readonly #requests: ReadonlyMap<RequestName, Request>;
  readonly #replies: readonly { readonly to: Match; readonly send: readonly Template[] }[];
  readonly #keepAlive: Match | undefined;
  readonly #started: Match | undefined;

  private constructor(description: KeypadDescription, fromPad: Framing, toPad: Framing, reader: Reader) {
    this.description = description;
    this.fromPad = fromPad;
    this.toPad = toPad;
    this.#keys = description.keys.map((key, index) => ({ key, match: reader.match(key.match, ["keys", index, "match"]) }));
    this.#requests = new Map(REQUEST_NAMES.flatMap((name) => requestOf(description, name, reader)));
    this.#replies = (description.replies ?? []).map(({ to, send }, index) => ({
      to: reader.match(to, ["replies", index, "to"]),
      send: reader.templates(send, ["replies", index, "send"], [], true),
    }));
    const { keepAlive, started } = description;
    this.#started = started && reader.match(started, ["started"]);
    this.#keepAlive = keepAlive.from === "pad" ? reader.match(keepAlive.match, ["keepAlive", "match"]) : undefined;
  }

  /** Reads a description; its problems are told, and undefined is given if there are any. */
  static read(description: KeypadDescription, wrong: (problem: KeypadProblem) => void): KeypadProtocol | undefined {
    let isGood = true;
    const take: TakeProblem = (path, message) => {
      isGood = false;
      wrong({ path, message });
    };
    const under = (name: string): TakeProblem => {
      return (path, message) => take([name, ...path], message);
    };
    const fromPad = readFraming(description.framing, under("framing"));
    const toPad = description.framingToPad === undefined ? fromPad : readFraming(description.framingToPad, under("framingToPad"));
    if (fromPad === undefined || toPad === undefined) return undefined;
    const protocol = new KeypadProtocol(description, fromPad, toPad, new Reader(fromPad, toPad, take));
    return isGood ? protocol : undefined;
  }

  /** @throws WR2003 naming everything that is wrong with the description */
  static of(description: KeypadDescription): KeypadProtocol {
    const problems: string[] = [];
    const protocol = KeypadProtocol.read(description, ({ path, message }) => problems.push(`${path.join(".")}: ${message}`));
    if (protocol === undefined) throw new WindowRatingError("WR2003", problems.join("; "));
    return protocol;
  }

  /** What a frame of the pad is. Keys come first: a press that nobody sees is the worst mistake. */
  roleOf(values: FrameValues): KeypadFrameRole {
    const found = this.#keys.find(({ match }) => fits(match, values));
    if (found !== undefined) return { is: "key", key: found.key };
    const reply = this.#replies.findIndex(({ to }) => fits(to, values));
    if (this.#started !== undefined && fits(this.#started, values)) return { is: "started" };
    if (this.#keepAlive !== undefined && fits(this.#keepAlive, values)) return { is: "keepAlive" };
    if (reply >= 0) return { is: "reply", index: reply };
    return [...this.#requests.values()].some(({ expect }) => expect !== undefined && fits(expect, values))
      ? { is: "answer" }
      : { is: "other" };
  }

  /** Which reply a frame of the pad is owed; -1 = none. */
  replyTo(values: FrameValues): number {
    return this.#replies.findIndex(({ to }) => fits(to, values));
  }

  knows(name: RequestName): boolean {
    return this.#requests.has(name);
  }

  /** When and how often a request must be repeated; undefined if the pad does not answer it. */
  patienceFor(name: RequestName): { readonly withinMs: number; readonly tries: number } | undefined {
    const request = this.#requests.get(name);
    return request?.expect === undefined ? undefined : request;
  }

  answers(name: RequestName, values: FrameValues): boolean {
    const expect = this.#requests.get(name)?.expect;
    return expect !== undefined && fits(expect, values);
  }

  /**
   * The frames of a request, none if the pad does not know it; or why they cannot be made of these values.
   * @param after the frame that acknowledge or refuse answers
   */
  request(name: RequestName, numbers: RequestNumbers = {}, after?: FrameValues): readonly Uint8Array[] | string {
    return this.#frames(this.#requests.get(name)?.send ?? [], numbers, after);
  }

  /** The frames that answer a frame of the pad. */
  reply(index: number, after: FrameValues): readonly Uint8Array[] | string {
    return this.#frames(this.#replies[index]?.send ?? [], {}, after);
  }

  /** Which requests of the host end with a frame like this, with the numbers in it: what the pad's end has to know. */
  requestsOf(values: FrameValues): readonly { readonly name: RequestName; readonly numbers: RequestNumbers }[] {
    return [...this.#requests].flatMap(([name, { send }]) => {
      const last = send.at(-1);
      const numbers: Record<string, number> = {};
      const isMade =
        last !== undefined && isMadeFrom(last.function, values.function, numbers) && isMadeFrom(last.data, values.data, numbers);
      return isMade ? [{ name, numbers }] : [];
    });
  }

  /** The frame that the pad sends for a key; no bytes if the framing has no such frame. */
  keyFrame(key: KeypadKey): Uint8Array {
    return padFrame(this.fromPad, this.#keys.find((one) => one.key === key)?.match);
  }

  /** The frame with which the pad answers a request; undefined if it does not. */
  answerFrame(name: RequestName): Uint8Array | undefined {
    const expect = this.#requests.get(name)?.expect;
    return expect && padFrame(this.fromPad, expect);
  }

  /** The frame of the pad that a reply answers. */
  replyCause(index: number): Uint8Array {
    return padFrame(this.fromPad, this.#replies[index]?.to);
  }

  /** The frame with which the pad says that it was started; undefined if it does not. */
  startedFrame(): Uint8Array | undefined {
    return this.#started && padFrame(this.fromPad, this.#started);
  }

  /** The frame with which the pad says that it is there; undefined if it does not. */
  keepAliveFrame(): Uint8Array | undefined {
    return this.#keepAlive && padFrame(this.fromPad, this.#keepAlive);
  }

  #frames(send: readonly Template[], numbers: RequestNumbers, after?: FrameValues): readonly Uint8Array[] | string {
    const frames = send.map((template) =>
      this.toPad.encode({ function: filled(template.function, numbers, after), data: filled(template.data, numbers, after) }),
    );
    return frames.find((frame) => typeof frame === "string") ?? (frames as Uint8Array[]);
  }
}

const requestOf = (description: KeypadDescription, name: RequestName, reader: Reader): [RequestName, Request][] => {
  const request = description.requests[name];
  if (request === undefined) return [];
  const isEcho = name === "acknowledge" || name === "refuse";
  const send = reader.templates(request.send, ["requests", name, "send"], REQUEST_NUMBERS[name], isEcho);
  const expect =
    "expect" in request && request.expect !== undefined ? reader.match(request.expect, ["requests", name, "expect"]) : undefined;
  const { withinMs = DEFAULT_WITHIN_MS, tries = DEFAULT_TRIES } = "withinMs" in request || "tries" in request ? request : {};
  return [[name, { send, expect, withinMs, tries }]];
};

/** Reads the texts of a description by the framing that they belong to. */
class Reader {
  readonly #fromPad: Framing;
  readonly #toPad: Framing;
  readonly #wrong: TakeProblem;

  constructor(fromPad: Framing, toPad: Framing, wrong: TakeProblem) {
    this.#fromPad = fromPad;
    this.#toPad = toPad;
    this.#wrong = wrong;
  }

  match(match: KeypadMatch, path: readonly (string | number)[]): Match {
    const code = this.#text(this.#fromPad, "function", match.function, path, { mayBeOpen: false });
    const data = this.#text(this.#fromPad, "data", match.data, path, { mayBeOpen: true });
    return { function: code && plainBytes(code), data: data && plainBytes(data), isOpen: data?.isOpen ?? false };
  }

  templates(send: readonly KeypadTemplate[], path: readonly (string | number)[], numbers: readonly string[], isEcho: boolean): Template[] {
    const rules = { numbers, copies: isEcho ? ["function", "data"] : [] };
    return send.map((template, index) => {
      const here = [...path, index];
      if (this.#toPad.carries.function && template.function === undefined) this.#wrong(here, "needs a function: the framing has one");
      const read = (name: "function" | "data"): ByteText =>
        this.#text(this.#toPad, name, template[name], here, rules) ?? { parts: [], isOpen: false };
      return { function: read("function"), data: read("data") };
    });
  }

  #text(
    framing: Framing,
    name: "function" | "data",
    text: string | undefined,
    path: readonly (string | number)[],
    rules: object,
  ): ByteText | undefined {
    if (text === undefined) return undefined;
    if (!framing.carries[name]) {
      this.#wrong([...path, name], `stands for nothing: the framing has no ${name}`);
      return undefined;
    }
    const parsed = framing.kind === "line" ? parseLineText(text, rules) : parseHexText(text, rules);
    if ("text" in parsed) return parsed.text;
    this.#wrong([...path, name], parsed.wrong);
    return undefined;
  }
}

const readFraming = (framing: KeypadFraming, wrong: TakeProblem): Framing | undefined => {
  switch (framing.is) {
    case "frame":
      return FrameFraming.read(framing, wrong);
    case "line":
      return LineFraming.read(framing, wrong);
    case "byte":
      return new ByteFraming();
  }
};

const fits = (match: Match, values: FrameValues): boolean =>
  (match.function === undefined || sameBytes(match.function, values.function)) &&
  (match.data === undefined || sameBytes(match.data, match.isOpen ? values.data.subarray(0, match.data.length) : values.data));

/** A frame of the pad that fits; what the match leaves open is as little as the framing allows. */
const padFrame = (framing: Framing, match: Match | undefined): Uint8Array => {
  const code = match?.function ?? framing.least("function");
  const given = match?.data ?? NO_BYTES;
  const least = framing.least("data");
  const isOpen = match?.data === undefined || match.isOpen;
  const frame = framing.encode({ function: code, data: isOpen ? joined([given, least.subarray(given.length)]) : given });
  return typeof frame === "string" ? NO_BYTES : frame;
};

const filled = (text: ByteText, numbers: RequestNumbers, after: FrameValues | undefined): Uint8Array =>
  joined(text.parts.map((part) => partBytes(part, numbers, after)));

/** Whether bytes can be a text with its values put in; takes the numbers out of them. */
const isMadeFrom = (text: ByteText, bytes: Uint8Array, numbers: Record<string, number>): boolean => {
  let at = 0;
  for (const part of text.parts) {
    if (part.is === "copy") return true;
    const size = part.is === "bytes" ? part.bytes.length : part.as === "digits" ? digitsAt(bytes, at, part.size) : part.size;
    const piece = bytes.subarray(at, at + size);
    if (piece.length < size || size === 0) return false;
    if (part.is === "number") numbers[part.name] = readNumber(piece, part.as);
    else if (!sameBytes(piece, part.bytes)) return false;
    at += size;
  }
  return at === bytes.length;
};

/** How many digits stand there: as many as were asked for, or all where one was. */
const digitsAt = (bytes: Uint8Array, at: number, size: number): number => {
  let stop = at;
  while (stop < bytes.length && (size === 1 || stop < at + size) && isDigit(bytes[stop] as number)) stop++;
  return stop - at;
};

const isDigit = (byte: number): boolean => byte >= 0x30 && byte <= 0x39;

const readNumber = (bytes: Uint8Array, as: "high-first" | "low-first" | "digits"): number => {
  const [base, ordered] =
    as === "digits" ? [10, [...bytes].map((byte) => byte - 0x30)] : [256, as === "low-first" ? [...bytes].reverse() : [...bytes]];
  return ordered.reduce((value, digit) => value * base + digit, 0);
};

const partBytes = (part: BytePart, numbers: RequestNumbers, after: FrameValues | undefined): Uint8Array => {
  switch (part.is) {
    case "bytes":
      return part.bytes;
    case "copy":
      return after?.[part.name as "function" | "data"] ?? NO_BYTES;
    case "number":
      return numberBytes(part, (numbers as Readonly<Record<string, number>>)[part.name] ?? 0);
  }
};

/** What is too large for its place is written as the largest that fits: a time of 300 s in one byte becomes 255 s, never 44 s. */
const numberBytes = ({ as, size }: Extract<BytePart, { is: "number" }>, value: number): Uint8Array => {
  const whole = Math.max(0, Math.trunc(Number.isFinite(value) ? value : 0));
  if (as === "digits") {
    const digits = String(size > 1 ? Math.min(whole, 10 ** size - 1) : whole).padStart(size, "0");
    return Uint8Array.from(digits, (digit) => digit.charCodeAt(0));
  }
  const capped = Math.min(whole, 256 ** size - 1);
  const bytes = Uint8Array.from({ length: size }, (_, index) => Math.floor(capped / 256 ** (size - 1 - index)) % 256);
  return as === "low-first" ? bytes.reverse() : bytes;
};
