import fc from "fast-check";
import { expect, test } from "vitest";
import { cobsEncode, cobsMaxLength } from "./cobs.ts";
import { SeededRandom } from "./testing/seeded-random.ts";

const encode = (source: Uint8Array): Uint8Array => {
  const target = new Uint8Array(cobsMaxLength(source.length));
  return target.subarray(0, cobsEncode(source, source.length, target));
};

/** The decoder of the paper, written apart from ours. */
const decode = (encoded: Uint8Array): Uint8Array => {
  const out: number[] = [];
  for (let at = 0; at < encoded.length; ) {
    const code = encoded[at] as number;
    out.push(...encoded.subarray(at + 1, at + code));
    at += code;
    if (code !== 0xff && at < encoded.length) out.push(0);
  }
  return Uint8Array.from(out);
};

const count = (from: number, to: number): number[] => Array.from({ length: to - from + 1 }, (_, index) => from + index);

test.each([
  { source: [], encoded: [0x01] },
  { source: [0], encoded: [0x01, 0x01] },
  { source: [0, 0], encoded: [0x01, 0x01, 0x01] },
  { source: [0, 0x11, 0], encoded: [0x01, 0x02, 0x11, 0x01] },
  { source: [0x11, 0x22, 0, 0x33], encoded: [0x03, 0x11, 0x22, 0x02, 0x33] },
  { source: [0x11, 0x22, 0x33, 0x44], encoded: [0x05, 0x11, 0x22, 0x33, 0x44] },
  { source: [0x11, 0, 0, 0], encoded: [0x02, 0x11, 0x01, 0x01, 0x01] },
  { source: count(1, 253), encoded: [0xfe, ...count(1, 253)] },
  { source: count(1, 254), encoded: [0xff, ...count(1, 254)] },
  { source: [0, ...count(1, 254)], encoded: [0x01, 0xff, ...count(1, 254)] },
  { source: count(1, 255), encoded: [0xff, ...count(1, 254), 0x02, 0xff] },
  { source: [...count(2, 255), 0], encoded: [0xff, ...count(2, 255), 0x01, 0x01] },
  { source: [...count(3, 255), 0, 1], encoded: [0xfe, ...count(3, 255), 0x02, 0x01] },
])("$source.length bytes are stuffed as the paper says: $source", ({ source, encoded }) => {
  expect([...encode(Uint8Array.from(source))]).toEqual(encoded);
});

test.each([253, 254, 255, 508, 509])("a zero at each place of %i bytes comes back", (length) => {
  for (let place = 0; place < length; place++) {
    const source = new Uint8Array(length).fill(7);
    source[place] = 0;
    const encoded = encode(source);
    expect(encoded.includes(0)).toBe(false);
    expect(decode(encoded)).toEqual(source);
  }
});

test("bytes without a zero need the length that is foretold, and no bytes need more", () => {
  const random = new SeededRandom(4);
  for (let length = 0; length <= 1030; length++) {
    expect(encode(new Uint8Array(length).fill(1)).length).toBe(cobsMaxLength(length));
    expect(encode(random.bytes(length)).length).toBeLessThanOrEqual(cobsMaxLength(length));
  }
});

test("it writes from the offset it is given and tells where it ended", () => {
  const target = new Uint8Array(8).fill(0xee);
  expect(cobsEncode(Uint8Array.of(1, 0, 2), 3, target, 2)).toBe(6);
  expect([...target]).toEqual([0xee, 0xee, 2, 1, 2, 2, 0xee, 0xee]);
});

test("any bytes come back, and none of them is a zero on the way", () => {
  const sparse = fc.array(fc.oneof({ weight: 60, arbitrary: fc.integer({ min: 1, max: 255 }) }, { weight: 1, arbitrary: fc.constant(0) }), {
    maxLength: 800,
    size: "max",
  });
  fc.assert(
    fc.property(
      fc.oneof(
        fc.uint8Array({ maxLength: 600, size: "max" }),
        sparse.map((bytes) => Uint8Array.from(bytes)),
      ),
      (source) => {
        const encoded = encode(source);
        expect(encoded.includes(0)).toBe(false);
        expect(decode(encoded)).toEqual(source);
      },
    ),
    { seed: 5, numRuns: 300 },
  );
});
