import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { readWiring, UNO_WIRING } from "./wiring.ts";

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "pad-wiring-"));
});
afterEach(() => rmSync(folder, { recursive: true }));

const read = (text: string) => {
  const file = join(folder, "wiring.json");
  writeFileSync(file, text);
  return readWiring(file);
};

const docs = new URL("../../../../docs/", import.meta.url);

describe("the wiring of a board", () => {
  test("that the guide gives as an example is the one that holds without a file", () => {
    const [, example] = /```json\n(.*?)```/s.exec(readFileSync(new URL("board.md", docs), "utf8")) ?? [];
    expect(read(example ?? "")).toEqual(UNO_WIRING);
  });

  test("is drawn as it is: each pin stands beside its part", () => {
    const drawing = readFileSync(new URL("board/wiring.svg", docs), "utf8");
    const { keys, lamps, piezo } = UNO_WIRING;
    for (const pin of [...keys, ...lamps, piezo.low, piezo.high]) {
      expect(drawing).toContain(`font-weight="700">${typeof pin === "number" ? `D${pin}` : pin}</text>`);
    }
  });

  test.each([
    ['{ "keys": [12, 11, 10, 9], "lamps": ["A0","A1","A2","A3","A4"], "piezo": { "low": 3, "high": 5 } }', /keys: lists five pins/],
    ['{ "keys": [12, 11, 10, 9, 1], "lamps": ["A0","A1","A2","A3","A4"], "piezo": { "low": 3, "high": 5 } }', /keys\.4: is a pin/],
    ['{ "keys": [12, 11, 10, 9, 8], "lamps": ["A0","A1","A2","A3","B4"], "piezo": { "low": 3, "high": 5 } }', /lamps\.4: is a pin/],
    ['{ "keys": [12, 11, 10, 9, 8], "lamps": ["A0","A1","A2","A3","A4"], "piezo": { "low": 8, "high": 5 } }', /a pin is named twice/],
    ['{ "keys": [12, 11, 10, 9, 8], "lamps": ["A0","A1","A2","A3","A4"], "piezo": { "low": 3 } }', /piezo\.high/],
    ["nothing of the kind", /wiring\.json/],
  ])("of %s is refused with the place of the mistake", (text, message) => {
    expect(() => read(text)).toThrow(expect.objectContaining({ code: "WR9013", message: expect.stringMatching(message) }));
  });
});
