import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { SimulatedPad, TcpPort } from "@window-rating/firmware-sim";
import pino from "pino";
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { watchCommand } from "../commands/watch-command.ts";
import { loadConfig } from "../config/index.ts";
import type { ConsoleLine, ConsoleParts } from "../console/console-parts.ts";
import { doctorHandlers } from "../console/doctor-handlers.ts";
import { trafficHandlers } from "../console/traffic-handlers.ts";
import { readControl } from "../desk/control-file.ts";
import { Pairings } from "../desk/pairings.ts";
import { TRAFFIC_PATH } from "../desk/traffic-stream.ts";
import { type RunningHost, startHost } from "../host.ts";
import { TrafficDesk } from "./traffic-desk.ts";
import { type TrafficBatch, type TrafficFrame, trafficFilterSchema, trafficFrameSchema } from "./traffic-shape.ts";

const undo: (() => unknown)[] = [];
let dataDir: string;
let host: RunningHost;
let pad: SimulatedPad;
let token: string;
beforeEach(async () => {
  dataDir = mkdtempSync(join(tmpdir(), "window-rating-watch-"));
  undo.push(() => rmSync(dataDir, { recursive: true, force: true }));
  pad = new SimulatedPad({ port: await TcpPort.open(0), serialNumber: "PAD-12" });
  undo.push(() => pad.close());
  token = new Pairings(dataDir).add("hall system", [], Date.now()).token;
  const flags = { "desk-port": "0", "screens-port": "0", window: "12", pad: pad.path, "pad-unpaired": "admit" };
  host = await startHost({ config: loadConfig({ dataDir, env: {}, flags }), dataDir, logger: pino({ level: "silent" }) });
  undo.push(() => host.close());
  await vi.waitUntil(() => host.status().windows[0]?.pad.connection === "ready");
});
afterEach(async () => {
  for (const step of undo.splice(0).reverse()) await step();
});

const desk = async (path: string, body: object): Promise<void> => {
  const answer = await fetch(`http://127.0.0.1:${host.deskPort}/desk/v1${path}`, {
    method: "POST",
    headers: { authorization: `Bearer ${token}`, "content-type": "application/json" },
    body: JSON.stringify(body),
  });
  expect([path, answer.status]).toEqual([path, 200]);
};

/** A case that ends, and a citizen who presses. */
const rate = async (caseNo: string, key: 1 | 2): Promise<void> => {
  await desk("/clerk/sign-in", { staffNo: "1001", name: "张三样例" });
  await desk("/cases", { caseNo, itemCode: "7", itemName: "护照" });
  await desk(`/cases/${caseNo}/end`, {});
  await vi.waitUntil(() => pad.face.phase === "inviting");
  await pad.press(key);
};

const get = (path: string, bearer: string, headers: Record<string, string> = {}): Promise<Response> =>
  fetch(`http://127.0.0.1:${host.deskPort}${path}`, { headers: { authorization: `Bearer ${bearer}`, ...headers } });

const watching = async (args: readonly string[], to: string[]): Promise<number> =>
  watchCommand([...args, "--data", dataDir], { env: {}, print: (text) => to.push(text) });

/** Slower than any limit of requests. */
const EVERY = { interval: 300, timeout: 20_000 };

