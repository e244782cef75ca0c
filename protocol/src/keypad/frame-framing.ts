import { parseHexText } from "./byte-text.ts";
import { type ChecksumRule, checksumBytes, checksumSize } from "./checksum.ts";
import { type Attempt, DEFAULT_GAP_MS, type FramePart, type FrameValues, type Framing, NO_BYTES, type TakeProblem } from "./framing.ts";
import type { FrameField, FrameFramingDescription } from "./framing-schema.ts";

/** A field with its description read. `size` is undefined for data of varying length. */
type Field = { readonly name: string; readonly size: number | undefined } & (
  | { readonly is: "fixed"; readonly bytes: Uint8Array }
  | { readonly is: "address"; readonly bytes: Uint8Array; readonly isAny: boolean }
  | { readonly is: "length"; readonly from: number; readonly to: number; readonly plus: number; readonly lowFirst: boolean }
  | { readonly is: "function" }
  | { readonly is: "data" }
  | { readonly is: "checksum"; readonly from: number; readonly to: number; readonly rule: ChecksumRule }
);

/** Binary frames of fields that a description lists in their order on the wire. */
export class FrameFraming implements Framing {
  readonly kind = "frame";
  readonly carries: Framing["carries"];
  readonly longest: number;
  readonly gapMs: number;
  readonly #fields: readonly Field[];
  readonly #data: { readonly min: number; readonly max: number };
  /** Index of the first length field that tells how long the data is; -1: none does. */
  readonly #teller: number;

  private constructor(fields: readonly Field[], data: { min: number; max: number }, gapMs: number) {
    this.#fields = fields;
    this.#data = data;
    this.gapMs = gapMs;
    const has = (is: Field["is"]): boolean => fields.some((field) => field.is === is);
    this.carries = { address: has("address"), function: has("function"), data: has("data") };
    this.longest = this.#sizeOf(0, fields.length - 1, data.max);
    this.#teller = data.min === data.max ? -1 : tellerOf(fields);
  }

  /** The framing of a description, or undefined after its problems were told. */
  static read(description: FrameFramingDescription, wrong: TakeProblem): FrameFraming | undefined {
    let isGood = true;
    const take: TakeProblem = (path, message) => {
      isGood = false;
      wrong(["fields", ...path], message);
    };
    const names = description.fields.map((field) => field.name ?? field.is);
    names.forEach((name, index) => {
      if (names.indexOf(name) < index)
        take([index, "name"], `"${name}" is the name of field ${names.indexOf(name) + 1} already; give each a name of its own`);
    });
    for (const is of ["address", "function", "data"] as const) {
      const places = description.fields.flatMap((field, index) => (field.is === is ? [index] : []));
      for (const place of places.slice(1)) take([place], `a frame has one ${is} field at most`);
    }
    const fields = description.fields.flatMap((field, index) => readField(field, index, names, take) ?? []);
    if (!isGood) return undefined;
    const data = description.fields.find((field) => field.is === "data") ?? { min: 0, max: 0 };
    checkData(fields, data, take);
    return isGood ? new FrameFraming(fields, data, description.gapMs ?? DEFAULT_GAP_MS) : undefined;
  }

