import { type ChildProcessByStdio, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { connect } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import type { Readable } from "node:stream";
import { findProfile, type KeypadProfile } from "@window-rating/device-profiles";
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { KeypadPc } from "../test/keypad-pc.ts";

const MAIN = join(import.meta.dirname, "..", "main.ts");
const PROFILE = findProfile("generic/ascii-lines") as KeypadProfile;

let folder: string;
const ends: (() => unknown)[] = [];
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "keypad-cli-"));
});
afterEach(async () => {
  for (const end of ends.splice(0).reverse()) await end();
  rmSync(folder, { recursive: true });
});

const spawnPad = (args: readonly string[]): ChildProcessByStdio<null, Readable, Readable> => {
  const child = spawn(process.execPath, [MAIN, ...args], { stdio: ["ignore", "pipe", "pipe"] });
  ends.push(async () => {
    if (child.exitCode !== null || child.signalCode !== null) return;
    child.kill("SIGKILL");
    await once(child, "exit");
  });
  return child;
};

describe("pad-sim with a profile of another maker's pad", () => {
  test.each([
    ["that comes with the system", () => PROFILE.id],
    [
      "in a file of one's own",
      () => {
        const file = join(folder, "mine.json");
        writeFileSync(file, JSON.stringify(PROFILE));
        return file;
      },
    ],
  ])("%s speaks it, and plays a script", async (_what, name) => {
    const script = join(folder, "script.json");
    writeFileSync(script, JSON.stringify([{ do: "waitForInvite" }, { at: 600, do: "press", key: 2, downMs: 60 }]));
    const child = spawnPad(["--tcp", "0", "--profile", name(), "--script", script, "--json"]);
    const [line] = (await once(createInterface({ input: child.stdout }), "line")) as [string];
    const { hostname, port } = new URL(JSON.parse(line).port as string);
    const socket = connect(Number(port), hostname);
    ends.push(() => socket.destroy());
    socket.on("error", () => {});
    await once(socket, "connect");
    const pc = new KeypadPc(PROFILE.keypad);
    ends.push(() => pc.disconnect());
    socket.on("data", (chunk) => pc.take(chunk));
    pc.connect((bytes) => void socket.write(bytes));
    await vi.waitUntil(() => pc.isAlive, { timeout: 20_000, interval: 5 });
    const requestId = pc.start();
    await vi.waitUntil(() => pc.presses.length === 1, { timeout: 20_000, interval: 5 });
    expect(pc.presses[0]).toMatchObject({ requestId, level: 2, key: "D" });
  });

  test("says what is wrong with a file, and refuses a store, which such a pad does not have", async () => {
    const file = join(folder, "bad.json");
    writeFileSync(file, JSON.stringify({ ...PROFILE, keypad: { ...PROFILE.keypad, repeat: { is: "nevr" } } }));
    const run = async (...args: string[]): Promise<{ code: number; err: string }> => {
      const child = spawnPad(args);
      let err = "";
      child.stderr.on("data", (chunk) => (err += chunk));
      const [code] = (await once(child, "close")) as [number];
      return { code, err };
    };
    expect(await run("--tcp", "0", "--profile", file)).toEqual({
      code: 1,
      err: expect.stringContaining(
        '$.keypad.repeat.is: must be one of never, until-answered, while-held, found "nevr"; did you mean "never"?',
      ),
    });
    expect(await run("--tcp", "0", "--profile", PROFILE.id, "--store", join(folder, "store"))).toEqual({
      code: 2,
      err: expect.stringContaining("--store: generic/ascii-lines is a pad of another maker, which keeps nothing"),
    });
  });
});
