import { once } from "node:events";
import { connect } from "node:net";
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { closed, loopbacks, ORIGIN, openTestDesk, sendRaw, type TestDesk } from "./test-desk-api.ts";
import { dripped } from "./test-slow-request.ts";

let host: TestDesk;
beforeEach(async () => {
  host = await openTestDesk();
});
afterEach(() => host.close());

const CLERK = { staffNo: "1001", name: "李四样例" };
const SIGN_IN = "/desk/v1/clerk/sign-in";

describe("Attack: flood, which", () => {
  test("of one pairing is answered with 429 and Retry-After, does not touch another, and ends with time", async () => {
    const slow = await openTestDesk({ limits: { calls: { perSecond: 50, burst: 3 } } });
    try {
      const { token } = slow.pairings.add("queue machine", [], 0);
      for (let count = 0; count < 3; count++) expect((await slow.call("POST", SIGN_IN, { body: CLERK })).status).toBe(200);
      const refused = await slow.call("POST", SIGN_IN, { body: CLERK });
      expect(refused).toMatchObject({ status: 429, code: "WR5011" });
      expect(refused.headers["retry-after"]).toBe("1");
      expect(slow.desk.asked).toHaveLength(3);
      expect((await slow.call("POST", SIGN_IN, { token, body: CLERK })).status).toBe(200);
      slow.time.ms += 20;
      expect((await slow.call("POST", SIGN_IN, { body: CLERK })).status).toBe(200);
      expect((await slow.call("POST", SIGN_IN, { body: CLERK })).status).toBe(429);
    } finally {
      await slow.close();
    }
  });

  test("of any page that asks to be paired locks neither a paired page nor its links out, nor another that asks", async () => {
    const stranger = { origin: "https://attacker.example" };
    const collect = { requestId: "x", secret: "y" };
    const statuses = new Map<string, Set<number>>();
    const note = (what: string, { status }: { status: number }) => statuses.set(what, (statuses.get(what) ?? new Set()).add(status));
    for (let count = 0; count < 130; count++) {
      note("collect", await host.call("POST", "/desk/v1/pairings/collect", { token: null, headers: stranger, body: collect }));
      note("preflight", await host.call("OPTIONS", "/desk/v1/pairings", { token: null, headers: stranger }));
    }
    // The attack was one: it was cut short.
    expect(Object.fromEntries(statuses)).toEqual({ collect: new Set([404, 429]), preflight: new Set([204, 429]) });
    const preflight = { origin: ORIGIN, "access-control-request-method": "POST" };
    for (const path of ["/desk/v1/cases/1/end", "/desk/v1/pairings"])
      expect([path, (await host.call("OPTIONS", path, { token: null, headers: preflight })).status]).toEqual([path, 204]);
    expect((await host.call("POST", SIGN_IN, { headers: { origin: ORIGIN }, body: CLERK })).status).toBe(200);
    // Refused for what it is: this PC opens no links.
    expect(await host.call("POST", "/desk/v1/links/open", { token: null, body: { url: "window-rating://x" } })).toMatchObject({
      code: "WR5010",
    });
    const other = { origin: "https://queue.example" };
    expect(await host.call("POST", "/desk/v1/pairings", { token: null, headers: other, body: { name: "queue" } })).toMatchObject({
      status: 200,
    });
  });

  test("of pages of made-up origins is bounded, and paired pages notice nothing", async () => {
    const statuses: number[] = [];
    for (let count = 0; count < 100; count++) {
      const headers = { origin: `https://${count}.attacker.example` };
      statuses.push((await host.call("OPTIONS", "/desk/v1/pairings/collect", { token: null, headers })).status);
    }
    // 32 of their own, and the 20 that all others share.
    expect(statuses.filter((status) => status === 204)).toHaveLength(52);
    expect((await host.call("OPTIONS", SIGN_IN, { token: null, headers: { origin: ORIGIN } })).status).toBe(204);
  });

  test("of wrong tokens is cut short, fills no log, and never locks the right one out", async () => {
    const strict = await openTestDesk({ limits: { refusals: { perSecond: 1, burst: 2 } } });
    try {
      const statuses: number[] = [];
      for (let count = 0; count < 5; count++)
        statuses.push((await strict.call("POST", SIGN_IN, { token: `guess${count}`, body: CLERK })).status);
      expect(statuses).toEqual([401, 401, 429, 429, 429]);
      expect(strict.log.filter((line) => JSON.parse(line).level >= 40)).toHaveLength(2);
      expect((await strict.call("POST", SIGN_IN, { body: CLERK })).status).toBe(200);
    } finally {
      await strict.close();
    }
  });
});

