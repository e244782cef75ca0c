import { chmodSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { DEFAULT_PREFERENCES, type Preferences } from "../../messages/preferences.ts";
import { PreferenceBook } from "./preference-book.ts";

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "preferences-"));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const LIKED: Preferences = { language: "en", contrast: "high", paper: "58mm", shortcuts: { endCase: "F9" } };
const file = (): string => join(folder, "screen-preferences.json");

describe("What clerks like", () => {
  test("is kept for each of them, and the usual for everybody else", () => {
    new PreferenceBook(folder).keep("clerk 1001", LIKED);
    const later = new PreferenceBook(folder);
    expect([later.of("clerk 1001"), later.of("clerk 1002"), later.of("__proto__")]).toEqual([
      LIKED,
      DEFAULT_PREFERENCES,
      DEFAULT_PREFERENCES,
    ]);
  });

  test.each(["", "{", "[]", '{"format":2}', '{"format":1,"preferences":{"clerk 1001":{"language":"xx"}}}'])(
    "is the usual where the file says %j, and the file is whole again when somebody sets theirs",
    (text) => {
      writeFileSync(file(), text);
      const book = new PreferenceBook(folder);
      expect(book.of("clerk 1001")).toEqual(DEFAULT_PREFERENCES);
      book.keep("clerk 1001", LIKED);
      expect(new PreferenceBook(folder).of("clerk 1001")).toEqual(LIKED);
    },
  );

  test("is kept for the five hundred who set theirs last", () => {
    const preferences = Object.fromEntries(Array.from({ length: 500 }, (_, index) => [`clerk ${index}`, LIKED]));
    writeFileSync(file(), JSON.stringify({ format: 1, preferences }));
    const book = new PreferenceBook(folder);
    book.keep("clerk 500", LIKED);
    expect([book.of("clerk 0"), book.of("clerk 1"), book.of("clerk 500")]).toEqual([DEFAULT_PREFERENCES, LIKED, LIKED]);
    expect(Object.keys(JSON.parse(readFileSync(file(), "utf8")).preferences)).toHaveLength(500);
  });

  test.skipIf(process.getuid?.() === 0)("says so when it cannot be kept", () => {
    chmodSync(folder, 0o500);
    expect(() => new PreferenceBook(folder).keep("clerk 1", LIKED)).toThrow(/WR8006/);
    chmodSync(folder, 0o700);
  });
});
