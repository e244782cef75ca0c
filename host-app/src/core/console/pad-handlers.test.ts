import { createHash, generateKeyPairSync } from "node:crypto";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { MessageChannel } from "node:worker_threads";
import { SimulatedPad, TcpPort } from "@window-rating/firmware-sim";
import { encodeFirmwareFile } from "@window-rating/protocol/firmware";
import { signFirmware } from "@window-rating/protocol/pad";
import { pino } from "pino";
import { afterAll, beforeAll, describe, expect, test, vi } from "vitest";
import { type Reply, ScreenClient } from "../../messages/client.ts";
import type { EventOf } from "../../messages/events.ts";
import type { AnswerOf, BodyOf, RequestName, RequestOf } from "../../messages/requests.ts";
import { loadConfig } from "../config/index.ts";
import { type RunningHost, startHost } from "../host.ts";
import { ImageUpload } from "./image-upload.ts";

const MODEL = "generic/touchscreen";
const maker = generateKeyPairSync("ed25519");
const rawOf = (key: typeof maker.privateKey, part: "d" | "x"): Uint8Array =>
  new Uint8Array(Buffer.from(key.export({ format: "jwk" })[part] ?? "", "base64url"));

const undo = new AsyncDisposableStack();
let pad: SimulatedPad;
let host: RunningHost;
let client: ScreenClient<"console">;
const told: EventOf<"pads">[] = [];

beforeAll(async () => {
  const dataDir = mkdtempSync(join(tmpdir(), "window-rating-pads-"));
  undo.defer(() => rmSync(dataDir, { recursive: true, force: true }));
  pad = new SimulatedPad({
    port: await TcpPort.open(0),
    profileId: MODEL,
    serialNumber: "P-12",
    storeFile: join(dataDir, "pad.store"),
    firmware: { makerKeys: [rawOf(maker.publicKey, "x")] },
  });
  undo.defer(() => pad.close());
  const windows = [
    { windowNo: "12", pad: { port: pad.path } },
    { windowNo: "13", pad: { port: "browser" } },
  ];
  const config = loadConfig({
    dataDir,
    env: { WINDOW_RATING_WINDOWS: JSON.stringify(windows) },
    flags: { "desk-port": "0", "screens-port": "0", "browser-pad-port": "0", "pad-unpaired": "admit" },
  });
  host = await startHost({ config, dataDir, logger: pino({ level: "silent" }) });
  undo.defer(() => host.close());
  const { port1: core, port2: page } = new MessageChannel();
  client = new ScreenClient<"console">({
    carrier: {
      connect: (listener) => {
        page.on("message", (text: string) => listener.text(text));
        page.on("close", () => listener.closed("lost"));
        listener.opened();
        return { send: (text) => page.postMessage(text), close: () => page.close() };
      },
    },
    timers: globalThis as never,
    random: () => 0.5,
  });
  client.on("pads", (event) => told.push(event));
  client.start();
  undo.defer(() => client.close());
  await host.screens.connectPort(core, { screen: "console", windowNo: null });
  await vi.waitUntil(() => host.status().windows[0]?.pad.connection === "ready");
});
afterAll(() => undo.disposeAsync());

const answerOf = <Name extends RequestName>(reply: Reply<Name>): AnswerOf<Name> => {
  if (reply.is === "refused") throw new Error(`${reply.error.code} ${reply.error.detail}`);
  return reply.body;
};
const ask = async <Name extends RequestOf<"console">>(name: Name, body: BodyOf<Name>): Promise<AnswerOf<Name>> =>
  answerOf(await client.ask(name, body));
const codeOf = async <Name extends RequestOf<"console">>(name: Name, body: BodyOf<Name>): Promise<string> => {
  const reply = await client.ask(name, body);
  return reply.is === "refused" ? reply.error.code : "";
};
const window12 = async () => {
  const { list, windows } = await ask("pads.read", {});
  return { ...list.windows[0], seen: windows[0] };
};

/** Asks now and then: a screen may ask only so often. */
const settled = (isSo: () => Promise<boolean>): Promise<unknown> => vi.waitUntil(isSo, { timeout: 20_000, interval: 200 });

