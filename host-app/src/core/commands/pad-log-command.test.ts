import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { findProfile } from "@window-rating/device-profiles";
import { SimulatedKeypad, SimulatedPad, TcpPort } from "@window-rating/firmware-sim";
import { pino } from "pino";
import { afterAll, beforeAll, describe, expect, test, vi } from "vitest";
import { loadConfig } from "../config/index.ts";
import { type RunningHost, startHost } from "../host.ts";
import { padCommand } from "./pad-command.ts";

const undo = new AsyncDisposableStack();
let dataDir: string;
let buttons: SimulatedPad;
let touch: SimulatedPad;
let keypad: SimulatedKeypad;
let host: RunningHost;

beforeAll(async () => {
  dataDir = mkdtempSync(join(tmpdir(), "window-rating-pad-log-"));
  undo.defer(() => rmSync(dataDir, { recursive: true, force: true }));
  buttons = new SimulatedPad({ port: await TcpPort.open(0), serialNumber: "LOG-12" });
  touch = new SimulatedPad({ port: await TcpPort.open(0), profileId: "generic/touchscreen", serialNumber: "LOG-13" });
  const profile = findProfile("generic/ascii-lines");
  if (profile.protocol !== "keypad") throw new Error("no keypad");
  keypad = new SimulatedKeypad({ port: await TcpPort.open(0), profile });
  undo.defer(async () => {
    await Promise.all([buttons.close(), touch.close(), keypad.close()]);
  });
  const windows = [
    { windowNo: "12", pad: { port: buttons.path } },
    { windowNo: "13", pad: { port: touch.path } },
    { windowNo: "14", pad: { port: keypad.path, profile: "generic/ascii-lines" } },
  ];
  const env = { WINDOW_RATING_WINDOWS: JSON.stringify(windows) };
  const config = loadConfig({ dataDir, env, flags: { "desk-port": "0", "pad-unpaired": "admit" } });
  host = await startHost({ config, dataDir, logger: pino({ level: "silent" }) });
  await vi.waitUntil(() => host.status().windows.every(({ pad }) => pad.connection === "ready"));
  await vi.waitUntil(() => [buttons, touch].every(({ face }) => face.connection === "ready"));
  undo.defer(() => host.close());
});
afterAll(() => undo.disposeAsync());

const run = async (...args: string[]): Promise<string> => {
  const printed: string[] = [];
  expect(await padCommand(["log", ...args, "--data", dataDir], { env: {}, print: (text) => printed.push(text) })).toBe(0);
  return printed.join("\n");
};

describe("window-host pad log", () => {
  test.each(["12", "13"])("prints what the pad of window %s tells of itself", async (windowNo) => {
    expect(await run("--window", windowNo)).toMatch(
      /^1 {2}\+\d+\.\ds start 1, power, firmware 1\.0\.0\n[\s\S]*\d {2}\S+ session ready, unpaired/,
    );
  });

  test("gathers all pages of a longer log, also as JSON", async () => {
    for (let times = 0; times < 2; times++) {
      buttons.unplug();
      await vi.waitUntil(() => host.status().windows[0]?.pad.connection !== "ready");
      buttons.plug();
      // Both ends: a host is ready before its pad has heard that it is.
      await vi.waitUntil(() => host.status().windows[0]?.pad.connection === "ready" && buttons.face.connection === "ready");
    }
    const { windowNo, lines } = JSON.parse(await run("--window", "12", "--json")) as {
      windowNo: string;
      lines: { number: number; text: string }[];
    };
    expect(windowNo).toBe("12");
    expect(lines.map(({ number }) => number)).toEqual(lines.map((_, index) => index + 1));
    const texts = lines.map(({ text }) => text.replace(/^\S+ /, "").replace(/lost, .*/, "lost"));
    // At least: a slow machine may lose a session of its own accord.
    expect(texts.filter((text) => text === "session ready, unpaired").length).toBeGreaterThanOrEqual(3);
    expect(texts.filter((text) => text === "session lost").length).toBeGreaterThanOrEqual(2);
    // More than one message carries.
    expect(lines.map(({ text }) => text).join("\n").length).toBeGreaterThan(200);
  });

  test("says with a code that a pad of another maker keeps none, that a pad is away, and which windows there are", async () => {
    await expect(run("--window", "14")).rejects.toMatchObject({ code: "WR1055" });
    await expect(run()).rejects.toMatchObject({ code: "WR5017" });
    await expect(run("--windows", "12")).rejects.toMatchObject({ code: "WR8002" });
    touch.unplug();
    await vi.waitUntil(() => host.status().windows[1]?.pad.connection !== "ready");
    await expect(run("--window", "13")).rejects.toMatchObject({ code: "WR1055" });
  });

  test("helps", async () => {
    expect(await run("--help")).toContain("window-host pad log --window 12 --json");
  });
});
