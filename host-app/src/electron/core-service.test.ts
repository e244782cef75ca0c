import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { runInNewContext } from "node:vm";
import { MessageChannel, type MessagePort } from "node:worker_threads";
import { WindowRatingError } from "@window-rating/protocol/error";
import pino from "pino";
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { adoptRescued } from "../core/care/adopt-rescued.ts";
import { rescueDatabase } from "../core/care/rescue.ts";
import { openTestPc } from "../core/care/test-pc.ts";
import { loadConfig } from "../core/config/index.ts";
import { startWindowPc, type WindowPc } from "../core/window-pc.ts";
import type { Carrier, MessagePortLike } from "../messages/carrier.ts";
import { ScreenClient } from "../messages/client.ts";
import { type FromCore, fromCoreSchema } from "./core-link.ts";
import { type ParentPort, serveCore } from "./core-service.ts";
import { askForConsole, askForStrips } from "./running-core.ts";

let dataDir: string;
const undo: (() => Promise<unknown> | unknown)[] = [];
beforeEach(() => {
  dataDir = mkdtempSync(path.join(tmpdir(), "core-service-"));
  undo.push(() => rmSync(dataDir, { recursive: true, force: true }));
});
afterEach(async () => {
  for (const act of undo.splice(0).reverse()) await act();
});

const realPc = (): Promise<WindowPc> => {
  const flags = { pad: "tcp://127.0.0.1:9", "desk-port": "0", window: "12" };
  return startWindowPc({ config: loadConfig({ dataDir, env: {}, flags }), dataDir, logger: pino({ level: "silent" }) });
};

/** The main process's end of a core that runs as in Electron's utility process, but in this process. */
const startService = (start: () => Promise<WindowPc>) => {
  const said: FromCore[] = [];
  let listener: Parameters<ParentPort["on"]>[1] = () => undefined;
  const parent: ParentPort = {
    on: (_event, next) => {
      listener = next;
    },
    postMessage: (message) => said.push(fromCoreSchema.parse(message)),
  };
  const ended = serveCore(parent, start, { setInterval: () => 0, clearInterval: () => undefined });
  const post = (data: unknown, ...ports: MessagePort[]): void => listener({ data, ports: ports as unknown as MessagePortLike[] });
  return { said, post, ended };
};

/** Runs the real preload as Electron does, with an Electron of two functions. @returns what it puts into the page */
const loadPreload = (connect: () => readonly MessagePort[]) => {
  const page: Record<string, unknown> = {};
  const told: { channel: string; body: unknown }[] = [];
  const listeners = new Map<string, (event: unknown, ...args: unknown[]) => void>();
  const electron = {
    contextBridge: { exposeInMainWorld: (name: string, api: unknown) => (page[name] = api) },
    ipcRenderer: {
      on: (channel: string, act: (event: unknown) => void) => listeners.set(channel, act),
      send: (channel: string, body?: unknown) => {
        told.push({ channel, body });
        if (channel === "window-rating:connect") queueMicrotask(() => listeners.get("window-rating:port")?.({ ports: connect() }));
      },
    },
  };
  const text = readFileSync(path.join(import.meta.dirname, "preload.cjs"), "utf8");
  runInNewContext(text, {
    location: { protocol: "window-rating-app:" },
    require: (name: string) => (name === "electron" ? electron : undefined),
  });
  return { page, told, tell: (channel: string, ...args: unknown[]) => listeners.get(channel)?.({}, ...args) };
};

