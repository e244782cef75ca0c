import { once } from "node:events";
import { setImmediate as turn } from "node:timers/promises";
import type { DeskEvent } from "@window-rating/protocol/desk";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { WebSocket } from "ws";
import { ORIGIN, openTestDesk, type TestDesk } from "./test-desk-api.ts";

let host: TestDesk;
beforeEach(async () => {
  host = await openTestDesk();
});
afterEach(() => host.close());

const CLERK = { staffNo: "1001", name: "李四样例" };
const NOTICE: DeskEvent = { event: "notice", windowNo: "3", code: "WR1005", text: "pad does not answer" };

interface Reader {
  readonly socket: WebSocket;
  /** The next message that was not taken yet. */
  next(): Promise<unknown>;
  /** Close code. */
  closed: Promise<number>;
}

const open = async (options: { protocols?: string[]; headers?: Record<string, string>; port?: number } = {}): Promise<Reader> => {
  const { protocols = [], headers = {} } = options;
  const socket = new WebSocket(`ws://127.0.0.1:${options.port ?? host.api.port}/desk/v1/events`, protocols, { headers });
  const messages: unknown[] = [];
  let waiting: ((message: unknown) => void) | undefined;
  socket.on("message", (data) => {
    const message: unknown = JSON.parse(data.toString());
    if (waiting === undefined) messages.push(message);
    else waiting(message);
    waiting = undefined;
  });
  const closed = new Promise<number>((resolve) => socket.once("close", resolve));
  await once(socket, "open");
  const next = (): Promise<unknown> =>
    messages.length > 0
      ? Promise.resolve(messages.shift())
      : new Promise((resolve) => {
          waiting = resolve;
        });
  return { socket, next, closed };
};

const bearer = (): { headers: Record<string, string> } => ({ headers: { authorization: `Bearer ${host.token}` } });

/** HTTP status with which the upgrade was refused, and the code in the answer. */
const refusal = (
  protocols: string[],
  headers: Record<string, string>,
  path = "/desk/v1/events",
): Promise<{ status: number; text: string }> =>
  new Promise((resolve, reject) => {
    const socket = new WebSocket(`ws://127.0.0.1:${host.api.port}${path}`, protocols, { headers });
    socket.on("open", () => reject(new Error("It was let in")));
    socket.on("error", () => undefined);
    socket.on("unexpected-response", (_request, answer) => {
      let text = "";
      answer.on("data", (chunk) => {
        text += chunk;
      });
      answer.on("close", () => resolve({ status: answer.statusCode ?? 0, text }));
    });
  });

describe("A stream of events", () => {
  test("tells the state first and then every change, each as it happens", async () => {
    const reader = await open(bearer());
    expect(await reader.next()).toMatchObject({ event: "state", state: { windowNo: "3", clerk: null } });
    await host.call("POST", "/desk/v1/clerk/sign-in", { body: CLERK });
    expect(await reader.next()).toMatchObject({ event: "state", state: { clerk: CLERK } });
    await host.call("POST", "/desk/v1/cases", { body: { caseNo: "1", itemCode: "A", itemName: "身份证补领" } });
    expect(await reader.next()).toMatchObject({ event: "state", state: { openCase: { caseNo: "1" } } });
    await host.call("POST", "/desk/v1/cases/1/end", { body: {} });
    expect(await reader.next()).toMatchObject({ event: "request", caseNo: "1", state: "waiting" });
    host.desk.tell(NOTICE);
    expect(await reader.next()).toEqual(NOTICE);
  });

  test("goes to every reader, whoever of them has gone", async () => {
    const readers = [await open(bearer()), await open(bearer()), await open(bearer())];
    for (const reader of readers) await reader.next();
    readers[1]?.socket.terminate();
    await readers[1]?.closed;
    host.desk.tell(NOTICE);
    expect(await readers[0]?.next()).toEqual(NOTICE);
    expect(await readers[2]?.next()).toEqual(NOTICE);
  });

  test("is open to a page in a browser, which offers its token as a subprotocol", async () => {
    const page = {
      protocols: ["window-rating.desk.v1", `bearer.${host.token}`],
      headers: { origin: ORIGIN, "sec-fetch-mode": "websocket" },
    };
    const reader = await open(page);
    expect(reader.socket.protocol).toBe("window-rating.desk.v1");
    expect(await reader.next()).toMatchObject({ event: "state" });
  });

  test("answers a page that offers the token alone with that, since a browser accepts nothing else", async () => {
    const reader = await open({ protocols: [`bearer.${host.token}`], headers: { origin: ORIGIN } });
    expect(reader.socket.protocol).toBe(`bearer.${host.token}`);
    expect(await reader.next()).toMatchObject({ event: "state" });
  });

  test("never tells a level, even if the desk hands it over by mistake", async () => {
    host.desk.leak = { level: 1 };
    const reader = await open(bearer());
    expect(JSON.stringify(await reader.next())).not.toContain("level");
    host.desk.tell({ ...NOTICE, level: 1 } as DeskEvent);
    expect(await reader.next()).toEqual(NOTICE);
  });

  test("leaves an event out that does not fit its schema, without throwing into the desk", async () => {
    const reader = await open(bearer());
    await reader.next();
    expect(() => host.desk.tell({ event: "rated", level: 5 } as unknown as DeskEvent)).not.toThrow();
    host.desk.tell(NOTICE);
    expect(await reader.next()).toEqual(NOTICE);
    expect(host.log.join("")).toContain("event does not fit its schema");
  });

  test("ends with 1001 when window-host stops, also for a reader that does not answer", async () => {
    const reader = await open(bearer());
    const silent = await open(bearer());
    silent.socket.pause();
    await host.api.close();
    expect(await reader.closed).toBe(1001);
    silent.socket.terminate();
  });
});

