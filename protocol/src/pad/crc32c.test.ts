import { expect, test } from "vitest";
import { crc32c } from "./crc32c.ts";
import { SeededRandom } from "./testing/seeded-random.ts";

/** The definition, bit by bit. */
const bitwise = (bytes: Uint8Array): number => {
  let crc = 0xffff_ffff;
  for (const byte of bytes) {
    crc ^= byte;
    for (let bit = 0; bit < 8; bit++) crc = crc & 1 ? (crc >>> 1) ^ 0x82f6_3b78 : crc >>> 1;
  }
  return (crc ^ 0xffff_ffff) >>> 0;
};

test("the check value of 123456789 is E3069283", () => {
  expect(crc32c(new TextEncoder().encode("123456789"))).toBe(0xe306_9283);
});

test("the examples of RFC 3720 B.4 come out as printed there", () => {
  expect(crc32c(new Uint8Array(32))).toBe(0x8a91_36aa);
  expect(crc32c(new Uint8Array(32).fill(0xff))).toBe(0x62a8_ab43);
  expect(crc32c(Uint8Array.from({ length: 32 }, (_, index) => index))).toBe(0x46dd_794e);
  expect(crc32c(Uint8Array.from({ length: 32 }, (_, index) => 31 - index))).toBe(0x113f_db5c);
});

test("no bytes have the checksum 0", () => {
  expect(crc32c(new Uint8Array(0))).toBe(0);
});

test("it agrees with the definition at every length up to 300, odd and even", () => {
  const random = new SeededRandom(1);
  for (let length = 0; length <= 300; length++) {
    const bytes = random.bytes(length);
    expect(crc32c(bytes), `length ${length}`).toBe(bitwise(bytes));
  }
});

test("a range is checked as if it stood alone", () => {
  const bytes = new SeededRandom(2).bytes(64);
  for (let start = 0; start < 8; start++) {
    for (let end = start; end <= 64; end++) expect(crc32c(bytes, start, end)).toBe(bitwise(bytes.subarray(start, end)));
  }
});

test("every single flipped bit of a frame changes it", () => {
  const bytes = new SeededRandom(3).bytes(41);
  const right = crc32c(bytes);
  for (let bit = 0; bit < bytes.length * 8; bit++) {
    const flipped = bytes.slice();
    flipped[bit >> 3] = (flipped[bit >> 3] as number) ^ (1 << (bit & 7));
    expect(crc32c(flipped)).not.toBe(right);
  }
});
