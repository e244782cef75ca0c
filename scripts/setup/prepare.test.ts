import { spawnSync } from "node:child_process";
import { chmodSync, cpSync, existsSync, mkdirSync, mkdtempSync, readFileSync, realpathSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { adviceFor } from "./packages.mjs";

/**
 * A small workspace with the real set-up in it. npm is played by a program that writes down its arguments and lays out node_modules;
 * the real one is proven by every CI run, which starts from a clean checkout.
 */
let root: string;

const NPM = `
const { appendFileSync, cpSync, existsSync, mkdirSync, rmSync } = require("node:fs");
appendFileSync("npm-calls", process.argv.slice(2).join(" ") + "\\n");
if (existsSync("npm-fails")) { console.log("npm notice"); console.error("npm error code ENOTFOUND"); process.exit(1); }
console.error("npm warn EBADENGINE Unsupported engine");
rmSync("node_modules", { recursive: true, force: true });
cpSync("packed", "node_modules", { recursive: true });
`;

const NATIVE_MODULES = `
import { appendFileSync, existsSync } from "node:fs";
appendFileSync("trials", "tried\\n");
if (existsSync("trial-fails")) { console.error("better-sqlite3: wrong ELF class"); process.exit(1); }
`;

beforeEach(() => {
  root = realpathSync(mkdtempSync(path.join(tmpdir(), "set-up-")));
  cpSync(import.meta.dirname, path.join(root, "scripts/setup"), { recursive: true });
  write("scripts/setup/native-modules.mjs", NATIVE_MODULES);
  write("package.json", JSON.stringify({ workspaces: ["part"], devDependencies: { node: "24.0.0" } }));
  write("part/package.json", JSON.stringify({ name: "part", dependencies: { dep: "^1.0.0" } }));
  lock("1.0.0");
  write("packed/node/package.json", "{}");
  write("packed/node/bin/node", `#!/bin/sh\nexec "${process.execPath}" "$@"\n`);
  chmodSync(path.join(root, "packed/node/bin/node"), 0o755);
  write("packed/part/package.json", "{}");
  write("npm-cli.js", NPM);
});

afterEach(() => rmSync(root, { recursive: true }));

function write(file: string, text: string): void {
  mkdirSync(path.dirname(path.join(root, file)), { recursive: true });
  writeFileSync(path.join(root, file), text);
}

/** A lock file with the given version of the one dependency, and the packages that npm would install for it. */
function lock(version: string): void {
  const places = {
    "node_modules/node": { version: "24.0.0" },
    "node_modules/dep": { version },
    "node_modules/part": { link: true },
    "node_modules/for-another-platform": { version: "1.0.0", optional: true },
  };
  const packages = {
    "": { workspaces: ["part"], devDependencies: { node: "24.0.0" } },
    part: { dependencies: { dep: "^1.0.0" } },
    ...places,
  };
  write("package-lock.json", JSON.stringify({ packages }));
  const { "node_modules/for-another-platform": _, ...installed } = places;
  write("packed/.package-lock.json", JSON.stringify({ packages: installed }));
  write("packed/dep/package.json", JSON.stringify({ version }));
}

function setUp() {
  const { status, stdout, stderr } = spawnSync(process.execPath, ["scripts/setup/prepare.mjs"], {
    cwd: root,
    env: { ...process.env, npm_execpath: path.join(root, "npm-cli.js"), npm_node_execpath: process.execPath },
    encoding: "utf8",
  });
  return { status, stdout, stderr };
}

function linesOf(file: string): number {
  return existsSync(path.join(root, file)) ? readFileSync(path.join(root, file), "utf8").trimEnd().split("\n").length : 0;
}

const nothing = { status: 0, stdout: "", stderr: "" };

describe("set-up", () => {
  test("installs from the lock file, says one line for each step, and keeps npm's warnings to itself", () => {
    const { status, stdout, stderr } = setUp();
    expect(stderr.replaceAll(/\d+\.\d s/g, "0.0 s").split("\n")).toEqual([
      "set-up: packages from package-lock.json: done (0.0 s)",
      "set-up: the pinned Node and the modules with machine code: done (0.0 s)",
      "",
    ]);
    expect([status, stdout]).toEqual([0, ""]);
    expect(readFileSync(path.join(root, "npm-calls"), "utf8")).toMatch(/^ci /);
  });

  test("does nothing and says nothing when nothing changed", () => {
    setUp();
    expect([setUp(), setUp()]).toEqual([nothing, nothing]);
    expect([linesOf("npm-calls"), linesOf("trials")]).toEqual([1, 1]);
  });

  test("installs again when the lock file asks for another version", () => {
    setUp();
    lock("1.1.0");
    expect(setUp().status).toBe(0);
    expect(linesOf("npm-calls")).toBe(2);
    expect(setUp()).toEqual(nothing);
  });

  test("installs again when node_modules or the pinned Node is gone", () => {
    setUp();
    rmSync(path.join(root, "node_modules"), { recursive: true });
    setUp();
    rmSync(path.join(root, "node_modules/node/bin/node"));
    expect(setUp().status).toBe(0);
    expect(linesOf("npm-calls")).toBe(3);
  });

  test("leaves the installed packages alone when a package.json changed in a way that npm does not care about", () => {
    setUp();
    write("part/package.json", JSON.stringify({ name: "part", description: "new words", dependencies: { dep: "^1.0.0" } }));
    expect(setUp().status).toBe(0);
    expect([linesOf("npm-calls"), linesOf("trials")]).toEqual([1, 2]);
    expect(setUp()).toEqual(nothing);
  });

  test("accepts packages that somebody installed with npm, and tries them", () => {
    cpSync(path.join(root, "packed"), path.join(root, "node_modules"), { recursive: true });
    expect(setUp().status).toBe(0);
    expect([linesOf("npm-calls"), linesOf("trials")]).toEqual([0, 1]);
  });

  test("asks npm when a package.json has a dependency that the lock file lacks, because only npm can say what is wrong", () => {
    setUp();
    write("part/package.json", JSON.stringify({ name: "part", dependencies: { dep: "^1.0.0", another: "1.0.0" } }));
    setUp();
    expect(linesOf("npm-calls")).toBe(2);
  });

  test("shows all that npm said when npm fails, says what to do, and tries again the next time", () => {
    write("npm-fails", "");
    const { status, stderr } = setUp();
    expect(status).toBe(1);
    expect(stderr).toContain("npm notice\n");
    expect(stderr).toContain("npm error code ENOTFOUND\n");
    expect(stderr).toMatch(/set-up: npm ci failed\. The npm registry cannot be reached: .*\n$/);
    rmSync(path.join(root, "npm-fails"));
    expect(setUp().status).toBe(0);
  });

  test("fails with the module's own words when a module does not load, and tries again the next time", () => {
    write("trial-fails", "");
    const { status, stderr } = setUp();
    expect(status).toBe(1);
    expect(stderr).toContain("better-sqlite3: wrong ELF class\n");
    expect(stderr).toContain(`There may be no ready-made build for ${process.platform} ${process.arch}`);
    rmSync(path.join(root, "trial-fails"));
    expect(setUp().status).toBe(0);
    expect(linesOf("npm-calls")).toBe(1);
  });
});

test.each([
  ["npm error code EUSAGE", /npm install once/],
  ["npm error code ECONNREFUSED", /registry cannot be reached/],
  ["npm error code ETARGET", /registry setting/],
  ["npm error code EACCES", /may not write/],
  ["npm error code ENOSPC", /disk is full/],
  ["npm error gyp ERR!", /Mend what npm says/],
])("%s comes with advice of its own", (output, advice) => {
  expect(adviceFor(output)).toMatch(advice);
});
