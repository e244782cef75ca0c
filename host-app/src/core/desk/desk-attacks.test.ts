import { once } from "node:events";
import { connect, createServer } from "node:net";
import { networkInterfaces } from "node:os";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { CONTROL_TOKEN, loopbacks, ORIGIN, openTestDesk, sendRaw, type TestDesk } from "./test-desk-api.ts";
import { VERBS } from "./verbs.ts";

let host: TestDesk;
beforeEach(async () => {
  host = await openTestDesk();
});
afterEach(() => host.close());

const CLERK = { staffNo: "1001", name: "李四样例" };
const SIGN_IN = "/desk/v1/clerk/sign-in";

describe("Attack: rebinding Host, a name of the attacker that points to 127.0.0.1", () => {
  const hosts = (port: number): string[] => [
    `attacker.example:${port}`,
    `localhost.attacker.example:${port}`,
    `127.0.0.1.attacker.example:${port}`,
    "127.0.0.1",
    "localhost",
    "127.0.0.1:80",
    `127.0.0.2:${port}`,
    `0.0.0.0:${port}`,
    `0:${port}`,
    `2130706433:${port}`,
    `LOCALHOST:${port}`,
    `localhost.:${port}`,
    `::1:${port}`,
    `[::]:${port}`,
    `[::ffff:127.0.0.1]:${port}`,
    `127.0.0.1:${port}@attacker.example`,
    `127.0.0.1:${port}, attacker.example`,
    `127.0.0.1:0${port}`,
  ];

  test("is refused by its Host header, on every address and with a good token", async () => {
    const large = await openTestDesk({ limits: { refusals: { perSecond: 0, burst: 1000 } } });
    try {
      for (const name of hosts(large.api.port)) {
        for (const [method, path] of [
          ["POST", SIGN_IN],
          ["GET", "/desk/v1/state"],
          ["GET", "/desk/v1/openapi.json"],
          ["GET", "/none"],
          ["OPTIONS", SIGN_IN],
        ] as const) {
          expect(await large.call(method, path, { host: name, body: CLERK }), `${method} ${path} ${name}`).toMatchObject({
            status: 403,
            code: "WR5002",
          });
        }
      }
      expect(large.desk.asked).toEqual([]);
    } finally {
      await large.close();
    }
  });

  test("is refused if it comes with no Host at all, or with two", async () => {
    const { port } = host.api;
    const request = (hosts: string): string =>
      `POST ${SIGN_IN} HTTP/1.1\r\n${hosts}Authorization: Bearer ${host.token}\r\nContent-Type: application/json\r\nContent-Length: 2\r\nConnection: close\r\n\r\n{}`;
    expect(await sendRaw(host.api.port, request(""))).toMatch(/^HTTP\/1\.1 4\d\d /);
    expect(await sendRaw(host.api.port, request(`Host: 127.0.0.1:${port}\r\nHost: attacker.example\r\n`))).toMatch(/^HTTP\/1\.1 40[03] /);
    expect(await sendRaw(host.api.port, `GET /desk/v1/state HTTP/1.0\r\nAuthorization: Bearer ${host.token}\r\n\r\n`)).toMatch(
      /^HTTP\/1\.1 403 /,
    );
    expect(
      await sendRaw(
        host.api.port,
        `GET http://attacker.example/desk/v1/state HTTP/1.1\r\nHost: attacker.example\r\nConnection: close\r\n\r\n`,
      ),
    ).toMatch(/^HTTP\/1\.1 4\d\d /);
    expect(host.desk.asked).toEqual([]);
  });
});

