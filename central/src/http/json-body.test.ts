import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { readJson } from "./json-body.ts";

const bytes = (text: string): Uint8Array => new TextEncoder().encode(text);
const faultOf = (body: Uint8Array): string => {
  try {
    readJson(body);
    return "read";
  } catch (error) {
    return (error as { detail: string }).detail;
  }
};

test("whatever JSON.parse reads of well-formed text is read as the same", () => {
  fc.assert(
    fc.property(fc.json({ maxDepth: 6, stringUnit: "binary" }), (text) => {
      const value: unknown = JSON.parse(text.toWellFormed());
      expect(readJson(bytes(JSON.stringify(value)))).toEqual(value);
    }),
    { numRuns: 300, seed: 4409 },
  );
});

describe("a JSON body is refused", () => {
  test("with a key twice in one object, however it is written, and not with the same key in two objects", () => {
    expect(faultOf(bytes('{"level":5,"level":1}'))).toBe("level: stands twice in one object");
    expect(faultOf(bytes('{"a":[{"level":5, "\\u006cevel" : 1}]}'))).toBe("level: stands twice in one object");
    expect(faultOf(bytes('{"a":{"":1,"":2}}'))).toBe("(empty): stands twice in one object");
    expect(readJson(bytes('{"a":{"b":"}","c":"\\"b\\":"},"b":["b","b"],"c":{"b":1}}'))).toEqual({
      a: { b: "}", c: '"b":' },
      b: ["b", "b"],
      c: { b: 1 },
    });
  });

  test("that is nested without end, also inside strings of brackets that are none", () => {
    expect(faultOf(bytes(`${"[".repeat(100_000)}${"]".repeat(100_000)}`))).toMatch(/nested too deeply|no JSON/);
    expect(faultOf(bytes(`${'{"a":'.repeat(65)}1${"}".repeat(65)}`))).toContain("nested too deeply");
    for (const text of ["[".repeat(1_000_000), '"\\'.repeat(500_000)]) expect(readJson(bytes(JSON.stringify([text])))).toEqual([text]);
  });

  test("in another encoding than UTF-8, which is named", () => {
    for (const body of [
      Buffer.from('{"a":"张三"}', "utf16le"),
      Buffer.from("7b2261223a22d5c5c8fd227d", "hex"),
      Buffer.from([0x22, 0xed, 0xa0, 0x80, 0x22]),
    ])
      expect(faultOf(body)).toMatch(/not UTF-8|no JSON/);
    expect(faultOf(Buffer.from("7b2261223a22d5c5c8fd227d", "hex"))).toBe("The body is not UTF-8");
  });

  test("that reaches for prototypes", () => {
    expect(faultOf(bytes('{"__proto__":{"isAdmin":true}}'))).toBe("__proto__: no such field");
    expect(faultOf(bytes('{"a":[{"\\u005f_proto__":1}]}'))).toBe("__proto__: no such field");
  });
});

test("half of a surrogate pair becomes the sign for what cannot be shown; a whole pair stays", () => {
  expect(readJson(bytes('{"a":"x\\ud800y","b":["\\uDFFF"],"c":"\\ud83d\\ude00"}'))).toEqual({ a: "x�y", b: ["�"], c: "😀" });
});
