import { chmodSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { findBrowser } from "./browser.mjs";
import { findPostgres } from "./postgres.mjs";

let folder: string;

beforeEach(() => {
  folder = mkdtempSync(path.join(tmpdir(), "finders-"));
});

afterEach(() => rmSync(folder, { recursive: true }));

function program(name: string, mode = 0o755): string {
  const file = path.join(folder, name);
  mkdirSync(path.dirname(file), { recursive: true });
  writeFileSync(file, "");
  chmodSync(file, mode);
  return file;
}

test("the browser is the first on PATH in the order Chromium, Chrome, Edge", () => {
  const env = { PATH: ["/nowhere", folder].join(path.delimiter) };
  expect(findBrowser(env, "linux")).toBeUndefined();
  const edge = program("microsoft-edge");
  expect(findBrowser(env, "linux")).toBe(edge);
  const chromium = program("chromium");
  expect(findBrowser(env, "linux")).toBe(chromium);
});

test("a browser that may not be run is none", () => {
  program("chromium", 0o644);
  expect(findBrowser({ PATH: folder }, "linux")).toBeUndefined();
});

test("the environment may name the browser and the PostgreSQL programs", () => {
  expect(findBrowser({ PATH: "", WINDOW_RATING_BROWSER: "/opt/edge" })).toBe("/opt/edge");
  expect(findPostgres({ PATH: "", WINDOW_RATING_POSTGRES: "/opt/pg/bin" }, folder)).toBe("/opt/pg/bin");
});

test("of several PostgreSQL servers the newest is taken, by number and not by letters", () => {
  for (const version of ["9.6", "15", "17"]) for (const name of ["initdb", "pg_ctl", "postgres"]) program(`${version}/bin/${name}`);
  expect(findPostgres({ PATH: "" }, folder)).toBe(path.join(folder, "17/bin"));
});

test("a folder with the client programs alone is no server, and a pg_ctl on PATH leads to one", () => {
  program("18/bin/psql");
  expect(findPostgres({ PATH: "" }, folder)).toBeUndefined();
  for (const name of ["initdb", "pg_ctl", "postgres"]) program(`own/${name}`);
  expect(findPostgres({ PATH: path.join(folder, "own") }, folder)).toBe(path.join(folder, "own"));
  expect(findPostgres({ PATH: path.join(folder, "own") }, path.join(folder, "missing"))).toBe(path.join(folder, "own"));
});
