/** A CRC by the parameters of the RevEng catalogue (https://reveng.sourceforge.io/crc-catalogue/). */
interface CrcModel {
  readonly width: 8 | 16;
  readonly polynomial: number;
  readonly initial: number;
  /** Both of the input and of the result: no catalogued model here differs. */
  readonly reflected: boolean;
  readonly finalXor: number;
}

const CRC_MODELS = {
  "crc-8/smbus": { width: 8, polynomial: 0x07, initial: 0, reflected: false, finalXor: 0 },
  "crc-8/maxim": { width: 8, polynomial: 0x31, initial: 0, reflected: true, finalXor: 0 },
  "crc-16/modbus": { width: 16, polynomial: 0x8005, initial: 0xffff, reflected: true, finalXor: 0 },
  "crc-16/arc": { width: 16, polynomial: 0x8005, initial: 0, reflected: true, finalXor: 0 },
  "crc-16/usb": { width: 16, polynomial: 0x8005, initial: 0xffff, reflected: true, finalXor: 0xffff },
  "crc-16/ccitt-false": { width: 16, polynomial: 0x1021, initial: 0xffff, reflected: false, finalXor: 0 },
  "crc-16/xmodem": { width: 16, polynomial: 0x1021, initial: 0, reflected: false, finalXor: 0 },
  "crc-16/kermit": { width: 16, polynomial: 0x1021, initial: 0, reflected: true, finalXor: 0 },
  "crc-16/x-25": { width: 16, polynomial: 0x1021, initial: 0xffff, reflected: true, finalXor: 0xffff },
} as const satisfies Record<string, CrcModel>;

export const CHECKSUM_KINDS = [
  "sum-8",
  "xor-8",
  "sum-16",
  "crc-8/smbus",
  "crc-8/maxim",
  "crc-16/modbus",
  "crc-16/arc",
  "crc-16/usb",
  "crc-16/ccitt-false",
  "crc-16/xmodem",
  "crc-16/kermit",
  "crc-16/x-25",
] as const;
export type ChecksumKind = (typeof CHECKSUM_KINDS)[number];

/** `inverted`: every bit flipped. `negated`: what is missing to 0 (two's complement), as Modbus ASCII calls its LRC. */
export const CHECKSUM_FORMS = ["plain", "inverted", "negated"] as const;
export type ChecksumForm = (typeof CHECKSUM_FORMS)[number];

export interface ChecksumRule {
  readonly kind: ChecksumKind;
  /** Default plain. */
  readonly form?: ChecksumForm | undefined;
  /** Of two bytes; default high-first. */
  readonly order?: "high-first" | "low-first" | undefined;
}

/** Bytes that a checksum takes: 1 or 2. */
export const checksumSize = (kind: ChecksumKind): 1 | 2 => (kind.endsWith("-8") || kind.startsWith("crc-8") ? 1 : 2);

/** The checksum of `bytes[from..to)` as it stands on the wire. */
export const checksumBytes = (rule: ChecksumRule, bytes: Uint8Array, from = 0, to: number = bytes.length): Uint8Array => {
  const size = checksumSize(rule.kind);
  const mask = size === 1 ? 0xff : 0xffff;
  const plain = plainChecksum(rule.kind, bytes, from, to) & mask;
  const value = rule.form === "inverted" ? ~plain & mask : rule.form === "negated" ? -plain & mask : plain;
  if (size === 1) return Uint8Array.of(value);
  return rule.order === "low-first" ? Uint8Array.of(value & 0xff, value >> 8) : Uint8Array.of(value >> 8, value & 0xff);
};

const plainChecksum = (kind: ChecksumKind, bytes: Uint8Array, from: number, to: number): number => {
  let value = 0;
  switch (kind) {
    case "sum-8":
    case "sum-16":
      for (let index = from; index < to; index++) value += bytes[index] as number;
      return value;
    case "xor-8":
      for (let index = from; index < to; index++) value ^= bytes[index] as number;
      return value;
    default:
      return crc(CRC_MODELS[kind], bytes, from, to);
  }
};

/** Bit by bit: the frames have tens of bytes and come a few times a second. */
const crc = ({ width, polynomial, initial, reflected, finalXor }: CrcModel, bytes: Uint8Array, from: number, to: number): number => {
  const top = 1 << (width - 1);
  const mask = width === 8 ? 0xff : 0xffff;
  let value = initial;
  for (let index = from; index < to; index++) {
    const byte = bytes[index] as number;
    value ^= (reflected ? reversed(byte, 8) : byte) << (width - 8);
    for (let bit = 0; bit < 8; bit++) value = (value & top ? (value << 1) ^ polynomial : value << 1) & mask;
  }
  return (reflected ? reversed(value, width) : value) ^ finalXor;
};

const reversed = (value: number, width: number): number => {
  let result = 0;
  for (let bit = 0; bit < width; bit++) if (value & (1 << bit)) result |= 1 << (width - 1 - bit);
  return result;
};