  attempt(buffer: Uint8Array, start: number, end: number, isAll = false): Attempt {
    const { min, max } = this.#data;
    if (min === max) return this.#attemptWith(min, buffer, start, end);
    if (this.#teller >= 0) {
      const told = this.#toldLength(buffer, start, end);
      const attempt = typeof told === "number" ? this.#attemptWith(told, buffer, start, end) : told;
      return attempt.is === "short" ? { ...attempt, fault: `fields[${this.#teller}]` } : attempt;
    }
    // No field tells the length: the first one with which everything behind the data fits.
    let likeliest: Attempt | undefined;
    for (let length = min; length <= max; length++) {
      const attempt = this.#attemptWith(length, buffer, start, end);
      if (attempt.is === "short" && isAll && likeliest !== undefined) break;
      if (attempt.is !== "wrong" || attempt.at < this.#offsetOf(this.#dataIndex, 0)) return attempt;
      if (likeliest === undefined || this.#endsRight(length, buffer, start, end)) likeliest = attempt;
    }
    return likeliest ?? { is: "short" };
  }

  told(frame: Uint8Array): { readonly size: number; readonly fault: string } | undefined {
    const length = this.#teller < 0 ? undefined : this.#toldLength(frame, 0, frame.length);
    if (typeof length !== "number") return undefined;
    return { size: this.#sizeOf(0, this.#fields.length - 1, length), fault: `fields[${this.#teller}]` };
  }

  encode(values: Omit<FrameValues, "address">): Uint8Array | string {
    const { min, max } = this.#data;
    const { length } = values.data;
    if (length < min || length > max) return `data has ${length} bytes, framing allows ${min === max ? min : `${min} to ${max}`}`;
    const frame = new Uint8Array(this.#sizeOf(0, this.#fields.length - 1, length));
    let at = 0;
    for (const field of this.#fields) {
      switch (field.is) {
        case "fixed":
        case "address":
          frame.set(field.bytes, at);
          break;
        case "length":
          frame.set(numberBytes(this.#sizeOf(field.from, field.to, length) + field.plus, field.size ?? 1, field.lowFirst), at);
          break;
        case "function":
          if (values.function.length !== field.size) return `function has ${values.function.length} bytes, framing has ${field.size}`;
          frame.set(values.function, at);
          break;
        case "data":
          frame.set(values.data, at);
          break;
        case "checksum":
          break;
      }
      at += field.size ?? length;
    }
    // What is summed may stand behind the sum.
    for (const [index, field] of this.#fields.entries())
      if (field.is === "checksum") frame.set(this.#checksum(field, frame, 0, length), this.#offsetOf(index, length));
    return frame;
  }

  least(name: "function" | "data"): Uint8Array {
    if (name === "data") return new Uint8Array(this.#data.min);
    return new Uint8Array(this.#fields.find(({ is }) => is === "function")?.size ?? 0);
  }

  parts(frame: Uint8Array): readonly FramePart[] {
    const length = frame.length - this.#sizeOf(0, this.#fields.length - 1, 0);
    return this.#fields.map((field, index) => {
      const at = this.#offsetOf(index, length);
      return { name: field.name, bytes: frame.slice(at, at + (field.size ?? length)) };
    });
  }

  /** Whether the fixed bytes behind the data stand where they should. */
  #endsRight(dataLength: number, buffer: Uint8Array, start: number, end: number): boolean {
    return this.#fields.every(
      (field, index) => index < this.#dataIndex || field.is !== "fixed" || this.#look(index, dataLength, buffer, start, end) === undefined,
    );
  }

  get #dataIndex(): number {
    return this.#fields.findIndex(({ is }) => is === "data");
  }

  /** How long the data is by the frame's own word. */
  #toldLength(buffer: Uint8Array, start: number, end: number): number | Attempt {
    const before = this.#before(this.#teller, buffer, start, end);
    if (before !== undefined) return before;
    const field = this.#fields[this.#teller] as Extract<Field, { is: "length" }>;
    const at = this.#offsetOf(this.#teller, 0);
    const size = field.size ?? 1;
    if (start + at + size > end) return { is: "short" };
    const length = readNumber(buffer, start + at, size, field.lowFirst) - field.plus - this.#sizeOf(field.from, field.to, 0);
    if (length < this.#data.min || length > this.#data.max) {
      return { is: "wrong", reason: "length", skip: 1, at, size, fault: `fields[${this.#teller}]` };
    }
    return length;
  }

  /** What is wrong or missing in the fields before one, which all stand before the data. */
  #before(index: number, buffer: Uint8Array, start: number, end: number): Attempt | undefined {
    for (let place = 0; place < index; place++) {
      const verdict = this.#look(place, 0, buffer, start, end, "fixed only");
      if (verdict !== undefined) return verdict;
    }
    return undefined;
  }

  #attemptWith(dataLength: number, buffer: Uint8Array, start: number, end: number): Attempt {
    let elsewhere: Attempt | undefined;
    for (let index = 0; index < this.#fields.length; index++) {
      const verdict = this.#look(index, dataLength, buffer, start, end);
      if (verdict === undefined) continue;
      if (verdict.is !== "wrong" || verdict.reason !== "address") return verdict;
      // For another pad, if it turns out to be a frame at all.
      elsewhere = verdict;
    }
    const length = this.#sizeOf(0, this.#fields.length - 1, dataLength);
    if (elsewhere?.is === "wrong") return { ...elsewhere, skip: length };
    return { is: "frame", length, values: this.#values(buffer, start, dataLength) };
  }

  #look(index: number, dataLength: number, buffer: Uint8Array, start: number, end: number, how?: "fixed only"): Attempt | undefined {
    const field = this.#fields[index] as Field;
    const at = this.#offsetOf(index, dataLength);
    const size = field.size ?? dataLength;
    const wanted = this.#wanted(field, dataLength, buffer, start, end, how);
    const wrong = (reason: "start" | "fixed" | "length" | "checksum" | "address"): Attempt => ({
      is: "wrong",
      reason,
      skip: 1,
      at,
      size,
      fault: `fields[${index}]`,
      ...(wanted === undefined ? {} : { wanted }),
    });
    const there = Math.min(size, end - start - at);
    if (wanted !== undefined) {
      for (let byte = 0; byte < there; byte++) {
        if (buffer[start + at + byte] !== wanted[byte])
          return wrong(field.is === "fixed" ? (index === 0 ? "start" : "fixed") : (field.is as "length"));
      }
    }
    return there < size ? { is: "short" } : undefined;
  }

  /** The bytes that a field must have here; undefined if any will do. */
  #wanted(field: Field, dataLength: number, buffer: Uint8Array, start: number, end: number, how?: "fixed only"): Uint8Array | undefined {
    switch (field.is) {
      case "fixed":
        return field.bytes;
      case "address":
        return field.isAny || how !== undefined ? undefined : field.bytes;
      case "length":
        return how !== undefined
          ? undefined
          : numberBytes(this.#sizeOf(field.from, field.to, dataLength) + field.plus, field.size ?? 1, field.lowFirst);
      case "checksum":
        if (how !== undefined || start + this.#sizeOf(0, field.to, dataLength) > end) return undefined;
        return this.#checksum(field, buffer, start, dataLength);
      case "function":
      case "data":
        return undefined;
    }
  }

  #checksum(field: Extract<Field, { is: "checksum" }>, bytes: Uint8Array, start: number, dataLength: number): Uint8Array {
    const from = start + this.#offsetOf(field.from, dataLength);
    return checksumBytes(field.rule, bytes, from, from + this.#sizeOf(field.from, field.to, dataLength));
  }

  #values(buffer: Uint8Array, start: number, dataLength: number): FrameValues {
    const bytesOf = (is: Field["is"]): Uint8Array => {
      const index = this.#fields.findIndex((field) => field.is === is);
      const field = this.#fields[index];
      if (field === undefined) return NO_BYTES;
      const at = start + this.#offsetOf(index, dataLength);
      return buffer.slice(at, at + (field.size ?? dataLength));
    };
    return { address: bytesOf("address"), function: bytesOf("function"), data: bytesOf("data") };
  }

  #offsetOf(index: number, dataLength: number): number {
    return this.#sizeOf(0, index - 1, dataLength);
  }

  #sizeOf(from: number, to: number, dataLength: number): number {
    let size = 0;
    for (let index = from; index <= to; index++) size += this.#fields[index]?.size ?? dataLength;
    return size;
  }
}

