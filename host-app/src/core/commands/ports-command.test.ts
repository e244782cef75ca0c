import { mkdirSync, mkdtempSync, rmSync, symlinkSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { ListedPort } from "@window-rating/device-profiles";
import { PtyPort, SimulatedPad } from "@window-rating/firmware-sim";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { idsOfProcess, listPorts } from "../pads/port-list.ts";
import { openSerialPort } from "../pads/serial-port.ts";
import { askAll, portsCommand } from "./ports-command.ts";

let folder: string;
const undo: (() => unknown)[] = [];
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "window-rating-ports-"));
  undo.push(() => rmSync(folder, { recursive: true, force: true }));
});
afterEach(async () => {
  for (const step of undo.splice(0).reverse()) await step();
});

const CLAIMED = { vendorId: "1A86", productId: "7523" };

/** A tty with nobody at its far end but this test. */
const mute = (name: string): { path: string; heard: () => number } => {
  const port = new PtyPort(join(folder, name));
  undo.push(() => port.close());
  let bytes = 0;
  port.listen({
    bytes: (chunk) => {
      bytes += chunk.length;
    },
  });
  return { path: port.path, heard: () => bytes };
};

const padAt = (name: string, serialNumber: string): string => {
  const pad = new SimulatedPad({ port: new PtyPort(join(folder, name)), serialNumber });
  undo.push(() => pad.close());
  return join(folder, name);
};

const found = (...ports: ListedPort[]) => listPorts({ list: async () => ports, stableFolders: [join(folder, "by-id")] });

describe("the list of ports", () => {
  test("tells of each its ids, the name that stays, who may open it and which pad may be behind it", async () => {
    const { path } = mute("ttyUSB0");
    mkdirSync(join(folder, "by-id"));
    symlinkSync(path, join(folder, "by-id", "usb-1a86_USB_Serial-if00-port0"));
    const [port] = await found({ path, ...CLAIMED, serialNumber: "0017" });
    expect(port).toMatchObject({
      port: { path, serialNumber: "0017" },
      stablePaths: [join(folder, "by-id", "usb-1a86_USB_Serial-if00-port0")],
      access: {
        owner: expect.any(String),
        group: expect.any(String),
        mode: expect.stringMatching(/^0[0-7]{3}$/),
        mayOpen: true,
        serviceMayOpen: null,
      },
    });
    expect(port?.proposals.map(({ profileId }) => profileId)).toContain("generic/five-button");
  });

  test("says why the system cannot list them", async () => {
    const list = (): Promise<never> => Promise.reject(new Error("spawn udevadm ENOENT"));
    await expect(listPorts({ list })).rejects.toMatchObject({ code: "WR3001", detail: expect.stringContaining("udevadm") });
  });

  test.skipIf(process.platform !== "linux")("knows the user and the groups of a process, and nothing of one that is gone", () => {
    expect(idsOfProcess(process.pid)).toMatchObject({ uid: process.geteuid?.(), gids: expect.arrayContaining([process.getegid?.()]) });
    expect(idsOfProcess(2 ** 30)).toBeNull();
  });
});

describe("asking who is at the ports", () => {
  test("names the pads, tells silent ports from ports that were not asked, and writes nothing to those", async () => {
    const [silent, foreign] = [mute("silent"), mute("foreign")];
    const ports = await found(
      { path: padAt("pad", "ASKED-1"), ...CLAIMED },
      { path: silent.path, ...CLAIMED },
      { path: foreign.path, vendorId: "2341", productId: "0043" },
      { path: join(folder, "none"), ...CLAIMED },
      { path: join(folder, "busy"), ...CLAIMED },
    );
    const opened: string[] = [];
    const asked = await askAll(
      ports,
      new Map([[join(folder, "busy"), "12"]]),
      (path, settings, events) => {
        opened.push(path);
        return openSerialPort(path, settings, events);
      },
      500,
    );
    expect(asked.get(join(folder, "pad"))).toMatchObject({ is: "pad", model: "generic/five-button", serialNumber: "ASKED-1" });
    expect(asked.get(silent.path)).toEqual({ is: "silent" });
    expect(asked.get(foreign.path)).toEqual({ is: "not-asked" });
    expect(asked.get(join(folder, "none"))).toMatchObject({ is: "failed", code: "WR3001" });
    expect(asked.has(join(folder, "busy"))).toBe(false);
    expect(foreign.heard()).toBe(0);
    expect(opened).not.toContain(foreign.path);
  });
});

describe("window-host ports", () => {
  test("lists the ports of this machine for people and as JSON, without a data folder", async () => {
    const printed: string[] = [];
    expect(await portsCommand(["--json"], { env: {}, print: (text) => printed.push(text) })).toBe(0);
    expect(JSON.parse(printed.join("\n"))).toEqual({ ports: expect.any(Array) });
    expect(await portsCommand([], { env: {}, print: (text) => printed.push(text) })).toBe(0);
    await expect(portsCommand(["--prob"], { env: {}, print: () => {} })).rejects.toMatchObject({ code: "WR8002" });
  });
});
