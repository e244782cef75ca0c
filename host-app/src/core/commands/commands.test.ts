import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pino } from "pino";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { WindowDesks } from "../cases/window-desks.ts";
import { systemClock } from "../clock.ts";
import { FakeWindowDesk } from "../desk/fake-window-desk.ts";
import { startDeskApi } from "../desk/index.ts";
import type { Command } from "./command.ts";
import { configCommand } from "./config-command.ts";
import { pairCommand } from "./pair-command.ts";
import { statusCommand } from "./status-command.ts";
import { healthyStatus } from "./test-status.ts";

let dataDir: string;
let cleanUp: (() => Promise<void> | void)[];
beforeEach(() => {
  dataDir = mkdtempSync(join(tmpdir(), "commands-"));
  cleanUp = [() => rmSync(dataDir, { recursive: true, force: true })];
});
afterEach(async () => {
  for (const undo of cleanUp.reverse()) await undo();
});

const run = async (command: Command, ...args: string[]): Promise<{ code: number; text: string }> => {
  const printed: string[] = [];
  const code = await command([...args, "--data", dataDir], { env: {}, print: (text) => printed.push(text) });
  return { code, text: printed.join("\n") };
};
const json = async (command: Command, ...args: string[]): Promise<unknown> => JSON.parse((await run(command, ...args, "--json")).text);

const startDesk = async (status = healthyStatus()) => {
  const api = await startDeskApi({
    desks: new WindowDesks([new FakeWindowDesk()]),
    dataDir,
    port: 0,
    logger: pino({ level: "silent" }),
    clock: systemClock(),
    status: () => status,
  });
  cleanUp.push(() => api.close());
  return api;
};

describe("window-host status", () => {
  test("tells all of a running window PC as JSON, and the same to a person", async () => {
    await startDesk();
    expect(await json(statusCommand)).toEqual(healthyStatus());
    const { code, text } = await run(statusCommand);
    expect(code).toBe(0);
    for (const part of [
      "enrolled as 5f0c7a52",
      "generic/five-button, PAD-0001, 1.0.0, /dev/ttyUSB0, unpaired",
      "1200 good, 0 bad",
      "rated 100, timed-out 20",
      "nothing waits",
      "synchronous FULL",
    ]) {
      expect(text).toContain(part);
    }
  });

  test("lists what central refused, with its reasons and without any level", async () => {
    const status = healthyStatus();
    Object.assign(status.queue, {
      setAside: 102,
      setAsideNewest: [{ number: 7, kind: "rating", code: "WR7004", detail: "hash differs", atMs: 1, level: 1 }],
    });
    await startDesk(status);
    expect(await json(statusCommand, "--set-aside")).toEqual({
      setAside: 102,
      newest: [{ number: 7, kind: "rating", code: "WR7004", detail: "hash differs", atMs: 1 }],
    });
    expect((await run(statusCommand, "--set-aside")).text).toMatch(/7 +rating .*WR7004 +hash differs\nand 101 older ones/);
  });

  test("fails with WR8003 if none runs, if one was killed, and if another program took its port", async () => {
    await expect(run(statusCommand)).rejects.toMatchObject({ code: "WR8003" });

    const other = createServer((_request, answer) => answer.writeHead(404).end("not found")).listen(0, "127.0.0.1");
    await new Promise((resolve) => other.once("listening", resolve));
    const { port } = other.address() as AddressInfo;
    writeFileSync(join(dataDir, "control.json"), JSON.stringify({ pid: 999_999, deskPort: port, token: "x".repeat(43) }));
    await expect(run(statusCommand)).rejects.toMatchObject({ code: "WR8003", detail: expect.stringContaining("HTTP 404") });

    await new Promise((resolve) => other.close(resolve));
    await expect(run(statusCommand)).rejects.toMatchObject({ code: "WR8003", detail: expect.stringContaining("without a clean stop") });
  });

  test("fails with WR8006 if the control file is none", async () => {
    writeFileSync(join(dataDir, "control.json"), "{");
    await expect(run(statusCommand)).rejects.toMatchObject({ code: "WR8006" });
  });
});

