import { spawn } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { SimulatedPad, TcpPort } from "@window-rating/firmware-sim";
import { pino } from "pino";
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { loadConfig } from "../config/index.ts";
import { startHost } from "../host.ts";
import { padCommand } from "./pad-command.ts";

const PATIENCE = { timeout: 15_000, interval: 20 };

const undo: (() => unknown)[] = [];
let dataDir: string;
let pad: SimulatedPad;
beforeEach(async () => {
  dataDir = mkdtempSync(join(tmpdir(), "window-rating-pad-"));
  undo.push(() => rmSync(dataDir, { recursive: true, force: true }));
  pad = new SimulatedPad({ port: await TcpPort.open(0), profileId: "generic/touchscreen", serialNumber: "PAIR-1" });
  undo.push(() => pad.close());
});
afterEach(async () => {
  for (const step of undo.splice(0).reverse()) await step();
});

const start = async () => {
  const config = loadConfig({ dataDir, env: {}, flags: { pad: pad.path, "desk-port": "0", window: "12" } });
  const host = await startHost({ config, dataDir, logger: pino({ level: "silent" }) });
  undo.push(() => host.close());
  await vi.waitFor(() => expect(host.status().windows[0]?.pad.trust).toBe("unpaired"), PATIENCE);
};

const run = async (...args: string[]): Promise<string> => {
  const printed: string[] = [];
  expect(await padCommand([...args, "--data", dataDir], { env: {}, print: (text) => printed.push(text) })).toBe(0);
  return printed.join("\n");
};

/** A person's hands at the pad, beside a command that runs. */
const atPad = async () => {
  // The offer waits for the PC, whichever comes first.
  pad.touch({ do: "pair" });
  await vi.waitFor(() => expect(pad.face.pairing?.is).toBe("press"), PATIENCE);
  pad.touch({ do: "pairPress" });
};

/** The command as a process of its own, whose standard input is a pipe. */
const asProcess = (...args: string[]) => {
  const child = spawn(process.execPath, [join(import.meta.dirname, "..", "main.ts"), "pad", ...args, "--data", dataDir]);
  undo.push(() => child.kill());
  let said = "";
  child.stdout.on("data", (chunk: Buffer) => (said += chunk.toString()));
  child.stderr.on("data", (chunk: Buffer) => (said += chunk.toString()));
  const ended = new Promise<number | null>((resolve) => child.once("exit", resolve));
  return { type: (text: string) => child.stdin.write(text), says: () => said, ended };
};

describe("window-host pad", () => {
  test("pairs with the code from standard input, and ends while that is still open", async () => {
    await start();
    const { type, says, ended } = asProcess("pair");
    await vi.waitFor(() => expect(says()).toContain("Hold key 3"), PATIENCE);
    const hands = atPad();
    await vi.waitFor(() => expect(says()).toContain("Type the eight digits"), PATIENCE);
    const { pairing } = pad.face;
    type(`${pairing?.is === "code" ? pairing.code : ""}\n`);
    await hands;
    expect(await ended).toBe(0);
    expect(says()).toMatch(/press key 3 of the pad once more[\s\S]*Paired: generic\/touchscreen PAIR-1\./);
    expect(await run("list")).toMatch(/12 +ready +generic\/touchscreen PAIR-1 +paired/);
    expect(await run("unpair")).toBe("generic/touchscreen PAIR-1 is paired no longer.");
    expect(await run("list")).toMatch(/failed .*unpaired .*WR1011/);
  });

  test("says what went wrong, with exit code 1, when the code is wrong", async () => {
    await start();
    const { type, says, ended } = asProcess("pair", "--json");
    pad.touch({ do: "pair" });
    await vi.waitFor(() => expect(pad.face.pairing?.is).toBe("code"), PATIENCE);
    const { pairing } = pad.face;
    const wrong = (pairing?.is === "code" ? pairing.code : "").replace(/./g, (digit) => String((Number(digit) % 5) + 1));
    // There is one try, and what cannot be a code does not use it up.
    type(`1111\n${wrong}\n`);
    expect(await ended).toBe(1);
    expect(JSON.parse(says().split("\n")[0] as string)).toMatchObject({
      error: { code: "WR1015", detail: expect.stringContaining("code") },
    });
  });

  test("lists as JSON, without any key", async () => {
    await start();
    const list = await run("list", "--json");
    expect(JSON.parse(list)).toMatchObject({
      unpaired: "refuse",
      windows: [{ windowNo: "12", canBePaired: true, pad: { trust: "unpaired" }, pairing: { is: "none" } }],
      keys: [],
    });
    expect(list).not.toMatch(/[0-9a-f]{32}/);
  });

  test.each([
    [["sell"], "WR8002"],
    [["pair", "--windows", "12"], "WR8002"],
    [["pair", "--code", "1234"], "eight digits"],
    [["pair", "--code", "12345678"], "eight digits"],
    [["unpair", "--forget", "generic/touchscreen"], "WR8002"],
    [["list"], "WR8003"],
  ])("%j is refused with %s while none runs", async (args, code) => {
    await expect(run(...(args as string[]))).rejects.toThrow(code as string);
  });

  test("helps", async () => {
    expect(await run("--help")).toContain("window-host pad pair --window 12");
  });
});
