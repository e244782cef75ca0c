import { describe, expect, test } from "vitest";
import { asciiText, hexOf, type ParsedByteText, parseHexText, parseLineText } from "./byte-text.ts";

const shown = (parsed: ParsedByteText): unknown =>
  "wrong" in parsed
    ? parsed.wrong
    : [...parsed.text.parts.map((part) => (part.is === "bytes" ? hexOf(part.bytes) : part)), ...(parsed.text.isOpen ? ["*"] : [])];

describe("bytes as a sheet writes them", () => {
  test("are hexadecimal pairs, apart or together, and ASCII in quotes", () => {
    expect(shown(parseHexText("FF 68 0a0B 'K1'"))).toEqual(["FF 68 0A 0B 4B 31"]);
    expect(shown(parseHexText(""))).toEqual([]);
  });

  test("hold numbers of a size and an order, and copies", () => {
    const rules = { numbers: ["seconds"], copies: ["data"] };
    expect(shown(parseHexText("01 {seconds} {seconds:2-low} {seconds:3-digits}{data}", rules))).toEqual([
      "01",
      { is: "number", name: "seconds", as: "high-first", size: 1 },
      { is: "number", name: "seconds", as: "low-first", size: 2 },
      { is: "number", name: "seconds", as: "digits", size: 3 },
      { is: "copy", name: "data" },
    ]);
  });

  test.each([
    ["F", "cannot be read from \"F\" on: write bytes as hexadecimal pairs such as FF 68, or ASCII in single quotes such as 'KEY'"],
    ["FF 6", "cannot be read from \"6\" on: write bytes as hexadecimal pairs such as FF 68, or ASCII in single quotes such as 'KEY'"],
    ["0xFF", "cannot be read from \"0xFF\" on: write bytes as hexadecimal pairs such as FF 68, or ASCII in single quotes such as 'KEY'"],
    ["01 *", "* may stand at the end of what is compared only, not in what is sent"],
    ["{second}", "{second}: not known here; there are {seconds}"],
    ["{seconds:9}", "{seconds:9}: a number has at most 4 bytes"],
  ])("that cannot be read (%s) are told with what to write instead", (text, wrong) => {
    expect(shown(parseHexText(text, { numbers: ["seconds"] }))).toBe(wrong);
  });

  test("of a line stand as they are, with doubled braces for braces", () => {
    expect(shown(parseLineText("a*{{1}}*"))).toEqual([hexOf(Uint8Array.from("a*{1}*", (c) => c.charCodeAt(0)))]);
    expect(shown(parseLineText("T{seconds}", { numbers: ["seconds"] }))).toEqual([
      "54",
      { is: "number", name: "seconds", as: "digits", size: 1 },
    ]);
    expect(shown(parseLineText("KEY*", { mayBeOpen: true }))).toEqual(["4B 45 59", "*"]);
    expect(shown(parseLineText("中"))).toMatch(/printable ASCII/);
  });

  test("give back what they were made of", () => {
    expect(asciiText(Uint8Array.of(0x4b, 0x31))).toBe("K1");
  });
});