const readField = (field: FrameField, index: number, names: readonly string[], wrong: TakeProblem): Field | undefined => {
  const name = names[index] as string;
  const take: TakeProblem = (path, message) => wrong([index, ...path], message);
  const bytesOf = (text: string): Uint8Array | undefined => {
    const parsed = parseHexText(text);
    if ("wrong" in parsed) take(["bytes"], parsed.wrong);
    else if (parsed.text.parts[0]?.is === "bytes") return parsed.text.parts[0].bytes;
    else take(["bytes"], "holds no bytes");
    return undefined;
  };
  const spanOf = (what: "counts" | "over", span: { from: string; to: string }): { from: number; to: number } | undefined => {
    const [from, to] = [span.from, span.to].map((end, side) => {
      const place = names.indexOf(end);
      if (place < 0) take([what, side === 0 ? "from" : "to"], `there is no field "${end}"; there are ${names.join(", ")}`);
      return place;
    }) as [number, number];
    if (from < 0 || to < 0) return undefined;
    if (from <= to) return { from, to };
    take([what], `"${span.from}" stands behind "${span.to}"; give the first field first`);
    return undefined;
  };
  switch (field.is) {
    case "fixed":
    case "address": {
      const bytes = bytesOf(field.bytes);
      if (bytes === undefined) return undefined;
      if (field.is === "fixed") return { is: "fixed", name, size: bytes.length, bytes };
      return { is: "address", name, size: bytes.length, bytes, isAny: field.fromPad === "any" };
    }
    case "length": {
      const span = spanOf("counts", field.counts);
      return span && { is: "length", name, size: field.size ?? 1, ...span, plus: field.plus ?? 0, lowFirst: field.order === "low-first" };
    }
    case "function":
      return { is: "function", name, size: field.size ?? 1 };
    case "data":
      if (field.min > field.max) take(["min"], "is more than max");
      return { is: "data", name, size: field.min === field.max ? field.max : undefined };
    case "checksum": {
      const span = spanOf("over", field.over);
      if (span !== undefined && span.from <= index && index <= span.to) take(["over"], "a checksum cannot be summed itself; end before it");
      return span && { is: "checksum", name, size: checksumSize(field.kind), ...span, rule: field };
    }
  }
};

