import { createHash, generateKeyPairSync } from "node:crypto";
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { SimulatedPad, TcpPort } from "@window-rating/firmware-sim";
import { contactPublicKey, openContact } from "@window-rating/protocol/contact";
import { encodeFirmwareFile } from "@window-rating/protocol/firmware";
import { signFirmware } from "@window-rating/protocol/pad";
import { type RequestId, requestIdToBytes } from "@window-rating/protocol/rating";
import pino from "pino";
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { padCommand } from "./commands/pad-command.ts";
import { loadConfig } from "./config/index.ts";
import { Pairings } from "./desk/pairings.ts";
import { type RunningHost, startHost } from "./host.ts";
import { PadKeyBook } from "./pads/pad-key-book.ts";
import { openDatabase } from "./store/database.ts";

const MODEL = "generic/touchscreen";
const KEY = Uint8Array.from({ length: 32 }, (_, index) => index + 1);
const PRIVATE_KEY = Uint8Array.from({ length: 32 }, (_, index) => 64 - index);
const PNG = Uint8Array.of(0x89, 0x50, 0x4e, 0x47, 13, 10, 26, 10, 1, 2, 3);
const PATIENCE = { timeout: 15_000, interval: 20 };
const maker = generateKeyPairSync("ed25519");
const makerSeed = new Uint8Array(Buffer.from(maker.privateKey.export({ format: "jwk" }).d ?? "", "base64url"));
const makerKey = new Uint8Array(Buffer.from(maker.publicKey.export({ format: "jwk" }).x ?? "", "base64url"));

let folder: string;
let dataDir: string;
let pad: SimulatedPad;
let host: RunningHost;
let token: string;
const log: string[] = [];
beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), "window-rating-touch-"));
  dataDir = join(folder, "data");
  mkdirSync(join(dataDir, "assets", "photo"), { recursive: true });
  writeFileSync(join(dataDir, "assets", "photo", "1001.png"), PNG);
  log.length = 0;
  pad = new SimulatedPad({
    port: await TcpPort.open(0),
    profileId: MODEL,
    serialNumber: "TOUCH-1",
    key: () => KEY,
    storeFile: join(folder, "pad.store"),
    firmware: { makerKeys: [makerKey] },
  });
  new PadKeyBook(dataDir).set({ model: MODEL, serialNumber: "TOUCH-1" }, { confirmed: KEY });
  const contactKey = Buffer.from(contactPublicKey(PRIVATE_KEY)).toString("hex");
  const flags = { "desk-port": "0", pad: pad.path, window: "12", "contact-key": contactKey, "screen-hall": "样例大厅" };
  const config = loadConfig({ dataDir, env: {}, flags });
  host = await startHost({ config, dataDir, logger: pino({ level: "trace" }, { write: (line) => log.push(line) }) });
  token = new Pairings(dataDir).add("hall system", [], Date.now()).token;
});
afterEach(async () => {
  await host.close();
  await pad.close();
  rmSync(folder, { recursive: true, force: true });
});

const call = async (path: string, body?: object): Promise<Record<string, unknown>> => {
  const answer = await fetch(`http://127.0.0.1:${host.deskPort}/desk/v1${path}`, {
    method: body === undefined ? "GET" : "POST",
    headers: { authorization: `Bearer ${token}`, ...(body === undefined ? {} : { "content-type": "application/json" }) },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });
  expect(answer.status).toBe(200);
  return (await answer.json()) as Record<string, unknown>;
};

/** What the pad shows, when it shows that. */
const scene = async <Is extends string>(is: Is) => {
  await vi.waitFor(() => expect(pad.face.screen?.scene.is).toBe(is), PATIENCE);
  return pad.face.screen?.scene as Extract<NonNullable<typeof pad.face.screen>["scene"], { is: Is }>;
};

const serve = async (caseNo: string): Promise<RequestId> => {
  await call("/clerk/sign-in", { staffNo: "1001", name: "张三样例" });
  await call("/cases", { caseNo, itemCode: "A-01", itemName: "身份证补领（样例）" });
  return String((await call(`/cases/${caseNo}/end`, {})).requestId) as RequestId;
};

const run = async (...args: string[]): Promise<{ code: number; out: string }> => {
  const printed: string[] = [];
  const code = await padCommand([...args, "--data", dataDir], { env: {}, print: (text) => printed.push(text) });
  return { code, out: printed.join("\n") };
};

