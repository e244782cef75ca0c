import { hexOf, joined } from "@window-rating/protocol/keypad";

/** Bytes as they came from a port. */
export interface Chunk {
  readonly bytes: Uint8Array;
  /** Monotonic milliseconds. */
  readonly atMs: number;
}

/** Bytes that came together, with silence before and after them. */
export interface Burst {
  readonly bytes: Uint8Array;
  /** When the first of them came. */
  readonly atMs: number;
  /** The bytes, to compare by. */
  readonly hex: string;
}

/** A frame of tens of bytes at 1200 baud and USB latency make pauses of up to 20 ms; pads leave more than this between two frames. */
const SILENCE_MS = 45;
const [CR, LF] = [0x0d, 0x0a];

/** What came from a port, cut at silences; lines at their ends, and what was sent several times without a pause into its turns. */
export const burstsOf = (chunks: readonly Chunk[]): readonly Burst[] => {
  const runs: { atMs: number; lastMs: number; parts: Uint8Array[] }[] = [];
  for (const { bytes, atMs } of chunks) {
    const last = runs.at(-1);
    if (last !== undefined && atMs - last.lastMs < SILENCE_MS) {
      last.parts.push(bytes);
      last.lastMs = atMs;
    } else runs.push({ atMs, lastMs: atMs, parts: [bytes] });
  }
  return runs.flatMap(({ atMs, parts }) => pieces(joined(parts)).map((bytes) => ({ bytes, atMs, hex: hexOf(bytes) })));
};

const pieces = (bytes: Uint8Array): readonly Uint8Array[] => {
  if (!isText(bytes)) return turns(bytes);
  const lines: Uint8Array[] = [];
  let start = 0;
  for (let at = 0; at < bytes.length; at++) {
    const isEnd = bytes[at] === LF || (bytes[at] === CR && bytes[at + 1] !== LF);
    if (!isEnd) continue;
    lines.push(bytes.slice(start, at + 1));
    start = at + 1;
  }
  if (start < bytes.length) lines.push(...turns(bytes.slice(start)));
  return lines;
};

/** Printable ASCII with at least one end of line. */
export const isText = (bytes: Uint8Array): boolean =>
  bytes.some((byte) => byte === CR || byte === LF) && bytes.every((byte) => byte === CR || byte === LF || (byte >= 0x20 && byte <= 0x7e));

/** `AA 01 AA 01` is `AA 01` twice: the shortest piece that makes the whole. */
const turns = (bytes: Uint8Array): readonly Uint8Array[] => {
  for (let size = 1; size <= bytes.length / 2; size++) {
    if (bytes.length % size === 0 && bytes.every((byte, at) => byte === bytes[at % size])) {
      return Array.from({ length: bytes.length / size }, (_, turn) => bytes.slice(turn * size, (turn + 1) * size));
    }
  }
  return [bytes];
};
