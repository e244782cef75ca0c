import { fittingChecksums } from "@window-rating/protocol/keypad";
import type { LineSettings } from "@window-rating/protocol/rfc2217";
import { type Burst, isText } from "./bursts.ts";

/** Line settings of pads, the usual ones first. Parity of seven data bits shows in the bytes and is not tried. */
export const SCANNED: readonly LineSettings[] = [9600, 115_200, 19_200, 4800, 38_400, 57_600, 2400, 1200].map((baudRate) => ({
  baudRate,
  dataBits: 8,
  stopBits: 1,
  parity: "none",
  flowControl: "none",
}));

/** From here on nothing better needs to be tried. */
export const SURE_SCORE = 8;

/** Bytes with which binary frames begin, as makers like them. */
const STARTS = new Set([0xaa, 0x55, 0xff, 0x7e, 0x7f, 0x68, 0x02, 0xa5, 0x5a, 0xeb, 0xfa, 0xf5]);
/** What a wrong speed makes of any byte: runs of one bit at either end. */
const SMEARED = new Set([0x00, 0x80, 0xc0, 0xe0, 0xf0, 0xf8, 0xfc, 0xfe]);

/** How much what came at a few presses of one key looks like what a pad sends: 0 nothing came … 10 surely. */
export const scoreOf = (bursts: readonly Burst[]): number => {
  const [first] = bursts;
  if (first === undefined) return 0;
  const bytes = bursts.flatMap((burst) => [...burst.bytes]);
  const isSteady = bursts.every(({ hex }) => hex === first.hex);
  const steady = isSteady && bursts.length > 1 ? 3 : isSteady ? 1 : 0;
  if (isText(first.bytes)) return 7 + steady;
  if (first.bytes.length === 1) return (isKey(first.bytes[0] as number) ? 5 : 1) + steady;
  const smeared = bytes.filter((byte) => SMEARED.has(byte)).length / bytes.length;
  const start = STARTS.has(first.bytes[0] as number) ? 2 : 0;
  const sum = hasChecksum(first.bytes) ? 3 : 0;
  return Math.max(0.5, 1 + start + sum + steady - smeared * 4);
};

/** A digit or letter, with or without parity in its top bit. */
const isKey = (byte: number): boolean => /[0-9A-Za-z]/.test(String.fromCharCode(byte & 0x7f));

/** Whether one of the last bytes is a plain sum, or a CRC, of half of those before it or more. With so many kinds, more fits by chance. */
const hasChecksum = (frame: Uint8Array): boolean =>
  [1, 2].some((size) =>
    [0, 1, 2].some((end) => {
      const at = frame.length - size - end;
      if (at < 3) return false;
      const bytes = Array.from(frame.subarray(0, at), (byte, index) => ({ name: String(index), bytes: Uint8Array.of(byte) }));
      const fitting = fittingChecksums([...bytes, { name: "sum", bytes: frame.slice(at, at + size) }], at);
      return fitting.some(
        ({ kind, form, from, to }) =>
          Number(to) === at - 1 && Number(from) * 2 <= frame.length && (kind.startsWith("crc-16") || (size === 1 && form === "plain")),
      );
    }),
  );