describe("A reader of the stream", () => {
  test("is refused from a page of a stranger, without a token, and with a wrong one", async () => {
    const good = { authorization: `Bearer ${host.token}` };
    expect(await refusal([], { ...good, origin: "https://attacker.example" })).toMatchObject({
      status: 403,
      text: expect.stringContaining("WR5002"),
    });
    expect(await refusal([], { ...good, "sec-fetch-mode": "websocket", "sec-fetch-site": "cross-site" })).toMatchObject({ status: 403 });
    expect(await refusal([], { ...good, host: `attacker.example:${host.api.port}` })).toMatchObject({ status: 403 });
    expect(await refusal([], {})).toMatchObject({ status: 401, text: expect.stringContaining("WR5001") });
    expect(await refusal(["bearer.wrong"], {})).toMatchObject({ status: 401 });
    expect(await refusal([], {}, `/desk/v1/events?token=${host.token}`)).toMatchObject({ status: 401 });
  });

  test("is refused at every other address", async () => {
    const good = { authorization: `Bearer ${host.token}` };
    expect(await refusal([], good, "/desk/v1/state")).toMatchObject({ status: 400, text: expect.stringContaining("WR5003") });
    expect(await refusal([], good, "/none")).toMatchObject({ status: 404 });
    expect(await refusal([], good, "/desk/v1/clerk/sign-out")).toMatchObject({ status: 405 });
    expect(host.desk.asked).toEqual([]);
  });

  test("who asks without a WebSocket is told so", async () => {
    expect(await host.call("GET", "/desk/v1/events")).toMatchObject({ status: 400, code: "WR5003" });
  });

  test("that does not read is cut off, while others go on", async () => {
    const slow = await open(bearer());
    const quick = await open(bearer());
    await quick.next();
    slow.socket.pause();
    const text = "x".repeat(100_000);
    let told = 0;
    // The kernel holds some megabytes for the slow reader before anything piles up here.
    while (!host.log.join("").includes("reader is too slow")) {
      expect(told).toBeLessThan(2000);
      host.desk.tell({ event: "notice", windowNo: "3", code: "WR1005", text });
      told++;
      expect(await quick.next()).toMatchObject({ event: "notice" });
      await turn();
    }
    slow.socket.resume();
    expect(await slow.closed).toBe(1006);
    host.desk.tell(NOTICE);
    expect(await quick.next()).toEqual(NOTICE);
  });

  test.each([
    ["a text", (socket: WebSocket) => socket.send("hello")],
    ["more than it may", (socket: WebSocket) => socket.send("x".repeat(100_000))],
  ])("that sends %s is closed and nothing comes of it", async (_, send) => {
    const reader = await open(bearer());
    await reader.next();
    send(reader.socket);
    expect([1008, 1009]).toContain(await reader.closed);
    expect(host.desk.asked).toEqual([]);
    expect((await host.call("GET", "/desk/v1/state")).status).toBe(200);
  });

  test("that breaks the protocol of WebSockets is closed and nothing comes of it", async () => {
    const reader = await open(bearer());
    const { socket } = reader as unknown as { socket: { _socket: NodeJS.WritableStream } };
    socket._socket.write(Buffer.from([0xff, 0xff, 0xff, 0xff, 0xff]));
    expect([1002, 1006]).toContain(await reader.closed);
    expect((await host.call("GET", "/desk/v1/state")).status).toBe(200);
  });

  test("whose pairing is revoked hears nothing more", async () => {
    const reader = await open(bearer());
    await reader.next();
    host.pairings.revoke("business system");
    host.desk.tell(NOTICE);
    expect(await reader.closed).toBe(1008);
  });

  test("one too many is refused with 429 until another has gone", async () => {
    const narrow = await openTestDesk({ limits: { streams: 1 } });
    try {
      const headers = { authorization: `Bearer ${narrow.token}` };
      const { port } = narrow.api;
      const first = await open({ headers, port });
      await expect(open({ headers, port })).rejects.toThrow(/429/);
      first.socket.close();
      await first.closed;
      const again = await open({ headers, port });
      expect(await again.next()).toMatchObject({ event: "state" });
    } finally {
      await narrow.close();
    }
  });
});
