import { describe, expect, test } from "vitest";
import { asciiBytes, hexOf } from "./byte-text.ts";
import { type ChecksumKind, checksumBytes } from "./checksum.ts";

/** The check values of the RevEng catalogue; sums and xor reckoned by hand. */
const CHECK: Readonly<Record<ChecksumKind, string>> = {
  "sum-8": "DD",
  "xor-8": "31",
  "sum-16": "01 DD",
  "crc-8/smbus": "F4",
  "crc-8/maxim": "A1",
  "crc-16/modbus": "4B 37",
  "crc-16/arc": "BB 3D",
  "crc-16/usb": "B4 C8",
  "crc-16/ccitt-false": "29 B1",
  "crc-16/xmodem": "31 C3",
  "crc-16/kermit": "21 89",
  "crc-16/x-25": "90 6E",
};

describe("a checksum", () => {
  test.each(Object.entries(CHECK))("%s of 123456789 is what its catalogue says", (kind, wanted) => {
    expect(hexOf(checksumBytes({ kind: kind as ChecksumKind }, asciiBytes("123456789")))).toBe(wanted);
  });

  test("is inverted bit by bit, negated to zero, and turned low byte first", () => {
    const bytes = asciiBytes("123456789");
    expect(hexOf(checksumBytes({ kind: "sum-8", form: "inverted" }, bytes))).toBe("22");
    expect(hexOf(checksumBytes({ kind: "sum-8", form: "negated" }, bytes))).toBe("23");
    expect(hexOf(checksumBytes({ kind: "crc-16/modbus", form: "inverted" }, bytes))).toBe("B4 C8");
    expect(hexOf(checksumBytes({ kind: "crc-16/modbus", order: "low-first" }, bytes))).toBe("37 4B");
  });

  test("takes the bytes between two places only", () => {
    expect(hexOf(checksumBytes({ kind: "xor-8" }, Uint8Array.of(9, 1, 2, 9), 1, 3))).toBe("03");
  });
});