describe("a touchscreen pad at a window", () => {
  test("shows clerk and photo, takes reasons and a sealed contact, which is in no log and no file of this PC (I9)", async () => {
    await call("/clerk/sign-in", { staffNo: "1001", name: "张三样例" });
    await vi.waitFor(() => expect(pad.screenAssets?.find("photo/1001")).toBeDefined(), PATIENCE);
    await vi.waitFor(
      () => expect(pad.face.screen?.scene).toMatchObject({ is: "idle", card: { staffNo: "1001", photo: "photo/1001" } }),
      PATIENCE,
    );

    const requestId = await serve("C-1");
    expect(await scene("options")).toMatchObject({ requestId, itemName: "身份证补领（样例）", caseNo: "C-1" });
    pad.touch({ do: "level", requestId, level: 4 });
    expect(await scene("details")).toMatchObject({ level: 4, asksWords: true, asksContact: true });
    pad.touch({ do: "reason", requestId, code: 413 });
    const written = { words: "窗口很耐心", name: "王五样例", phone: "13800138000" };
    pad.touch({ do: "confirm", requestId, written });
    await vi.waitFor(async () => expect(await call("/state")).toMatchObject({ request: { requestId, state: "rated" } }), PATIENCE);
    const state = JSON.stringify(await call("/state"));
    await host.close();

    const database = openDatabase(join(dataDir, "window.db"));
    const [{ body } = { body: "" }] = database.prepare<[], { body: string }>("SELECT body FROM entries").all();
    database.close();
    const entry = JSON.parse(body);
    expect(entry).toMatchObject({ kind: "rating", level: 4, origin: { secured: true }, answer: { reasonList: "2020", reasons: [413] } });
    const sealed = new Uint8Array(Buffer.from(entry.answer.sealed.data, "base64"));
    expect(openContact(sealed, PRIVATE_KEY, requestIdToBytes(requestId))).toEqual(written);

    const files = readdirSync(dataDir, { recursive: true, withFileTypes: true })
      .filter((file) => file.isFile())
      .map((file) => readFileSync(join(file.parentPath, file.name)));
    expect(files.length).toBeGreaterThan(3);
    for (const secret of Object.values(written)) {
      for (const file of files) expect(file.includes(secret)).toBe(false);
      expect(log.join("")).not.toContain(secret);
      expect(state).not.toContain(secret);
    }
  });

  test("pauses and goes on by the business system", async () => {
    await call("/pause", { text: "午休样例" });
    expect(await scene("paused")).toMatchObject({ text: "午休样例" });
    expect(await call("/state")).toMatchObject({ pause: { text: "午休样例" } });
    const requestId = await serve("C-2");
    await scene("options");
    pad.touch({ do: "level", requestId, level: 5 });
    await scene("details");
    pad.touch({ do: "confirm", requestId, written: { words: "", name: "", phone: "" } });
    await scene("paused");
    await call("/resume", {});
    await scene("idle");
    await call("/notice", { text: "请出示身份证样例" });
    await vi.waitFor(() => expect(pad.face.screen?.scene).toMatchObject({ is: "idle", notice: "请出示身份证样例" }), PATIENCE);
  });
});

describe("window-host pad asset", () => {
  test("puts a file on the pads at once, tells where it is, and takes it away again", async () => {
    await vi.waitFor(() => expect(pad.screenAssets?.find("photo/1001")).toBeDefined(), PATIENCE);
    writeFileSync(join(folder, "logo.png"), PNG);
    expect(await run("asset", "put", "--name", "logo", "--file", join(folder, "logo.png"), "--json")).toMatchObject({ code: 0 });
    await vi.waitFor(async () => {
      const { assets } = JSON.parse((await run("asset", "list", "--json")).out);
      expect(assets).toContainEqual({ name: "logo", kind: "png", size: 11, held: ["12"], waiting: [], refused: {} });
    }, PATIENCE);
    expect((await run("asset", "list")).out).toMatch(/logo +png +11 +12/);
    expect(await run("asset", "drop", "--name", "logo")).toMatchObject({ code: 0 });
    await vi.waitFor(() => expect(pad.screenAssets?.find("logo")).toBeUndefined(), PATIENCE);
    await expect(run("asset", "drop", "--name", "logo")).rejects.toThrow(/WR1031/);
    await expect(run("asset", "push")).rejects.toThrow(/WR8002/);
  });

  test("works on the folder alone while nothing runs", async () => {
    await host.close();
    writeFileSync(join(folder, "logo.png"), PNG);
    await run("asset", "put", "--name", "logo", "--file", join(folder, "logo.png"));
    expect((await run("asset", "list")).out).toMatch(/logo[\s\S]*window-host does not run here/);
  });
});

describe("window-host pad update", () => {
  const imageFile = (release: number, payload: string, seed = makerSeed): string => {
    const bytes = new TextEncoder().encode(payload);
    const hash = new Uint8Array(createHash("sha256").update(bytes).digest());
    const claim = { model: MODEL, version: `${release}.0.0`, release, size: bytes.length, hash };
    const path = join(folder, `${release}.wrfw`);
    writeFileSync(path, encodeFirmwareFile({ is: "firmware", ...claim, ...signFirmware(seed, claim) }, bytes));
    return path;
  };
  const ready = () => vi.waitFor(() => expect(host.status().windows[0]?.pad.connection).toBe("ready"), PATIENCE);

  test("waits until the pad has kept the new firmware", async () => {
    await ready();
    const { code, out } = await run("update", "--image", imageFile(2, "new firmware"));
    expect(code).toBe(0);
    expect(out).toMatch(/Firmware 2\.0\.0 for generic\/touchscreen is on its way\.[\s\S]*The pad runs 2\.0\.0 and keeps it\./);
    await vi.waitFor(() => expect(host.status().windows[0]?.pad.firmware).toBe("2.0.0"), PATIENCE);
  });

  test.each([
    ["of a maker the pad does not know", () => imageFile(2, "x", new Uint8Array(32).fill(9)), /WR1032.*unknownSigner/],
    ["that crashes", () => imageFile(2, "pad-sim crashes\n"), /WR1033.*taken back; 1\.0\.0 runs/],
  ])("tells of an image %s that the pad did not keep it", async (_, image, text) => {
    await ready();
    await expect(run("update", "--image", image())).rejects.toThrow(text);
    expect(host.status().windows[0]?.pad.firmware).toBe("1.0.0");
  });

  test("tells of a file that is no image before anything is asked of the pad", async () => {
    writeFileSync(join(folder, "text.wrfw"), "text");
    await expect(run("update", "--image", join(folder, "text.wrfw"))).rejects.toThrow(/WR1030/);
    await expect(run("update")).rejects.toThrow(/WR8002/);
  });
});
