import { WindowRatingError } from "../errors/index.ts";

/** Reads fields from a payload. After the first field that does not fit, `fault` tells why and every further read gives an empty value. */
export class PayloadReader {
  readonly bytes: Uint8Array;
  position = 0;
  fault: string | undefined;

  constructor(bytes: Uint8Array) {
    this.bytes = bytes;
  }

  /** Moves over `count` bytes and returns where they begin, or -1 if they are not there. */
  take(count: number): number {
    const start = this.position;
    if (this.fault !== undefined) return -1;
    if (start + count > this.bytes.length) {
      this.fault = `ends after ${this.bytes.length} bytes, ${start + count} were needed`;
      return -1;
    }
    this.position = start + count;
    return start;
  }

  unsigned(count: number): number {
    const start = this.take(count);
    if (start < 0) return 0;
    let value = 0;
    for (let index = start + count - 1; index >= start; index--) value = value * 256 + (this.bytes[index] as number);
    return value;
  }

  fail(why: string): void {
    this.fault ??= why;
  }
}

/** Collects the bytes of a payload. */
export class PayloadWriter {
  #bytes = new Uint8Array(64);
  #length = 0;

  /** Makes room for `count` bytes and returns where they begin. */
  #grow(count: number): number {
    const start = this.#length;
    this.#length += count;
    if (this.#length > this.#bytes.length) {
      const larger = new Uint8Array(Math.max(this.#length, this.#bytes.length * 2));
      larger.set(this.#bytes.subarray(0, start));
      this.#bytes = larger;
    }
    return start;
  }

  unsigned(value: number, count: number): void {
    const start = this.#grow(count);
    let rest = value;
    for (let index = 0; index < count; index++) {
      this.#bytes[start + index] = rest % 256;
      rest = Math.floor(rest / 256);
    }
  }

  append(bytes: Uint8Array): void {
    // First make room: that may replace the array.
    const start = this.#grow(bytes.length);
    this.#bytes.set(bytes, start);
  }

  /** The bytes so far; valid until the next write. */
  finish(): Uint8Array {
    return this.#bytes.subarray(0, this.#length);
  }
}

/** One kind of field. All numbers on the wire are unsigned and little-endian. */
export interface Field<T> {
  /** How SPEC.md names it. */
  readonly kind: string;
  /** Bytes on the wire, as SPEC.md shows them. */
  readonly size: string;
  /** What the field is for; one line in SPEC.md. */
  readonly doc: string;
  /** What values there are, for SPEC.md and for generators of test messages. */
  readonly domain: FieldDomain;
  read(reader: PayloadReader): T;
  /** @throws WR1002 if the value is not one of the field's */
  write(writer: PayloadWriter, value: T): void;
}

export type FieldDomain =
  | { readonly is: "number"; readonly min: number; readonly max: number }
  | { readonly is: "flag" }
  | { readonly is: "name"; readonly names: Readonly<Record<string, number>> }
  | { readonly is: "bytes"; readonly length: number }
  | { readonly is: "text"; readonly maxBytes: number }
  | { readonly is: "texts"; readonly maxCount: number; readonly maxBytes: number }
  | { readonly is: "blob"; readonly maxBytes: number }
  | { readonly is: "codes"; readonly maxCount: number };

const outOfRange = (value: unknown, wanted: string): WindowRatingError =>
  new WindowRatingError("WR1002", `${String(value)} is not ${wanted}`);

const whole =
  (bytes: number) =>
  (doc: string, min = 0, max = 2 ** (8 * bytes) - 1): Field<number> => ({
    kind: `u${bytes * 8}`,
    size: String(bytes),
    doc,
    domain: { is: "number", min, max },
    read(reader) {
      const value = reader.unsigned(bytes);
      if (value < min || value > max) reader.fail(`${value} is not in ${min}..${max}`);
      return value;
    },
    write(writer, value) {
      if (!Number.isInteger(value) || value < min || value > max) throw outOfRange(value, `a whole number in ${min}..${max}`);
      writer.unsigned(value, bytes);
    },
  });

export const u8 = whole(1);
export const u16 = whole(2);
export const u32 = whole(4);

/** Unix milliseconds in 6 bytes (until the year 10889); 0 = not known. */
export const time48 = (doc: string): Field<number> => ({ ...whole(6)(doc), kind: "time48" });

export const flag = (doc: string): Field<boolean> => ({
  kind: "flag",
  size: "1",
  doc,
  domain: { is: "flag" },
  read(reader) {
    const value = reader.unsigned(1);
    if (value > 1) reader.fail(`${value} is neither 0 nor 1`);
    return value === 1;
  },
  write(writer, value) {
    if (typeof value !== "boolean") throw outOfRange(value, "true or false");
    writer.unsigned(value ? 1 : 0, 1);
  },
});

/** One of several names, each with its number on the wire. */
export const name8 = <const Names extends Readonly<Record<string, number>>>(doc: string, names: Names): Field<keyof Names & string> => {
  const byNumber = new Map(Object.entries(names).map(([name, number]) => [number, name]));
  const first = Object.keys(names)[0] as string;
  return {
    kind: "name8",
    size: "1",
    doc,
    domain: { is: "name", names },
    read(reader) {
      const number = reader.unsigned(1);
      const name = byNumber.get(number);
      if (name === undefined) reader.fail(`${number} stands for nothing here`);
      return name ?? first;
    },
    write(writer, value) {
      const number = Object.hasOwn(names, value) ? names[value] : undefined;
      if (number === undefined) throw outOfRange(value, `one of ${Object.keys(names).join(", ")}`);
      writer.unsigned(number, 1);
    },
  };
};

/** A fixed number of bytes. */
export const bytes = (length: number, doc: string): Field<Uint8Array> => ({
  kind: `bytes${length}`,
  size: String(length),
  doc,
  domain: { is: "bytes", length },
  read(reader) {
    const start = reader.take(length);
    return start < 0 ? new Uint8Array(length) : reader.bytes.slice(start, start + length);
  },
  write(writer, value) {
    if (value.length !== length) throw outOfRange(`${value.length} bytes`, `${length} bytes`);
    writer.append(value);
  },
});

const encoder = new TextEncoder();
const decoder = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });

