import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { SimulatedPad, TcpPort } from "@window-rating/firmware-sim";
import { LEVELS, type RequestId } from "@window-rating/protocol/rating";
import type { ReasonList } from "@window-rating/protocol/reasons";
import type { DownAnswer } from "@window-rating/protocol/sync";
import pino from "pino";
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { askDesk } from "./commands/running-host.ts";
import { loadConfig } from "./config/index.ts";
import { Pairings } from "./desk/pairings.ts";
import { type RunningHost, startHost } from "./host.ts";
import { openIdentity } from "./identity/identity.ts";

const PNG = Uint8Array.of(0x89, 0x50, 0x4e, 0x47, 13, 10, 26, 10, 1, 2, 3);
const logger = pino({ level: "silent" });

/** A list of another version than any that this program carries. */
const REASONS: ReasonList = {
  version: "2031-hall",
  inForce: true,
  reasons: LEVELS.map(({ level }) => ({ code: `${level}01`, level, text: { zh: `样例指标${level}`, en: `Sample ${level}` } })),
};

const DOWN: DownAnswer = {
  since: 0,
  version: 7,
  more: false,
  clerks: [
    { staffNo: "1001", name: "张三样例", title: "综合窗口", stars: 4, partyMember: true },
    { staffNo: "1002", name: "李四样例", title: "综合窗口", stars: 5, partyMember: false },
    { staffNo: "1003", name: "王五样例" },
  ],
  items: [],
  reasons: REASONS,
  site: {
    ...{ version: 1, region: null, regionName: null, packVersion: null, manualTrigger: null },
    labels: LEVELS.map(({ level, zh }) => ({ level, label: zh })),
  },
  windowCodes: [
    { windowNo: "12", url: "https://pj.example/W/CODE12" },
    { windowNo: "13", url: "https://pj.example/W/CODE13" },
  ],
};

let dataDir: string;
let undo: AsyncDisposableStack;
beforeEach(() => {
  undo = new AsyncDisposableStack();
  dataDir = mkdtempSync(join(tmpdir(), "window-rating-site-"));
  undo.defer(() => rmSync(dataDir, { recursive: true, force: true }));
});
afterEach(() => undo.disposeAsync());

/** A central that says only what flows down; this PC has enrolled there. @returns its address */
const centralThatSays = async (answer: DownAnswer): Promise<string> => {
  const server: Server = createServer((request, response) => {
    const isDown = request.url?.startsWith("/api/v1/down") === true;
    response.writeHead(isDown ? 200 : 404, { "content-type": "application/json", etag: '"1"' });
    response.end(isDown ? JSON.stringify(answer) : "{}");
  });
  await new Promise<void>((resolve) => void server.listen(0, "127.0.0.1", resolve));
  undo.defer(() => {
    server.closeAllConnections();
    server.close();
  });
  const centralUrl = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  openIdentity(dataDir, false).keepEnrolment({ centralUrl, token: "t".repeat(43), enrolledAt: "2026-03-02T01:00:00Z" });
  return centralUrl;
};

/** A PC of these windows, each with a touchscreen pad. */
const hall = async <No extends string>(windowNos: readonly No[], settings: object = {}) => {
  const pads = {} as Record<No, SimulatedPad>;
  for (const windowNo of windowNos) {
    const pad = new SimulatedPad({ port: await TcpPort.open(0), profileId: "generic/touchscreen", serialNumber: `PAD-${windowNo}` });
    undo.defer(() => pad.close());
    pads[windowNo] = pad;
  }
  const windows = windowNos.map((windowNo) => ({ windowNo, pad: { port: pads[windowNo].path } }));
  writeFileSync(join(dataDir, "config.json"), JSON.stringify({ deskPort: 0, pad: { unpaired: "admit" }, windows, ...settings }));
  const host: RunningHost = await startHost({ config: loadConfig({ dataDir, env: {}, flags: {} }), dataDir, logger });
  undo.defer(() => host.close());
  const { token } = new Pairings(dataDir).add("hall system", [], Date.now());
  const call = async (path: string, body: object): Promise<Record<string, unknown>> => {
    const answer = await fetch(`http://127.0.0.1:${host.deskPort}/desk/v1${path}`, {
      method: "POST",
      headers: { authorization: `Bearer ${token}`, "content-type": "application/json" },
      body: JSON.stringify(body),
    });
    expect(answer.status).toBe(200);
    return (await answer.json()) as Record<string, unknown>;
  };
  const shows = (windowNo: No, scene: object): Promise<void> =>
    vi.waitFor(() => expect(pads[windowNo].face.screen?.scene).toMatchObject(scene));
  return { pads, call, shows };
};

const asset = (name: string): void => {
  mkdirSync(join(dataDir, "assets", "qr"), { recursive: true });
  writeFileSync(join(dataDir, "assets", `${name}.png`), PNG);
};

