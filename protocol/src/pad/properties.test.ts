import fc from "fast-check";
import { expect, test } from "vitest";
import { HostSession } from "./host-session.ts";
import { FrameCollector } from "./testing/frame-collector.ts";
import { PROPERTIES } from "./testing/properties.ts";
import { SeededRandom } from "./testing/seeded-random.ts";

test.each(PROPERTIES)("$name", ({ property, runs }) => {
  fc.assert(property, { seed: 41, numRuns: runs });
});

/** Seeds with which `npm run fuzz` or a test once found a bug, each for good. */
const KEPT = [
  { property: "every message comes back as it was encoded", seed: 21, found: "a payload longer than 64 bytes could not be written" },
  {
    property:
      "whatever happens between both ends, no message is made up, doubled, out of order or missing, and on a good wire both are ready again",
    seed: 2090166372,
    found: "a late hello left a pad that waited for ready for ever while pings went on",
  },
];

test.each(KEPT)("seed $seed found this: $found", ({ property: name, seed }) => {
  const kept = PROPERTIES.find((property) => property.name === name);
  if (kept === undefined) throw new Error(`There is no property "${name}" any more`);
  fc.assert(kept.property, { seed, numRuns: kept.runs });
});

test("three megabytes of noise leave no more memory in use than before", () => {
  const random = new SeededRandom(42);
  const chunks = Array.from({ length: 50 }, () => random.bytes(1000));
  const session = new HostSession({ random: random.bytes });
  session.step({ is: "opened" }, 0);
  const collector = new FrameCollector();
  const feed = (rounds: number): void => {
    for (let round = 0; round < rounds; round++) {
      for (const bytes of chunks) {
        collector.push(bytes);
        session.step({ is: "bytes", bytes }, round);
      }
      collector.faults.length = 0;
      collector.versions.length = 0;
    }
  };
  feed(3);
  const before = process.memoryUsage().arrayBuffers;
  feed(60);
  expect(process.memoryUsage().arrayBuffers - before).toBeLessThan(64 * 1024);
  expect(session.counters.frames).toBe(0);
});
