import { describe, expect, test } from "vitest";
import { NO_CARD, readKey } from "./card-reader.ts";

/** @returns what was taken for a card */
const type = (keys: readonly string[], everyMs: number): string[] => {
  let reading = NO_CARD;
  const cards: string[] = [];
  keys.forEach((key, index) => {
    const step = readKey(reading, key, 1000 + index * everyMs);
    if (step.is === "card") cards.push(step.digits);
    reading = step.is === "reading" ? step.reading : NO_CARD;
  });
  return cards;
};

describe("A card reader", () => {
  test.each([1, 8, 20, 40])("that types a digit every %i ms and Enter is heard, with the zeros in front", (ms) =>
    expect(type([..."0004721935", "Enter"], ms)).toEqual(["0004721935"]),
  );

  test("is not a person who types, however fast, and not a number without Enter", () => {
    expect(type([..."0004721935", "Enter"], 70)).toEqual([]);
    expect(type([..."0004721935"], 5)).toEqual([]);
  });

  test("is heard also right after somebody typed by hand, without what they typed", () => {
    let reading = NO_CARD;
    for (const [key, at] of [["9", 0], ["9", 300], ...[..."4721"].map((digit, index) => [digit, 600 + index * 5])] as [string, number][]) {
      const step = readKey(reading, key, at);
      if (step.is === "reading") reading = step.reading;
    }
    expect(readKey(reading, "Enter", 620)).toEqual({ is: "card", digits: "4721" });
  });

  test("gives numbers of 4 to 32 digits, and nothing else", () => {
    expect(type([..."123", "Enter"], 5)).toEqual([]);
    expect(type([..."1".repeat(32), "Enter"], 5)).toEqual(["1".repeat(32)]);
    expect(type([..."1".repeat(33), "Enter"], 5)).toEqual([]);
    expect(type(["1", "2", "a", "3", "4", "Enter"], 5)).toEqual([]);
  });

  test("reads two cards one after the other as two", () => {
    expect(type([..."1111", "Enter", ..."2222", "Enter"], 5)).toEqual(["1111", "2222"]);
  });
});
