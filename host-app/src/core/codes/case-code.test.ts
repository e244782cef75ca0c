import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { CAPABILITIES, type Message } from "@window-rating/protocol/pad";
import { caseCodeRequestSchema } from "@window-rating/protocol/sync";
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { openWindow, TestClock, temporaryFolder } from "../../../test/window-rig.ts";
import { httpTransport } from "../sync/http-transport.ts";
import { CentralCodes } from "./case-code.ts";

const { screen, touch, qrCodes } = CAPABILITIES;
const WINDOW_PC = "b4e2b2ce-1678-8a68-9829-cee805641de3";
const CODE = { url: "https://pj.example.gov.cn/Q/0C1A7F3K", expiresAt: "2026-10-01T00:00:00.000Z" };
const OFFSET_MS = 90_000;

/** A central that answers when the test says so. */
class SlowCentral {
  readonly asked: { readonly body: unknown; readonly token: string | undefined }[] = [];
  readonly #server: Server;
  #waiting: ServerResponse[] = [];

  constructor() {
    this.#server = createServer((request, response) => void this.#take(request, response));
  }

  async start(): Promise<string> {
    await new Promise<void>((resolve) => this.#server.listen(0, "127.0.0.1", resolve));
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}`;
  }

  /** Answers the oldest request once it is there. */
  async answer(status: number, body: unknown): Promise<void> {
    await vi.waitUntil(() => this.#waiting.length > 0);
    this.#waiting
      .shift()
      ?.writeHead(status, { "content-type": "application/json" })
      .end(typeof body === "string" ? body : JSON.stringify(body));
  }

  stop(): void {
    this.#server.closeAllConnections();
    this.#server.close();
  }

  async #take(request: IncomingMessage, response: ServerResponse): Promise<void> {
    let text = "";
    for await (const piece of request) text += String(piece);
    this.asked.push({ body: JSON.parse(text), token: request.headers.authorization });
    this.#waiting.push(response);
  }
}

let folder: ReturnType<typeof temporaryFolder>;
let rig: ReturnType<typeof openWindow>;
let central: SlowCentral;
let codes: CentralCodes;
let clock: TestClock;
let enrolled = true;
beforeEach(async () => {
  folder = temporaryFolder();
  central = new SlowCentral();
  clock = new TestClock();
  enrolled = true;
  codes = new CentralCodes({
    centralUrl: await central.start(),
    identity: {
      windowPcId: WINDOW_PC,
      enrolment: () => (enrolled ? { centralUrl: "http://c", token: "secret", enrolledAt: "2026-09-20T00:00:00Z" } : null),
    },
    transport: httpTransport(),
    validMinutes: 60,
    centralOffsetMs: () => OFFSET_MS,
    changed: (windowNo, requestId) => {
      if (windowNo === "8") rig.window.codeChanged(requestId);
    },
    logger: { warn() {} },
    answerWithinMs: 20_000,
  });
  rig = openWindow(folder.path, clock, {}, undefined, codes);
});
afterEach(() => {
  codes.close();
  central.stop();
  rig.close();
  folder.remove();
});

const shown = () => rig.commands.filter((command): command is Message<"openTouchRating"> => command.type === "openTouchRating");
const request = () => rig.window.state().request;
const ready = () => rig.ready(screen | touch | qrCodes);

describe("the code of a case", () => {
  test("is asked for as its rating opens, with who served and when by central's clock, and never keeps the pad waiting", async () => {
    ready();
    const requestId = rig.serve("A-1");
    expect(shown().map(({ caseQr }) => caseQr)).toEqual([""]);
    expect([request()?.code, request()?.whyNoCode]).toEqual([null, undefined]);
    await central.answer(201, CODE);
    await vi.waitUntil(() => request()?.code != null);
    expect(request()).toMatchObject({ requestId, code: { text: CODE.url, expiresAtMs: Date.parse(CODE.expiresAt) - OFFSET_MS } });
    expect(shown().map(({ caseQr, itemName }) => [caseQr, itemName])).toEqual([
      ["", "身份证补领（样例）"],
      [CODE.url, "身份证补领（样例）"],
    ]);
    expect(rig.events.at(-1)).toMatchObject({ event: "state", state: { request: { code: { text: CODE.url } } } });
    expect(central.asked.map(({ token }) => token)).toEqual(["Bearer secret"]);
    expect(caseCodeRequestSchema.parse(central.asked[0]?.body)).toEqual({
      ...{ windowPcId: WINDOW_PC, caseNo: "A-1", visitNo: 1, caseCompleted: true, itemCode: "110101", itemName: "身份证补领（样例）" },
      ...{ staffNo: "1001", clerkName: "张三样例", windowNo: "8", validMinutes: 60, svg: false },
      endedAt: new Date(clock.wall + OFFSET_MS).toISOString(),
    });
  });

  test("is shown again in a new session of the pad, and not asked for anew when the citizen is invited a second time", async () => {
    ready();
    const requestId = rig.serve("A-1");
    await central.answer(201, CODE);
    await vi.waitUntil(() => request()?.code != null);
    ready();
    expect(shown().at(-1)?.caseQr).toBe(CODE.url);
    rig.timedOut(requestId);
    rig.window.inviteAgain("A-1", { visitNo: 1, trigger: "business-system" }, rig.caller);
    expect(shown().at(-1)?.caseQr).toBe(CODE.url);
    expect(central.asked).toHaveLength(1);
  });

  test("that comes when the pad may have given up already is told to the desk alone", async () => {
    ready();
    rig.serve("A-1");
    clock.advance(15_001);
    await central.answer(201, CODE);
    await vi.waitUntil(() => request()?.code != null);
    expect(shown()).toHaveLength(1);
  });

  test("of a case before is forgotten as the next one opens, though its answer is still on its way", async () => {
    ready();
    rig.serve("A-1");
    await vi.waitUntil(() => central.asked.length === 1);
    rig.serve("A-2");
    await vi.waitUntil(() => central.asked.length === 2);
    await central.answer(201, { ...CODE, url: "https://pj.example.gov.cn/Q/OLD" });
    await central.answer(201, CODE);
    await vi.waitUntil(() => request()?.code != null);
    expect(request()).toMatchObject({ caseNo: "A-2", code: { text: CODE.url } });
    expect(shown().some(({ caseQr }) => caseQr.endsWith("OLD"))).toBe(false);
  });

  test.each<[string, number, unknown, string | RegExp]>([
    [
      "a refusal",
      503,
      { error: { code: "WR7044", detail: "Without a key file no code can be made" } },
      "central: WR7044 Without a key file no code can be made",
    ],
    ["a page of something else", 200, "<html>", "what answered is not central (HTTP 200)"],
    [
      "a code that no pad can show",
      201,
      { ...CODE, url: `https://x.example/${"a".repeat(300)}` },
      "what answered is not central (HTTP 201)",
    ],
    ["an address that is none", 201, { ...CODE, url: "javascript:alert(1)" }, "what answered is not central (HTTP 201)"],
  ])("is missing in words after %s; everything else goes on", async (_what, status, body, why) => {
    ready();
    const requestId = rig.serve("A-1");
    await central.answer(status, body);
    await vi.waitUntil(() => request()?.whyNoCode !== undefined);
    expect([request()?.code, request()?.whyNoCode]).toEqual([null, why]);
    expect(shown().map(({ caseQr }) => caseQr)).toEqual([""]);
    rig.press(requestId, 5);
    expect(request()?.state).toBe("rated");
  });

  test("is missing in words while central is away or the PC is not enrolled; everything else goes on", async () => {
    ready();
    central.stop();
    const requestId = rig.serve("A-1");
    await vi.waitUntil(() => request()?.whyNoCode !== undefined);
    expect(request()?.whyNoCode).toMatch(/^central cannot be reached: /);
    rig.press(requestId, 4);
    expect(request()?.state).toBe("rated");
    enrolled = false;
    rig.serve("A-2");
    await vi.waitUntil(() => request()?.whyNoCode !== undefined);
    expect(request()?.whyNoCode).toBe("this window PC is not enrolled at central");
  });

  test("is nothing that a five-button pad is told again for", async () => {
    rig.ready(0);
    rig.serve("A-1");
    const openings = () => rig.commands.filter(({ type }) => type === "openRating").length;
    await central.answer(201, CODE);
    await vi.waitUntil(() => request()?.code != null);
    expect(openings()).toBe(1);
  });
});
