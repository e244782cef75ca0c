import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import { describe, expect, test } from "vitest";
import { BUILT_SCREENS } from "./screen-pages.ts";

/** Before it shows anything, or with what it fetches by itself afterwards, so that nothing waits when it is wanted. */
type Until = "shown" | "idle";

/** `import x from "./a.js"` and `import "./a.js"`; with a bracket it is loaded later. */
const AT_ONCE = /(?:\bfrom|\bimport)\s*(["'`])\.\/([^"'`]+\.js)\1/g;
/** Any way of naming a script beside it, a list for later included. */
const EVER = /(["'`/])([\w.-]+\.js)(?=["'`])/g;

/** The scripts of a page: its own, and whatever those load in their turn. */
const scriptsOf = (page: string, until: Until): string[] => {
  const html = readFileSync(join(BUILT_SCREENS, page), "utf8");
  const found = new Set<string>();
  const visit = (file: string): void => {
    if (found.has(file) || !existsSync(join(BUILT_SCREENS, "assets", file))) return;
    found.add(file);
    const text = readFileSync(join(BUILT_SCREENS, "assets", file), "utf8");
    for (const [, , name] of text.matchAll(until === "shown" ? AT_ONCE : EVER)) if (name !== undefined) visit(name);
  };
  for (const [, name] of html.matchAll(/(?:src|href)="\.\/assets\/([^"]+\.js)"/g)) if (name !== undefined) visit(name);
  return [...found];
};

const kilobytes = (files: readonly string[]): number =>
  files.reduce((sum, file) => sum + gzipSync(readFileSync(join(BUILT_SCREENS, "assets", file))).length, 0) / 1024;

describe("The built screens", () => {
  test("are there, as npm run setup builds them", () => expect(existsSync(join(BUILT_SCREENS, "strip.html"))).toBe(true));

  test("load at most 250 KB of script, packed, for all that the strip ever shows: line, forms and receipt", () => {
    const first = scriptsOf("strip.html", "shown");
    const all = [...new Set([...scriptsOf("strip.html", "idle"), ...scriptsOf("receipt.html", "idle")])];
    // Each form is a script of its own; were they not found, this would measure too little.
    for (const panel of ["start-case", "paper-form", "code-panel", "settings", "new-pin", "pairing"]) {
      expect(first.some((file) => file.startsWith(`${panel}-`))).toBe(false);
      expect([panel, all.some((file) => file.startsWith(`${panel}-`))]).toEqual([panel, true]);
    }
    expect(kilobytes(first)).toBeGreaterThan(100);
    expect(kilobytes(all)).toBeGreaterThan(kilobytes(first));
    expect(kilobytes(all)).toBeLessThanOrEqual(250);
  });

  test("hold no script or style in their pages: the content security policy lets none in", () => {
    for (const page of ["open.html", "strip.html", "receipt.html"]) {
      const html = readFileSync(join(BUILT_SCREENS, page), "utf8");
      expect(html).not.toMatch(/<script(?![^>]*\bsrc=)|<style|\sstyle=|\son\w+=|javascript:|data:/i);
      expect(html).not.toMatch(/https?:\/\//);
    }
  });
});