describe("The control file", () => {
  test("is for its owner alone, and gone after a clean stop", async () => {
    const api = await startDesk();
    const path = join(dataDir, "control.json");
    expect(statSync(path).mode & 0o777).toBe(0o600);
    expect(JSON.parse(readFileSync(path, "utf8"))).toEqual({
      pid: process.pid,
      deskPort: api.port,
      token: expect.stringMatching(/^[\w-]{43}$/),
    });
    await api.close();
    expect(() => statSync(path)).toThrow(/ENOENT/);
  });
});

describe("window-host pair", () => {
  test("lets a program use a window PC that runs, and revokes it, both without a restart", async () => {
    const api = await startDesk();
    const state = (token: string): Promise<number> =>
      fetch(`http://127.0.0.1:${api.port}/desk/v1/state`, { headers: { authorization: `Bearer ${token}` } }).then(({ status }) => status);
    const paired = (await json(
      pairCommand,
      "--name",
      "hall system",
      "--origin",
      "https://one.example",
      "--origin",
      "https://two.example",
    )) as { token: string };
    expect(paired).toMatchObject({ name: "hall system", origins: ["https://one.example", "https://two.example"] });
    expect(await state(paired.token)).toBe(200);
    expect(await json(pairCommand, "--revoke", "hall system")).toEqual({ revoked: "hall system" });
    expect(await state(paired.token)).toBe(401);
  });

  test("shows the token once and lists neither it nor its hash", async () => {
    const { text } = await run(pairCommand, "--name", "hall system");
    const token = /wrdesk_[\w-]{43}/.exec(text)?.[0] ?? "";
    expect(token).not.toBe("");
    const list = (await run(pairCommand, "--list", "--json")).text;
    expect(JSON.parse(list)).toEqual({
      pairings: [{ name: "hall system", origins: [], createdAt: expect.any(String), lastUsedAt: null }],
      waiting: [],
    });
    expect((await run(pairCommand, "--list")).text).toMatch(/\nhall system {2}\d{4}-\d\d-\d\d {2}never seen {2}\(no pages\)$/);
  });

  test.each([[[]], [["--list", "--name", "x"]], [["--revoke", "x", "--list"]], [["--origin", "https://one.example"]]])(
    "does not guess what is meant by %j",
    async (args) => {
      await expect(run(pairCommand, ...args)).rejects.toMatchObject({ code: "WR8002" });
    },
  );
});

describe("window-host config", () => {
  test("explains every setting in both languages, with its default and where its value comes from", async () => {
    await run(configCommand, "--set", "pad.volume=30", "--set", "windowNo=7");
    const { settings } = (await json(configCommand, "--explain")) as { settings: Record<string, unknown>[] };
    expect(settings.find(({ key }) => key === "pad.volume")).toMatchObject({
      value: 30,
      default: 70,
      range: "0..100",
      from: "file",
      where: join(dataDir, "config.json"),
    });
    const { text } = await run(configCommand, "--explain");
    for (const { key, help } of settings as { key: string; help: { en: string; zh: string } }[]) {
      for (const part of [`${key} = `, help.en, help.zh]) expect(text).toContain(part);
    }
    expect(text).toContain(`windowNo = 7   (from ${join(dataDir, "config.json")}; default 1)`);
  });

  test("writes what is valid and says when it takes effect", async () => {
    expect((await run(configCommand, "--set", "pad.volume=30")).text).toContain("when window-host starts again");
    await expect(run(configCommand, "--set", "pad.volume=300")).rejects.toMatchObject({ code: "WR8001" });
    expect(JSON.parse(readFileSync(join(dataDir, "config.json"), "utf8"))).toEqual({ pad: { volume: 30 } });
  });
});
