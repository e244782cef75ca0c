import { type FittingChecksum, fittingChecksums } from "@window-rating/protocol/keypad";
import { isText } from "./bursts.ts";
import type { Guess, Match } from "./guess.ts";

const TERMINATORS = [
  ["CR LF", "\r\n"],
  ["CR", "\r"],
  ["LF", "\n"],
] as const;
const SEPARATORS = [",", ":", "=", ";", " ", "/", "|", "-"] as const;

interface Shape {
  readonly start: string;
  readonly terminator: (typeof TERMINATORS)[number];
  readonly checksum: { readonly rule: FittingChecksum; readonly separator: string; readonly withStart: boolean } | undefined;
  /** Stands between function and data; undefined: a line is data and nothing else. */
  readonly separator: string | undefined;
}

/** Frames that are lines of ASCII text, or undefined if they are not. */
export const guessLines = (frames: readonly Uint8Array[], light: Uint8Array | undefined): Guess | undefined => {
  if (!frames.every(isText)) return undefined;
  const texts = frames.map(textOf);
  const terminator = TERMINATORS.find(([, end]) => texts.every((text) => text.endsWith(end) && text.length > end.length));
  if (terminator === undefined) return undefined;
  const lines = texts.map((text) => text.slice(0, -terminator[1].length));
  const start = commonStart(lines);
  const checksum = checksumOf(lines, start);
  const shape: Shape = { start, terminator, checksum, separator: undefined };
  const bodies = lines.map((line) => bodyOf(line, shape));
  const separator = SEPARATORS.find((one) => bodies.every((body) => body.includes(one)));
  const found: Shape = { ...shape, separator };
  const longest = Math.max(...lines.map(({ length }) => length), light === undefined ? 0 : light.length);
  return {
    framing: {
      is: "line",
      ...(start === "" ? {} : { start }),
      pattern: separator === undefined ? "{data}" : `{function}${separator}{data}`,
      ...(checksum === undefined ? {} : { checksum: checksumText(checksum) }),
      terminator: terminator[0],
      maxLength: Math.min(250, Math.max(32, longest * 2)),
    },
    match: (frame) => matchOf(textOf(frame), found) ?? { data: "" },
    light: light === undefined ? undefined : matchOf(textOf(light), found),
    notes: checksum === undefined ? ["these lines carry no checksum that is known here: noise on the line could be a press"] : [],
  };
};

const textOf = (bytes: Uint8Array): string => String.fromCharCode(...bytes);
const bytesOf = (text: string): Uint8Array => Uint8Array.from(text, (character) => character.charCodeAt(0));

/** One mark in front of every line, as $ has it. */
const commonStart = (lines: readonly string[]): string => {
  const [first = ""] = lines[0] ?? "";
  return /[^A-Za-z0-9 {}]/.test(first) && lines.every((line) => line.length > 1 && line.startsWith(first)) ? first : "";
};

const checksumOf = (lines: readonly string[], start: string): Shape["checksum"] => {
  for (const digits of [4, 2]) {
    const sums = lines.map((line) => line.slice(-digits));
    // A sum that is the same for all keys proves nothing.
    if (!sums.every((sum) => /^[0-9A-F]+$/i.test(sum) && sum.length === digits) || new Set(sums).size < Math.min(2, lines.length)) continue;
    const before = lines.map((line) => line.slice(0, -digits));
    const [last = ""] = before[0]?.slice(-1) ?? "";
    const separators = /[^A-Za-z0-9]/.test(last) && before.every((line) => line.endsWith(last)) ? [last, ""] : [""];
    for (const separator of separators) {
      const bodies = before.map((line) => line.slice(start.length, line.length - separator.length));
      const fitting = bodies.map((body, index) => fittingOf(start, body, sums[index] as string));
      const rule = fitting[0]?.find((one) => fitting.every((others) => others.some((other) => isSame(one, other))));
      if (rule !== undefined) return { rule, separator, withStart: rule.from === "start" };
    }
  }
  return undefined;
};

const fittingOf = (start: string, body: string, sum: string): readonly FittingChecksum[] => {
  const parts = [
    ...(start === "" ? [] : [{ name: "start", bytes: bytesOf(start) }]),
    { name: "body", bytes: bytesOf(body) },
    { name: "sum", bytes: Uint8Array.from(sum.match(/../g) ?? [], (pair) => Number.parseInt(pair, 16)) },
  ];
  return fittingChecksums(parts, parts.length - 1)
    .filter(({ to }) => to === "body")
    .toSorted((one, other) => rank(one) - rank(other));
};

/** Plain before inverted, without the start before with it: as most sheets have it. */
const rank = ({ form, from }: FittingChecksum): number => (form === "plain" || form === undefined ? 0 : 2) + (from === "start" ? 1 : 0);

const isSame = (one: FittingChecksum, other: FittingChecksum): boolean =>
  one.kind === other.kind && one.form === other.form && one.order === other.order && one.from === other.from;

const checksumText = ({ rule, separator, withStart }: NonNullable<Shape["checksum"]>) => ({
  kind: rule.kind,
  ...(rule.form === undefined || rule.form === "plain" ? {} : { form: rule.form }),
  ...(rule.order === "low-first" ? { order: rule.order } : {}),
  ...(separator === "" ? {} : { separator }),
  ...(withStart ? { withStart } : {}),
});

/** The text between start and checksum. */
const bodyOf = (line: string, { start, checksum }: Shape): string => {
  const digits = checksum === undefined ? 0 : checksum.rule.kind.includes("16") ? 4 : 2;
  return line.slice(start.length, line.length - (checksum === undefined ? 0 : digits + checksum.separator.length));
};

const matchOf = (text: string, shape: Shape): Match | undefined => {
  const [, end] = shape.terminator;
  if (!text.startsWith(shape.start) || !text.endsWith(end)) return undefined;
  const body = bodyOf(text.slice(0, -end.length), shape);
  if (shape.separator === undefined) return { data: escaped(body) };
  const at = body.indexOf(shape.separator);
  return at < 0 ? undefined : { function: escaped(body.slice(0, at)), data: escaped(body.slice(at + shape.separator.length)) };
};

const escaped = (text: string): string => text.replaceAll("{", "{{").replaceAll("}", "}}");
