import fc from "fast-check";
import { expect, test } from "vitest";
import { addNumbers, type NumberRange } from "./number-ranges.ts";

const range = (first: number, last: number, beganAtMs = 0): NumberRange => ({ first, last, beganAtMs });

test("a number that follows a range makes it longer", () => {
  expect(addNumbers([range(1, 4)], [5], 9)).toEqual([range(1, 5)]);
});

test("a number that fills a hole of one joins both ranges and keeps the earlier beginning", () => {
  expect(addNumbers([range(1, 4, 100), range(6, 9, 200)], [5], 300)).toEqual([range(1, 9, 100)]);
});

test("a number far ahead begins a range of its own, with the time at which it came", () => {
  expect(addNumbers([range(1, 4, 100)], [8], 300)).toEqual([range(1, 4, 100), range(8, 8, 300)]);
});

test("whatever the order and the cuts, the ranges hold exactly the numbers received and none touches another", () => {
  const numbers = fc.uniqueArray(fc.integer({ min: 1, max: 60 }), { maxLength: 60 });
  fc.assert(
    fc.property(numbers, fc.integer({ min: 1, max: 7 }), (received, cut) => {
      let ranges: NumberRange[] = [];
      for (let start = 0; start < received.length; start += cut) ranges = addNumbers(ranges, received.slice(start, start + cut), start);
      const held = ranges.flatMap(({ first, last }) => Array.from({ length: last - first + 1 }, (_, index) => first + index));
      expect(held).toEqual(received.toSorted((a, b) => a - b));
      for (const [index, { first }] of ranges.entries()) {
        if (index > 0) expect(first).toBeGreaterThan((ranges[index - 1]?.last ?? 0) + 1);
      }
    }),
  );
});
