import { generateKeyPairSync } from "node:crypto";
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { LARGEST_SITE_FILE, type SitePolicy } from "@window-rating/protocol/sync";
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { PATIENCE_MS } from "../../messages/client.ts";
import { CONSOLE_SITE_REQUESTS } from "../../messages/console-site.ts";
import type { AnswerOf } from "../../messages/requests.ts";
import { setInConfigFile } from "../config/config-file.ts";
import { loadConfig } from "../config/index.ts";
import { openIdentity } from "../identity/identity.ts";
import { readSiteFile, type SiteContent, siteFileText } from "../site/site-file.ts";
import type { ConsoleLine, ConsoleParts } from "./console-parts.ts";
import { siteHandlers } from "./site-handlers.ts";

const { privateKey } = generateKeyPairSync("ed25519");
const content = (version: number, over: Partial<SiteContent> = {}): SiteContent => ({
  schema: 1,
  site: "样例大厅",
  version,
  madeAt: "2026-03-02T01:00:00.000Z",
  settings: { "rating.timeoutSeconds": 20 },
  padProfiles: [],
  businessSystems: [{ name: "hall system", origins: ["https://one.example"] }],
  windows: [{ windowNo: "12", clerks: [{ staffNo: "1001", name: "张三样例" }], port: null, profile: null, serialNumber: "PAD-12" }],
  ...over,
});

let dataDir: string;
let ends: (() => void)[];
let named: string[];
let site: SitePolicy | null;
beforeEach(() => {
  dataDir = mkdtempSync(join(tmpdir(), "site-console-"));
  ends = [];
  named = [];
  site = null;
});
afterEach(() => rmSync(dataDir, { recursive: true, force: true }));

/** A console on a PC that runs with what its config.json says now. */
const openConsole = (flags: Readonly<Record<string, string>> = {}) => {
  const parts = {
    dataDir,
    config: loadConfig({ dataDir, env: {}, flags }),
    clock: { wallMs: () => Date.parse("2026-03-02T09:00:00Z") },
    clerks: { add: ({ staffNo }: { staffNo: string }) => named.push(staffNo) },
    health: {
      roster: {
        get site() {
          return site;
        },
        status: () => ({ siteVersion: site?.version ?? null, lastAnswerMs: null, cause: "this window PC is not enrolled" }),
      },
    },
  } as unknown as ConsoleParts;
  const line = { onEnd: (act: () => void) => ends.push(act) } as unknown as ConsoleLine;
  return siteHandlers(parts, line);
};
type Handlers = ReturnType<typeof openConsole>;

const offer = (handlers: Handlers, kind: "site" | "csv", file: string | Buffer): void => {
  const bytes = Buffer.from(file);
  for (let at = 0; at === 0 || at < bytes.length; at += 200)
    handlers["site.offer"]({ kind, at, data: bytes.subarray(at, at + 200).toString("base64") });
};
const plan = async (handlers: Handlers, ...windowNos: string[]): Promise<AnswerOf<"site.plan">> =>
  CONSOLE_SITE_REQUESTS["site.plan"].answer.parse(await handlers["site.plan"]({ from: "file", windowNos, central: null }));
const read = async (handlers: Handlers): Promise<AnswerOf<"site.read">> =>
  CONSOLE_SITE_REQUESTS["site.read"].answer.parse(await handlers["site.read"]({}));
const config = () => readFileSync(join(dataDir, "config.json"), "utf8");

