import { describe, expect, test } from "vitest";
import { javascriptOf } from "./javascript.ts";

describe("JavaScript of our TypeScript", () => {
  test("has blanks for types, .js for .ts in paths to our files, and each line where it was", () => {
    const source = [
      'import { a } from "./a.ts";',
      'import type { B } from "../b.ts";',
      'export { c } from "@window-rating/protocol/pad";',
      "const value: B = a as B;",
      'const later = () => import("./later.ts");',
      'export const worker = new URL("./worker.ts", import.meta.url);',
      'export const note = "./worker.ts";',
    ].join("\n");
    const { text, uses } = javascriptOf("x.ts", source);
    expect(text.split("\n")).toEqual([
      'import { a } from "./a.js";',
      " ".repeat(source.split("\n")[1]?.length ?? 0),
      'export { c } from "@window-rating/protocol/pad";',
      "const value    = a     ;",
      'const later = () => import("./later.js");',
      'export const worker = new URL("./worker.js", import.meta.url);',
      'export const note = "./worker.ts";',
    ]);
    expect(uses).toEqual(["./a.ts", "@window-rating/protocol/pad", "./later.ts", "./worker.ts"]);
  });

  test("is refused when the source is no JavaScript without its types", () => {
    expect(() => javascriptOf("x.ts", "enum A { B }")).toThrow();
    expect(() => javascriptOf("x.mjs", "const = 1")).toThrow(/x\.mjs cannot be read/);
  });
});
