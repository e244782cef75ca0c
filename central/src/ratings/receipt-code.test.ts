import fc from "fast-check";
import { expect, test } from "vitest";
import { type ReceiptCode, readReceiptCode, receiptCodeFrom, receiptCodeText } from "./receipt-code.ts";

const codes = fc.uint8Array({ minLength: 11, maxLength: 11 }).map(receiptCodeFrom);
const ALPHABET = [..."0123456789ABCDEFGHJKMNPQRSTVWXYZ"];

test("a code has 12 characters that nobody takes for another, and is read as it is shown", () => {
  fc.assert(
    fc.property(codes, (code) => {
      expect(code).toMatch(/^[0-9A-HJKMNP-TV-Z]{12}$/);
      expect(receiptCodeText(code)).toMatch(/^.{4}-.{4}-.{4}$/);
      expect(readReceiptCode(receiptCodeText(code))).toBe(code);
    }),
    { seed: 2301 },
  );
});

test("it may be typed in lower case, with blanks, with O for 0 and I or l for 1", () => {
  const sloppy = (code: ReceiptCode) =>
    ` ${code
      .toLowerCase()
      .replaceAll("0", "o")
      .replace("1", "I")
      .replaceAll("1", "l")
      .replace(/(.{3})/g, "$1 ")}`;
  fc.assert(
    fc.property(codes, (code) => {
      expect(readReceiptCode(sloppy(code))).toBe(code);
    }),
    { seed: 2302 },
  );
});

test("every single wrong character and every swap of neighbours is found", () => {
  fc.assert(
    fc.property(codes, fc.nat(11), fc.constantFrom(...ALPHABET), (code, at, wrong) => {
      const mistyped = code.slice(0, at) + wrong + code.slice(at + 1);
      expect(readReceiptCode(mistyped)).toBe(wrong === code[at] ? code : undefined);
      if (at === 11 || code[at] === code[at + 1]) return;
      expect(readReceiptCode(code.slice(0, at) + code[at + 1] + code[at] + code.slice(at + 2))).toBeUndefined();
    }),
    { seed: 2303, numRuns: 2000 },
  );
});

test("nothing that is typed can fail to be read", () => {
  fc.assert(
    fc.property(fc.string({ unit: "binary-ascii", maxLength: 100 }), (typed) => {
      expect(["string", "undefined"]).toContain(typeof readReceiptCode(typed));
    }),
    { seed: 2304 },
  );
});
