/**
 * Bytes as people write them in protocol sheets: `FF 68 'KEY' {seconds:2} *`.
 * Hexadecimal pairs, ASCII in single quotes, values in braces; a `*` at the end of a match stands for any further bytes.
 */

/** One part of what is to be sent: bytes that stand, or a value that is put in. */
export type BytePart =
  | { readonly is: "bytes"; readonly bytes: Uint8Array }
  /** A number in `size` bytes, or in decimal ASCII digits, with zeros in front up to `size` digits. */
  | { readonly is: "number"; readonly name: string; readonly as: "high-first" | "low-first" | "digits"; readonly size: number }
  /** Bytes taken over from the frame that is answered. */
  | { readonly is: "copy"; readonly name: string };

export interface ByteText {
  readonly parts: readonly BytePart[];
  /** Ended with `*`. */
  readonly isOpen: boolean;
}

/** What may stand in braces at one place. */
export interface ByteTextRules {
  readonly numbers?: readonly string[];
  readonly copies?: readonly string[];
  /** `*` may stand at the end. */
  readonly mayBeOpen?: boolean;
}

/** Failure is ordinary here: people write these texts. */
export type ParsedByteText = { readonly text: ByteText } | { readonly wrong: string };

const TOKEN = /\s*(?:(?<hex>(?:[0-9A-Fa-f]{2})+)(?=[\s'{*]|$)|'(?<ascii>[ -&(-~]+)'|\{(?<value>[^{}]*)\}|(?<rest>\*)\s*$)\s*/y;
const TEXT_TOKEN = /(?<ascii>(?:\{\{|\}\}|[ -)+-z|~])+)|\{(?<value>[^{}]*)\}|(?<rest>\*)$|(?<star>\*)/y;
const VALUE = /^(?<name>[a-z][A-Za-z]*)(?::(?<size>[1-9])?-?(?<as>low|digits)?)?$/;

/** Reads bytes in hexadecimal. */
export const parseHexText = (text: string, rules: ByteTextRules = {}): ParsedByteText => {
  if (text.trim() === "") return { text: { parts: [], isOpen: false } };
  return parse(text, TOKEN, rules, (ascii) => ascii, {
    stray: "write bytes as hexadecimal pairs such as FF 68, or ASCII in single quotes such as 'KEY'",
    numbersAs: "high-first",
  });
};

/** Reads a text line: it stands as it is, `{{` and `}}` are braces. */
export const parseLineText = (text: string, rules: ByteTextRules = {}): ParsedByteText =>
  parse(text, TEXT_TOKEN, rules, (ascii) => ascii.replaceAll("{{", "{").replaceAll("}}", "}"), {
    stray: "only printable ASCII may stand in a line, and a brace that is meant as such is doubled",
    numbersAs: "digits",
  });

interface Manner {
  readonly stray: string;
  readonly numbersAs: "high-first" | "digits";
}

const parse = (text: string, token: RegExp, rules: ByteTextRules, unescaped: (ascii: string) => string, manner: Manner): ParsedByteText => {
  const parts: BytePart[] = [];
  let isOpen = false;
  let at = 0;
  while (at < text.length) {
    token.lastIndex = at;
    const found = token.exec(text);
    const groups = found?.groups;
    if (found === null || groups === undefined) return { wrong: `cannot be read from "${text.slice(at, at + 12)}" on: ${manner.stray}` };
    at = token.lastIndex;
    if (groups.rest !== undefined) {
      if (rules.mayBeOpen === true) isOpen = true;
      else if (token === TOKEN) return { wrong: "* may stand at the end of what is compared only, not in what is sent" };
      else addBytes(parts, asciiBytes("*"));
    } else if (groups.value !== undefined) {
      const part = valuePart(groups.value, rules, manner);
      if (typeof part === "string") return { wrong: part };
      parts.push(part);
    } else {
      addBytes(parts, groups.hex !== undefined ? hexBytes(groups.hex) : asciiBytes(unescaped(groups.ascii ?? groups.star ?? "")));
    }
  }
  return { text: { parts, isOpen } };
};

const valuePart = (value: string, { numbers = [], copies = [] }: ByteTextRules, { numbersAs }: Manner): BytePart | string => {
  const groups = VALUE.exec(value)?.groups;
  const name = groups?.name ?? "";
  const valid = [...numbers, ...copies];
  if (valid.length === 0) return `{${value}}: no values may stand here`;
  if (groups === undefined || !valid.includes(name))
    return `{${value}}: not known here; there are ${valid.map((one) => `{${one}}`).join(", ")}`;
  if (copies.includes(name)) {
    return groups.size === undefined && groups.as === undefined
      ? { is: "copy", name }
      : `{${value}}: is taken over as it came, it has no size`;
  }
  const size = Number(groups.size ?? 1);
  if (groups.as === "digits" || (numbersAs === "digits" && groups.as === undefined)) return { is: "number", name, as: "digits", size };
  if (size > 4) return `{${value}}: a number has at most 4 bytes`;
  return { is: "number", name, as: groups.as === "low" ? "low-first" : "high-first", size };
};

const addBytes = (parts: BytePart[], bytes: Uint8Array): void => {
  const last = parts.at(-1);
  if (last?.is === "bytes") parts[parts.length - 1] = { is: "bytes", bytes: joined([last.bytes, bytes]) };
  else parts.push({ is: "bytes", bytes });
};

const hexBytes = (hex: string): Uint8Array =>
  Uint8Array.from({ length: hex.length / 2 }, (_, index) => Number.parseInt(hex.slice(index * 2, index * 2 + 2), 16));

export const asciiBytes = (text: string): Uint8Array => Uint8Array.from(text, (character) => character.charCodeAt(0) & 0xff);

export const asciiText = (bytes: Uint8Array): string => String.fromCharCode(...bytes);

/** `FF 68 03`. */
export const hexOf = (bytes: Uint8Array): string => Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0").toUpperCase()).join(" ");

export const joined = (chunks: readonly Uint8Array[]): Uint8Array => {
  const whole = new Uint8Array(chunks.reduce((sum, { length }) => sum + length, 0));
  let at = 0;
  for (const chunk of chunks) {
    whole.set(chunk, at);
    at += chunk.length;
  }
  return whole;
};

/** The bytes of a text without its values. */
export const plainBytes = (text: ByteText): Uint8Array => joined(text.parts.flatMap((part) => (part.is === "bytes" ? [part.bytes] : [])));

export const sameBytes = (one: Uint8Array, other: Uint8Array): boolean =>
  one.length === other.length && one.every((byte, index) => byte === other[index]);