const tellerOf = (fields: readonly Field[]): number => {
  const data = fields.findIndex(({ is }) => is === "data");
  return fields.findIndex((field, index) => field.is === "length" && index < data && field.from <= data && data <= field.to);
};

const checkData = (fields: readonly Field[], data: { min: number; max: number }, take: TakeProblem): void => {
  const place = fields.findIndex(({ is }) => is === "data");
  if (place < 0 && !fields.some(({ is }) => is === "function"))
    take([], "needs a function or a data field: nothing else can tell one key from another");
  if (data.min !== data.max && tellerOf(fields) < 0 && !fields.slice(place + 1).some(({ is }) => is === "fixed")) {
    take(
      [place],
      "data of varying length needs a length field before it that counts it, or fixed bytes behind it: else nobody knows where a frame ends",
    );
  }
  fields.forEach((field, index) => {
    if (field.is !== "length") return;
    const counted = fields.slice(field.from, field.to + 1).reduce((sum, { size }) => sum + (size ?? data.max), 0) + field.plus;
    const most = 256 ** (field.size ?? 1) - 1;
    if (counted > most) take([index], `the longest frame counts ${counted} here, which ${field.size} byte cannot hold`);
    if (counted - (data.max - data.min) < 0) take([index, "plus"], "makes the length of a short frame less than 0");
  });
};

const numberBytes = (value: number, size: number, lowFirst: boolean): Uint8Array => {
  if (size === 1) return Uint8Array.of(value);
  return lowFirst ? Uint8Array.of(value & 0xff, value >> 8) : Uint8Array.of(value >> 8, value & 0xff);
};

const readNumber = (bytes: Uint8Array, at: number, size: number, lowFirst: boolean): number => {
  const [one, other] = [bytes[at] as number, bytes[at + 1] as number];
  if (size === 1) return one;
  return lowFirst ? one | (other << 8) : (one << 8) | other;
};