describe("The console's page of pads", () => {
  test("is told what each pad is, what it looks like, and what can be tried of it", async () => {
    const { list, windows } = await ask("pads.read", {});
    expect(list.windows.map(({ windowNo, tests }) => [windowNo, tests.length > 0])).toEqual([
      ["12", true],
      ["13", false],
    ]);
    expect(windows[0]).toMatchObject({ pad: { model: MODEL, serialNumber: "P-12" }, picture: { shape: "screen", lamps: 0 } });
    expect(windows[0]?.picture?.keys.map(({ label }) => label)).toEqual(["非常不满意", "不满意", "基本满意", "满意", "非常满意"]);
    expect(windows[1]?.picture).toBeNull();
    expect(Array.isArray((await ask("pads.ports", { probe: false })).ports)).toBe(true);
    await ask("pads.refreshAssets", {});
  });

  test("reads the log of a pad page by page, and writes what was read into a file; of a pad that is away it says so", async () => {
    expect(await codeOf("pads.saveLog", { windowNo: "12" })).toBe("WR1055");
    const read: { number: number; text: string }[] = [];
    for (let from: number | null = 0; from !== null; ) {
      const page: AnswerOf<"pads.log"> = await ask("pads.log", { windowNo: "12", from });
      read.push(...page.lines);
      from = page.next;
    }
    expect(read.map(({ text }) => text).join()).toContain("session ready");
    const { path, lines } = await ask("pads.saveLog", { windowNo: "12" });
    expect(lines).toBe(read.length);
    const [about, ...written] = readFileSync(path, "utf8").trimEnd().split("\n");
    expect(about).toMatch(/^window 12, pad generic\/touchscreen P-12, firmware \S+$/);
    expect(written).toEqual(read.map(({ number, text }) => `${number}\t${text}`));
    expect(await codeOf("pads.log", { windowNo: "13", from: 0 })).toBe("WR1055");
  });

  test("is told of each key in a test at once, and of its end", async () => {
    await ask("pads.test", { windowNo: "12", part: "keys" });
    await vi.waitUntil(() => pad.face.phase === "testing");
    pad.touch({ do: "testKey", key: 4 });
    await vi.waitUntil(() => told.some(({ trial }) => trial?.down.includes("4")));
    await ask("pads.endTest", { windowNo: "12" });
    await vi.waitUntil(() => told.at(-1)?.trial?.ended === "stopped");
    expect(told.at(-1)).toMatchObject({ windowNo: "12", trial: { is: "keys", presses: { 4: 1 } } });
    expect(await codeOf("pads.test", { windowNo: "12", part: "lamps" })).toBe("WR1051");
    expect(await codeOf("pads.test", { windowNo: "13", part: "keys" })).toBe("WR1052");
  });

  test("pairs a pad by the code it shows, also if a test goes on, and unpairs it", async () => {
    await ask("pads.test", { windowNo: "12", part: "keys" });
    await ask("pads.pair", { windowNo: "12" });
    await vi.waitUntil(() => pad.face.phase === "idle");
    pad.touch({ do: "pair" });
    await settled(async () => (await window12()).pairing?.is === "asking");
    const shown = pad.face.pairing;
    await ask("pads.typeCode", { windowNo: "12", code: shown?.is === "code" ? shown.code : "" });
    await vi.waitUntil(() => pad.face.pairing?.is === "press");
    pad.touch({ do: "pairPress" });
    await settled(async () => (await window12()).pad?.trust === "paired");
    expect((await ask("pads.read", {})).list.keys).toEqual([{ model: MODEL, serialNumber: "P-12" }]);
    await ask("pads.unpair", { windowNo: "12" });
    await settled(async () => (await window12()).pad?.trust === "unpaired" && host.status().windows[0]?.pad.connection === "ready");
    expect(await codeOf("pads.forget", { model: MODEL, serialNumber: "P-12" })).toBe("WR1017");
    await ask("pads.pair", { windowNo: "12" });
    await ask("pads.cancelPairing", { windowNo: "12" });
  });

  test("updates a pad by an image in pieces, and refuses one that lacks a piece", async () => {
    const payload = new TextEncoder().encode("new firmware ".repeat(4000));
    const claim = {
      model: MODEL,
      version: "2.0.0",
      release: 2,
      size: payload.length,
      hash: new Uint8Array(createHash("sha256").update(payload).digest()),
    };
    const file = encodeFirmwareFile({ is: "firmware", ...claim, ...signFirmware(rawOf(maker.privateKey, "d"), claim) }, payload);
    const piece = (from: number, to: number): string => Buffer.from(file.subarray(from, to)).toString("base64");
    expect(await codeOf("pads.upload", { windowNo: "12", from: 15_000, piece: piece(15_000, 16_000), isLast: false })).toBe("WR1030");
    for (let from = 0; from < file.length; from += 15_000) {
      await ask("pads.upload", { windowNo: "12", from, piece: piece(from, from + 15_000), isLast: from + 15_000 >= file.length });
    }
    await settled(async () => (await window12()).files?.update?.is === "kept");
    expect((await window12()).seen?.pad.firmware).toBe("2.0.0");
    expect(await codeOf("pads.update", { windowNo: "12", path: "/nowhere/pad.wrfw" })).toBe("WR1030");
  });

  test("offers a page to one tablet, once, and says who may not", async () => {
    await settled(async () => (await ask("tablets.read", {})).list?.origin != null);
    const offered = await ask("tablets.offer", { windowNo: "13", replace: false });
    expect(offered.url).toMatch(/#./);
    expect(await codeOf("tablets.offer", { windowNo: "12", replace: false })).toBe("WR1042");
    await ask("tablets.remove", { windowNo: "13" });
  });
});

test("An upload takes no more than 16 MB, and begins anew with its first piece", () => {
  const upload = new ImageUpload();
  const piece = Buffer.alloc(8 * 1024 * 1024).toString("base64");
  expect(upload.take({ from: 0, piece, isLast: false })).toBeUndefined();
  expect(upload.take({ from: 8 * 1024 * 1024, piece, isLast: false })).toBeUndefined();
  expect(() => upload.take({ from: 16 * 1024 * 1024, piece: "AA==", isLast: false })).toThrow("WR1030");
  expect(upload.take({ from: 0, piece: "AA==", isLast: false })).toBeUndefined();
  expect(() => upload.take({ from: 1, piece: "", isLast: false })).toThrow("WR1030");
  expect(upload.take({ from: 0, piece: Buffer.from("new").toString("base64"), isLast: true })).toEqual(new Uint8Array(Buffer.from("new")));
});
