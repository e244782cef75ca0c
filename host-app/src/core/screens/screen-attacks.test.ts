import { once } from "node:events";
import { readFileSync } from "node:fs";
import { connect } from "node:net";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import type { WebSocket } from "ws";
import { MESSAGE_LIMIT } from "../../messages/envelope.ts";
import { dripped } from "../desk/test-slow-request.ts";
import { endOf, type ServedScreens, serveScreens } from "./test/served-screens.ts";

let served: ServedScreens;
beforeEach(async () => {
  served = await serveScreens();
});
afterEach(() => served.close());

const codeIn = (text: string): string | undefined => /WR\d{4}/.exec(text)?.[0];

/** A strip that was admitted, and what it was told. */
const openStrip = async (cookie?: string): Promise<{ socket: WebSocket; told: Record<string, unknown>[]; cookie: string }> => {
  const own = cookie ?? (await served.admit(await served.ticket()));
  const socket = served.socket({ cookie: own, origin: served.origin() });
  const told: Record<string, unknown>[] = [];
  socket.on("message", (data) => told.push(JSON.parse(data.toString())));
  await once(socket, "message");
  return { socket, told, cookie: own };
};

describe("Attack: a request that drips", () => {
  test.each([
    ["headers", "x: y\r\n", "x: y\r\n"],
    ["body", "Content-Length: 1000\r\n\r\n{", " "],
  ])("its %s and never ends its side is cut off, and meanwhile screens are served", async (_, start, more) => {
    const hasty = await serveScreens(["3"], { headersMs: 50, requestMs: 100 });
    try {
      await hasty.ticket();
      const head = `POST /session HTTP/1.1\r\nHost: 127.0.0.1:${hasty.port}\r\nOrigin: ${hasty.origin()}\r\nContent-Type: application/json\r\n`;
      const cutOff = dripped(connect({ host: "127.0.0.1", port: hasty.port, allowHalfOpen: true }), `${head}${start}`, more);
      await vi.waitUntil(async () => (await hasty.call("GET", "/open.html").catch(() => undefined))?.status === 200);
      expect(await cutOff).toMatch(/^(|HTTP\/1\.1 408 .*)$/s);
    } finally {
      await hasty.close();
    }
  });
});

const answerTo = async ({ socket, told }: { socket: WebSocket; told: Record<string, unknown>[] }, text: string | Buffer) => {
  const before = told.length;
  socket.send(text);
  await vi.waitUntil(() => told.length > before, { interval: 5 });
  return told[before];
};

describe("A ticket", () => {
  test("opens one screen once: the second use is refused, also by the browser that used it first", async () => {
    const ticket = await served.ticket();
    const first = await served.redeem(ticket);
    expect([first.status, JSON.parse(first.text)]).toEqual([200, { page: "/strip.html?window=3" }]);
    const second = await served.redeem(ticket);
    expect([second.status, codeIn(second.text), second.headers["set-cookie"]]).toEqual([401, "WR5101", undefined]);
  });

  test("is worth nothing after two minutes", async () => {
    const ticket = await served.ticket();
    served.time.monotonicMs += 120_001;
    expect((await served.redeem(ticket)).status).toBe(401);
  });

  test("cannot be guessed at length: who tries is slowed down, and the log stays short", async () => {
    await served.ticket();
    const statuses: number[] = [];
    for (let turn = 0; turn < 30; turn++) statuses.push((await served.redeem(`guess-${turn}`)).status);
    expect(statuses.filter((status) => status === 401)).toHaveLength(10);
    expect(statuses.filter((status) => status === 429)).toHaveLength(20);
  });

  test("is taken from a screen's own page alone: not from a stranger's, not from none, and not as a form", async () => {
    const ticket = await served.ticket();
    for (const origin of [
      "http://evil.example",
      "null",
      `http://localhost:${served.port}`,
      `https://127.0.0.1:${served.port}`,
      `http://127.0.0.1:${served.port + 1}`,
      `http://127.0.0.1:${served.port}.evil.example`,
    ])
      expect([origin, (await served.redeem(ticket, { origin })).status]).toEqual([origin, 403]);
    expect((await served.redeem(ticket, {})).status).toBe(403);
    const form = { origin: served.origin(), "content-type": "application/x-www-form-urlencoded" };
    expect((await served.call("POST", "/session", { headers: form, body: `ticket=${ticket}` })).status).toBe(415);
    // None of these has used it up.
    expect((await served.redeem(ticket)).status).toBe(200);
  });

  test("is never sent by an address: what stands behind # stays in the browser, and a GET with it does nothing", async () => {
    const ticket = await served.ticket();
    const answer = await served.call("GET", `/open.html?ticket=${ticket}`);
    expect([answer.status, answer.headers["set-cookie"]]).toEqual([200, undefined]);
    expect((await served.redeem(ticket)).status).toBe(200);
  });
});