const readText = (reader: PayloadReader, maxBytes: number): string => {
  const length = reader.unsigned(1);
  if (length > maxBytes) {
    reader.fail(`a text of ${length} bytes, ${maxBytes} are allowed`);
    return "";
  }
  const start = reader.take(length);
  if (start < 0) return "";
  try {
    return decoder.decode(reader.bytes.subarray(start, start + length));
  } catch {
    reader.fail("a text that is not UTF-8");
    return "";
  }
};

const writeText = (writer: PayloadWriter, value: string, maxBytes: number): void => {
  if (!value.isWellFormed()) throw outOfRange("a text with half a character", "UTF-8");
  const encoded = encoder.encode(value);
  if (encoded.length > maxBytes) throw outOfRange(`a text of ${encoded.length} bytes`, `at most ${maxBytes} bytes of UTF-8`);
  writer.unsigned(encoded.length, 1);
  writer.append(encoded);
};

/** A length byte, then that many bytes of UTF-8. */
export const text8 = (maxBytes: number, doc: string): Field<string> => ({
  kind: `text8`,
  size: `1–${1 + maxBytes}`,
  doc,
  domain: { is: "text", maxBytes },
  read: (reader) => readText(reader, maxBytes),
  write: (writer, value) => writeText(writer, value, maxBytes),
});

/** A count byte, then that many text8. */
export const texts8 = (maxCount: number, maxBytes: number, doc: string): Field<readonly string[]> => ({
  kind: "texts8",
  size: `1–${1 + maxCount * (1 + maxBytes)}`,
  doc,
  domain: { is: "texts", maxCount, maxBytes },
  read(reader) {
    const count = reader.unsigned(1);
    if (count > maxCount) {
      reader.fail(`${count} texts, ${maxCount} are allowed`);
      return [];
    }
    return Array.from({ length: count }, () => readText(reader, maxBytes));
  },
  write(writer, value) {
    if (value.length > maxCount) throw outOfRange(`${value.length} texts`, `at most ${maxCount} texts`);
    writer.unsigned(value.length, 1);
    for (const text of value) writeText(writer, text, maxBytes);
  },
});

/** A length of two bytes, then that many bytes. */
export const blob16 = (maxBytes: number, doc: string): Field<Uint8Array> => ({
  kind: "blob16",
  size: `2–${2 + maxBytes}`,
  doc,
  domain: { is: "blob", maxBytes },
  read(reader) {
    const length = reader.unsigned(2);
    if (length > maxBytes) reader.fail(`${length} bytes, ${maxBytes} are allowed`);
    const start = reader.take(length);
    return start < 0 ? new Uint8Array(0) : reader.bytes.slice(start, start + length);
  },
  write(writer, value) {
    if (value.length > maxBytes) throw outOfRange(`${value.length} bytes`, `at most ${maxBytes} bytes`);
    writer.unsigned(value.length, 2);
    writer.append(value);
  },
});

/** A count byte, then that many u32, rising: no code stands twice, and one set of codes has one form. */
export const codes8 = (maxCount: number, doc: string): Field<readonly number[]> => ({
  kind: "codes8",
  size: `1–${1 + maxCount * 4}`,
  doc,
  domain: { is: "codes", maxCount },
  read(reader) {
    const count = reader.unsigned(1);
    if (count > maxCount) {
      reader.fail(`${count} codes, ${maxCount} are allowed`);
      return [];
    }
    const codes = Array.from({ length: count }, () => reader.unsigned(4));
    if (!isRising(codes)) reader.fail("codes that do not rise");
    return codes;
  },
  write(writer, value) {
    if (value.length > maxCount || !isRising(value)) throw outOfRange(value.join(", "), `at most ${maxCount} codes that rise`);
    writer.unsigned(value.length, 1);
    for (const code of value) u32("").write(writer, code);
  },
});

const isRising = (codes: readonly number[]): boolean => codes.every((code, index) => index === 0 || code > (codes[index - 1] as number));

/** Id of a rating request. */
export const requestId: Field<Uint8Array> = bytes(16, "Id of the rating request (UUID, in the order of its text form)");
/** Number of an event in the pad's store. */
export const eventNo: Field<number> = u32(
  "Number of the event: 1 for the first of this event store, then always one more, also after a loss of power",
  1,
);
