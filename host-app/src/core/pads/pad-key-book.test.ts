import { chmodSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { PadKeyBook, padKeysPath } from "./pad-key-book.ts";

let dataDir: string;
beforeEach(() => {
  dataDir = mkdtempSync(join(tmpdir(), "pad-keys-"));
});
afterEach(() => rmSync(dataDir, { recursive: true, force: true }));

const A = { model: "generic/five-button", serialNumber: "A" };
const B = { model: "generic/five-button", serialNumber: "B" };
const [OLD, YOUNG] = [new Uint8Array(32).fill(1), new Uint8Array(32).fill(2)];

test("keys are there after reopening, each under its own pad, and gone when they are taken away", () => {
  const book = new PadKeyBook(dataDir);
  expect(book.keysOf(A)).toEqual({});
  book.set(A, { confirmed: OLD, candidate: YOUNG });
  book.set(B, { candidate: YOUNG });
  const again = new PadKeyBook(dataDir);
  expect(again.keysOf(A)).toEqual({ confirmed: OLD, candidate: YOUNG });
  expect(again.keysOf(B)).toEqual({ candidate: YOUNG });
  expect(again.pads).toEqual([A, B]);
  again.set(A, {});
  expect(new PadKeyBook(dataDir).pads).toEqual([B]);
});

test("the file can be read by its owner alone, and holds nothing that was forgotten", () => {
  const book = new PadKeyBook(dataDir);
  book.set(A, { confirmed: OLD });
  book.set(A, { confirmed: YOUNG });
  expect(statSync(padKeysPath(dataDir)).mode & 0o777).toBe(0o600);
  expect(readFileSync(padKeysPath(dataDir), "utf8")).not.toContain("01".repeat(32));
});

test.each([0o640, 0o604, 0o666])("a file of mode %o, which others can read, is refused with the command that mends it", (mode) => {
  new PadKeyBook(dataDir).set(A, { confirmed: OLD });
  chmodSync(padKeysPath(dataDir), mode);
  expect(() => new PadKeyBook(dataDir)).toThrow(/WR1016.*chmod 600/s);
});

test.each([
  ["no JSON", "keys: 01"],
  ["another version", '{"version":2,"pads":[]}'],
  ["a short key", '{"version":1,"pads":[{"model":"a","serialNumber":"b","confirmed":"0102"}]}'],
])("a file that is %s is refused, stays as it is, and is not quoted", (_, text) => {
  writeFileSync(padKeysPath(dataDir), text, { mode: 0o600 });
  let message = "";
  try {
    new PadKeyBook(dataDir);
  } catch (error) {
    message = (error as Error).message;
  }
  expect(message).toContain("WR1016");
  expect(message).not.toContain("0102");
  expect(readFileSync(padKeysPath(dataDir), "utf8")).toBe(text);
});

test("a folder that cannot be written to leaves the keys as they were, and says so", () => {
  const book = new PadKeyBook(dataDir);
  book.set(A, { confirmed: OLD });
  rmSync(dataDir, { recursive: true, force: true });
  expect(() => book.set(A, { confirmed: YOUNG })).toThrow("WR1016");
  expect(book.keysOf(A)).toEqual({ confirmed: OLD });
});
