import { createHash } from "node:crypto";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { CHAIN_START, type Entry, entryBodySchema, entryHashInput, entrySchema } from "./index.ts";

const entry: Entry = {
  entryId: "0195a1b2-0000-7000-8000-000000000001",
  number: 1,
  previousHash: CHAIN_START,
  hash: "a".repeat(64),
  signature: "b".repeat(128),
  body: '{"kind":"unbound"}',
};

const moment = { wallMs: 1_772_413_200_000, monotonicMs: 60_000.5, bootId: "boot-1" };
const origin = {
  serialNumber: "SIM-0001",
  model: "generic/five-button",
  firmware: "1.0.0",
  storeId: 7,
  eventNo: 1,
  bootCount: 1,
  secured: true,
  port: "serial",
};
const binding = {
  requestId: "0195a1b2-0000-7000-8000-00000000000a",
  caseNo: "CASE-1",
  visitNo: 1,
  caseCompleted: true,
  itemCode: "ITEM-01",
  itemName: "居民身份证换领",
  staffNo: "1001",
  clerkName: "张三样例",
  windowNo: "3",
  trigger: "business-system",
  triggeredBy: "sample-system",
};
const pressTime = { sinceOpenMs: 3200, padWallMs: null };
const rating = { kind: "rating", binding, level: 5, openedAt: moment, pressTime, committedAt: moment, circumstance: "in-time", origin };
const notRated = { kind: "not-rated", binding, reason: "timed-out", openedAt: moment, endedAt: moment };
const unbound = { kind: "unbound", requestId: binding.requestId, level: 1, pressTime, committedAt: moment, origin };

describe("the hash of an entry", () => {
  test("is over this very text, which must never change: every chain would break", () => {
    const input = entryHashInput("0195a1b2-0000-8000-8000-0000000000ff", entry);
    expect(input).toBe(
      `window-rating entry 1\n0195a1b2-0000-8000-8000-0000000000ff\n1\n${entry.entryId}\n${CHAIN_START}\n{"kind":"unbound"}`,
    );
    expect(createHash("sha256").update(input).digest("hex")).toBe("671f61e342acf5e8f9c9887f5d5478f09f9cbb20aee0edafd3e7419353ba304d");
  });

  test("covers window PC, number, id, place in the chain and content: entries that differ in any have different texts", () => {
    const part = fc.record({
      windowPcId: fc.uuid(),
      entryId: fc.uuid(),
      number: fc.integer({ min: 1 }),
      previousHash: fc.stringMatching(/^[0-9a-f]{64}$/),
      body: fc.string(),
    });
    const text = ({ windowPcId, ...rest }: { windowPcId: string } & Pick<Entry, "entryId" | "number" | "previousHash" | "body">) =>
      entryHashInput(windowPcId, rest);
    fc.assert(
      fc.property(part, part, (one, other) => {
        expect(text(one) === text(other)).toBe(JSON.stringify(one) === JSON.stringify(other));
        expect(text({ ...one, body: other.body }) === text(one)).toBe(one.body === other.body);
      }),
    );
  });
});

describe("an entry", () => {
  test("is taken as it is", () => {
    expect(entrySchema.parse(entry)).toEqual(entry);
  });

  const wrong: [string, object][] = [
    ["a number of 0", { number: 0 }],
    ["half a number", { number: 1.5 }],
    ["a number that is not exact any more", { number: 2 ** 53 }],
    ["a hash in capitals", { hash: "A".repeat(64) }],
    ["a short signature", { signature: "b".repeat(127) }],
    ["an id that is no UUID", { entryId: "1" }],
    ["no content", { body: "" }],
    ["content without end", { body: "x".repeat(16_385) }],
    ["one thing more", { more: 1 }],
  ];
  test.each(wrong)("with %s is refused", (_, change) => {
    expect(entrySchema.safeParse({ ...entry, ...change }).success).toBe(false);
  });
});

describe("the content of an entry", () => {
  test.each([rating, notRated, unbound])("of kind $kind is taken as it is", (body) => {
    expect(entryBodySchema.parse(body)).toEqual(body);
  });

  const wrong: [string, object][] = [
    ["I10: a request without a rating that has a level", { ...notRated, level: 3 }],
    ["a level of 0", { ...rating, level: 0 }],
    ["a level of 6", { ...rating, level: 6 }],
    ["a level as text", { ...rating, level: "5" }],
    ["I3: a rating without its request", { ...rating, binding: { ...binding, requestId: undefined } }],
    ["I5: a rating without its clerk", { ...rating, binding: { ...binding, staffNo: " " } }],
    ["I11: a time without its boot", { ...rating, committedAt: { ...moment, bootId: "" } }],
    ["I12: a rating that nobody triggered", { ...rating, binding: { ...binding, trigger: "unknown" } }],
    ["a visit number of 100", { ...rating, binding: { ...binding, visitNo: 100 } }],
    ["a reason that is a rating", { ...notRated, reason: "default" }],
    ["an unbound press with a binding", { ...unbound, binding }],
    ["an event number of 0", { ...unbound, origin: { ...origin, eventNo: 0 } }],
    ["another kind", { ...rating, kind: "default-rating" }],
  ];
  test.each(wrong)("is refused for %s", (_, body) => {
    expect(entryBodySchema.safeParse(body).success).toBe(false);
  });
});
