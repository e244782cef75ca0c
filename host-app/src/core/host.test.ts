import { once } from "node:events";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { SimulatedPad, TcpPort } from "@window-rating/firmware-sim";
import type { DeskEvent, DeskState } from "@window-rating/protocol/desk";
import pino from "pino";
import { afterEach, describe, expect, test, vi } from "vitest";
import { WebSocket } from "ws";
import { loadConfig } from "./config/index.ts";
import { Pairings } from "./desk/pairings.ts";
import { type RunningHost, startHost } from "./host.ts";
import { openDatabase } from "./store/database.ts";

const undo: (() => unknown)[] = [];
afterEach(async () => {
  for (const step of undo.splice(0).reverse()) await step();
});

const PATIENCE = { timeout: 15_000, interval: 20 };

/** A hall of windows on one PC, each with a pad behind TCP. */
const openHall = async (...numbers: string[]) => {
  const dataDir = mkdtempSync(join(tmpdir(), "window-rating-hall-"));
  undo.push(() => rmSync(dataDir, { recursive: true, force: true }));
  const pads = new Map<string, SimulatedPad>();
  for (const windowNo of numbers) {
    const pad = new SimulatedPad({ port: await TcpPort.open(0), serialNumber: `HALL-${windowNo}` });
    undo.push(() => pad.close());
    pads.set(windowNo, pad);
  }
  const windows = numbers.map((windowNo) => ({ windowNo, pad: { port: padOf(pads, windowNo).path, serialNumber: `HALL-${windowNo}` } }));
  const config = loadConfig({
    dataDir,
    env: { WINDOW_RATING_WINDOWS: JSON.stringify(windows) },
    flags: { "desk-port": "0", "pad-unpaired": "admit" },
  });
  const host = await startHost({ config, dataDir, logger: pino({ level: "silent" }) });
  undo.push(() => host.close());
  const { token } = new Pairings(dataDir).add("hall system", [], Date.now());
  const call = async (method: string, path: string, body?: object): Promise<{ status: number; body: Record<string, unknown> }> => {
    const answer = await fetch(`http://127.0.0.1:${host.deskPort}/desk/v1${path}`, {
      method,
      headers: { authorization: `Bearer ${token}`, ...(body === undefined ? {} : { "content-type": "application/json" }) },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    return { status: answer.status, body: (await answer.json()) as Record<string, unknown> };
  };
  const serve = async (windowNo: string, caseNo: string): Promise<string> => {
    await call("POST", "/clerk/sign-in", { windowNo, staffNo: `10${windowNo}`, name: "张三样例" });
    await call("POST", "/cases", { windowNo, caseNo, itemCode: "A-01", itemName: "身份证补领" });
    return String((await call("POST", `/cases/${caseNo}/end`, { windowNo })).body.requestId);
  };
  return { dataDir, host, token, call, serve, pad: (windowNo: string) => padOf(pads, windowNo) };
};

const padOf = (pads: ReadonlyMap<string, SimulatedPad>, windowNo: string): SimulatedPad => {
  const pad = pads.get(windowNo);
  if (pad === undefined) throw new Error(`no pad at window ${windowNo}`);
  return pad;
};

const isReady = (host: RunningHost, windowNo: string): void =>
  expect(host.status().windows.find((window) => window.windowNo === windowNo)?.pad.connection).toBe("ready");

describe("a PC that serves several windows", () => {
  test("lights the pad of the window whose case ended and no other, and binds each press to its own window and clerk", async () => {
    const { serve, pad, dataDir, call, host } = await openHall("12", "13");
    const [twelve, thirteen] = [await serve("12", "A-1"), await serve("13", "B-1")];
    await vi.waitFor(() => expect([pad("12").face.requestId, pad("13").face.requestId]).toEqual([twelve, thirteen]), PATIENCE);
    await pad("13").press(2);
    await pad("12").press(5);
    await vi.waitFor(() => expect([pad("12").face.pendingEvents, pad("13").face.pendingEvents]).toEqual([0, 0]), PATIENCE);
    const { windows } = (await call("GET", "/windows")).body as { windows: DeskState[] };
    expect(windows.map(({ windowNo, request }) => [windowNo, request?.requestId, request?.state])).toEqual([
      ["12", twelve, "rated"],
      ["13", thirteen, "rated"],
    ]);
    await host.close();
    const database = openDatabase(join(dataDir, "window.db"));
    const bodies = database.prepare<[], { body: string }>("SELECT body FROM entries WHERE kind = 'rating'").all();
    database.close();
    expect(
      bodies
        .map(({ body }) => JSON.parse(body))
        .map(({ level, binding }) => [binding.windowNo, binding.staffNo, level])
        .sort(),
    ).toEqual([
      ["12", "1012", 5],
      ["13", "1013", 2],
    ]);
  });

  test("keeps a window going whatever happens to the pad of another", async () => {
    const { serve, pad, host } = await openHall("12", "13");
    await vi.waitFor(() => isReady(host, "13"), PATIENCE);
    pad("13").unplug();
    const requestId = await serve("12", "A-1");
    await vi.waitFor(() => expect(pad("12").face.requestId).toBe(requestId), PATIENCE);
    const away = await serve("13", "B-1");
    await pad("12").press(4);
    await vi.waitFor(() => expect(pad("12").face.pendingEvents).toBe(0), PATIENCE);
    pad("13").plug();
    await vi.waitFor(() => expect(pad("13").face.requestId).toBe(away), PATIENCE);
  });

  test("lets no window end the case of another; its press counts for its own", async () => {
    const { serve, pad, host, call } = await openHall("12", "13");
    const requestId = await serve("12", "A-1");
    await vi.waitFor(() => expect(pad("12").face.requestId).toBe(requestId), PATIENCE);
    expect((await call("POST", "/cases/A-1/end", { windowNo: "13" })).status).toBe(409);
    await pad("12").press(3);
    await vi.waitFor(() => expect(pad("12").face.pendingEvents).toBe(0), PATIENCE);
    expect(host.status().ratings).toEqual({ total: 1, unbound: 0 });
  });

  test("tells a stream of one window nothing of the others, and a stream of all which window each event is of", async () => {
    const { host, token, serve } = await openHall("12", "13");
    const listen = async (query: string): Promise<DeskEvent[]> => {
      const events: DeskEvent[] = [];
      const socket = new WebSocket(`ws://127.0.0.1:${host.deskPort}/desk/v1/events${query}`, {
        headers: { authorization: `Bearer ${token}` },
      });
      undo.push(() => socket.terminate());
      socket.on("message", (data) => events.push(JSON.parse(data.toString()) as DeskEvent));
      await once(socket, "message");
      return events;
    };
    const [one, all] = [await listen("?windowNo=13"), await listen("")];
    await serve("12", "A-1");
    const requestId = await serve("13", "B-1");
    const windowOf = (event: DeskEvent): string => (event.event === "state" ? event.state.windowNo : event.windowNo);
    const tellsRequest = (events: DeskEvent[]): boolean =>
      events.some((event) => event.event === "request" && event.requestId === requestId);
    await vi.waitFor(() => expect([tellsRequest(one), tellsRequest(all)]).toEqual([true, true]), PATIENCE);
    expect(new Set(one.map(windowOf))).toEqual(new Set(["13"]));
    expect(new Set(all.map(windowOf))).toEqual(new Set(["12", "13"]));
  });
});
