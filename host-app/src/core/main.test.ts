import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync, mkdirSync, mkdtempSync, rmdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import pty from "@lydell/node-pty";
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { openTestPc } from "./care/test-pc.ts";

const MAIN = join(import.meta.dirname, "main.ts");

let dataDir: string;
const children: ChildProcess[] = [];
beforeEach(() => {
  dataDir = mkdtempSync(join(tmpdir(), "main-"));
});
afterEach(() => {
  for (const child of children.splice(0)) child.kill("SIGKILL");
  rmSync(dataDir, { recursive: true, force: true });
});

const start = (...args: string[]): ChildProcess => {
  const child = spawn(process.execPath, [MAIN, ...args], { stdio: ["ignore", "pipe", "pipe"] });
  children.push(child);
  return child;
};

const run = async (...args: string[]): Promise<{ code: number; out: string; err: string }> => {
  const child = start(...args);
  let out = "";
  let err = "";
  child.stdout?.on("data", (chunk) => {
    out += chunk;
  });
  child.stderr?.on("data", (chunk) => {
    err += chunk;
  });
  const [code] = (await once(child, "close")) as [number];
  return { code, out, err };
};

/** A window PC with no pad and no central. */
const startHost = async (): Promise<{ child: ChildProcess; ready: { ready: boolean; deskPort: number; pid: number } }> => {
  const child = start("--data", dataDir, "--pad", "tcp://127.0.0.1:9", "--desk-port", "0", "--json");
  child.stderr?.resume();
  if (child.stdout === null) throw new Error("stdout is piped");
  const [line] = (await once(createInterface({ input: child.stdout }), "line")) as [string];
  return { child, ready: JSON.parse(line) };
};

describe("window-host", () => {
  test("says in one line that its database is damaged, stays to have it rescued, says in another that it is ready, and ends cleanly", async () => {
    const pc = openTestPc(dataDir);
    pc.serve(1, 5);
    pc.close();
    writeFileSync(join(dataDir, "window.db"), Buffer.alloc(4096, 0xee), { flag: "r+" });
    const child = start("--data", dataDir, "--pad", "tcp://127.0.0.1:9", "--desk-port", "0", "--json");
    child.stderr?.resume();
    if (child.stdout === null) throw new Error("stdout is piped");
    const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
    const said = async (): Promise<object> => JSON.parse((await lines.next()).value as string) as object;
    const inRescue = await said();
    expect(inRescue).toEqual({ ready: false, code: "WR4001", deskPort: expect.any(Number), pid: child.pid });
    const status = await run("status", "--data", dataDir);
    expect(status.code).toBe(1);
    expect(status.err).toMatch(/^WR4001 .*window-host screen console/);
    expect((await run("database", "rescue", "--data", dataDir)).code).toBe(0);
    expect((await run("database", "rescue", "--use", "--data", dataDir)).code).toBe(0);
    expect(await said()).toEqual({ ...inRescue, ready: true, code: undefined });
    expect((await run("status", "--data", dataDir)).code).toBe(0);
    child.kill("SIGTERM");
    expect(await once(child, "exit")).toEqual([0, null]);
  });

  test("says in one line that it is ready, and ends cleanly on SIGTERM and on SIGINT", async () => {
    for (const signal of ["SIGTERM", "SIGINT"] as const) {
      const { child, ready } = await startHost();
      expect(ready).toEqual({ ready: true, deskPort: expect.any(Number), pid: child.pid });
      expect(existsSync(join(dataDir, "control.json"))).toBe(true);
      child.kill(signal);
      expect(await once(child, "exit")).toEqual([0, null]);
      expect(existsSync(join(dataDir, "control.json"))).toBe(false);
    }
  });

  test("tells its status and is examined while it runs, and refuses a second one on its data folder", async () => {
    const { ready } = await startHost();
    const status = await run("status", "--data", dataDir, "--json");
    expect(status.code).toBe(0);
    expect(JSON.parse(status.out)).toMatchObject({
      database: { synchronous: "FULL", journalMode: "wal" },
      ratings: { total: 0, unbound: 0 },
    });
    const doctor = JSON.parse((await run("doctor", "--data", dataDir, "--json")).out) as { findings: { subject: string; text: string }[] };
    expect(doctor.findings.find(({ subject }) => subject === "window-host")?.text).toContain(String(ready.pid));
    const second = await run("--data", dataDir, "--pad", "tcp://127.0.0.1:9", "--desk-port", "0", "--json");
    expect(second.code).toBe(1);
    expect(JSON.parse(second.out)).toMatchObject({ error: { code: "WR4005" } });
  });

  test("does not start on a desk port that is taken", async () => {
    const { ready } = await startHost();
    const other = join(dataDir, "other");
    const { code, err } = await run("--data", other, "--pad", "tcp://127.0.0.1:9", "--desk-port", String(ready.deskPort));
    expect(code).toBe(1);
    expect(err).toContain("WR8004");
  });
});

