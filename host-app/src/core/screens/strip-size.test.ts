import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import { describe, expect, test } from "vitest";
import { BUILT_SCREENS } from "./screen-pages.ts";

/** What a page loads before it shows anything: its script, and what that imports, without what is loaded when it is wanted. */
const initialScripts = (page: string): string[] => {
  const html = readFileSync(join(BUILT_SCREENS, page), "utf8");
  const found = new Set<string>();
  const visit = (file: string): void => {
    if (found.has(file)) return;
    found.add(file);
    const text = readFileSync(join(BUILT_SCREENS, "assets", file), "utf8");
    // Static imports alone: `import("…")` has a bracket.
    for (const [, , name] of text.matchAll(/(?:\bfrom|\bimport)\s*(["'`])\.\/([^"'`]+\.js)\1/g)) if (name !== undefined) visit(name);
  };
  for (const [, name] of html.matchAll(/(?:src|href)="\.\/assets\/([^"]+\.js)"/g)) if (name !== undefined) visit(name);
  return [...found];
};

const kilobytes = (files: readonly string[]): number =>
  files.reduce((sum, file) => sum + gzipSync(readFileSync(join(BUILT_SCREENS, "assets", file))).length, 0) / 1024;

describe("The built screens", () => {
  test("are there, as npm run setup builds them", () => expect(existsSync(join(BUILT_SCREENS, "strip.html"))).toBe(true));

  test("load at most 250 KB of script, packed, before the strip shows", () => {
    const scripts = initialScripts("strip.html");
    expect(scripts.length).toBeGreaterThan(1);
    const size = kilobytes(scripts);
    expect(size).toBeGreaterThan(100);
    expect(size).toBeLessThanOrEqual(250);
  });

  test("hold no script or style in their pages: the content security policy lets none in", () => {
    for (const page of ["open.html", "strip.html", "receipt.html"]) {
      const html = readFileSync(join(BUILT_SCREENS, page), "utf8");
      expect(html).not.toMatch(/<script(?![^>]*\bsrc=)|<style|\sstyle=|\son\w+=|javascript:|data:/i);
      expect(html).not.toMatch(/https?:\/\//);
    }
  });
});
