import { type ChildProcessByStdio, spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { connect } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import type { Readable } from "node:stream";
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { auditStore } from "../audit.ts";
import type { FleetSummary } from "../fleet/fleet.ts";
import { WindowPc } from "../test/window-pc.ts";

const MAIN = join(import.meta.dirname, "..", "main.ts");
const PATIENCE = { timeout: 20_000, interval: 5 };

let folder: string;
const ends: (() => unknown)[] = [];
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "pad-fleet-"));
});
afterEach(async () => {
  for (const end of ends.splice(0).reverse()) await end();
  rmSync(folder, { recursive: true, force: true });
});

const start = (...args: readonly string[]) => {
  const child: ChildProcessByStdio<null, Readable, Readable> = spawn(process.execPath, [MAIN, ...args], {
    stdio: ["ignore", "pipe", "pipe"],
  });
  ends.push(() => void child.kill("SIGKILL"));
  const lines: string[] = [];
  let said = "";
  createInterface({ input: child.stdout }).on("line", (line) => lines.push(line));
  child.stderr.on("data", (chunk) => {
    said += chunk;
  });
  return {
    lines,
    line: async (number: number): Promise<string> => {
      await vi.waitUntil(() => lines.length > number || child.exitCode !== null, PATIENCE);
      return lines[number] ?? said;
    },
    end: async (signal?: NodeJS.Signals): Promise<{ code: number | null; said: string }> => {
      if (signal !== undefined) child.kill(signal);
      if (child.exitCode === null) await once(child, "close");
      return { code: child.exitCode, said };
    },
  };
};

const callOver = async (port: string): Promise<WindowPc> => {
  const pc = new WindowPc();
  const { hostname, port: number } = new URL(port);
  const socket = connect(Number(number), hostname);
  await once(socket, "connect");
  ends.push(() => socket.destroy());
  ends.push(() => pc.disconnect());
  socket.on("error", () => {});
  socket.on("data", (chunk) => pc.take(chunk));
  pc.connect((bytes) => void socket.write(bytes));
  await pc.untilReady();
  return pc;
};

describe("pad-sim fleet", () => {
  test("runs pads behind ports of their own, and tells in the end what each has seen", async () => {
    const [records, windows, state] = ["ratings.jsonl", "windows.json", "stores"].map((name) => join(folder, name)) as [
      string,
      string,
      string,
    ];
    const args = ["--count", "3", "--tcp", "--citizens", "keen", "--records", records, "--windows", windows, "--state", state, "--json"];
    const fleet = start("fleet", ...args);
    const { count, ports } = JSON.parse(await fleet.line(0)) as { count: number; ports: string[] };
    expect([count, new Set(ports).size]).toEqual([3, 3]);
    expect(JSON.parse(readFileSync(windows, "utf8")).windows[2]).toEqual({
      windowNo: "3",
      pad: { port: ports[2], serialNumber: "FLEET-0003" },
    });
    const pcs = await Promise.all(ports.map(callOver));
    for (const pc of pcs) pc.open();
    await vi.waitUntil(() => pcs.every(({ ratings }) => ratings.size === 1), PATIENCE);
    await vi.waitUntil(() => pcs.every(({ phases }) => phases.at(-1) === "idle"), PATIENCE);
    pcs[0]?.open();
    await vi.waitUntil(() => pcs[0]?.ratings.size === 2, PATIENCE);
    await vi.waitUntil(() => auditStore(join(state, "FLEET-0001.store")).pending === 0, PATIENCE);
    const { code } = await fleet.end("SIGTERM");
    const summary = JSON.parse(await fleet.line(1)) as FleetSummary;
    expect(code).toBe(0);
    expect(summary).toMatchObject({ count: 3, asked: 4, pressed: 4, acked: 4, timedOut: 0, pending: 0 });
    expect(summary.pads.map(({ serialNumber, pressed, acked }) => [serialNumber, pressed, acked])).toEqual([
      ["FLEET-0001", 2, 2],
      ["FLEET-0002", 1, 1],
      ["FLEET-0003", 1, 1],
    ]);
    expect(summary.storedAfterMs.p50).toBeGreaterThan(0);
    const given = readFileSync(records, "utf8")
      .trim()
      .split("\n")
      .map((line) => JSON.parse(line) as { requestId: string; level: number });
    const held = new Map(pcs.flatMap(({ ratings }) => [...ratings]));
    expect(new Map(given.map(({ requestId, level }) => [requestId, level]))).toEqual(held);
    expect(auditStore(join(state, "FLEET-0001.store")).rated).toHaveLength(2);
  });

  test("plays a script on each pad, suffers faults, and ends after its time", async () => {
    const fleet = start("fleet", "--count", "2", "--for", "1500ms", "--fault", "deadLamp=1");
    expect(await fleet.line(0)).toMatch(/^2 pads on tcp:\/\/127\.0\.0\.1:\d+ to tcp:\/\/127\.0\.0\.1:\d+$/);
    expect((await fleet.end()).code).toBe(0);
    expect(fleet.lines.at(-1)).toMatch(/cores, \d+ MB$/);
  });

  test.each([
    [["--count", "0"], /WR8002.*--count must be a whole number from 1 to 5000/],
    [["--citizens", "script"], /WR8002.*needs --script/],
    [["--every", "10"], /WR8002.*--every must be a time as 500ms/],
    [["--port", "65000", "--count", "1000"], /WR8002.*leaves no room/],
    [["extra"], /WR8002.*extra/],
  ])("%j is not understood", async (args, message) => {
    const { code, said } = await start("fleet", ...args).end();
    expect([code, said]).toEqual([2, expect.stringMatching(message)]);
  });

  test("with a fault that there is not starts nothing", async () => {
    const state = join(folder, "stores");
    const { code, said } = await start("fleet", "--fault", "nothing", "--state", state).end();
    expect([code, said]).toEqual([1, expect.stringMatching(/WR9004/)]);
    expect(existsSync(state)).toBe(false);
  });
});

describe("pad-sim hall", () => {
  test("prints the same hour twice, with nothing lost, doubled or misbound", async () => {
    const args = ["hall", "--windows", "3", "--minutes", "20", "--seed", "5", "--fault", "corrupt=0.005", "--fault", "unplug=30"];
    const run = async (...more: readonly string[]): Promise<readonly string[]> => {
      const hall = start(...args, ...more);
      expect((await hall.end()).code).toBe(0);
      return hall.lines;
    };
    const text = await run();
    expect(await run()).toEqual(text);
    expect(text.at(-1)).toMatch(/^audit: 0 lost, 0 doubled, 0 misbound, 0 events still on pads$/);
    expect(JSON.parse((await run("--json"))[0] ?? "")).toMatchObject({
      windows: 3,
      minutes: 20,
      seed: 5,
      lost: 0,
      doubled: 0,
      misbound: 0,
    });
  });
});

test.each(["fleet", "hall", "record", "replay"])("pad-sim %s --help gives examples", async (name) => {
  const help = start(name, "--help");
  expect((await help.end()).code).toBe(0);
  expect(help.lines.join("\n")).toMatch(/Examples\n {2}pad-sim/);
});