describe("the core under Electron", () => {
  test("is ready, tells how it is without a level or a name, and ends when it is asked to", async () => {
    const core = startService(realPc);
    await vi.waitUntil(() => core.said.length >= 2);
    expect(core.said[0]).toEqual({ is: "ready", windowNos: ["12"] });
    expect(core.said[1]).toMatchObject({ is: "health", health: { windows: [{ windowNo: "12" }], waiting: 0, setAside: 0, isBusy: false } });
    core.post({ is: "close" });
    await core.ended;
  });

  test("passes over what is not declared, and closes a port that comes with it", async () => {
    const core = startService(realPc);
    await vi.waitUntil(() => core.said.length >= 2);
    const { port1, port2 } = new MessageChannel();
    const closed = new Promise((resolve) => port2.once("close", resolve));
    core.post({ is: "screen", screen: "administrator", windowNo: null }, port1);
    await closed;
    core.post("close");
    core.post(null);
    core.post({ is: "close" });
    await core.ended;
  });

  test("that does not start says why, with the code that decides what is shown", async () => {
    const owner = await realPc();
    undo.push(() => owner.close());
    const core = startService(realPc);
    await core.ended;
    expect(core.said).toMatchObject([{ is: "failed", code: "WR4005" }]);
    const broken = startService(() => Promise.reject(new WindowRatingError("WR4001", "page 7")));
    await broken.ended;
    expect(broken.said).toMatchObject([{ is: "failed", code: "WR4001" }]);
  });
});

describe("the core under Electron with a damaged database", () => {
  test("says so and stays, is ready when the rescued one is used, and shows its console meanwhile", async () => {
    const pc = openTestPc(dataDir);
    pc.serve(1, 20);
    pc.close();
    writeFileSync(path.join(dataDir, "window.db"), Buffer.alloc(4096, 0xee), { flag: "r+" });
    const core = startService(realPc);
    await vi.waitUntil(() => core.said.length >= 1);
    expect(core.said).toEqual([{ is: "rescue", code: "WR4001" }]);
    expect(await askForStrips(dataDir)).toEqual({ urls: [], code: "WR4001" });
    expect(await askForConsole(dataDir)).toMatch(/^http:\/\/127\.0\.0\.1:/);
    rescueDatabase({ dataDir, publicKey: pc.publicKey, wallMs: Date.now(), nowMs: () => 0 });
    adoptRescued(dataDir);
    await vi.waitUntil(() => core.said.length >= 3);
    expect(core.said.slice(1)).toMatchObject([
      { is: "ready", windowNos: ["12"] },
      { is: "health", health: { waiting: 20 } },
    ]);
    core.post({ is: "close" });
    await core.ended;
  });
});

describe("a page under Electron", () => {
  test("speaks with the core through preload and port, and connects again when the core has come back", async () => {
    let core = startService(realPc);
    await vi.waitUntil(() => core.said.length >= 1);
    let isThere = true;
    const { page } = loadPreload(() => {
      if (!isThere) return [];
      const { port1, port2 } = new MessageChannel();
      core.post({ is: "screen", screen: "strip", windowNo: "12" }, port1);
      return [port2];
    });
    const client = new ScreenClient<"strip">({
      carrier: page.windowRatingCarrier as Carrier,
      timers: { setTimeout, clearTimeout: clear },
      random: () => 0,
    });
    undo.push(() => client.close());
    const welcomed: (string | null)[] = [];
    const states: string[] = [];
    client.on("welcome", ({ windowNo }) => welcomed.push(windowNo));
    client.on("desk", (event) => states.push(event.event));
    client.start();
    await vi.waitUntil(() => states.includes("state"));
    expect(welcomed).toEqual(["12"]);

    isThere = false;
    core.post({ is: "close" });
    await core.ended;
    await vi.waitUntil(() => client.standing === "connecting");
    core = startService(realPc);
    await vi.waitUntil(() => core.said.length >= 1);
    isThere = true;
    await vi.waitUntil(() => welcomed.length === 2);
    client.close();
    core.post({ is: "close" });
    await core.ended;
  });

  test("asks for height, and hears of keys that were pressed in another program", () => {
    const { page, told, tell } = loadPreload(() => []);
    const shell = page.windowRatingShell as { needHeight(px: number | null): void; onAction(act: (action: string) => void): void };
    shell.needHeight(420);
    shell.needHeight(null);
    expect(told).toEqual([
      { channel: "window-rating:needHeight", body: 420 },
      { channel: "window-rating:needHeight", body: null },
    ]);
    const heard: string[] = [];
    shell.onAction((action) => heard.push(action));
    tell("window-rating:action", "endCase");
    expect(heard).toEqual(["endCase"]);
  });
});

const clear = (timer: unknown): void => clearTimeout(timer as NodeJS.Timeout);
