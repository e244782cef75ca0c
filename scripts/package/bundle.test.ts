import { execFileSync } from "node:child_process";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { bundleOf } from "./bundle.ts";

let root: string;
beforeEach(() => {
  root = mkdtempSync(path.join(tmpdir(), "bundle-"));
});
afterEach(() => rmSync(root, { recursive: true, force: true }));

const write = (folder: string, files: Readonly<Record<string, string>>): void => {
  for (const [name, text] of Object.entries(files)) {
    mkdirSync(path.dirname(path.join(folder, name)), { recursive: true });
    writeFileSync(path.join(folder, name), text);
  }
};

const bundled = (files: Readonly<Record<string, string>>): Promise<Map<string, string>> => {
  write(root, { "package.json": '{"type":"module"}', ...files });
  return bundleOf({
    root,
    entry: "app/src/main.ts",
    shippedPath: (file) => file.replace(/^library\//, "node_modules/library/"),
    external: ["kept"],
  });
};

test("what is imported later stays in a file that is not loaded before", async () => {
  const bundle = await bundled({
    "app/src/main.ts": 'import { one } from "./one.ts"; console.log(one); export const later = () => import("./two.ts");',
    "app/src/one.ts": 'export const one: string = "first";',
    "app/src/two.ts": 'export const two = "second";',
  });
  expect([...bundle.keys()].sort()).toEqual(["app/src/main.js", "app/src/two.js"]);
  expect(bundle.get("app/src/main.js")).toContain("first");
  expect(bundle.get("app/src/main.js")).not.toContain("second");
});

test("runs where the package is put: data lies beside the place of its own module, packages beside the bundle are found, and a fault tells its function", async () => {
  const bundle = await bundled({
    "app/src/main.ts": [
      'import kept from "kept";',
      'import { data, version } from "../../library/src/reader.ts";',
      'const failingPress = (): never => { throw new Error(["按键", kept, data(), version()].join(" ")); };',
      "failingPress();",
    ].join("\n"),
    "library/src/reader.ts": [
      'import { readFileSync } from "node:fs";',
      'import { join } from "node:path";',
      "// a comment, which nobody reads when it runs",
      'export const data = (): string => readFileSync(join(import.meta.dirname, "..", "data.txt"), "utf8");',
      'export const version = (): string => readFileSync(new URL("../version.txt", import.meta.url), "utf8");',
    ].join("\n"),
    "node_modules/kept/package.json": '{"name":"kept","main":"index.js"}',
    "node_modules/kept/index.js": 'module.exports = "in the repository";',
  });
  const installed = path.join(root, "an installed place 处");
  write(installed, {
    ...Object.fromEntries(bundle),
    "package.json": '{"type":"module"}',
    "node_modules/library/data.txt": "profiles",
    "node_modules/library/version.txt": "1.2.3",
    "node_modules/kept/package.json": '{"name":"kept","main":"index.js"}',
    "node_modules/kept/index.js": 'module.exports = "kept";',
  });
  const said = (): string => {
    try {
      return execFileSync(process.execPath, [path.join(installed, "app/src/main.js")], { encoding: "utf8", stdio: "pipe" });
    } catch (error) {
      return String((error as { stderr?: string }).stderr);
    }
  };
  expect(said()).toContain("Error: 按键 kept profiles 1.2.3");
  expect(said()).toMatch(/at failingPress \(.*main\.js:\d+:\d+\)/);
  const code = [...bundle.values()].join("");
  expect(code).toMatch(/^\p{ASCII}+$/u);
  expect(code).not.toContain("nobody reads");
});

test("a module that another one starts as a thread is in the bundle, and runs there", async () => {
  const bundle = await bundled({
    "app/src/main.ts": [
      'import { Worker } from "node:worker_threads";',
      'import { word } from "./word.ts";',
      'const worker = new Worker(new URL("./care/sum-worker.ts", import.meta.url), { workerData: word });',
      'worker.on("message", (text: string) => console.log(text));',
    ].join("\n"),
    "app/src/word.ts": 'export const word = "窗口";',
    "app/src/care/sum-worker.ts": [
      'import { parentPort, workerData } from "node:worker_threads";',
      'import { word } from "../word.ts";',
      'parentPort?.postMessage([workerData, word === workerData].join(" "));',
    ].join("\n"),
  });
  const installed = path.join(root, "installed");
  write(installed, { ...Object.fromEntries(bundle), "package.json": '{"type":"module"}' });
  expect(execFileSync(process.execPath, [path.join(installed, "app/src/main.js")], { encoding: "utf8" })).toBe("窗口 true\n");
});

test("an idle window-host reads nothing of screens, trials of pads and the care of its database", async () => {
  const core = "host-app/src/core/";
  const bundle = await bundleOf({
    root: path.resolve(import.meta.dirname, "../.."),
    entry: `${core}main.ts`,
    shippedPath: (file) => file,
    external: ["better-sqlite3", "@serialport/bindings-cpp"],
  });
  const read = new Set<string>();
  const visit = (file: string): void => {
    if (read.has(file)) return;
    read.add(file);
    for (const [, next] of bundle.get(core + file)?.matchAll(/^import (?:[^"]* from )?"\.\/([^"]+)";$/gm) ?? []) visit(next ?? "");
  };
  // What `window-host run` imports when it runs.
  for (const file of ["main.js", "run-command.js", "window-pc.js"]) visit(file);
  const all = [...bundle.keys()].map((file) => file.replace(core, ""));
  const unread = [
    "screen-server.js",
    "screen-hub.js",
    "conformance-command.js",
    "learn-command.js",
    "pad-browser-command.js",
    "care-worker.js",
    "rescue-host.js",
  ];
  expect(all).toEqual(expect.arrayContaining([...read, ...unread]));
  expect(unread.filter((file) => read.has(file))).toEqual([]);
  expect(read.size).toBeGreaterThan(10);
});

test("a module that is not there fails the build, not the hall", async () => {
  await expect(bundled({ "app/src/main.ts": 'export const later = () => import("./forgotten.ts");' })).rejects.toThrow("forgotten");
});