describe("Attack: huge body, or a header that is too much,", () => {
  test("is refused over 16 KiB, whether it says its length or not", async () => {
    const big = JSON.stringify({ staffNo: "1", name: "x".repeat(16 * 1024) });
    expect(await host.call("POST", SIGN_IN, { body: big })).toMatchObject({ status: 413, code: "WR5013" });
    const chunked = await sendRaw(
      host.api.port,
      `POST ${SIGN_IN} HTTP/1.1\r\nHost: 127.0.0.1:${host.api.port}\r\nAuthorization: Bearer ${host.token}\r\nContent-Type: application/json\r\nTransfer-Encoding: chunked\r\nConnection: close\r\n\r\n${big.length.toString(16)}\r\n${big}\r\n0\r\n\r\n`,
    );
    expect(chunked).toMatch(/^HTTP\/1\.1 413 /);
    expect(host.desk.asked).toEqual([]);
  });

  test("is refused if it promises one length and sends another, or both kinds of length", async () => {
    const head = `POST ${SIGN_IN} HTTP/1.1\r\nHost: 127.0.0.1:${host.api.port}\r\nAuthorization: Bearer ${host.token}\r\nContent-Type: application/json\r\n`;
    expect(await sendRaw(host.api.port, `${head}Content-Length: 2\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n`)).toMatch(
      /^HTTP\/1\.1 400 /,
    );
    expect(await sendRaw(host.api.port, `${head}Content-Length: -1\r\n\r\n{}`)).toMatch(/^HTTP\/1\.1 400 /);
    expect(host.desk.asked).toEqual([]);
  });

  test("is refused with headers of over 16 KiB", async () => {
    expect(
      await sendRaw(host.api.port, `GET /desk/v1/state HTTP/1.1\r\nHost: 127.0.0.1:${host.api.port}\r\nX: ${"x".repeat(20_000)}\r\n\r\n`),
    ).toMatch(/WR5003/);
  });

  test("is refused if its bytes are no HTTP, and the next request is served", async () => {
    for (const bytes of [
      "\u0000\u0001\u0002\r\n\r\n",
      "GET\r\n\r\n",
      "\u0016\u0003\u0001\u0002\u0000\u0001\u0000",
      "GET / HTTP/9.9\r\n\r\n",
      "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n",
    ]) {
      expect(await sendRaw(host.api.port, bytes)).toMatch(/^(HTTP\/1\.1 400 |$)/);
    }
    expect((await host.call("GET", "/desk/v1/state")).status).toBe(200);
  });
});

describe("Attack: slow body, a request", () => {
  test.each([
    ["that never ends its headers", (head: string) => head],
    ["that never ends its body", (head: string) => `${head}Content-Length: 10\r\n\r\n{`],
  ])("%s is answered with 408 and cut off, on both loopbacks", async (_, request) => {
    const hasty = await openTestDesk({ limits: { headersMs: 50, requestMs: 100 } });
    try {
      const head = `POST ${SIGN_IN} HTTP/1.1\r\nHost: 127.0.0.1:${hasty.api.port}\r\nAuthorization: Bearer ${hasty.token}\r\nContent-Type: application/json\r\n`;
      for (const address of loopbacks()) {
        const answer = await sendRaw(hasty.api.port, request(head), address);
        expect(answer).toMatch(/^HTTP\/1\.1 408 /);
        expect(answer).toContain("WR5015");
      }
      expect(hasty.desk.asked).toEqual([]);
    } finally {
      await hasty.close();
    }
  });

  test.each([
    ["headers", "x", "x"],
    ["headers, a whole one at a time", "x: y\r\n", "x: y\r\n"],
    ["body", "Content-Length: 10000\r\n\r\n{", " "],
    ["body in pieces of no stated length", "Transfer-Encoding: chunked\r\n\r\n1\r\n{\r\n", "1\r\n \r\n"],
  ])("that drips its %s and never ends its side is cut off, and meanwhile others are served", async (_, start, more) => {
    const hasty = await openTestDesk({ limits: { headersMs: 50, requestMs: 100 } });
    try {
      const head = `POST ${SIGN_IN} HTTP/1.1\r\nHost: 127.0.0.1:${hasty.api.port}\r\nAuthorization: Bearer ${hasty.token}\r\nContent-Type: application/json\r\n`;
      const slow = loopbacks().map((host) =>
        dripped(connect({ host, port: hasty.api.port, allowHalfOpen: true }), `${head}${start}`, more),
      );
      await vi.waitUntil(async () => (await hasty.call("GET", "/desk/v1/state").catch(() => undefined))?.status === 200);
      for (const said of await Promise.all(slow)) expect(said).toMatch(/^(|HTTP\/1\.1 408 .*WR5015.*)$/s);
      expect(hasty.desk.asked).toEqual([]);
    } finally {
      await hasty.close();
    }
  });

  test("does not hold the server up when it closes", async () => {
    const socket = connect({ host: "127.0.0.1", port: host.api.port });
    await once(socket, "connect");
    socket.write("POST /desk/v1/clerk/sign-in HTTP/1.1\r\n");
    const ended = closed(socket);
    await host.api.close();
    await ended;
  });
});