describe("Attack: foreign Origin and missing Origin, a page of a stranger", () => {
  const ORIGINS = [
    "https://attacker.example",
    "null",
    "http://business.example",
    `${ORIGIN}:444`,
    `${ORIGIN}.attacker.example`,
    ORIGIN.toUpperCase(),
    `${ORIGIN}/`,
    "",
    "file://",
  ];

  test.each(ORIGINS)("with origin %j is refused even with a good token, and may read nothing of the refusal", async (origin) => {
    const answer = await host.call("POST", SIGN_IN, { headers: { origin }, body: CLERK });
    expect(answer).toMatchObject({ status: 403, code: "WR5002" });
    expect(answer.headers["access-control-allow-origin"]).toBeUndefined();
    expect(host.desk.asked).toEqual([]);
  });

  test("gets no permission by a preflight", async () => {
    const answer = await host.call("OPTIONS", SIGN_IN, {
      token: null,
      headers: {
        origin: "https://attacker.example",
        "access-control-request-method": "POST",
        "access-control-request-private-network": "true",
      },
    });
    expect(answer.status).toBe(403);
    expect(Object.keys(answer.headers).filter((name) => name.startsWith("access-control-"))).toEqual([]);
  });

  test.each(["sec-fetch-site", "sec-fetch-dest", "sec-fetch-user"])("that sends no origin is known by %s", async (name) => {
    for (const [method, path] of [
      ["POST", SIGN_IN],
      ["GET", "/desk/v1/state"],
      ["GET", "/desk/v1/openapi.json"],
    ] as const) {
      expect(await host.call(method, path, { headers: { "sec-fetch-mode": "no-cors", [name]: "none" }, body: CLERK })).toMatchObject({
        status: 403,
        code: "WR5002",
      });
    }
    expect(host.desk.asked).toEqual([]);
  });

  test.each([
    "text/plain",
    "application/x-www-form-urlencoded",
    "multipart/form-data; boundary=x",
    "text/plain; application/json",
    "application/json-patch+json",
    "",
  ])("cannot send what needs no preflight: content type %j", async (type) => {
    const answer = await host.call("POST", SIGN_IN, { headers: { "content-type": type }, body: CLERK });
    expect(answer).toMatchObject({ status: 415, code: "WR5014" });
    expect(host.desk.asked).toEqual([]);
  });

  test("cannot send a form without content type and body either", async () => {
    const answer = await sendRaw(
      host.api.port,
      `POST /desk/v1/clerk/sign-out HTTP/1.1\r\nHost: 127.0.0.1:${host.api.port}\r\nAuthorization: Bearer ${host.token}\r\nContent-Length: 0\r\nConnection: close\r\n\r\n`,
    );
    expect(answer).toMatch(/^HTTP\/1\.1 415 /);
    expect(host.desk.asked).toEqual([]);
  });
});

describe("The page of a paired business system", () => {
  test("is permitted by its preflight, for a local address too, and may read what it gets", async () => {
    const preflight = await host.call("OPTIONS", SIGN_IN, {
      token: null,
      headers: { origin: ORIGIN, "access-control-request-method": "POST", "access-control-request-private-network": "true" },
    });
    expect(preflight.status).toBe(204);
    expect(preflight.headers).toMatchObject({
      "access-control-allow-origin": ORIGIN,
      "access-control-allow-methods": "POST",
      "access-control-allow-headers": "Authorization, Content-Type, Idempotency-Key",
      "access-control-allow-private-network": "true",
      vary: "Origin",
    });
    const fromPage = { origin: ORIGIN, "sec-fetch-site": "cross-site", "sec-fetch-mode": "cors" };
    const answer = await host.call("POST", SIGN_IN, { headers: fromPage, body: CLERK });
    expect(answer.status).toBe(200);
    expect(answer.headers["access-control-allow-origin"]).toBe(ORIGIN);
    const refused = await host.call("POST", SIGN_IN, { headers: fromPage, token: "wrong", body: CLERK });
    expect(refused).toMatchObject({ status: 401, code: "WR5001" });
    expect(refused.headers["access-control-allow-origin"]).toBe(ORIGIN);
  });

  test("cannot use the token of another pairing", async () => {
    const { token } = host.pairings.add("queue machine", ["https://queue.example"], 0);
    const answer = await host.call("POST", SIGN_IN, { headers: { origin: ORIGIN }, token, body: CLERK });
    expect(answer).toMatchObject({ status: 403, code: "WR5002" });
    expect(host.desk.asked).toEqual([]);
  });

  test("never gets a wildcard or credentials by cookie", async () => {
    for (const path of [SIGN_IN, "/desk/v1/openapi.json"]) {
      const { headers } = await host.call("OPTIONS", path, { headers: { origin: ORIGIN } });
      expect(headers["access-control-allow-origin"]).not.toBe("*");
      expect(headers["access-control-allow-credentials"]).toBeUndefined();
    }
  });
});

