import { loadProfiles } from "@window-rating/device-profiles";
import type { KeypadDescription } from "@window-rating/protocol/keypad";
import { describe, expect, test } from "vitest";
import { readerOf } from "./keypad-targets.ts";
import { allTargets, readStreams } from "./streams.ts";

/** The first of those that `npm run fuzz` reads, by the same code. */
const STREAMS = 40_000;

describe("random and damaged streams", () => {
  test("crash nothing that reads a wire, and no rating comes out that did not go in", () => {
    const { failures, byTarget, trueRatings } = readStreams(allTargets(), { seed: 1, count: STREAMS });
    expect(failures).toEqual([]);
    for (const [name, times] of byTarget) expect(times, name).toBeGreaterThan(0);
    expect(trueRatings).toBeGreaterThan(STREAMS / 10);
  });

  test("give each target ratings to lose: undamaged ones come through everywhere", () => {
    for (const target of allTargets()) expect(readStreams([target], { seed: 2, count: 300 }).trueRatings, target.name).toBeGreaterThan(0);
  });

  test("are the same for the same seed and number", () => {
    const [whole, part] = [
      { seed: 3, count: 2000 },
      { seed: 3, first: 1000, count: 1000 },
    ].map((choice) => readStreams(allTargets(), choice));
    const before = readStreams(allTargets(), { seed: 3, count: 1000 });
    expect((before.trueRatings ?? 0) + (part?.trueRatings ?? 0)).toBe(whole?.trueRatings);
  });

  test("find a reader that does not check the sum, and one that throws", () => {
    const profile = loadProfiles().find(({ id }) => id === "generic/xor-five-key");
    if (profile?.protocol !== "keypad") throw new Error("there is no such keypad");
    const careless: KeypadDescription = {
      ...profile.keypad,
      framing: {
        is: "frame",
        fields: [
          { is: "fixed", name: "start", bytes: "AA 55" },
          { is: "address", bytes: "01" },
          { is: "function" },
          { is: "data", min: 2, max: 2 },
          { is: "fixed", name: "end", bytes: "0D" },
        ],
      },
      requests: {},
      keys: profile.keypad.keys.map((key) => ({ ...key, match: { ...key.match, data: `${key.match.data} *` } })),
      keepAlive: { from: "nobody" },
    };
    expect(readStreams([readerOf(profile, 1, careless)], { seed: 1, count: 3000 }).falseRatings).toBeGreaterThan(0);
    const throwing = { name: "throws", share: 1, read: () => expect.fail("thrown") };
    expect(readStreams([throwing], { seed: 1, count: 3 })).toMatchObject({ crashes: 3, failures: [{ is: "crash" }, {}, {}] });
  });
});
