import { closeSync, copyFileSync, existsSync, mkdtempSync, openSync, readFileSync, rmSync, writeSync } from "node:fs";
import { type AddressInfo, createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { MessageChannel } from "node:worker_threads";
import { pino } from "pino";
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { WebSocket } from "ws";
import type { Carrier } from "../../messages/carrier.ts";
import { ScreenClient } from "../../messages/client.ts";
import type { Sender } from "../../messages/declaration.ts";
import { adoptRescued } from "../care/adopt-rescued.ts";
import type { RescueState } from "../care/care-shape.ts";
import { entriesOf, openToRead } from "../care/check.ts";
import { rescueDatabase } from "../care/rescue.ts";
import { openTestPc } from "../care/test-pc.ts";
import { databaseCommand } from "../commands/database-command.ts";
import { examine } from "../commands/doctor/examine.ts";
import { screenCommand } from "../commands/screen-command.ts";
import { statusCommand } from "../commands/status-command.ts";
import { loadConfig } from "../config/index.ts";
import { Pairings } from "../desk/pairings.ts";
import { openIdentity } from "../identity/identity.ts";
import { lockFolder } from "../store/folder-lock.ts";
import { FakeCentral } from "../sync/test/fake-central.ts";
import { startWindowPc, type WindowPc } from "../window-pc.ts";

let dataDir: string;
const undo: (() => unknown)[] = [];
beforeEach(() => {
  dataDir = mkdtempSync(join(tmpdir(), "window-rating-rescue-"));
  undo.push(() => rmSync(dataDir, { recursive: true, force: true }));
  const pc = openTestPc(dataDir);
  pc.serve(1, 40);
  pc.close();
});
afterEach(async () => {
  for (const step of undo.splice(0).reverse()) await step();
});

const path = (): string => join(dataDir, "window.db");

/** The first page tells SQLite what the file is. */
const damage = (): Buffer => {
  const file = openSync(path(), "r+");
  writeSync(file, Buffer.alloc(4096, 0xee), 0, 4096, 0);
  closeSync(file);
  return readFileSync(path());
};

const start = async (flags: Readonly<Record<string, string>> = {}): Promise<WindowPc> => {
  const config = loadConfig({
    dataDir,
    env: {},
    flags: { pad: "tcp://127.0.0.1:9", "desk-port": "0", "screens-port": "0", window: "12", ...flags },
  });
  const pc = await startWindowPc({ config, dataDir, logger: pino({ level: "silent" }) });
  undo.push(() => pc.close());
  return pc;
};

/** A screen of this PC at the end of a message port, with what it was told. */
const openScreen = <Screen extends Sender>(pc: WindowPc, screen: Screen) => {
  const carrier: Carrier = {
    connect: (listener) => {
      const { port1, port2 } = new MessageChannel();
      port1.on("message", (text: string) => listener.text(text));
      port1.on("close", () => listener.closed("lost"));
      pc.running.host.screens
        .connectPort(port2, { screen, windowNo: screen === "strip" ? "12" : null })
        .then(() => listener.opened())
        .catch(() => port2.close());
      return { send: (text) => port1.postMessage(text), close: () => port1.close() };
    },
  };
  const client = new ScreenClient<Screen>({
    carrier,
    timers: { setTimeout, clearTimeout: (timer) => clearTimeout(timer as NodeJS.Timeout) },
    random: () => 0,
  });
  const welcomed: (string | undefined)[] = [];
  client.on("welcome", ({ outOfOrder }) => welcomed.push(outOfOrder));
  client.start();
  undo.push(() => client.close());
  return { client, welcomed };
};

const openConsole = async (pc: WindowPc) => {
  const { client, welcomed } = openScreen(pc, "console");
  await vi.waitUntil(() => client.standing === "connected" && welcomed.length > 0);
  const read = async (): Promise<RescueState> => {
    const reply = await client.ask("rescue.read", {});
    if (reply.is === "refused") throw new Error(reply.error.code);
    return reply.body;
  };
  const rescued = async (): Promise<RescueState> => {
    expect(await client.ask("rescue.begin", {})).toMatchObject({ is: "answer" });
    return vi.waitUntil(async () => {
      const state = await read();
      return state.underWay === null && state;
    });
  };
  return { client, welcomed, read, rescued };
};

const run = async (command: typeof statusCommand, ...args: string[]): Promise<string> => {
  const printed: string[] = [];
  await command([...args, "--data", dataDir], { env: {}, print: (text) => printed.push(text) });
  return printed.join("\n");
};

describe("A window PC whose database is damaged", () => {
  test("serves its rescue, and goes on by itself with every entry when the rescued file is used", async () => {
    const before = damage();
    const pc = await start();
    expect(pc.running.is).toBe("rescue");
    const { deskPort } = pc.running.host;
    const it = await openConsole(pc);
    expect(it.welcomed).toEqual(["WR4001"]);
    expect(await it.read()).toMatchObject({ path: path(), found: expect.stringContaining("not a database"), rescue: null, underWay: null });
    expect(await it.client.ask("rescue.use", { centralHighest: null })).toMatchObject({ is: "refused", error: { code: "WR4009" } });

    const { rescue } = await it.rescued();
    expect(rescue).toMatchObject({ hindrance: null, report: { entries: 40, highest: 40, gaps: [], altered: 0 } });
    expect(readFileSync(path()).equals(before)).toBe(true);

    expect(await it.client.ask("rescue.use", { centralHighest: 40 })).toMatchObject({ is: "answer" });
    await vi.waitUntil(() => pc.running.is === "host");
    expect(pc.running.host.deskPort).toBe(deskPort);
    await vi.waitUntil(() => it.welcomed.length === 2);
    expect(it.welcomed[1]).toBeUndefined();
    expect(await it.client.ask("database.read", {})).toMatchObject({
      is: "answer",
      body: { rescued: { entries: 40, damaged: expect.stringContaining("damaged") } },
    });
    expect(await it.client.ask("rescue.begin", {})).toMatchObject({ is: "refused", error: { code: "WR5104" } });
    expect(JSON.parse(await run(statusCommand, "--json"))).toMatchObject({ queue: { waiting: 40 } });
  });

  test("tells strip, business system, commands and doctor what is wrong, does nothing that they ask, and keeps the file as it is", async () => {
    const { token } = new Pairings(dataDir).add("hall system", [], Date.now());
    const before = damage();
    const pc = await start();
    const { deskPort } = pc.running.host;
    const headers = { authorization: `Bearer ${token}`, "content-type": "application/json" };
    const ask = async (method: string, verb: string, body?: object) => {
      const answer = await fetch(`http://127.0.0.1:${deskPort}/desk/v1${verb}`, {
        method,
        headers,
        ...(body === undefined ? {} : { body: JSON.stringify(body) }),
      });
      return { status: answer.status, code: ((await answer.json()) as { error?: { code: string } }).error?.code };
    };
    const damaged = { status: 503, code: "WR4001" };
    expect(await ask("GET", "/state")).toEqual(damaged);
    expect(await ask("GET", "/windows")).toEqual(damaged);
    expect(await ask("POST", "/clerk/sign-in", { staffNo: "1001", name: "张三样例" })).toEqual(damaged);
    expect(await ask("POST", "/cases/A-1/end", {})).toEqual(damaged);
    expect(await ask("POST", "/pairings", { name: "another system" })).toEqual(damaged);
    expect(await ask("GET", "/openapi.json")).toMatchObject({ status: 200 });
    const stranger = await fetch(`http://127.0.0.1:${deskPort}/desk/v1/state`);
    expect(stranger.status).toBe(401);
    const stream = new WebSocket(`ws://127.0.0.1:${deskPort}/desk/v1/events`, { headers });
    expect(await new Promise((resolve) => stream.on("unexpected-response", (_, { statusCode }) => resolve(statusCode)))).toBe(503);
    stream.on("error", () => undefined);

    const strip = openScreen(pc, "strip");
    await vi.waitUntil(() => strip.welcomed.length > 0);
    expect(strip.welcomed).toEqual(["WR4001"]);
    expect(await strip.client.ask("window.resume", {})).toMatchObject({ is: "refused", error: { code: "WR4001" } });
    const it = await openConsole(pc);
    expect(await it.client.ask("clerks.list", {})).toMatchObject({ is: "refused", error: { code: "WR4001" } });
    expect(await it.client.ask("bundle.make", {})).toMatchObject({ is: "answer" });

    await expect(run(statusCommand)).rejects.toMatchObject({
      code: "WR4001",
      detail: expect.stringContaining("window-host screen console"),
    });
    await expect(run(screenCommand, "strip", "--print")).rejects.toMatchObject({ code: "WR4001" });
    const { url } = JSON.parse(await run(screenCommand, "console", "--json")) as { url: string };
    expect((await fetch(url)).status).toBe(200);
    const findings = await examine({ dataDir, env: {} });
    expect(findings.filter(({ code }) => code === "WR4001").map(({ subject }) => subject)).toEqual(["Database", "window-host"]);
    expect(readFileSync(path()).equals(before)).toBe(true);
    expect(existsSync(join(dataDir, "backups"))).toBe(false);
  });

  test("is rescued by the commands as well: what they put in its place is noticed", async () => {
    damage();
    const pc = await start();
    await expect(start()).rejects.toMatchObject({ code: "WR4005" });
    expect(JSON.parse(await run(databaseCommand, "rescue", "--json"))).toMatchObject({ entries: 40 });
    const it = await openConsole(pc);
    expect((await it.read()).rescue?.report.entries).toBe(40);
    await run(databaseCommand, "rescue", "--use");
    await vi.waitUntil(() => pc.running.is === "host");
  });

  test("leaves its pads alone until it has recovered: what was pressed stays in them", async () => {
    let asked = 0;
    const pad = createServer((socket) => {
      asked++;
      socket.on("error", () => undefined);
    });
    const port = await new Promise<number>((done) => pad.listen(0, "127.0.0.1", () => done((pad.address() as AddressInfo).port)));
    undo.push(() => pad.close());
    damage();
    const pc = await start({ pad: `tcp://127.0.0.1:${port}` });
    const it = await openConsole(pc);
    await it.rescued();
    expect(asked).toBe(0);
    await it.client.ask("rescue.use", { centralHighest: null });
    await vi.waitUntil(() => asked > 0);
    expect(pc.running.is).toBe("host");
  });

  test("is not rescued twice at once, nor while the command rescues", async () => {
    damage();
    const pc = await start();
    const it = await openConsole(pc);
    const unlock = lockFolder(dataDir);
    expect(await it.client.ask("rescue.begin", {})).toMatchObject({ is: "refused", error: { code: "WR4005" } });
    unlock();
    const [first, second] = await Promise.all([it.client.ask("rescue.begin", {}), it.client.ask("rescue.begin", {})]);
    expect(first).toMatchObject({ is: "answer" });
    expect(second).toMatchObject({ is: "refused", error: { code: "WR4011" } });
    await vi.waitUntil(async () => (await it.read()).underWay === null);
    expect((await it.read()).rescue?.report.entries).toBe(40);
  });

  const enrolAt = (centralUrl: string, token = "token-of-the-test-token-of-the-test"): void =>
    openIdentity(dataDir).keepEnrolment({ centralUrl, token, enrolledAt: "2026-03-02T01:00:00Z" });

  /** A central that has the first entries of this PC, and some beyond a hole. */
  const centralWith = async (...numbers: readonly number[]): Promise<FakeCentral> => {
    const central = new FakeCentral(globalThis, () => 0);
    await central.up();
    undo.push(() => central.down());
    const database = openToRead(path());
    const entries = [...entriesOf(database)].filter(({ number }) => numbers.includes(number));
    database.close();
    const { windowPcId } = openIdentity(dataDir);
    const told = await fetch(`${central.url}/sync/v1/batches`, {
      method: "POST",
      headers: { authorization: `Bearer ${central.token}` },
      body: JSON.stringify({ windowPcId, sentAtMs: 0, entries }),
    });
    expect(told.status).toBe(200);
    enrolAt(central.url, central.token);
    return central;
  };

  test("asks central how far it is, with none of its entries in the question, and believes it more than who typed less", async () => {
    const central = await centralWith(1, 2, 38);
    damage();
    const pc = await start();
    const it = await openConsole(pc);
    expect(await it.client.ask("rescue.central", {})).toMatchObject({ is: "answer", body: { is: "told", highest: 38 } });
    expect((await it.rescued()).asksCentral).toBe(true);
    expect(central.requests.slice(1).flat()).toEqual([]);
    expect(await it.client.ask("rescue.use", { centralHighest: null })).toMatchObject({ is: "answer" });
    await vi.waitUntil(() => pc.running.is === "host");
  });

  test("is not used, by button or by command, while central has entries that could not be rescued", async () => {
    await centralWith(39, 40);
    rmSync(path());
    const made = openTestPc(dataDir);
    made.serve(1, 30);
    made.close();
    const before = damage();
    const pc = await start();
    const it = await openConsole(pc);
    await it.rescued();
    const behind = { code: "WR4010", detail: expect.stringContaining("31 to 40") };
    expect(await it.client.ask("rescue.use", { centralHighest: 7 })).toMatchObject({ is: "refused", error: behind });
    await expect(run(databaseCommand, "rescue", "--use")).rejects.toMatchObject(behind);
    await expect(run(databaseCommand, "rescue", "--use", "--central-highest", "7")).rejects.toMatchObject(behind);
    expect(readFileSync(path()).equals(before)).toBe(true);
  });

  test("is not used by the command either while central cannot be asked and nobody has looked there", async () => {
    enrolAt("http://127.0.0.1:9/");
    damage();
    await run(databaseCommand, "rescue");
    await expect(run(databaseCommand, "rescue", "--use")).rejects.toMatchObject({
      code: "WR4010",
      detail: expect.stringMatching(/WR6001/),
    });
    await expect(run(databaseCommand, "rescue", "--use", "--central-highest", "-1")).rejects.toMatchObject({ code: "WR8002" });
    await expect(run(databaseCommand, "rescue", "--use", "--central-highest", "41")).rejects.toMatchObject({ code: "WR4010" });
    expect(await run(databaseCommand, "rescue", "--use", "--central-highest", "40")).toContain("40 entries are in use");
  });

  test("does not use a rescued file that lacks what central has, nor, once enrolled, without anybody having looked there", async () => {
    enrolAt("http://127.0.0.1:9/");
    const before = damage();
    const pc = await start();
    const it = await openConsole(pc);
    expect((await it.rescued()).asksCentral).toBe(true);
    const unseen = await it.client.ask("rescue.use", { centralHighest: null });
    expect(unseen).toMatchObject({ is: "refused", error: { code: "WR4010", detail: expect.stringContaining("central") } });
    const ahead = await it.client.ask("rescue.use", { centralHighest: 43 });
    expect(ahead).toMatchObject({ is: "refused", error: { code: "WR4010", detail: expect.stringContaining("41 to 43") } });
    expect(readFileSync(path()).equals(before)).toBe(true);
    expect(await it.client.ask("rescue.use", { centralHighest: 38 })).toMatchObject({ is: "answer" });
    await vi.waitUntil(() => pc.running.is === "host");
  });

  test("says so when the damaged file has changed since its rescue, and then takes a new one", async () => {
    damage();
    const pc = await start();
    const it = await openConsole(pc);
    await it.rescued();
    copyFileSync(path(), `${path()}-wal`);
    expect((await it.read()).rescue?.hindrance).toEqual({ why: "changed" });
    expect(await it.client.ask("rescue.use", { centralHighest: null })).toMatchObject({ is: "refused", error: { code: "WR4010" } });
    expect((await it.rescued()).rescue?.hindrance).toBeNull();
  });

  test("ends with what is wrong when it cannot go on after its rescue", async () => {
    damage();
    const pc = await start();
    const { publicKey } = openIdentity(dataDir);
    rescueDatabase({ dataDir, publicKey, wallMs: Date.now(), nowMs: () => 0 });
    rmSync(join(dataDir, "identity.json"));
    adoptRescued(dataDir);
    await expect(pc.failed).rejects.toMatchObject({ code: "WR6006" });
  });
});

test("Any other reason not to start ends the start, as ever", async () => {
  rmSync(join(dataDir, "identity.json"));
  await expect(start()).rejects.toMatchObject({ code: "WR6006" });
  const database = openToRead(path());
  expect([...entriesOf(database)].length).toBe(40);
  database.close();
});
