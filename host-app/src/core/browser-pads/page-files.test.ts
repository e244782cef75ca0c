import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import { expect, test } from "vitest";
import { BUILT_PAGE, PageFiles } from "./page-files.ts";

/** Issued by the design: most bytes of script, gzip, that the citizen's page may ship. */
const MOST_SCRIPT = 80 * 1024;

const scripts = (): readonly string[] => [...new PageFiles().files.keys()].filter((path) => path.endsWith(".js"));

test("the citizen's page ships at most 80 KB of script, gzip, with its firmware and its worker, and no antd", () => {
  const bodies = scripts().map((path) => readFileSync(join(BUILT_PAGE, path)));
  const bytes = bodies.reduce((sum, body) => sum + gzipSync(body, { level: 9 }).length, 0);
  expect(bytes).toBeGreaterThan(20 * 1024);
  expect(bytes).toBeLessThanOrEqual(MOST_SCRIPT);
  expect(Buffer.concat(bodies).toString()).not.toMatch(/antd|react-dom/i);
});

test("everything that was built is served, and is kept by the worker for a page without a network", () => {
  const { files } = new PageFiles();
  const assets = readdirSync(join(BUILT_PAGE, "assets")).map((name) => `/assets/${name}`);
  expect([...files.keys()].sort()).toEqual(["/page", "/icon.svg", "/worker.js", ...assets].sort());
  const worker = readFileSync(join(BUILT_PAGE, "worker.js"), "utf8");
  for (const path of ["/page", "/icon.svg", ...assets]) expect(worker).toContain(path);
  expect(worker).not.toMatch(/__FILES__|__FINGERPRINT__/);
});
