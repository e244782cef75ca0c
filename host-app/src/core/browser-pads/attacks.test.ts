import { once } from "node:events";
import { connect as connectPlain } from "node:net";
import { connect, type TLSSocket } from "node:tls";
import { LINE_CLOSED } from "@window-rating/protocol/browser-pad";
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { CAN_MAKE_CERTIFICATES } from "../../../test/tablet/certificate.ts";
import { type Answer, PageRig, TestDevice } from "../../../test/tablet/rig.ts";
import { dripped } from "../desk/test-slow-request.ts";
import { OFFER_MS } from "./admission-book.ts";

let rig: PageRig;
beforeEach(async () => {
  rig = await PageRig.open();
});
afterEach(() => rig[Symbol.asyncDispose]());

const tls = async (): Promise<TLSSocket> => {
  const socket = connect({ host: "127.0.0.1", port: rig.port, servername: "localhost", rejectUnauthorized: false });
  socket.on("error", () => undefined);
  await once(socket, "secureConnect");
  return socket;
};
const untilClosed = (socket: TLSSocket): Promise<unknown> => (socket.closed ? Promise.resolve() : once(socket, "close"));

describe.skipIf(!CAN_MAKE_CERTIFICATES)("strangers in the hall's network", () => {
  test("get the page under its own name alone: another Host, none, or two are refused on every address", async () => {
    const { port } = rig;
    for (const host of [
      `attacker.example:${port}`,
      "localhost",
      `127.0.0.1:${port}`,
      `LOCALHOST:${port}`,
      `localhost:${port}.attacker.example`,
    ]) {
      for (const path of ["/page", "/worker.js", "/window/12/", "/window/12/line", "/none"]) {
        expect(await rig.call("GET", path, { host }), `${path} ${host}`).toMatchObject({ status: 403, code: "WR5002" });
      }
    }
    for (const hosts of ["", `Host: localhost:${port}\r\nHost: attacker.example\r\n`]) {
      const socket = await tls();
      socket.write(`GET /page HTTP/1.1\r\n${hosts}Connection: close\r\n\r\n`);
      const [answer] = (await once(socket, "data")) as [Buffer];
      expect(answer.toString()).toMatch(/^HTTP\/1\.1 40[03] /);
    }
    expect((await rig.call("GET", "/page")).status).toBe(200);
  });

  test("cannot admit a tablet or open a line from a page of their own, or without an origin", async () => {
    const secret = rig.secret();
    const body = { secret, publicKey: new TestDevice().publicKey };
    for (const origin of [
      "https://attacker.example",
      "null",
      `http://localhost:${rig.port}`,
      `https://localhost:${rig.port}.attacker.example`,
      null,
    ]) {
      expect(await rig.call("POST", "/window/12/admission", { body, origin }), String(origin)).toMatchObject({
        status: 403,
        code: "WR5002",
      });
      const headers: Record<string, string> = origin === null ? {} : { origin };
      await expect(rig.line("12", headers)).rejects.toThrow("403");
    }
    expect((await rig.call("POST", "/window/12/admission", { body })).status).toBe(200);
  });

  test("find nothing but the page: no other address, no other file, no other method, no window without a browser pad", async () => {
    for (const path of [
      "/",
      "/index.html",
      "/assets/",
      "/assets/..%2f..%2fpackage.json",
      "/../package.json",
      "/window/",
      "/window/99/",
      "/window/99/line",
      "/window/12/nothing",
      "/window/12",
    ]) {
      expect(await rig.call("GET", path), path).toMatchObject({ status: 404, code: "WR5010" });
    }
    for (const method of ["PUT", "DELETE", "PATCH", "OPTIONS", "HEAD"]) {
      const { status } = await rig.call(method, "/window/12/admission");
      expect([404, 405], method).toContain(status);
    }
    expect((await rig.call("GET", "/window/12/admission")).status).toBe(404);
    expect(await rig.call("GET", "/window/12/line")).toMatchObject({ status: 400, code: "WR5003" });
  });

  test("run no script of theirs in the page, frame it nowhere, and learn nothing from its headers", async () => {
    const page = await rig.call("GET", `/window/${encodeURIComponent("窗口 3")}/`);
    expect(page.status).toBe(200);
    expect(page.headers["content-security-policy"]).toMatch(/^default-src 'none'; script-src 'self'; .*frame-ancestors 'none'$/);
    expect(page.headers["content-security-policy"]).not.toMatch(/unsafe|\*|data:/);
    expect(page.headers).toMatchObject({
      "x-content-type-options": "nosniff",
      "referrer-policy": "no-referrer",
      "cache-control": "no-cache",
    });
    expect(page.text).not.toMatch(/<script>|onclick|style="/);
    expect(page.headers["access-control-allow-origin"]).toBeUndefined();
    expect(page.headers.server).toBeUndefined();
  });

  test("get nowhere with a code that is wrong, used, too old, of another window, or taken back", async () => {
    const publicKey = new TestDevice().publicKey;
    const admit = (secret: string, windowNo = "12") => rig.call("POST", `/window/${windowNo}/admission`, { body: { secret, publicKey } });
    expect(await admit("A".repeat(24))).toMatchObject({ status: 403, code: "WR1040" });
    const first = rig.secret();
    const second = rig.secret();
    expect(await admit(first)).toMatchObject({ status: 403, code: "WR1040" });
    expect(await admit(second, "13")).toMatchObject({ status: 403, code: "WR1040" });
    expect((await admit(second)).status).toBe(200);
    expect(await admit(second)).toMatchObject({ status: 403, code: "WR1040" });
    const third = rig.secret("13");
    rig.clock.advance(OFFER_MS + 1);
    expect(await admit(third, "13")).toMatchObject({ status: 403, code: "WR1040" });
    const fourth = rig.secret("13");
    rig.pads.remove("13");
    expect(await admit(fourth, "13")).toMatchObject({ status: 403, code: "WR1040" });
    expect(rig.log.join("")).not.toContain(second);
  });

  test("are refused by the schema, and use up no code, with a body of another shape, a key of another kind, or no JSON", async () => {
    const secret = rig.secret();
    const { publicKey } = new TestDevice();
    const bodies: [unknown, number][] = [
      [{ secret }, 400],
      [{ secret, publicKey, more: 1 }, 400],
      [{ secret: 7, publicKey }, 400],
      [{ secret, publicKey: "A".repeat(120) }, 400],
      [{ secret, publicKey: new TestDevice("P-384").publicKey.slice(0, 200) }, 400],
      [{ secret, publicKey: "A".repeat(4000) }, 413],
      ["{", 400],
      ["[]", 400],
      ['{"__proto__":{"secret":"x"}}', 400],
      [`"${secret}"`, 400],
    ];
    for (const [body, status] of bodies)
      expect((await rig.call("POST", "/window/12/admission", { body })).status, JSON.stringify(body)).toBe(status);
    const asText = await rig.call("POST", "/window/12/admission", { body: "x", headers: { "content-type": "text/plain" } });
    expect(asText).toMatchObject({ status: 415, code: "WR5014" });
    expect((await rig.call("POST", "/window/12/admission", { body: { secret, publicKey } })).status).toBe(200);
  });

  test("take no line without the key: not with another, nor with a proof made for another nonce, window or origin", async () => {
    const device = await rig.admit();
    const stranger = new TestDevice();
    stranger.name = device.name;
    const tries: ((line: Awaited<ReturnType<PageRig["line"]>>) => void)[] = [
      (line) => line.prove(stranger),
      (line) => line.prove(device, { nonce: "A".repeat(43) }),
      (line) => line.prove(device, { windowNo: "13" }),
      (line) => line.prove(device, { origin: "https://attacker.example" }),
      (line) => line.prove(new TestDevice()),
    ];
    for (const attempt of tries) {
      const line = await rig.line();
      attempt(line);
      expect((await line.untilClosed()).code).toBeOneOf([LINE_CLOSED.notAdmitted, LINE_CLOSED.misbehaved]);
    }
    const elsewhere = await rig.line("13");
    elsewhere.prove(device);
    expect(await elsewhere.untilClosed()).toMatchObject({ code: LINE_CLOSED.notAdmitted });
    const line = await rig.line();
    line.prove(device);
    expect(await line.next()).toEqual({ is: "seated", pairs: true });
  });

  test("cannot use a proof twice: each connection asks for another", async () => {
    const device = await rig.admit();
    const line = await rig.line();
    const proof = device.proof(["window-rating browser pad 1", rig.origin, "12", line.nonce].join("\n"));
    line.say(proof);
    expect((await line.next())?.is).toBe("seated");
    const replay = await rig.line();
    expect(replay.nonce).not.toBe(line.nonce);
    replay.say(proof);
    expect(await replay.untilClosed()).toMatchObject({ code: LINE_CLOSED.notAdmitted });
    expect(line.closed).toBeUndefined();
  });

  test("say nothing to the window before they have proved who they are, and nothing that is no message", async () => {
    const device = await rig.admit();
    for (const what of [
      Buffer.from([0, 1, 2]),
      "",
      "{",
      "[]",
      '{"is":"code","code":"11111111"}',
      '{"is":"proof"}',
      '{"is":"seated"}',
      "\u0000",
    ]) {
      const line = await rig.line();
      line.socket.send(what);
      expect((await line.untilClosed()).code, String(what)).toBe(LINE_CLOSED.misbehaved);
    }
    const heard: Buffer[] = [];
    const opened = rig.pads.opener("12")({ bytes: (chunk) => void heard.push(Buffer.from(chunk)), closed: () => undefined });
    const line = await rig.line();
    line.prove(device);
    await opened;
    line.socket.send(Buffer.from([1, 2, 3]));
    await vi.waitUntil(() => heard.length > 0);
    expect(Buffer.concat(heard)).toEqual(Buffer.from([1, 2, 3]));
    line.say("not understood");
    expect((await line.untilClosed()).code).toBe(LINE_CLOSED.misbehaved);
  });

  test("are cut off by a message that is too long, and by more than any pad has to say", async () => {
    const device = await rig.admit();
    const long = await rig.line();
    long.prove(device);
    await long.next();
    long.socket.send(Buffer.alloc(9000));
    expect((await long.untilClosed()).code).toBe(1009);
    const flood = await rig.line();
    flood.prove(device);
    await flood.next();
    for (let chunk = 0; chunk < 200 && flood.closed === undefined; chunk++) flood.socket.send(Buffer.alloc(8000));
    expect((await flood.untilClosed()).code).toBe(LINE_CLOSED.tooMuch);
  });

  test("do not take a tablet's place by standing in the door, and do not stand there for long", async () => {
    const device = await rig.admit();
    const seated = await rig.line();
    seated.prove(device);
    await seated.next();
    const idle = await Promise.all(Array.from({ length: 20 }, () => rig.line()));
    expect(seated.closed).toBeUndefined();
    for (const line of idle) expect((await line.untilClosed()).code).toBe(LINE_CLOSED.misbehaved);
    expect(rig.pads.list().windows[0]?.tablet?.isConnected).toBe(true);
  });

  test("who try again and again are told to wait, while the page goes on", async () => {
    const answers: Answer[] = [];
    for (let time = 0; time < 40; time++)
      answers.push(await rig.call("POST", "/window/12/admission", { body: { secret: "A".repeat(24), publicKey: "A".repeat(120) } }));
    expect(answers.at(-1)).toMatchObject({ status: 429, code: "WR5011", headers: { "retry-after": "1" } });
    await expect(rig.line()).rejects.toThrow("429");
    expect((await rig.call("GET", "/window/12/")).status).toBe(200);
  });

  test("cannot hold connections open by silence, before TLS and within", async () => {
    const beforeTls = connectPlain(rig.port, "127.0.0.1");
    const silent = await tls();
    silent.resume();
    beforeTls.on("error", () => undefined).resume();
    await Promise.all([untilClosed(silent), once(beforeTls, "close")]);
  });

  test.each([
    ["headers", (_: PageRig) => "GET /page HTTP/1.1\r\nHost: localh", "x"],
    [
      "body",
      ({ port, origin }: PageRig) =>
        `POST /window/12/admission HTTP/1.1\r\nHost: localhost:${port}\r\nOrigin: ${origin}\r\nContent-Type: application/json\r\nContent-Length: 2000\r\n\r\n{`,
      " ",
    ],
  ])("cannot hold connections open by %s that drip, and meanwhile the page is served", async (_, start, more) => {
    await using hasty = await PageRig.open({ arrival: { headersMs: 50, requestMs: 100 } });
    const socket = connect({
      host: "127.0.0.1",
      port: hasty.port,
      servername: "localhost",
      rejectUnauthorized: false,
    });
    const cutOff = dripped(socket, start(hasty), more);
    await vi.waitUntil(async () => (await hasty.call("GET", "/page").catch(() => undefined))?.status === 200);
    expect(await cutOff).toMatch(/^(|HTTP\/1\.1 408 .*)$/s);
  });

  test("of one address take so many connections and no more; others of the address are let in again when those are gone", async () => {
    const sockets = await Promise.all(
      Array.from({ length: 70 }, async () => {
        const socket = connectPlain(rig.port, "127.0.0.1");
        socket.on("error", () => undefined);
        await once(socket, "connect");
        return socket;
      }),
    );
    await vi.waitUntil(() => sockets.filter(({ closed, destroyed }) => closed || destroyed).length >= 5);
    for (const socket of sockets) socket.destroy();
    await vi.waitUntil(async () => (await rig.call("GET", "/page").catch(() => undefined))?.status === 200);
  });

  test("get no answer in plain text", async () => {
    const socket = connectPlain(rig.port, "127.0.0.1");
    let answer = "";
    socket.on("data", (chunk) => (answer += chunk.toString("latin1"))).on("error", () => undefined);
    socket.write(`GET /page HTTP/1.1\r\nHost: localhost:${rig.port}\r\n\r\n`);
    await once(socket, "close");
    expect(answer).not.toContain("<html");
  });
});
