import { hexOf } from "@window-rating/protocol/keypad";
import type { Guess } from "./guess.ts";

/** Frames of one byte each, or undefined if they are not. */
export const guessBytes = (frames: readonly Uint8Array[], light: Uint8Array | undefined): Guess | undefined => {
  if (!frames.every(({ length }) => length === 1)) return undefined;
  return {
    framing: { is: "byte" },
    match: (frame) => ({ data: byteText(frame) }),
    light: light === undefined ? undefined : { data: hexOf(light) },
    notes: ["a single byte proves nothing: noise on the line can be a press; use it on short cables only"],
  };
};

const byteText = (frame: Uint8Array): string => {
  const [byte = 0] = frame;
  return byte > 0x20 && byte <= 0x7e && byte !== 0x27 ? `'${String.fromCharCode(byte)}'` : hexOf(frame);
};

/** A pad with seven data bits and parity, read as eight bits without: the parity shows in the top bit. */
export const parityHint = (frames: readonly Uint8Array[]): "even" | "odd" | undefined => {
  const bytes = frames.flatMap((frame) => [...frame]);
  if (!bytes.some((byte) => byte >= 0x80) || !bytes.every((byte) => isPrintable(byte & 0x7f))) return undefined;
  const ones = bytes.map((byte) => byte.toString(2).replaceAll("0", "").length % 2);
  if (ones.every((count) => count === 0)) return "even";
  return ones.every((count) => count === 1) ? "odd" : undefined;
};

const isPrintable = (byte: number): boolean => byte === 0x0d || byte === 0x0a || (byte >= 0x20 && byte <= 0x7e);