describe("the QR code of a window", () => {
  test("is at each pad the one that central made for that very window, whatever the PC's own setting says", async () => {
    const central = await centralThatSays(DOWN);
    asset("qr/window");
    const { shows } = await hall(["12", "13"], { central, screen: { windowQr: "https://hall.example/w/12" } });
    await shows("12", { is: "idle", windowQr: "https://pj.example/W/CODE12", windowQrPicture: null });
    await shows("13", { is: "idle", windowQr: "https://pj.example/W/CODE13", windowQrPicture: null });
  });

  test("has the number of its window, where the setting says where that goes; a picture goes to the pad of its window alone", async () => {
    asset("qr/window");
    asset("qr/window-13");
    const { pads, shows } = await hall(["12", "13"], { screen: { windowQr: "https://hall.example/w?no={windowNo}" } });
    await vi.waitFor(() => expect(pads[13].screenAssets?.find("qr/window-13")).toBeDefined());
    await shows("12", { is: "idle", windowQr: "https://hall.example/w?no=12", windowQrPicture: null });
    await shows("13", { is: "idle", windowQr: "https://hall.example/w?no=13", windowQrPicture: "qr/window-13" });
    await vi.waitFor(() => expect(pads[12].screenAssets?.find("reasons/2020")).toBeDefined());
    for (const name of ["qr/window", "qr/window-13"]) expect(pads[12].screenAssets?.find(name)).toBeUndefined();
    expect(pads[13].screenAssets?.find("qr/window")).toBeUndefined();
  });

  test("is shown at none of several windows, where nothing says which window it is for", async () => {
    const { pads, shows } = await hall(["12", "13"], { screen: { hall: "样例大厅", windowQr: "https://hall.example/w/12" } });
    for (const windowNo of ["12", "13"] as const) {
      await vi.waitFor(() => expect(pads[windowNo].face.screen?.hall).toBe("样例大厅"));
      await shows(windowNo, { is: "idle", windowQr: null });
    }
  });

  test("is as the setting has it at a PC of one window", async () => {
    asset("qr/window");
    const { pads, shows } = await hall(["12"], { screen: { windowQr: "https://hall.example/twelve" } });
    await vi.waitFor(() => expect(pads[12].screenAssets?.find("qr/window")).toBeDefined());
    await shows("12", { is: "idle", windowQr: "https://hall.example/twelve", windowQrPicture: "qr/window" });
  });
});

describe("what central says of the site", () => {
  test("stands on the card of each clerk: nobody is called a party member who was not said to be one", async () => {
    const central = await centralThatSays(DOWN);
    // A setting of before, which called everybody so.
    const { call, shows } = await hall(["12", "13", "14"], { central, screen: { partyEmblem: true } });
    await call("/clerk/sign-in", { windowNo: "12", staffNo: "1001", name: "张三样例" });
    await call("/clerk/sign-in", { windowNo: "13", staffNo: "1002", name: "李四样例" });
    await call("/clerk/sign-in", { windowNo: "14", staffNo: "1003", name: "王五样例" });
    await shows("12", { card: { staffNo: "1001", title: "综合窗口", stars: 4, partyEmblem: true } });
    await shows("13", { card: { staffNo: "1002", stars: 5, partyEmblem: false } });
    await shows("14", { card: { staffNo: "1003", title: "", stars: 0, partyEmblem: false } });
  });

  test("where it says nothing, is what IT staff said at this PC of that clerk, from then on", async () => {
    const { call, shows } = await hall(["12", "13"]);
    await call("/clerk/sign-in", { windowNo: "12", staffNo: "1001", name: "张三样例" });
    await call("/clerk/sign-in", { windowNo: "13", staffNo: "1002", name: "李四样例" });
    await shows("13", { card: { staffNo: "1002", partyEmblem: false } });
    await askDesk(dataDir, "/desk/v1/clerks/add", { staffNo: "1002", name: "李四样例", title: "综合窗口", stars: 3, partyMember: true });
    await shows("13", { card: { staffNo: "1002", title: "综合窗口", stars: 3, partyEmblem: true } });
    await shows("12", { card: { staffNo: "1001", title: "", stars: 0, partyEmblem: false } });
  });

  test("is the list of reasons that pads offer, too: before the setting's, and before a file of the same version", async () => {
    const central = await centralThatSays({ ...DOWN, reasons: { ...REASONS, version: "2020" } });
    mkdirSync(join(dataDir, "assets", "reasons"), { recursive: true });
    writeFileSync(join(dataDir, "assets", "reasons", "2020.json"), JSON.stringify({ format: 1, version: "2020", levels: {} }));
    const { call, pads, shows } = await hall(["12", "13"], { central, screen: { reasons: "2020" } });
    const words = (windowNo: "12" | "13"): string => new TextDecoder().decode(pads[windowNo].screenAssets?.find("reasons/2020")?.bytes);
    await vi.waitFor(() => expect(words("12")).toContain("样例指标4"));
    await call("/clerk/sign-in", { windowNo: "12", staffNo: "1001", name: "张三样例" });
    await call("/cases", { windowNo: "12", caseNo: "C-1", itemCode: "A-01", itemName: "身份证补领（样例）" });
    const { requestId } = await call("/cases/C-1/end", { windowNo: "12" });
    await shows("12", { is: "options", requestId });
    pads[12].touch({ do: "level", requestId: requestId as RequestId, level: 4 });
    await shows("12", { is: "details", reasons: [{ code: 401, text: "样例指标4" }] });
  });

  test("is a list of another version than the setting names", async () => {
    const central = await centralThatSays(DOWN);
    const { call, pads, shows } = await hall(["12"], { central });
    await vi.waitFor(() => expect(pads[12].screenAssets?.find("reasons/2031-hall")).toBeDefined());
    await call("/clerk/sign-in", { staffNo: "1001", name: "张三样例" });
    await call("/cases", { caseNo: "C-1", itemCode: "A-01", itemName: "身份证补领（样例）" });
    const { requestId } = await call("/cases/C-1/end", {});
    await shows("12", { is: "options", requestId });
    pads[12].touch({ do: "level", requestId: requestId as RequestId, level: 5 });
    await shows("12", { is: "details", reasons: [{ code: 501, text: "样例指标5" }] });
  });
});
