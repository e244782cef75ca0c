import { execFileSync, spawnSync } from "node:child_process";
import { createHash } from "node:crypto";
import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { checkRelease } from "@window-rating/host-app/signed-release";
import { afterEach, beforeEach, expect, test } from "vitest";

const PROGRAM = path.join(import.meta.dirname, "sign-release.ts");
let folder: string;
beforeEach(() => {
  folder = mkdtempSync(path.join(tmpdir(), "release-"));
});
afterEach(() => rmSync(folder, { recursive: true }));

const run = (...args: string[]): string => execFileSync(process.execPath, [PROGRAM, ...args], { cwd: folder, encoding: "utf8" });
const sha512 = (text: string): string => createHash("sha512").update(text).digest("base64");

test("a release that was signed at the command line is taken by a window PC that has the public key, with its files and share", () => {
  const key = run("keygen", "--out", "releases").trim();
  expect(statSync(path.join(folder, "releases.key")).mode & 0o077).toBe(0);
  for (const name of ["window-rating-0.2.0-win-x64.exe", "window-rating-0.1.0-win-x64.exe", "notes.txt"])
    writeFileSync(path.join(folder, name), name);
  run("sign", "--key", "releases.key", "--folder", folder, "--version", "0.2.0", "--percentage", "10");
  const manifest = readFileSync(path.join(folder, "release.json"));
  const signature = readFileSync(path.join(folder, "release.json.sig"), "latin1");
  const offered = { version: "0.2.0", sha512: [sha512("window-rating-0.2.0-win-x64.exe")] };
  expect(checkRelease(manifest, signature, [key], offered)).toEqual({ is: "good", release: { version: "0.2.0", percentage: 10 } });
  const old = { version: "0.2.0", sha512: [sha512("window-rating-0.1.0-win-x64.exe")] };
  expect(checkRelease(manifest, signature, [key], old).is).toBe("refused");
});

test("a key is never overwritten, and a folder without the version's installers is not signed", () => {
  run("keygen", "--out", "releases");
  const before = readFileSync(path.join(folder, "releases.key"), "utf8");
  expect(spawnSync(process.execPath, [PROGRAM, "keygen", "--out", "releases"], { cwd: folder }).status).toBe(1);
  expect(readFileSync(path.join(folder, "releases.key"), "utf8")).toBe(before);
  expect(
    spawnSync(process.execPath, [PROGRAM, "sign", "--key", "releases.key", "--folder", ".", "--version", "9.9.9"], { cwd: folder }).status,
  ).toBe(1);
  expect(spawnSync(process.execPath, [PROGRAM, "sign"], { cwd: folder }).status).toBe(2);
});