describe("a site file in the console", () => {
  test("shows every change before anything is changed, and then does exactly that", async () => {
    setInConfigFile(dataDir, ["windowNo=12", "rating.timeoutSeconds=30"]);
    const handlers = openConsole();
    const before = config();
    offer(handlers, "site", siteFileText(content(3), privateKey));
    const planned = await plan(handlers, "12");
    expect(planned).toMatchObject({
      version: 3,
      before: null,
      clerks: [{ staffNo: "1001" }],
      businessSystems: ["hall system"],
      windows: 1,
    });
    expect(planned.settings.map(({ key, before: old, after }) => [key, old, after])).toEqual([
      ["rating.timeoutSeconds", "30", "20"],
      ["pad.serialNumber", null, "PAD-12"],
    ]);
    expect([config(), named]).toEqual([before, []]);

    const done = await handlers["site.apply"]({ from: "file", windowNos: ["12"], hash: planned.hash });
    expect(done).toEqual({ newPairings: [{ name: "hall system", token: expect.stringMatching(/^wrdesk_/) }], restartNeeded: true });
    expect(named).toEqual(["1001"]);
    expect(JSON.parse(config())).toMatchObject({ windowNo: "12", rating: { timeoutSeconds: 20 }, pad: { serialNumber: "PAD-12" } });
    expect((await plan(handlers)).settings).toEqual([]);
  });

  test("is refused unsigned, altered, foreign, unknown or replaced by another since it was read; nothing changes then", async () => {
    setInConfigFile(dataDir, ["windowNo=12"]);
    const handlers = openConsole();
    await expect(plan(handlers)).rejects.toMatchObject({ code: "WR8015" });
    offer(handlers, "site", siteFileText(content(3), privateKey));
    const { hash } = await plan(handlers);
    await handlers["site.apply"]({ from: "file", windowNos: [], hash });
    const before = config();
    const other = generateKeyPairSync("ed25519").privateKey;
    for (const [text, code] of [
      ["{", "WR8012"],
      [siteFileText(content(4), null), "WR8009"],
      [siteFileText(content(4), privateKey).replace("20", "21"), "WR8009"],
      [siteFileText(content(4), other), "WR8010"],
      [siteFileText(content(2), privateKey), "WR8011"],
    ] as const) {
      offer(handlers, "site", text);
      await expect(plan(handlers), code).rejects.toMatchObject({ code });
    }
    offer(handlers, "site", siteFileText(content(4, { settings: { "rating.timeoutSeconds": 25 } }), privateKey));
    await expect(plan(handlers, "99")).rejects.toMatchObject({ code: "WR8013" });
    await expect(handlers["site.apply"]({ from: "file", windowNos: [], hash })).rejects.toMatchObject({ code: "WR8015" });
    await expect(handlers["site.plan"]({ from: "central", windowNos: [], central: null })).rejects.toMatchObject({ code: "WR6003" });
    expect(config()).toBe(before);
  });

  test("is done only as it was read: no other file of its version, no other windows, no other settings in between, and not twice", async () => {
    setInConfigFile(dataDir, ["windowNo=12", "rating.timeoutSeconds=30"]);
    const handlers = openConsole();
    offer(handlers, "site", siteFileText(content(3), privateKey));
    const { hash } = await plan(handlers, "12");
    const apply = (given: string, ...windowNos: string[]) => handlers["site.apply"]({ from: "file", windowNos, hash: given });
    const before = config();
    const windows = [...content(3).windows, { windowNo: "13", clerks: [], port: null, profile: null, serialNumber: "PAD-13" }];
    const other = siteFileText(content(3, { settings: { "rating.timeoutSeconds": 600 }, windows }), privateKey);
    offer(handlers, "site", other);
    await expect(apply(hash, "12")).rejects.toMatchObject({ code: "WR8015" });
    const read = await plan(handlers, "12");
    await expect(apply(hash, "12")).rejects.toMatchObject({ code: "WR8015" });
    await expect(apply(read.hash, "12", "13")).rejects.toMatchObject({ code: "WR8015" });
    expect([config(), named]).toEqual([before, []]);
    setInConfigFile(dataDir, ["rating.timeoutSeconds=600"]);
    await expect(apply(read.hash, "12")).rejects.toMatchObject({ code: "WR8015" });
    expect(named).toEqual([]);
    const { hash: now } = await plan(handlers, "12");
    await apply(now, "12");
    expect(named).toEqual(["1001"]);
    await expect(apply(now, "12")).rejects.toMatchObject({ code: "WR8015" });
  });

  test("comes from central to a PC that nobody has set up, with central's address and a code: it is enrolled, and takes the window of the code", async () => {
    const { windowPcId } = openIdentity(dataDir, false);
    const asked: object[] = [];
    let refusal: string | null = null;
    const central = createServer((request, response) => {
      const path = request.url ?? "";
      request.on("data", (text) => asked.push(JSON.parse(String(text))));
      request.on("end", () => {
        if (refusal !== null) {
          const error = { code: refusal, title: "", detail: "used before", advice: "" };
          response.writeHead(403, { "content-type": "application/json" }).end(JSON.stringify({ error }));
          return;
        }
        const site = { text: siteFileText(content(3), privateKey), version: 3, windowNo: "12" };
        const body = path.endsWith("/enrolments") ? { windowPcId, token: "t".repeat(43), centralTimeMs: 1 } : site;
        response.writeHead(path.endsWith("/enrolments") ? 201 : 200, { "content-type": "application/json" }).end(JSON.stringify(body));
      });
    });
    await new Promise<void>((resolve) => void central.listen(0, "127.0.0.1", resolve));
    const url = `http://127.0.0.1:${(central.address() as AddressInfo).port}`;
    try {
      const handlers = openConsole();
      const asking = { from: "central" as const, windowNos: [] };
      await expect(handlers["site.plan"]({ ...asking, central: null })).rejects.toMatchObject({ code: "WR6003" });
      const tooShort = handlers["site.plan"]({ ...asking, central: { url, code: "K7QM" } });
      await expect(tooShort).rejects.toMatchObject({ code: "WR8001", facts: { field: "code" } });
      // Refusals of central are told with its code, or in words where no screen has a sentence for it; never as a failure of this PC.
      for (const [given, code] of [
        ["WR7003", "WR7003"],
        ["WR7020", "WR6005"],
      ] as const) {
        refusal = given;
        const refused = handlers["site.plan"]({ ...asking, central: { url, code: "K7QM-2XWD" } });
        await expect(refused).rejects.toMatchObject({ code, detail: expect.stringContaining("used before") });
      }
      refusal = null;
      asked.length = 0;
      const { hash, settings } = await handlers["site.plan"]({ ...asking, central: { url, code: "K7QM-2XWD" } });
      expect(asked).toMatchObject([{ code: "K7QM-2XWD" }, { windowPcId }]);
      expect(settings.map(({ key }) => key).sort()).toEqual(["central", "pad.serialNumber", "rating.timeoutSeconds", "windowNo"]);
      // Enrolled by now: looking again needs no code.
      expect((await handlers["site.plan"]({ ...asking, central: null })).hash).toBe(hash);
      await handlers["site.apply"]({ ...asking, hash });
      expect(JSON.parse(config())).toMatchObject({ windowNo: "12", central: url, rating: { timeoutSeconds: 20 } });
    } finally {
      central.closeAllConnections();
      central.close();
    }
  });

  test.each([
    ["http://10.1.2.3:7200", true],
    ["http://central:7200", true],
    ["https://central.hall.example", true],
    ["central.hall", false],
    ["ftp://central.hall.example", false],
  ])("is asked for at an address as the setting takes it: %s", (url, isGood) => {
    const asked = { from: "central", central: { url, code: "K7QM-2XWD" } };
    expect(CONSOLE_SITE_REQUESTS["site.plan"].body.safeParse(asked).success).toBe(isGood);
  });

  test("of a central that never answers is told as just that, before the screen takes this program for lost", async () => {
    const silent = createServer();
    const came = new Promise<void>((resolve) => silent.once("request", () => resolve()));
    await new Promise<void>((resolve) => void silent.listen(0, "127.0.0.1", resolve));
    const central = `http://127.0.0.1:${(silent.address() as AddressInfo).port}`;
    setInConfigFile(dataDir, ["windowNo=12", `central=${central}`]);
    openIdentity(dataDir, false).keepEnrolment({ centralUrl: central, token: "t".repeat(43), enrolledAt: "2026-03-02T01:00:00Z" });
    const end = new AbortController();
    const patience = vi.spyOn(AbortSignal, "timeout").mockReturnValue(end.signal);
    try {
      const planned = openConsole()["site.plan"]({ from: "central", windowNos: [], central: null });
      const refused = Promise.resolve(planned).catch((error: unknown) => error);
      await came;
      end.abort();
      expect(await refused).toMatchObject({ code: "WR6001" });
      expect(patience.mock.calls.map(([ms]) => ms < PATIENCE_MS)).toEqual([true]);
    } finally {
      patience.mockRestore();
      silent.closeAllConnections();
      silent.close();
    }
  });

  test("is kept in memory as long as the console is open, whole and not larger than a site file is", async () => {
    const handlers = openConsole();
    const data = Buffer.alloc(22_500).toString("base64");
    expect(() => handlers["site.offer"]({ kind: "site", at: 22_500, data })).toThrow(expect.objectContaining({ code: "WR8015" }));
    const fill = (): void => {
      for (let at = 0; at <= LARGEST_SITE_FILE; at += 22_500) handlers["site.offer"]({ kind: "csv", at, data });
    };
    expect(fill).toThrow(expect.objectContaining({ code: "WR8013" }));
    handlers["site.offer"]({ kind: "csv", at: 0, data });
    expect(() => handlers["site.offer"]({ kind: "csv", at: 22_500, data: "" })).toThrow(expect.objectContaining({ code: "WR8015" }));
    offer(handlers, "site", siteFileText(content(3), privateKey));
    for (const end of ends) end();
    await expect(plan(handlers)).rejects.toMatchObject({ code: "WR8015" });
  });
});

