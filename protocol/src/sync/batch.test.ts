import fc from "fast-check";
import { describe, expect, test } from "vitest";
import {
  BATCH_LIMITS,
  batchAnswerSchema,
  batchRequestSchema,
  enrolmentAnswerSchema,
  enrolmentRequestSchema,
  windowPcIdFromDigest,
  windowPcIdSchema,
} from "./index.ts";

const windowPcId = "0195a1b2-0000-8000-8000-0000000000ff";

describe("a batch", () => {
  const batch = { windowPcId, sentAtMs: 1_772_413_200_000, entries: [] as unknown[] };

  test("I6: is taken whatever stands in the place of an entry, so that one bad entry holds up no other", () => {
    fc.assert(
      fc.property(fc.array(fc.jsonValue(), { maxLength: 20 }), (entries) => {
        expect(batchRequestSchema.parse({ ...batch, entries }).entries).toEqual(entries);
      }),
    );
  });

  test("of as many entries as the limit is taken, of one more refused", () => {
    const of = (count: number) => batchRequestSchema.safeParse({ ...batch, entries: new Array(count).fill(0) }).success;
    expect([of(BATCH_LIMITS.entries), of(BATCH_LIMITS.entries + 1)]).toEqual([true, false]);
  });

  const wrong: [string, object][] = [
    ["another PC id", { windowPcId: "3" }],
    ["no time", { sentAtMs: undefined }],
    ["a time that is not exact", { sentAtMs: 0.5 }],
    ["entries that are no list", { entries: {} }],
    ["one thing more", { more: 1 }],
  ];
  test.each(wrong)("with %s is refused", (_, change) => {
    expect(batchRequestSchema.safeParse({ ...batch, ...change }).success).toBe(false);
  });
});

test("an answer may say more than this side knows, and keeps what it knows", () => {
  const answers = [{ entryId: "", number: 0, answer: "refused", code: "WR7001", detail: "entry: no object" }];
  const answer = { answers, highestGapless: 0, centralTimeMs: 1 };
  expect(batchAnswerSchema.parse({ ...answer, motto: "later version" })).toEqual(answer);
  expect(batchAnswerSchema.safeParse({ ...answer, answers: [{ entryId: "", number: 0, answer: "lost" }] }).success).toBe(false);
});

describe("enrolment", () => {
  const request = { code: "K7QF-3M2X-9TPA", windowNo: "3", publicKey: "0f".repeat(32) };

  test("needs a code, a window and a whole public key", () => {
    expect(enrolmentRequestSchema.parse(request)).toEqual(request);
    for (const change of [
      { code: "K7QF" },
      { windowNo: " " },
      { publicKey: "0f".repeat(31) },
      { publicKey: "0F".repeat(32) },
      { more: 1 },
    ]) {
      expect([change, enrolmentRequestSchema.safeParse({ ...request, ...change }).success]).toEqual([change, false]);
    }
  });

  test("answers with a token that nobody guesses", () => {
    const answer = { windowPcId, token: "x".repeat(43), centralTimeMs: 1 };
    expect(enrolmentAnswerSchema.parse(answer)).toEqual(answer);
    expect(enrolmentAnswerSchema.safeParse({ ...answer, token: "x".repeat(31) }).success).toBe(false);
  });
});

describe("the id of a window PC", () => {
  test("is this one for this key, and must never change: hashes hold it", () => {
    expect(windowPcIdFromDigest("00112233445566778899aabbccddeeff".repeat(2))).toBe("00112233-4455-8677-8899-aabbccddeeff");
  });

  test("is a UUID of version 8 whatever the digest", () => {
    fc.assert(
      fc.property(fc.stringMatching(/^[0-9a-f]{64}$/), (digest) => {
        const id = windowPcIdFromDigest(digest);
        expect(windowPcIdSchema.safeParse(id).success).toBe(true);
        expect(id).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-8[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/);
      }),
    );
  });
});