describe("A session", () => {
  test("is a cookie that no script reads and no other site sends, and only its hash is on disk", async () => {
    const { headers } = await served.redeem(await served.ticket());
    const cookie = headers["set-cookie"]?.[0] ?? "";
    expect(cookie).toMatch(/; HttpOnly; SameSite=Strict; Max-Age=\d+$/);
    expect(cookie).toMatch(/; Path=\/;/);
    expect(cookie).not.toMatch(/Domain/i);
    const token = cookie.split(";")[0]?.split("=")[1] ?? "";
    expect(token).toHaveLength(43);
    expect(readFileSync(join(served.dataDir, "screen-sessions.json"), "utf8")).not.toContain(token);
    expect(served.log.join("")).not.toContain(token);
  });

  test("opens its own screen and window, and no other", async () => {
    await served.close();
    served = await serveScreens(["3", "4"]);
    const cookie = await served.admit(await served.ticket("3"));
    const status = async (path: string, headers: Record<string, string>): Promise<number> =>
      (await served.call("GET", path, { headers })).status;
    expect(await status("/strip.html?window=3", { cookie })).toBe(200);
    expect(await status("/strip.html?window=4", { cookie })).toBe(401);
    expect(await status("/strip.html", { cookie })).toBe(401);
    expect(await status("/console.html", { cookie })).toBe(401);
    // Its token under the name that the other window's cookie would have.
    const other = (await served.admit(await served.ticket("4"))).split("=")[0] ?? "";
    expect(await status("/strip.html?window=4", { cookie: `${other}=${cookie.split("=")[1]}` })).toBe(401);
    const socket = served.socket({ cookie, origin: served.origin() }, "/socket?screen=strip&window=4");
    expect(await endOf(socket)).toBe(401);
  });

  test("lasts through a restart of window-host, on the same port, and a lost session file admits nobody", async () => {
    const cookie = await served.admit(await served.ticket());
    const { port } = served;
    await served.restart();
    const { told } = await openStrip(cookie);
    expect([served.port, told[0]]).toMatchObject([port, { is: "event", name: "welcome" }]);
  });

  test("ends after thirty days without use, and at once when IT staff end it: whoever has it open is cut off", async () => {
    const { socket, cookie } = await openStrip();
    const cutOff = endOf(socket);
    const [session] = (await served.screens.list()).sessions;
    expect(served.screens.end(session?.id)).toBe(1);
    expect(await cutOff).toBe(4401);
    expect((await served.call("GET", "/session?screen=strip&window=3", { headers: { cookie } })).status).toBe(401);
    const late = await served.admit(await served.ticket());
    expect((await served.call("GET", "/strip.html?window=3", { headers: { cookie: late } })).status).toBe(200);
    served.time.wallMs += 30 * 86_400_000;
    expect((await served.call("GET", "/strip.html?window=3", { headers: { cookie: late } })).status).toBe(401);
  });
});