describe("A window PC that is watched", () => {
  test("shows on the command line what goes over its lines, as text and as JSON, and a rating without its level", async () => {
    const json: string[] = [];
    const ended = watching(["--window", "12", "--beats", "--json", "--count", "12"], json);
    // A line is never still for long: something is told as soon as it is watched.
    await vi.waitUntil(() => json.length > 0);
    await rate("A-1", 2);
    expect(await ended).toBe(0);
    const frames = json.map((line) => trafficFrameSchema.parse(JSON.parse(line)));
    expect(frames.map(({ type }) => type)).toContain("openRating");
    for (const line of json) expect(line).not.toMatch(/张三|\["level","/);
    const printed: string[] = [];
    expect(await watching(["--beats", "--text", "ping", "--hex", "--count", "1"], printed)).toBe(0);
    expect(printed.join("")).toMatch(/^[\d:.]{12} 12 → ping token=\d+ \[session \d+ #\d+ ack \d+, \d+ bytes\]\n {4}01 02 /);
  });

  test("is watched by its own commands alone, by four of them at most, and of windows that there are", async () => {
    const control = readControl(dataDir)?.token ?? "";
    expect((await get(TRAFFIC_PATH, token)).status).toBe(401);
    expect((await get(TRAFFIC_PATH, control, { origin: "https://business.example" })).status).toBe(403);
    expect(await (await get(`${TRAFFIC_PATH}?windowNo=99`, control)).json()).toMatchObject({ error: { code: "WR5017" } });
    const open = await Promise.all([1, 2, 3, 4].map(() => get(TRAFFIC_PATH, control)));
    expect(open.map(({ status }) => status)).toEqual([200, 200, 200, 200]);
    expect((await get(TRAFFIC_PATH, control)).status).toBe(429);
    for (const one of open) await one.body?.cancel();
    // Places are free again when their readers have gone.
    const again = await vi.waitUntil(async () => {
      const one = await get(TRAFFIC_PATH, control);
      return one.status === 200 && one;
    }, EVERY);
    await again.body?.cancel();
    await expect(watchCommand(["--window", "99", "--data", dataDir], { env: {}, print: () => undefined })).rejects.toThrow(/^WR5017 /);
  });

  test("tells whoever watches that it stops", async () => {
    const printed: string[] = [];
    const beside = vi.spyOn(process.stderr, "write").mockReturnValue(true);
    const ended = watching(["--beats"], printed).catch((error: Error) => error.message);
    await vi.waitUntil(() => printed.length > 0);
    expect(beside.mock.calls).toContainEqual(["Watching. Ctrl+C ends.\n"]);
    beside.mockRestore();
    await host.close();
    expect(await ended).toMatch(/^WR8003 /);
    await expect(watchCommand(["--data", dataDir], { env: {}, print: () => undefined })).rejects.toThrow(/^WR8003 /);
    await expect(watchCommand(["--count", "none", "--data", dataDir], { env: {}, print: () => undefined })).rejects.toThrow(/^WR8002 /);
  });
});

describe("A console that watches", () => {
  test("is told frames until it stops or goes, saves what it shows without levels, and reads the bundle that it had made piece by piece", async () => {
    const told: TrafficFrame[] = [];
    let end = (): void => undefined;
    const line = {
      tell: (name: string, body: TrafficBatch) => name === "traffic" && told.push(...body.frames),
      onEnd: (act: () => void) => {
        end = act;
      },
    } as unknown as ConsoleLine;
    const taps = new Set<object>();
    const life = {
      tap: (tap: Parameters<TrafficUnit["line"]["life"]["tap"]>[0]) => {
        taps.add(tap);
        tap.bytes("out", Uint8Array.of(0, 1, 2, 0));
        return () => taps.delete(tap);
      },
    };
    const clock = { wallMs: () => 1_760_000_000_000, monotonicMs: () => performance.now(), bootId: "boot" };
    const traffic = new TrafficDesk([{ window: { windowNo: "12" }, line: { life } }], clock);
    const parts = { dataDir, clock, status: () => host.status(), traffic } as unknown as ConsoleParts;
    const handlers = { ...trafficHandlers(parts, line), ...doctorHandlers(parts) };
    expect(await handlers["traffic.watch"]({})).toEqual({ lines: [{ windowNo: "12", speaks: "pad-protocol" }] });
    await vi.waitUntil(() => told.length === 1);
    expect(taps.size).toBe(1);
    const filter = trafficFilterSchema.parse({});
    const saved = await handlers["traffic.save"]({ filter, from: 1, to: 9 });
    expect(readFileSync(saved.path, "utf8")).toBe(`${JSON.stringify(told[0])}\n`);
    expect((await handlers["traffic.save"]({ filter, from: 2, to: 9 })).frames).toBe(0);
    await handlers["traffic.stop"]({});
    expect(taps.size).toBe(0);
    await handlers["traffic.watch"]({});
    await handlers["traffic.watch"]({});
    expect(taps.size).toBe(1);
    end();
    expect(taps.size).toBe(0);
    await handlers["traffic.watch"]({});
    expect(taps.size).toBe(0);

    await expect(Promise.resolve().then(() => handlers["bundle.read"]({ from: 0 }))).rejects.toThrow(/^WR8006 /);
    const { findings } = await handlers["doctor.run"]({});
    expect(findings.map(({ subject }) => subject)).toContain("Pad");
    const bundle = await handlers["bundle.make"]({});
    const pieces: string[] = [];
    for (let from = 0; ; ) {
      const { data } = await handlers["bundle.read"]({ from });
      if (data === "") break;
      pieces.push(data);
      from += Buffer.from(data, "base64").length;
    }
    expect(Buffer.concat(pieces.map((piece) => Buffer.from(piece, "base64")))).toEqual(readFileSync(bundle.path));
  });
});

type TrafficUnit = ConstructorParameters<typeof TrafficDesk>[0][number];
