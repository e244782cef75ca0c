import { once } from "node:events";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { type AddressInfo, createServer } from "node:net";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { FakeElectron } from "./test/fake-electron.ts";

// Real Electron is driven by npm run test:electron. This holds the wiring: main.ts runs, and asks Electron for what was decided.
let electron: FakeElectron;
let folder: string;

beforeEach(() => {
  folder = mkdtempSync(path.join(tmpdir(), "main-"));
  electron = new FakeElectron(path.join(folder, "user"));
  vi.stubEnv("WINDOW_RATING_DATA", path.join(folder, "data"));
  vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout"] });
  vi.resetModules();
  vi.doMock("electron", () => electron.module());
});
afterEach(() => {
  vi.useRealTimers();
  vi.unstubAllEnvs();
  rmSync(folder, { recursive: true });
});

/** Lets the event loop turn until something holds; the clock stands still meanwhile. */
const turns = async (holds: () => boolean | undefined): Promise<void> => {
  while (holds() !== true) await new Promise((resolve) => setImmediate(resolve));
};

const start = async (): Promise<void> => {
  await import("./main.ts");
  electron.becomeReady();
  await turns(() => electron.exits.length > 0 || electron.cores.length > 0);
};
const coreSays = (message: object): boolean | undefined => electron.cores.at(-1)?.emit("message", message);
const coreEnds = (): boolean | undefined => electron.cores.at(-1)?.emit("exit", 1);
const ready = async (...windowNos: string[]): Promise<void> => {
  await start();
  coreSays({ is: "ready", windowNos });
  await turns(() => electron.open.length === windowNos.length);
};
const urls = (): string[] => electron.open.map(({ url }) => url);
const settings = () => JSON.parse(readFileSync(path.join(folder, "user", "shell.json"), "utf8"));