describe("a list of windows in the console", () => {
  test("is checked row by row, in the text that Excel saves, and goes into the exported file only when every row is good", async () => {
    setInConfigFile(dataDir, ["windowNo=12", "screen.hall=样例大厅"]);
    const handlers = openConsole();
    await expect(handlers["site.table"]({})).rejects.toMatchObject({ code: "WR8015" });
    offer(handlers, "csv", "window,profile,port\n12,,\n12,,\n13,nobody/nothing,COM 3\n");
    expect((await handlers["site.table"]({})).bad.map(({ line }) => line)).toEqual([3, 4, 4]);
    const asked = { site: "样例大厅", withTable: true, key: null };
    await expect(handlers["site.export"](asked)).rejects.toMatchObject({ code: "WR8013" });
    // 窗口,人员 / 12,1001 张三样例 in GBK
    offer(handlers, "csv", Buffer.from("b4b0bfda2cc8cbd4b10a31322c3130303120d5c5c8fdd1f9c0fd0a", "hex"));
    expect(await handlers["site.table"]({})).toEqual({
      windows: [{ windowNo: "12", clerks: 1, port: null, profile: null }],
      bad: [],
      ignored: [],
    });
    const { text, path, version } = await handlers["site.export"](asked);
    expect(readFileSync(path, "utf8")).toBe(text);
    expect(version).toBe(1);
    const made = JSON.parse(text);
    expect([made.signature, made.content.settings, made.content.windows.length]).toEqual([null, { "screen.hall": "样例大厅" }, 1]);
  });

  test("is signed with the hall's key as it is exported; the key is kept nowhere, and what is no key signs nothing", async () => {
    setInConfigFile(dataDir, ["windowNo=12", "screen.hall=样例大厅"]);
    const handlers = openConsole();
    const { pem, publicKey } = await handlers["site.key"]({});
    const asked = { site: "样例大厅", withTable: false };
    for (const key of ["", "site-key.pem", String(generateKeyPairSync("x25519").privateKey.export({ type: "pkcs8", format: "pem" }))])
      await expect(handlers["site.export"]({ ...asked, key })).rejects.toMatchObject({ code: "WR8016" });
    expect(readdirSync(dataDir)).not.toContain("site-signed.json");
    const { text, path, signedBy } = await handlers["site.export"]({ ...asked, key: pem });
    expect([signedBy, readSiteFile(text).signedBy, readFileSync(path, "utf8")]).toEqual([publicKey, publicKey, text]);
    const [, secret = "nothing"] = pem.split("\n");
    for (const name of readdirSync(dataDir)) expect(readFileSync(join(dataDir, name), "utf8")).not.toContain(secret);
  });
});