describe("A connection of messages", () => {
  test("is refused without a cookie, with a wrong one, from a stranger's page and from no page", async () => {
    const cookie = await served.admit(await served.ticket());
    const origin = served.origin();
    const ends = async (headers: Record<string, string>): Promise<number> => endOf(served.socket(headers));
    expect(await ends({ origin })).toBe(401);
    expect(await ends({ origin, cookie: `${cookie.split("=")[0]}=${"A".repeat(43)}` })).toBe(401);
    expect(await ends({ origin: "http://evil.example", cookie })).toBe(403);
    expect(await ends({ origin: `http://localhost:${served.port}`, cookie })).toBe(403);
    expect(await ends({ origin: "null", cookie })).toBe(403);
    expect(await ends({ cookie })).toBe(403);
    expect(await ends({ origin, cookie, host: `localhost:${served.port}` })).toBe(403);
    expect(served.desks[0]?.asked).toEqual([]);
    // None of them is left behind: window-host could never end then.
    await served.restart();
  });

  test("is refused to a name that somebody's DNS leads here, on every page", async () => {
    const cookie = await served.admit(await served.ticket());
    for (const host of [
      `evil.example:${served.port}`,
      `localhost:${served.port}`,
      "127.0.0.1",
      `127.0.0.1:${served.port}.evil.example`,
      `[::1]:${served.port}`,
    ])
      for (const path of ["/open.html", "/strip.html?window=3", "/assets/open-1.js", "/session?screen=strip&window=3"])
        expect([host, path, (await served.call("GET", path, { headers: { host, cookie } })).status]).toEqual([host, path, 403]);
  });

  test("answers what is undeclared, malformed or wrongly sent with a code, and goes on", async () => {
    const strip = await openStrip();
    for (const [text, code] of [
      ['{"ask":"case.delete","id":1,"body":{}}', "WR5102"],
      ['{"ask":"__proto__","id":1,"body":{}}', "WR5102"],
      ["{", "WR5103"],
      ["[]", "WR5103"],
      ['{"ask":"case.end","id":1,"body":{"caseNo":"A-1","trigger":"business-system"}}', "WR5103"],
      ['{"ask":"clerk.signInWithPin","id":1,"body":{"staffNo":{"$gt":""},"pin":"1"}}', "WR5103"],
      [JSON.stringify({ ask: "window.pause", id: 1, body: { text: "x".repeat(MESSAGE_LIMIT - 100) } }), "WR5103"],
    ] as const)
      expect(await answerTo(strip, text)).toMatchObject({ is: "refused", error: { code } });
    expect(served.desks[0]?.asked).toEqual([]);
    expect(await answerTo(strip, '{"ask":"window.resume","id":2,"body":{}}')).toMatchObject({ is: "event" });
    expect(served.desks[0]?.asked).toMatchObject([{ verb: "resume", caller: "strip" }]);
  });

  test("is closed on a huge message, on one that is no text and on broken frames; window-host and the others go on", async () => {
    const { cookie } = await openStrip();
    const huge = await openStrip(cookie);
    const hugeEnd = endOf(huge.socket);
    huge.socket.send("x".repeat(MESSAGE_LIMIT * 3 + 1));
    expect(await hugeEnd).toBe(1009);
    const binary = await openStrip(cookie);
    const binaryEnd = endOf(binary.socket);
    binary.socket.send(Buffer.from([1, 2, 3]));
    expect(await binaryEnd).toBe(1008);
    const broken = await openStrip(cookie);
    const brokenEnd = endOf(broken.socket);
    (broken.socket as unknown as { _socket: { write(bytes: Buffer): void } })._socket.write(Buffer.from([0xff, 0xff, 0xff, 0xff]));
    expect(await brokenEnd).toBeGreaterThan(1000);
    expect(await answerTo(await openStrip(cookie), "{")).toMatchObject({ is: "refused" });
  });

  test("is slowed down when it floods, and does no harm to another strip", async () => {
    const strip = await openStrip();
    const flood = 200;
    const before = strip.told.length;
    for (let id = 0; id < flood; id++) strip.socket.send(JSON.stringify({ ask: "items.find", id, body: { text: "" } }));
    await vi.waitUntil(() => strip.told.length >= before + flood, { interval: 5 });
    const refused = strip.told.filter(({ error }) => (error as { code?: string } | undefined)?.code === "WR5011");
    expect(refused.length).toBeGreaterThanOrEqual(flood - 61);
    expect(await answerTo(await openStrip(strip.cookie), '{"ask":"items.find","id":1,"body":{"text":""}}')).toMatchObject({ is: "answer" });
  });

  test("is refused when sixteen are open", async () => {
    const { cookie } = await openStrip();
    for (let turn = 0; turn < 15; turn++) await openStrip(cookie);
    expect(await endOf(served.socket({ cookie, origin: served.origin() }))).toBe(429);
  });

  test("tells a strip nothing of a level, whatever the core says by mistake", async () => {
    const [desk] = served.desks;
    if (desk === undefined) throw new Error("no desk");
    desk.leak = { level: 2, satisfaction: 2 };
    const strip = await openStrip();
    desk.tell({ event: "state", state: desk.state() });
    desk.tell({ event: "notice", windowNo: "3", code: "WR4007", text: "x", level: 2 } as never);
    await vi.waitUntil(() => strip.told.length >= 4, { interval: 5 });
    expect(JSON.stringify(strip.told)).not.toMatch(/level|satisfaction/);
  });
});