describe("the app", () => {
  test("starts the core in a process of its own on the machine's data folder, then opens each window's strip without the focus", async () => {
    await ready("12", "13");
    expect(electron.cores.map(({ args }) => args)).toEqual([[path.join(folder, "data")]]);
    expect(urls()).toEqual(["window-rating-app://screens/strip.html?window=12", "window-rating-app://screens/strip.html?window=13"]);
    for (const window of electron.open) {
      expect(window.deeds).toEqual([]);
      window.emit("ready-to-show");
      expect(window.deeds).toEqual(["showInactive"]);
    }
    expect(electron.open.map(({ bounds }) => (bounds as { y: number }).y)).toEqual([0, 64]);
  });

  test("gives a page a port to the core when the page asks, and nobody else", async () => {
    await ready("12");
    const [strip] = electron.open;
    const [core] = electron.cores;
    const ask = (sender: unknown, url: string): boolean =>
      electron.ipcMain.emit("window-rating:connect", { sender, senderFrame: { url, parent: null } }, undefined);
    ask(strip?.webContents, strip?.url ?? "");
    expect(core?.heard).toEqual([{ message: { is: "screen", screen: "strip", windowNo: "12" }, ports: [{ end: "core" }] }]);
    expect(strip?.webContents.posted).toEqual([{ channel: "window-rating:port", ports: [{ end: "page" }] }]);
    const warned = vi.spyOn(console, "warn").mockImplementation(() => undefined);
    ask({ id: 99 }, strip?.url ?? "");
    ask(strip?.webContents, "https://example.org/");
    expect(core?.heard).toHaveLength(1);
    expect(warned).toHaveBeenCalledTimes(2);
  });

  test("starts a core again that ended by itself; the strips stay and are told that it is away", async () => {
    await ready("12");
    const [strip] = electron.open;
    coreEnds();
    electron.ipcMain.emit(
      "window-rating:connect",
      { sender: strip?.webContents, senderFrame: { url: strip?.url, parent: null } },
      undefined,
    );
    expect(strip?.webContents.posted).toEqual([{ channel: "window-rating:port", ports: [] }]);
    await vi.advanceTimersByTimeAsync(1000);
    expect(electron.cores).toHaveLength(2);
    coreSays({ is: "ready", windowNos: ["12"] });
    await vi.advanceTimersByTimeAsync(0);
    expect(electron.open).toEqual([strip]);
  });

  const heldByAnother = async (): Promise<void> => {
    await start();
    coreSays({ is: "failed", code: "WR4005", text: "held" });
    coreEnds();
    await turns(() => electron.open.length > 0);
  };
  const secondStart = (...args: string[]): boolean => electron.app.emit("second-instance", {}, ["reordered"], folder, { args });
  const strip12 = "http://127.0.0.1:7101/strip.html?window=12";
  const strip13 = "http://127.0.0.1:7101/strip.html?window=13";

  test("says who owns the pads when another user's core does, opens the addresses that IT staff give, and remembers where they led", async () => {
    await heldByAnother();
    expect(urls()).toEqual(["window-rating-app://screens/owner.html?why=session"]);
    expect([...electron.keys.keys()]).toEqual([]);
    secondStart("--open", "http://127.0.0.1:7101/open.html#ticket");
    expect(urls()).toEqual(["http://127.0.0.1:7101/open.html#ticket"]);
    electron.open[0]?.webContents.navigate(strip12);
    secondStart("--open", "http://127.0.0.1:7101/open.html#other");
    electron.open[1]?.webContents.navigate(strip13);
    expect(settings().screens).toEqual([strip12, strip13]);
    // One that is there already is not shown twice.
    secondStart("--open", "http://127.0.0.1:7101/open.html#again");
    electron.open[2]?.webContents.navigate(strip12);
    expect(electron.open.map(({ webContents }) => webContents.url)).toEqual([strip13, strip12]);
    // What stood behind the one that was replaced has moved up.
    expect(electron.open.map(({ bounds }) => (bounds as { y: number }).y)).toEqual([0, 64]);
    const loopback = electron.sessions.get("persist:loopback");
    expect(loopback?.cancels("ws://127.0.0.1:7101/socket")).toBe(false);
    expect(loopback?.cancels("https://example.org/")).toBe(true);
  });

  test("gives the strips of another core their height and keys, and no way to the own core", async () => {
    await heldByAnother();
    secondStart("--open", "http://127.0.0.1:7101/open.html#a", "--open", "http://127.0.0.1:7101/open.html#b");
    const [first, second] = electron.open;
    first?.webContents.navigate(strip12);
    second?.webContents.navigate(strip13);
    electron.click("Bottom");
    const say = (what: string, body: unknown): boolean =>
      electron.ipcMain.emit(`window-rating:${what}`, { sender: second?.webContents, senderFrame: { url: strip13, parent: null } }, body);
    say("needHeight", 400);
    expect(second?.bounds).toEqual({ x: 0, y: 576, width: 1920, height: 400 });
    // The first says as well that it is higher, and the second moves away from it.
    const sender = { sender: first?.webContents, senderFrame: { url: strip12, parent: null } };
    electron.ipcMain.emit("window-rating:needHeight", sender, 112);
    expect(second?.bounds).toEqual({ x: 0, y: 528, width: 1920, height: 400 });
    const warned = vi.spyOn(console, "warn").mockImplementation(() => undefined);
    say("connect", undefined);
    expect(warned).toHaveBeenCalledOnce();
    expect(second?.webContents.posted).toEqual([]);
    electron.keys.get("Ctrl+Alt+1")?.();
    expect(first?.webContents.sent).toEqual([["window-rating:action", "endCase"]]);
  });

  test("takes the pads over when the core whose strips it shows has gone", async () => {
    const owner = createServer();
    const port = await new Promise<number>((resolve) => owner.listen(0, "127.0.0.1", () => resolve((owner.address() as AddressInfo).port)));
    await heldByAnother();
    secondStart("--open", `http://127.0.0.1:${port}/open.html#ticket`);
    electron.open[0]?.webContents.navigate(`http://127.0.0.1:${port}/strip.html?window=12`);
    const asked = once(owner, "connection");
    await vi.advanceTimersByTimeAsync(15_000);
    await asked;
    await turns(() => vi.getTimerCount() > 0);
    expect(electron.cores).toHaveLength(1);
    await new Promise((resolve) => owner.close(resolve));
    await vi.advanceTimersByTimeAsync(15_000);
    await turns(() => electron.cores.length === 2);
    coreSays({ is: "ready", windowNos: ["12"] });
    await turns(() => urls()[0]?.startsWith("window-rating-app:"));
    expect(urls()).toEqual(["window-rating-app://screens/strip.html?window=12"]);
  });

  test("keeps the strip that the first start was given, while its own core finds the pads held", async () => {
    vi.stubGlobal("process", Object.assign(Object.create(process), { argv: ["", "app", "--open", "http://127.0.0.1:7101/open.html#t"] }));
    await heldByAnother();
    vi.unstubAllGlobals();
    let rounds = 0;
    await turns(() => ++rounds > 50);
    expect(urls()).toEqual(["http://127.0.0.1:7101/open.html#t"]);
  });

  test("tells what its core failed with, on one page however often it is tried", async () => {
    await start();
    for (let tries = 0; tries < 3; tries++) {
      coreSays({ is: "failed", code: "WR4001", text: "damaged" });
      coreEnds();
      await turns(() => vi.getTimerCount() > 0);
      await vi.advanceTimersByTimeAsync(30_000);
    }
    expect(electron.cores).toHaveLength(4);
    expect(urls()).toEqual(["window-rating-app://screens/owner.html?why=failed&code=WR4001"]);
    expect(electron.windows).toHaveLength(1);
  });

  test("tells of a database that needs a rescue as long as its core serves that, and has strips after it", async () => {
    await start();
    coreSays({ is: "rescue", code: "WR4001" });
    await turns(() => urls().length > 0);
    await vi.advanceTimersByTimeAsync(60_000);
    expect(electron.cores).toHaveLength(1);
    expect(urls()).toEqual(["window-rating-app://screens/owner.html?why=rescue&code=WR4001"]);
    coreSays({ is: "ready", windowNos: ["12"] });
    await turns(() => urls()[0]?.includes("strip.html"));
    expect(urls()).toEqual(["window-rating-app://screens/strip.html?window=12"]);
  });

  test("waits longer each time a core ends, and a second again when one has run well for ten minutes", async () => {
    await ready("12");
    const endsAgain = async (waitMs: number): Promise<void> => {
      const { length } = electron.cores;
      coreEnds();
      await vi.advanceTimersByTimeAsync(waitMs - 1);
      expect(electron.cores).toHaveLength(length);
      await vi.advanceTimersByTimeAsync(1);
      expect(electron.cores).toHaveLength(length + 1);
      coreSays({ is: "ready", windowNos: ["12"] });
    };
    for (const wait of [1000, 2000, 5000, 10_000, 10_000]) await endsAgain(wait);
    await vi.advanceTimersByTimeAsync(10 * 60_000);
    await endsAgain(1000);
  });

  test("loads a strip anew whose page crashed; the core is left alone", async () => {
    await ready("12");
    const [strip] = electron.open;
    strip?.webContents.emit("render-process-gone", {}, { reason: "crashed" });
    await vi.advanceTimersByTimeAsync(1000);
    expect(strip?.webContents.reloads).toBe(1);
    strip?.webContents.emit("render-process-gone", {}, { reason: "clean-exit" });
    await vi.advanceTimersByTimeAsync(1000);
    expect(strip?.webContents.reloads).toBe(1);
    expect(electron.cores).toHaveLength(1);
  });

  test("takes the pads over when their owner has gone", async () => {
    await start();
    coreSays({ is: "failed", code: "WR4005", text: "held" });
    coreEnds();
    await turns(() => electron.open.length === 1);
    await vi.advanceTimersByTimeAsync(15_000);
    expect(electron.cores).toHaveLength(2);
    coreSays({ is: "ready", windowNos: ["12"] });
    await turns(() => urls()[0]?.includes("strip.html"));
    expect(electron.open).toHaveLength(1);
  });

  test("lets no page go anywhere, open anything, be permitted anything or reach the net", async () => {
    await ready("12");
    const [strip] = electron.open;
    const event = { url: "https://example.org/", preventDefault: vi.fn() };
    for (const name of ["will-navigate", "will-frame-navigate", "will-redirect", "will-attach-webview"])
      strip?.webContents.emit(name, event);
    expect(event.preventDefault).toHaveBeenCalledTimes(4);
    expect(strip?.webContents.openHandler?.()).toEqual({ action: "deny" });
    const session = electron.sessions.get("app");
    expect(session?.permission("media")).toBe(false);
    expect(session?.cancels("http://127.0.0.1:7100/desk/v1/status")).toBe(true);
    expect(session?.cancels("window-rating-app://screens/strip.html")).toBe(false);
    expect((await session?.serve?.({ method: "GET", url: "window-rating-app://screens/owner.html" }))?.status).toBe(200);
    expect((await session?.serve?.({ method: "GET", url: "window-rating-app://screens/../../etc/passwd" }))?.status).toBe(404);
  });

  test("hands a key that works in every program to the strip, and tells which key another program has", async () => {
    electron.taken = ["Ctrl+Alt+6"];
    await ready("12");
    expect([...electron.keys.keys()]).toEqual(["Ctrl+Alt+1", "Ctrl+Alt+4"]);
    electron.keys.get("Ctrl+Alt+1")?.();
    expect(electron.open[0]?.webContents.sent).toEqual([["window-rating:action", "endCase"]]);
    expect(electron.open[0]?.deeds).not.toContain("focus");
    expect(electron.menu.some(({ label }) => label?.includes("Ctrl+Alt+6"))).toBe(true);
  });

  test("hands a key to the strip that the clerk was in last, where a PC has several windows", async () => {
    await ready("12", "13");
    const [first, second] = electron.open;
    electron.keys.get("Ctrl+Alt+1")?.();
    expect(first?.webContents.sent).toHaveLength(1);
    second?.emit("focus");
    electron.keys.get("Ctrl+Alt+6")?.();
    expect(second?.webContents.sent).toEqual([["window-rating:action", "pause"]]);
    expect(second?.deeds).toContain("focus");
    expect(first?.webContents.sent).toHaveLength(1);
  });

  test("opens the strip's settings from the menu for other keys, which hold at once and are remembered", async () => {
    electron.taken = ["F9"];
    await ready("12");
    const [strip] = electron.open;
    electron.click("Keys");
    expect(strip?.webContents.sent).toEqual([["window-rating:action", "settings"]]);
    const say = (what: string, body: unknown): boolean =>
      electron.ipcMain.emit(`window-rating:${what}`, { sender: strip?.webContents, senderFrame: { url: strip?.url, parent: null } }, body);
    say("askKeys", undefined);
    const usual = { endCase: "Ctrl+Alt+1", inviteAgain: "Ctrl+Alt+4", pause: "Ctrl+Alt+6" };
    expect(strip?.webContents.sent.at(-1)).toEqual(["window-rating:keys", { shortcuts: usual, taken: [] }]);
    const chosen = { endCase: "F8", code: "F9" };
    say("keepKeys", chosen);
    expect(strip?.webContents.sent.at(-1)).toEqual(["window-rating:keys", { shortcuts: chosen, taken: ["F9"] }]);
    expect([...electron.keys.keys()]).toEqual(["F8"]);
    expect(settings()).toEqual({ shortcuts: chosen });
  });

  test("moves the strip from the menu beside the clock, and remembers it; grows it for a form", async () => {
    await ready("12");
    const [strip] = electron.open;
    electron.click("Bottom");
    expect(settings()).toMatchObject({ edge: "bottom" });
    expect(strip?.bounds).toEqual({ x: 0, y: 976, width: 1920, height: 64 });
    electron.ipcMain.emit("window-rating:needHeight", { sender: strip?.webContents, senderFrame: { url: strip?.url, parent: null } }, 400);
    expect(strip?.bounds).toEqual({ x: 0, y: 640, width: 1920, height: 400 });
  });

  test("ends the core before itself", async () => {
    await ready("12");
    const event = { preventDefault: vi.fn() };
    electron.app.emit("before-quit", event);
    electron.app.emit("before-quit", event);
    expect(event.preventDefault).toHaveBeenCalledTimes(2);
    expect(electron.cores[0]?.heard).toEqual([{ message: { is: "close" }, ports: [] }]);
    expect(electron.exits).toEqual([]);
    coreEnds();
    await turns(() => electron.exits.length > 0);
    expect(electron.exits).toEqual([0]);
    expect(electron.holdsLock).toBe(false);
    expect(electron.cores).toHaveLength(1);
  });

  test("ends without a core that does not end", async () => {
    await ready("12");
    electron.app.emit("before-quit", { preventDefault: vi.fn() });
    await vi.advanceTimersByTimeAsync(10_000);
    await turns(() => electron.exits.length > 0);
    expect(electron.exits).toEqual([1]);
  });

  test("is one in a session: a second one leaves at once", async () => {
    Object.assign(electron.app, { requestSingleInstanceLock: () => false });
    await start();
    expect(electron.exits).toEqual([0]);
    expect(electron.cores).toHaveLength(0);
  });
});
