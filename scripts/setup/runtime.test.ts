import { readFileSync, realpathSync } from "node:fs";
import path from "node:path";
import { expect, test } from "vitest";
import { lockedPackages, misfits } from "./lock-file.mjs";

const root = path.resolve(import.meta.dirname, "../..");
const manifest = JSON.parse(readFileSync(path.join(root, "package.json"), "utf8"));
const locked = lockedPackages(root);

test("the tests run on Node 24, in the very version that the lock file names", () => {
  expect(manifest.devDependencies.node).toMatch(/^24\.\d+\.\d+$/);
  expect(locked["node_modules/node"]?.version).toBe(manifest.devDependencies.node);
  expect(process.version).toBe(`v${manifest.devDependencies.node}`);
});

test("that Node is the program of the npm package, not one of the machine", () => {
  expect(realpathSync(process.execPath)).toBe(realpathSync(path.join(root, "node_modules/.bin/node")));
  expect(realpathSync(process.execPath)).toBe(realpathSync(path.join(root, "node_modules/node/bin/node")));
});

test("every package is pinned by version and content, and none is bound to one registry", () => {
  const loose = Object.entries(locked)
    .filter(([place, { link }]) => place.includes("node_modules/") && link !== true)
    .filter(([, entry]) => typeof entry.version !== "string" || typeof entry.integrity !== "string" || entry.resolved !== undefined)
    .map(([place]) => place);
  expect(loose).toEqual([]);
});

test("the lock file fits every package.json, and what is installed fits the lock file", () => {
  expect(misfits(root)).toEqual([]);
});

test("each package that wants to run a script at install is allowed or denied by name, so that npm has nothing to warn of", () => {
  const undecided = Object.entries(locked)
    .filter(([, { hasInstallScript }]) => hasInstallScript === true)
    .map(([place]) => place.slice(place.lastIndexOf("node_modules/") + "node_modules/".length))
    .filter((name) => typeof manifest.allowScripts[name] !== "boolean");
  expect(undecided).toEqual([]);
});
