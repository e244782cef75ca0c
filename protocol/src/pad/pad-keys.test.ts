import { describe, expect, test } from "vitest";
import { keysAfter, keysToTry, withCandidate } from "./pad-keys.ts";
import { SeededRandom } from "./testing/seeded-random.ts";

const old = new SeededRandom(5).bytes(32);
const young = old.toReversed();

describe("the keys of a host for one pad", () => {
  test("a new one is tried first and stands beside the old until one of them was proved", () => {
    const keys = withCandidate({ confirmed: old }, young);
    expect(keysToTry(keys)).toEqual([young, old]);
    expect(keysAfter(keys, "paired", young)).toEqual({ confirmed: young });
    expect(keysAfter(keys, "paired", old.slice())).toEqual({ confirmed: old });
  });

  test("are left alone by whoever proves nothing, if one was ever proved", () => {
    for (const keys of [{ confirmed: old }, { confirmed: old, candidate: young }]) {
      for (const trust of ["key-missing-there", "proof-wrong"] as const) expect(keysAfter(keys, trust, undefined)).toBe(keys);
    }
    expect(keysAfter({ candidate: young }, "proof-wrong", undefined)).toEqual({ candidate: young });
    expect(keysAfter({ candidate: young }, "key-missing-there", undefined)).toEqual({});
  });

  test("are the same object when nothing changes, so that nothing is written", () => {
    const keys = { confirmed: old };
    expect(keysAfter(keys, "paired", old.slice())).toBe(keys);
  });
});
