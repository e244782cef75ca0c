import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { pinFault } from "./pin-rules.ts";

describe("a PIN", () => {
  test.each(["294817", "830462", "918273645012", "100204", "112358"])("%s is good enough", (pin) => {
    expect(pinFault(pin, "1001")).toBeUndefined();
  });

  test.each([
    ["12345", "too short"],
    ["1234567890123", "too long"],
    ["29481a", "not digits alone"],
    ["２９４８１７", "digits of another script"],
    ["123456", "a row upwards"],
    ["345678", "a row upwards from anywhere"],
    ["789012", "a row over the nine"],
    ["987654", "a row downwards"],
    ["210987", "a row downwards over the nought"],
    ["111111", "one digit"],
    ["121212", "a pair again and again"],
    ["123123", "three again and again"],
    ["48294829", "four again and again"],
    ["113131", "two different digits"],
  ])("%s is refused: %s", (pin) => {
    expect(pinFault(pin, "1001")).toBeTypeOf("string");
  });

  test("is not the staff number, nor does one hold the other", () => {
    expect(pinFault("720415", "720415")).toMatch(/staff number/);
    expect(pinFault("720415", "SW-72-0415")).toMatch(/staff number/);
    expect(pinFault("817204", "7204")).toMatch(/staff number/);
    expect(pinFault("720415", "20720415")).toMatch(/staff number/);
    // Three digits that agree are a coincidence.
    expect(pinFault("720415", "204")).toBeUndefined();
  });

  test("is judged whatever was typed, and a refusal never repeats it", () => {
    fc.assert(
      fc.property(fc.string({ maxLength: 40 }), fc.string({ minLength: 1, maxLength: 32 }), (pin, staffNo) => {
        const fault = pinFault(pin, staffNo);
        if (fault === undefined) expect(pin).toMatch(/^[0-9]{6,12}$/);
      }),
      { seed: 4212 },
    );
    fc.assert(
      fc.property(fc.stringMatching(/^[0-9]{5,13}$/), (pin) => {
        const fault = pinFault(pin, "99999999999999");
        // The examples of a row and a repetition stand in every such refusal.
        if (fault !== undefined && !["123456", "111111", "123123"].includes(pin)) expect(fault).not.toContain(pin);
      }),
      { seed: 4213 },
    );
  });
});