test("A window-host that could not write control.json as it started, its disk being full, is found as soon as it can", async () => {
  // A folder in the file's place is as hard to write as a full disk.
  const inTheWay = join(dataDir, "control.json");
  mkdirSync(inTheWay);
  await startHost();
  expect((await run("status", "--data", dataDir)).code).toBe(1);
  rmdirSync(inTheWay);
  await vi.waitUntil(async () => (await run("status", "--data", dataDir)).code === 0, { timeout: 60_000 });
});

describe("The command line", () => {
  test.each([
    ["no command", [], 0, "Usage: window-host"],
    ["--help", ["--help"], 0, "Examples:"],
    ["run --help", ["run", "--help"], 0, "Examples:"],
    ["pair --help", ["pair", "--help"], 0, "Examples:"],
    ["config --help", ["config", "--help"], 0, "Examples:"],
    ["status -h", ["status", "-h"], 0, "Examples:"],
    ["ports --help", ["ports", "--help"], 0, "Examples:"],
    ["doctor --help", ["doctor", "--help"], 0, "Examples:"],
    ["watch --help", ["watch", "--help"], 0, "Examples:"],
    ["bundle --help", ["bundle", "--help"], 0, "Examples:"],
    ["--version", ["--version"], 0, "0.1.0"],
  ])("helps with %s", async (_, args, code, text) => {
    const result = await run(...args);
    expect(result).toMatchObject({ code, err: "" });
    expect(result.out).toContain(text);
  });

  test.each([
    ["an unknown command", ["stats"], "WR8002"],
    ["a name of every object", ["constructor"], "WR8002"],
    ["an unknown flag", ["--data", "/nowhere", "--paad", "auto"], "the nearest is --pad"],
    ["a flag without its value", ["--data"], "WR8002"],
    ["no data folder", ["--pad", "auto"], "WR8002"],
    ["a setting out of range", ["--data", "/nowhere", "--pad-volume", "101"], "0..100"],
  ])("refuses %s with exit code 2, and says what to do", async (_, args, text) => {
    const result = await run(...args);
    expect(result).toMatchObject({ code: 2, out: "" });
    expect(result.err).toContain(text);
    expect(result.err).not.toContain("    at ");
  });

  test("ends at Ctrl+C without a stack trace while it asks something", async () => {
    const terminal = pty.spawn(process.execPath, [MAIN, "profile", "learn", "--port", "tcp://127.0.0.1:9"], { cols: 80, rows: 24 });
    let shown = "";
    terminal.onData((text) => {
      shown += text;
    });
    const ended = new Promise<number>((resolve) => terminal.onExit(({ exitCode }) => resolve(exitCode)));
    await vi.waitUntil(() => shown.includes("Enter ends"));
    terminal.write("\x03");
    expect(await ended).toBe(130);
    expect(shown).not.toMatch(/AbortError| {4}at /);
  });

  test("gives its errors as JSON where JSON was asked for", async () => {
    const { code, out } = await run("status", "--data", dataDir, "--json");
    expect(code).toBe(1);
    expect(JSON.parse(out)).toMatchObject({ error: { code: "WR8003", advice: expect.any(String) } });
  });
});
