import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { apart, centred, columns, left } from "./columns.ts";

describe("columns", () => {
  it.each([
    ["abc", 3],
    ["非常不满意", 10],
    ["「谢谢」", 8],
    ["，", 2],
    ["１", 2],
    ["e\u0301", 1],
    ["𠮷", 2],
    ["", 0],
  ])("of %j are %i", (text, expected) => {
    expect(columns(text)).toBe(expected);
  });

  it("are exactly as many as asked for, whatever the text", () => {
    fc.assert(
      fc.property(fc.string({ unit: fc.constantFrom("a", "满", " ", "，") }), fc.nat(30), (text, width) => {
        expect(columns(left(text, width))).toBe(width);
        expect(columns(centred(text, width))).toBe(width);
        expect(columns(apart(text, "意 b", width))).toBe(width);
      }),
      { seed: 20_260_102 },
    );
  });

  it("never cut a Chinese character in two", () => {
    expect(left("满意", 3)).toBe("满 ");
  });

  it("keep the first of two texts whole as long as it fits", () => {
    expect(apart("满意", "connected", 9)).toBe("满意 conn");
  });
});
