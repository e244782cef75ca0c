import fc from "fast-check";
import { expect, test } from "vitest";
import { SeededRandom } from "../pad/testing/seeded-random.ts";
import { KeypadProtocol } from "./protocol.ts";
import { KeypadReader } from "./reader.ts";
import { DESCRIPTIONS } from "./testing/descriptions.ts";
import { KEYPAD_PROPERTIES } from "./testing/properties.ts";

test.each(KEYPAD_PROPERTIES)("$name", ({ property, runs }) => {
  fc.assert(property, { seed: 43, numRuns: runs });
});

/** Seeds with which `npm run fuzz` or a test once found a bug, each for good. */
const KEPT = [
  {
    property: "a keypad's description with any value at any place is refused or can be used, and never breaks anything",
    seed: 2099181892,
    found: "a length below 0 was refused, and yet used to check the examples",
  },
];

test.each(KEPT)("seed $seed found this: $found", ({ property: name, seed }) => {
  const kept = KEYPAD_PROPERTIES.find((property) => property.name === name);
  if (kept === undefined) throw new Error(`There is no property "${name}" any more`);
  fc.assert(kept.property, { seed, numRuns: kept.runs });
});

test.each(Object.entries(DESCRIPTIONS))("a megabyte of noise leaves no more memory in use than before (%s)", (_name, description) => {
  const random = new SeededRandom(44);
  const chunks = Array.from({ length: 50 }, () => random.bytes(1000));
  const reader = new KeypadReader(KeypadProtocol.of(description));
  const feed = (rounds: number): number => {
    let most = 0;
    for (let round = 0; round < rounds; round++) {
      for (const bytes of chunks)
        most = Math.max(
          most,
          reader.push(bytes, round).reduce((sum, reading) => sum + reading.bytes.length, 0),
        );
    }
    return most;
  };
  feed(3);
  const before = process.memoryUsage().arrayBuffers;
  // What comes out of one chunk is little more than the chunk: nothing is hoarded.
  expect(feed(20)).toBeLessThan(1000 + 600);
  expect(process.memoryUsage().arrayBuffers - before).toBeLessThan(4 * 2 ** 20);
});