describe("Attack: no token, a program that is not paired", () => {
  test("is refused for every verb that has one, whatever it sends in its place", async () => {
    const large = await openTestDesk({ limits: { refusals: { perSecond: 0, burst: 1000 } } });
    try {
      const wrong = [
        null,
        "",
        "wrong",
        `${large.token}x`,
        large.token.slice(0, -1),
        large.pairings.list()[0]?.tokenHash ?? "",
        "x".repeat(5000),
      ];
      for (const verb of VERBS.filter(({ access }) => access === "paired" || access === "control")) {
        const path = verb.path.replace("{caseNo}", "1");
        for (const token of wrong)
          expect(await large.call(verb.method, path, { token, body: CLERK })).toMatchObject({ status: 401, code: "WR5001" });
        expect(await large.call(verb.method, `${path}?token=${large.token}&access_token=${large.token}`, { token: null })).toMatchObject({
          status: 401,
        });
        for (const headers of [
          { authorization: `Basic ${large.token}` },
          { cookie: `token=${large.token}` },
          { "sec-websocket-protocol": `bearer.${large.token}` },
        ]) {
          expect(await large.call(verb.method, path, { token: null, headers, body: CLERK })).toMatchObject({ status: 401, code: "WR5001" });
        }
      }
      expect(large.desk.asked).toEqual([]);
    } finally {
      await large.close();
    }
  });

  test("learns the token from no log line and no answer", async () => {
    await host.call("POST", SIGN_IN, { token: `${host.token}x`, body: CLERK });
    await host.call("POST", SIGN_IN, { body: CLERK });
    const answer = await host.call("GET", "/desk/v1/openapi.json", { token: null });
    expect(answer.status).toBe(200);
    for (const text of [host.log.join(""), answer.text]) {
      expect(text).not.toContain(host.token);
      expect(text).not.toContain(CONTROL_TOKEN);
    }
    expect(host.log.join("")).not.toContain(CLERK.name);
  });

  test("is out at once when its pairing is revoked, with no restart", async () => {
    expect((await host.call("POST", SIGN_IN, { body: CLERK })).status).toBe(200);
    host.pairings.revoke("business system");
    expect(await host.call("POST", SIGN_IN, { body: CLERK })).toMatchObject({ status: 401, code: "WR5001" });
  });
});

describe("Attack: GET with effect, a method that is not declared", () => {
  test("is refused for every verb, and a GET changes nothing", async () => {
    const large = await openTestDesk({ limits: { calls: { perSecond: 0, burst: 10_000 } } });
    try {
      for (const { path, method } of VERBS) {
        for (const other of ["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "TRACE"].filter((name) => name !== method)) {
          const answer = await large.call(other, path.replace("{caseNo}", "1"), { body: CLERK });
          expect(answer.status, `${other} ${path}`).toBe(405);
          expect(answer.headers.allow).toBe(`${method}, OPTIONS`);
        }
        for (const other of ["PROPFIND", "QUERY", "SEARCH"]) {
          expect((await large.call(other, path.replace("{caseNo}", "1"))).status, `${other} ${path}`).toBeGreaterThanOrEqual(404);
        }
      }
      for (const { path, method } of VERBS.filter((verb) => verb.method === "GET")) {
        await large.call(method, `${path}?staffNo=1&name=x&_method=POST`, { headers: { "x-http-method-override": "POST" } });
      }
      expect(large.desk.asked).toEqual([]);
    } finally {
      await large.close();
    }
  });
});

describe("Attack: another computer in the hall", () => {
  test("finds no open port on any other address of this PC", async () => {
    const others = Object.values(networkInterfaces()).flatMap(
      (addresses) => addresses?.filter(({ internal }) => !internal).map(({ address }) => address) ?? [],
    );
    for (const address of [...others, "127.0.0.2"]) {
      const socket = connect({ host: address, port: host.api.port });
      const [error] = (await once(socket, "error")) as [NodeJS.ErrnoException];
      expect(error.code, address).not.toBeUndefined();
    }
  });

  test.skipIf(!loopbacks().includes("::1"))("and a program that took [::1] first are never mixed up: the port is refused", async () => {
    const other = createServer().listen({ host: "::1", port: 0 });
    await once(other, "listening");
    const { port } = other.address() as { port: number };
    await expect(openTestDesk({ port })).rejects.toMatchObject({ code: "WR8004" });
    other.close();
    await once(other, "close");
  });
});
