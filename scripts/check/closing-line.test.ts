import { spawnSync } from "node:child_process";
import { chmodSync, cpSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";

const root = path.resolve(import.meta.dirname, "../..");

let folder: string;

beforeEach(() => {
  folder = mkdtempSync(path.join(tmpdir(), "closing-line-"));
});

afterEach(() => rmSync(folder, { recursive: true }));

function write(file: string, text: string): void {
  mkdirSync(path.dirname(path.join(folder, file)), { recursive: true });
  writeFileSync(path.join(folder, file), text);
}

/** The last line that a command printed, and how it ended. */
function lastLine(command: string, args: readonly string[], env: NodeJS.ProcessEnv = {}) {
  const { status, stdout } = spawnSync(command, args, { cwd: folder, env: { ...process.env, ...env }, encoding: "utf8" });
  return { status, line: stdout.trimEnd().split("\n").at(-1), endsWithIt: stdout.endsWith("\n") };
}

function runTests() {
  write(
    "vitest.config.mjs",
    `import { ClosingLineReporter } from ${JSON.stringify(path.join(root, "scripts/check/closing-line.ts"))};
     export default { test: { globals: true, include: ["*.test.mjs"], reporters: ["default", new ClosingLineReporter()] } };`,
  );
  return lastLine(process.execPath, [path.join(root, "node_modules/vitest/vitest.mjs"), "run"]);
}

test("a test run closes with its counts alone on the last line", () => {
  write("a.test.mjs", 'test("a", () => {}); test("b", () => {}); test.skip("c", () => {});');
  expect(runTests()).toEqual({ status: 0, line: "2 passed, 0 failed, 1 skipped", endsWithIt: true });
});

test("a failing test and a file that does not even load are one failure each", () => {
  write("a.test.mjs", 'test("a", () => {}); test("b", () => expect(1).toBe(2));');
  write("b.test.mjs", 'throw new Error("broken");');
  expect(runTests()).toMatchObject({ status: 1, line: "1 passed, 2 failed" });
});

test("a run with an unhandled error never closes with no failure", () => {
  write("a.test.mjs", 'test("a", async () => { Promise.reject(new Error("left alone")); await new Promise(setImmediate); });');
  expect(runTests()).toMatchObject({ status: 1, line: "1 passed, 1 failed" });
});

test("a run without tests is a failure", () => {
  expect(runTests()).toMatchObject({ status: 1, line: "0 passed, 1 failed" });
});

/** Runs .ci/run with an npm that prints what it is told and ends as it is told. */
function runCi(scripts: { test: string; check: string }) {
  cpSync(path.join(root, ".ci/run"), path.join(folder, "ci/run"));
  write("bin/npm", `#!/bin/sh\ncase "$*" in "test") ${scripts.test};; "run check") ${scripts.check};; *) exit 9;; esac\n`);
  chmodSync(path.join(folder, "bin/npm"), 0o755);
  return lastLine("bash", ["ci/run"], { PATH: `${path.join(folder, "bin")}${path.delimiter}${process.env.PATH}` });
}

test.each([
  ["adds up tests and checks", "echo '5 passed, 0 failed, 2 skipped'", "echo '7 passed, 0 failed'", 0, "12 passed, 0 failed, 2 skipped"],
  ["fails when a test fails", "echo '4 passed, 1 failed'; exit 1", "echo '7 passed, 0 failed'", 1, "11 passed, 1 failed"],
  ["fails when a check fails", "echo '5 passed, 0 failed'", "echo '5 passed, 2 failed'; exit 1", 1, "10 passed, 2 failed"],
  ["fails when set-up fails before any test", "exit 1", "echo '7 passed, 0 failed'", 1, "7 passed, 1 failed"],
  [
    "fails when a command dies after its closing line",
    "echo '5 passed, 0 failed'; exit 3",
    "echo '7 passed, 0 failed'",
    1,
    "12 passed, 1 failed",
  ],
  ["fails when a command says nothing", "exit 0", "echo '7 passed, 0 failed'", 1, "7 passed, 1 failed"],
])("CI %s", (_, testScript, checkScript, status, line) => {
  expect(runCi({ test: testScript, check: checkScript })).toEqual({ status, line, endsWithIt: true });
});
