import { asciiText, hexOf } from "./byte-text.ts";
import { CHECKSUM_FORMS, CHECKSUM_KINDS, type ChecksumRule, checksumBytes, checksumSize } from "./checksum.ts";
import { meaningOf, type Rejection } from "./description.ts";
import type { Fault } from "./frame-cutter.ts";
import type { FramePart, Framing } from "./framing.ts";
import type { KeypadProtocol } from "./protocol.ts";
import type { KeypadReading } from "./reader.ts";

/** What a reading says, in one line for people: `profile try` prints it beside the bytes. */
export const readingText = (protocol: KeypadProtocol, reading: KeypadReading): string => {
  switch (reading.is) {
    case "rejected":
      return `thrown away: ${faultText(protocol.fromPad, reading)}`;
    case "key":
      return `key "${reading.key.key}" = ${meaningText(reading.key)} (${partsText(protocol.fromPad, reading.bytes)})`;
    case "frame":
      return `${ROLE_WORDS[reading.role.is]} (${partsText(protocol.fromPad, reading.bytes)})`;
  }
};

const ROLE_WORDS = {
  reply: "a frame that is replied to",
  keepAlive: "keep-alive of the pad",
  started: "the pad was started",
  answer: "answer to a request",
  other: "a right frame that the description does not know",
} as const;

const meaningText = (key: Parameters<typeof meaningOf>[0]): string => {
  const meaning = meaningOf(key);
  if (meaning.is === "level") return `level ${meaning.level}`;
  return meaning.is === "action" ? meaning.action : "nothing";
};

/** `start=FF 68 length=03 function=11 data=03`; lines as text. */
export const partsText = (framing: Framing, frame: Uint8Array): string =>
  framing
    .parts(frame)
    .filter(({ bytes }) => bytes.length > 0)
    .map(({ name, bytes }) => `${name}=${framing.kind === "line" && name !== "end" ? JSON.stringify(asciiText(bytes)) : hexOf(bytes)}`)
    .join(" ");

/** Bytes as their framing is written: `FF 68 03`, or `$KEY,5<0D><0A>` for lines. */
export const shownBytes = (framing: Framing, bytes: Uint8Array): string => {
  if (framing.kind !== "line") return hexOf(bytes);
  return Array.from(bytes, (byte) => (byte >= 0x20 && byte <= 0x7e ? String.fromCharCode(byte) : `<${hexOf(Uint8Array.of(byte))}>`)).join(
    "",
  );
};

/** `FF 68 [04] 03`: the bytes with those at fault in brackets. */
export const markedBytes = (framing: Framing, bytes: Uint8Array, at: number, size: number): string => {
  const stop = at + Math.max(1, size);
  const marked = `[${shownBytes(framing, bytes.subarray(at, stop))}]`;
  const parts = [shownBytes(framing, bytes.subarray(0, at)), marked, shownBytes(framing, bytes.subarray(stop))];
  return parts.filter((part) => part !== "").join(framing.kind === "line" ? "" : " ");
};

const REJECTION_WORDS: Readonly<Record<Rejection, string>> = {
  start: "no frame begins like this",
  length: "the length cannot be right",
  fixed: "another byte must stand here",
  checksum: "the checksum is wrong",
  address: "it is addressed to another pad",
  text: "a line holds printable ASCII only",
  pattern: "the line does not fit the pattern",
  "too-long": "it is longer than any frame can be",
  gap: "the frame is not whole",
  unknown: "no key and no answer is this byte",
};

/** `FF 68 03 03 68 01 11 03 [14] 16 stopped at byte 9: the checksum is wrong, 15 wanted`. */
export const faultText = (
  framing: Framing,
  { reason, fault: { looked, at, size, wanted } }: { reason: Rejection; fault: Fault },
): string => {
  const stopped = reason === "gap" ? `ended after byte ${at}` : `stopped at byte ${at + 1}`;
  const wants = wanted === undefined || wanted.length === 0 ? "" : `, ${shownBytes(framing, wanted)} wanted`;
  return `${markedBytes(framing, looked, at, size)} ${stopped}: ${REJECTION_WORDS[reason]}${wants}`;
};

export interface FittingChecksum extends ChecksumRule {
  /** Names of the first and the last field that are summed. */
  readonly from: string;
  readonly to: string;
}

/** Checksums that would make these parts of a frame right; the part at `place` holds the checksum. One frame may fit several by chance. */
export const fittingChecksums = (parts: readonly FramePart[], place: number): readonly FittingChecksum[] => {
  const found = parts[place]?.bytes;
  if (found === undefined) return [];
  const bytes = Uint8Array.from(parts.flatMap((part) => [...part.bytes]));
  const offsets = parts.map((_, index) => parts.slice(0, index).reduce((sum, part) => sum + part.bytes.length, 0));
  const fitting: FittingChecksum[] = [];
  for (const kind of CHECKSUM_KINDS) {
    if (checksumSize(kind) !== found.length) continue;
    for (const form of CHECKSUM_FORMS) {
      for (const order of found.length === 1 ? (["high-first"] as const) : (["high-first", "low-first"] as const)) {
        for (let from = 0; from < place; from++) {
          for (let to = from; to < place; to++) {
            const sum = checksumBytes({ kind, form, order }, bytes, offsets[from], offsets[to + 1]);
            if (sum.every((byte, index) => byte === found[index])) {
              fitting.push({ kind, form, order, from: parts[from]?.name ?? "", to: parts[to]?.name ?? "" });
            }
          }
        }
      }
    }
  }
  // The more bytes are summed, the less it is chance.
  const span = ({ from, to }: FittingChecksum): number =>
    parts.findIndex(({ name }) => name === to) - parts.findIndex(({ name }) => name === from);
  return fitting.sort((one, other) => span(other) - span(one));
};