describe("the settings that the console shows", () => {
  test("say where each value comes from, what central decided before all, and what holds after the next start", async () => {
    writeFileSync(join(dataDir, "site.json"), siteFileText(content(3), privateKey));
    setInConfigFile(dataDir, ["rating.timeoutSeconds=20", "screen.hall=样例大厅", "clerk.idleMinutes=30"]);
    const handlers = openConsole({ "desk-port": "7109" });
    site = { version: 5, region: "linxia", regionName: "临夏回族自治州", packVersion: 1, labels: [], manualTrigger: null, idleMinutes: 15 };
    setInConfigFile(dataDir, ["screen.hall=样例大厅二"]);
    const view = await read(handlers);
    const shown = (key: string) => {
      const { value, from, next } = view.settings.find((one) => one.key === key) ?? {};
      return [value, from, next];
    };
    expect(shown("rating.timeoutSeconds")).toEqual(["20", "site", null]);
    expect(shown("clerk.idleMinutes")).toEqual(["15", "central", null]);
    expect(shown("screen.hall")).toEqual(["样例大厅", "start", "样例大厅二"]);
    expect(shown("deskPort")).toEqual(["7109", "start", "7100"]);
    expect(shown("rating.waitSeconds")).toEqual(["120", "default", null]);
    expect(view.file).toMatchObject({ site: "样例大厅", version: 3, signedBy: expect.stringMatching(/^[0-9a-f]{64}$/) });
    expect(view.central).toMatchObject({ policyVersion: 5, regionName: "临夏回族自治州" });
    expect(view.windows).toEqual([{ windowNo: "1", port: "auto", profile: "auto", serialNumber: null }]);
  });

  test("can be changed one by one: checked as the command does, written for the next start, and put back to the default", async () => {
    setInConfigFile(dataDir, ["windowNo=12"]);
    const handlers = openConsole();
    handlers["site.set"]({ key: "central", value: "https://central.hall.example" });
    handlers["site.set"]({ key: "rating.timeoutSeconds", value: "25" });
    expect(JSON.parse(config())).toEqual({ windowNo: "12", central: "https://central.hall.example", rating: { timeoutSeconds: 25 } });
    const shown = (await read(handlers)).settings.filter(({ next }) => next !== null).map(({ key, next }) => [key, next]);
    expect(shown.sort()).toEqual([
      ["central", "https://central.hall.example"],
      ["rating.timeoutSeconds", "25"],
    ]);
    handlers["site.set"]({ key: "rating.timeoutSeconds", value: null });
    const before = config();
    expect(JSON.parse(before)).toEqual({ windowNo: "12", central: "https://central.hall.example" });
    for (const [key, value] of [
      ["rating.timeoutSeconds", "0"],
      ["rating.timeoutSeconds", "soon"],
      ["rating.timeoutSecond", "30"],
      ["central", "ftp://central"],
    ] as const) {
      expect(() => handlers["site.set"]({ key, value })).toThrow(/WR8001/);
    }
    expect(config()).toBe(before);
  });

  test("are shown as they can be typed: every value that is written back as it stands changes nothing", async () => {
    setInConfigFile(dataDir, ["windowNo=12"]);
    const handlers = openConsole();
    const { settings } = await read(handlers);
    for (const { key, value } of settings) handlers["site.set"]({ key, value });
    expect((await read(handlers)).settings.filter(({ next }) => next !== null)).toEqual([]);
  });
});
