import fc from "fast-check";
import { describe, test } from "vitest";
import { RFC2217_PROPERTIES } from "./testing/properties.ts";

describe("For every input", () => {
  test.each(RFC2217_PROPERTIES.map((entry) => [entry.name, entry] as const))("%s", (_, { property, runs }) => {
    fc.assert(property, { seed: 2217, numRuns: runs });
  });
});