describe("The server of the screens", () => {
  test("serves the declared pages and their assets, and nothing else of the disk", async () => {
    const cookie = await served.admit(await served.ticket());
    const get = async (path: string): Promise<number> => (await served.call("GET", path, { headers: { cookie } })).status;
    expect([
      await get("/open.html"),
      await get("/strip.html?window=3"),
      await get("/receipt.html"),
      await get("/assets/open-1.js"),
    ]).toEqual([200, 200, 200, 200]);
    for (const path of [
      "/",
      "/secret.html",
      "/index.html",
      "/console.html",
      "/.made-of.json",
      "/assets/",
      "/assets/.hidden",
      "/assets/../strip.html",
      "/assets/../../outside.txt",
      "/assets/..%2f..%2foutside.txt",
      "/assets/%2e%2e/%2e%2e/outside.txt",
      "/assets/..\\..\\outside.txt",
      "/assets//etc/passwd",
      "/desk/v1/state",
      `/${"a".repeat(8000)}`,
    ])
      expect([path.slice(0, 40), await get(path)]).toEqual([
        path.slice(0, 40),
        expect.toSatisfy((status: number) => status >= 400 && status < 500),
      ]);
  });

  test("gives each page a strict policy with a nonce of its own, and lets only the strip frame the receipt", async () => {
    const cookie = await served.admit(await served.ticket());
    const policy = async (path: string): Promise<string> =>
      String((await served.call("GET", path, { headers: { cookie } })).headers["content-security-policy"]);
    const first = await served.call("GET", "/strip.html?window=3", { headers: { cookie } });
    const nonce = /content="([^"]+)"/.exec(first.text)?.[1] ?? "";
    expect(first.headers["content-security-policy"]).toContain(`style-src 'self' 'nonce-${nonce}'`);
    expect(await policy("/strip.html?window=3")).not.toContain(nonce);
    for (const path of ["/open.html", "/strip.html?window=3", "/receipt.html"]) {
      expect(await policy(path)).toMatch(/^default-src 'none'; script-src 'self';/);
      expect(await policy(path)).not.toMatch(/unsafe|\*/);
    }
    expect(await policy("/strip.html?window=3")).toContain("frame-ancestors 'none'");
    expect(await policy("/receipt.html")).toContain("frame-ancestors 'self'");
  });

  test("has no method but the declared ones, and no body that is larger than a ticket", async () => {
    const ticket = await served.ticket();
    const headers = { origin: served.origin(), "content-type": "application/json" };
    for (const method of ["PUT", "PATCH", "POST"])
      expect((await served.call(method, "/strip.html", { headers, body: "{}" })).status).toBe(404);
    const body = JSON.stringify({ ticket, more: "x".repeat(2000) });
    expect((await served.call("POST", "/session", { headers, body })).status).toBe(413);
    expect((await served.call("POST", "/session", { headers, body: JSON.stringify({ ticket, more: 1 }) })).status).toBe(400);
    expect((await served.redeem(ticket)).status).toBe(200);
  });

  test("does not exist until a screen is asked for, and listens on 127.0.0.1 alone", async () => {
    const idle = await serveScreens();
    expect((await idle.screens.list()).port).toBeNull();
    await idle.close();
    await served.ticket();
    const other = connect({ host: "127.0.0.2", port: served.port });
    const [error] = (await once(other, "error")) as [NodeJS.ErrnoException];
    expect(error.code).toBe("ECONNREFUSED");
  });

  test("names the window that it does not serve, and says when the screens are not built", async () => {
    await expect(served.screens.open("strip", "9")).rejects.toMatchObject({ code: "WR5017" });
    await expect(served.screens.open("console", undefined)).rejects.toMatchObject({ code: "WR5106" });
  });
});
