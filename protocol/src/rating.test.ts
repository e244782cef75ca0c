import fc from "fast-check";
import { describe, expect, test } from "vitest";
import {
  bindingSchema,
  isBadReview,
  isLevel,
  LEVELS,
  levelSchema,
  momentSchema,
  newRequestId,
  requestIdFromBytes,
  requestIdSchema,
  requestIdToBytes,
} from "./rating.ts";

describe("levels", () => {
  test("are 1 to 5, worst first, each with its words", () => {
    expect(LEVELS.map(({ level, zh }) => `${level} ${zh}`)).toEqual(["1 非常不满意", "2 不满意", "3 基本满意", "4 满意", "5 非常满意"]);
  });

  test("are whole numbers of that range and nothing else", () => {
    expect([1, 2, 3, 4, 5].every(isLevel)).toBe(true);
    for (const value of [0, 6, -1, 2.5, Number.NaN, "3", null]) expect(levelSchema.safeParse(value).success, String(value)).toBe(false);
    for (const value of [0, 6, 2.5, Number.NaN]) expect(isLevel(value), String(value)).toBe(false);
  });

  test("1 and 2 are bad reviews, 基本满意 is not", () => {
    expect(LEVELS.filter(({ level }) => isBadReview(level)).map(({ level }) => level)).toEqual([1, 2]);
  });
});

describe("request ids", () => {
  test("come back from their 16 bytes, in the order of the text", () => {
    fc.assert(
      fc.property(fc.uint8Array({ minLength: 16, maxLength: 16 }), (bytes) => {
        const id = requestIdFromBytes(bytes);
        expect(requestIdSchema.parse(id)).toBe(id);
        expect(requestIdToBytes(id)).toEqual(bytes);
      }),
      { seed: 71 },
    );
    expect(requestIdFromBytes(Uint8Array.from({ length: 16 }, (_, index) => index))).toBe("00010203-0405-0607-0809-0a0b0c0d0e0f");
  });

  test("of another length are no ids", () => {
    for (const length of [0, 15, 17]) expect(() => requestIdFromBytes(new Uint8Array(length))).toThrow(RangeError);
  });

  test("in upper case, without hyphens or with more around them are refused", () => {
    const id = "0198c0de-0000-7000-8000-0123456789ab";
    for (const wrong of [id.toUpperCase(), id.replaceAll("-", ""), ` ${id}`, `${id}\n`, `{${id}}`]) {
      expect(requestIdSchema.safeParse(wrong).success, JSON.stringify(wrong)).toBe(false);
    }
  });

  test("are UUIDs of version 7 that sort by time", () => {
    fc.assert(
      fc.property(
        fc.nat(2 ** 31),
        fc.integer({ min: 1, max: 2 ** 31 }),
        fc.uint8Array({ minLength: 10, maxLength: 10 }),
        (seconds, later, random) => {
          const [one, other] = [seconds * 1000, (seconds + later) * 1000].map((unixMs) => newRequestId(unixMs, random)) as unknown as [
            string,
            string,
          ];
          expect(one).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/);
          expect(one < other).toBe(true);
        },
      ),
      { seed: 72 },
    );
    // RFC 9562, A.6
    const random = Buffer.from("0cc318c4dc0c0c07398f", "hex");
    expect(newRequestId(1_645_557_742_000, random)).toBe("017f22e2-79b0-7cc3-98c4-dc0c0c07398f");
  });
});

describe("a binding", () => {
  const binding = {
    requestId: "0198c0de-0000-7000-8000-0123456789ab",
    caseNo: "BJ-0001",
    visitNo: 1,
    caseCompleted: true,
    itemCode: "SX-01",
    itemName: "样例事项",
    staffNo: "S001",
    clerkName: "张三样例",
    windowNo: "A01",
    trigger: "business-system",
    triggeredBy: "样例系统",
  };

  test("holds who, where and what", () => {
    expect(bindingSchema.parse(binding)).toEqual(binding);
  });

  test.each([
    ["an empty case number", { caseNo: " " }],
    ["visit 0", { visitNo: 0 }],
    ["visit 100", { visitNo: 100 }],
    ["a trigger that nobody knows", { trigger: "guess" }],
    ["more than it should", { idNumber: "1" }],
  ])("with %s is refused", (_, change) => {
    expect(bindingSchema.safeParse({ ...binding, ...change }).success).toBe(false);
  });
});

test("a moment may have a wrong wall clock, but no monotonic clock that stands below zero", () => {
  expect(momentSchema.safeParse({ wallMs: -1, monotonicMs: 0, bootId: "b" }).success).toBe(true);
  expect(momentSchema.safeParse({ wallMs: 0, monotonicMs: -1, bootId: "b" }).success).toBe(false);
});
