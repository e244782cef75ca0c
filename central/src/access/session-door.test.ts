import type { FastifyInstance } from "fastify";
import Fastify from "fastify";
import { pino } from "pino";
import { afterAll, beforeAll, expect, test } from "vitest";
import { newAccount, newSession, PASSWORD } from "../../test/access-world.ts";
import { STORAGES, type TestStorage } from "../../test/storages.ts";
import { type OpenStorage, openStorage } from "../central.ts";
import { answerErrors } from "../http/errors.ts";
import { createServer } from "../http/server.ts";
import { createLiveFeed } from "../live-feed.ts";
import { readCounts } from "../reading/counts.ts";
import { openSessionDoor } from "./session-door.ts";
import { requireViewer } from "./session-hook.ts";
import { CONSOLE_HEADER } from "./session-schema.ts";
import { may, PERMISSIONS, permissionsOf, ROLES } from "./viewer.ts";

const nowMs = Date.parse("2026-03-02T09:00:00+08:00");
const HEADERS = { [CONSOLE_HEADER.name]: CONSOLE_HEADER.value };
let storage: TestStorage;
let opened: OpenStorage;
const apps: FastifyInstance[] = [];

beforeAll(async () => {
  storage = await (STORAGES[0] as (typeof STORAGES)[number]).create();
  opened = await openStorage(storage.storage, () => nowMs, pino({ level: "silent" }));
  await newAccount({ db: opened.db, nowMs }, { name: "li.hua", role: "supervisor", first: { is: "given", password: PASSWORD } });
});
afterAll(async () => {
  for (const app of apps) await app.close();
  await opened.close();
  await storage.remove();
});

const server = (proxies?: string): FastifyInstance => {
  const feed = createLiveFeed(
    () => readCounts(opened.db),
    () => {},
  );
  const app = createServer({
    db: opened.db,
    now: () => nowMs,
    log: pino({ level: "silent" }),
    feed,
    administrationToken: undefined,
    proxies,
  });
  apps.push(app);
  return app;
};
const signIn = (app: FastifyInstance, headers: Record<string, string>, remoteAddress = "127.0.0.1") =>
  app.inject({
    method: "POST",
    url: "/console/v1/session",
    headers: { ...HEADERS, ...headers },
    remoteAddress,
    payload: { name: "li.hua", password: PASSWORD },
  });

test("behind a proxy with TLS the cookie is for HTTPS and this host alone", async () => {
  const answer = await signIn(server("127.0.0.1"), {
    host: "pj.example.gov.cn",
    "x-forwarded-proto": "https",
    "x-forwarded-for": "192.0.2.7",
  });
  expect(answer.statusCode).toBe(200);
  expect(answer.headers["set-cookie"]).toMatch(
    /^__Host-window-rating=[\w-]{43}; Max-Age=43200; Path=\/; HttpOnly; Secure; SameSite=Strict$/,
  );
});

test("over plain HTTP from another machine nobody signs in: the password of the next one would be read on the way", async () => {
  for (const [headers, address, proxies] of [
    [{ host: "10.0.0.5:7300" }, "10.0.0.9", undefined],
    [{ host: "pj.example.gov.cn" }, "127.0.0.1", undefined],
    // Nobody is believed who says to come over HTTPS, but the proxy that was named.
    [{ host: "10.0.0.5:7300", "x-forwarded-proto": "https" }, "10.0.0.9", undefined],
    [{ host: "10.0.0.5:7300", "x-forwarded-proto": "https" }, "10.0.0.9", "127.0.0.1"],
  ] as const) {
    const answer = await signIn(server(proxies), headers, address);
    expect([headers, answer.statusCode, answer.json().error.code]).toEqual([headers, 403, "WR7059"]);
    expect(answer.headers["set-cookie"]).toBeUndefined();
  }
});

test("a cookie that was set in the clear is not taken over HTTPS, where another host could have set it", async () => {
  const token = await newSession({ db: opened.db, nowMs }, 1, "li.hua");
  const app = server("127.0.0.1");
  const ask = (cookie: string) =>
    app.inject({ url: "/console/v1/session", headers: { cookie, host: "pj.example.gov.cn", "x-forwarded-proto": "https" } });
  expect((await ask(`window-rating=${token}`)).statusCode).toBe(401);
  expect((await ask(`__Host-window-rating=${token}`)).statusCode).toBe(200);
});

test("routes learn who asks by their hook; without it they learn nothing, and an answer that goes on can ask again", async () => {
  const app = Fastify();
  apps.push(app);
  answerErrors(app);
  const door = openSessionDoor(app, { db: opened.db, now: () => nowMs });
  const still: boolean[] = [];
  app.register((scope, _options, done) => {
    scope.get("/who", { onRequest: requireViewer("see:personal") }, async (request) => {
      still.push(await door.isStill(request));
      await opened.db.updateTable("accounts").set({ role: "auditor" }).execute();
      still.push(await door.isStill(request));
      await opened.db.updateTable("accounts").set({ role: "supervisor" }).execute();
      await opened.db.updateTable("sessions").set({ ended_at_ms: nowMs }).execute();
      still.push(await door.isStill(request));
      return request.viewer;
    });
    scope.get("/accounts", { onRequest: requireViewer("do:accounts") }, async () => "never");
    scope.get("/forgotten", async (request) => request.viewer);
    done();
  });
  const cookie = `window-rating=${await newSession({ db: opened.db, nowMs }, 1, "li.hua")}`;
  const ask = (url: string, headers: Record<string, string> = { cookie }) =>
    app.inject({ url, headers: { host: "127.0.0.1:7300", ...headers } });
  expect((await ask("/accounts")).json().error).toMatchObject({ code: "WR7051" });
  expect((await ask("/forgotten")).statusCode).toBe(503);
  expect((await ask("/who", {})).statusCode).toBe(401);
  const answer = await ask("/who");
  expect([answer.json(), answer.headers["cache-control"]]).toMatchObject([{ name: "li.hua", role: "supervisor" }, "no-store"]);
  expect(still).toEqual([true, false, false]);
  expect((await ask("/who")).statusCode).toBe(401);
});

test("no role may both look at personal data and read or keep the record of it, and none may both make accounts and look", () => {
  for (const role of ROLES) {
    const of = permissionsOf({ role, scope: { is: "all" } });
    expect([
      role,
      of.includes("see:personal") && (of.includes("see:audit") || of.includes("do:accounts") || of.includes("do:keys")),
    ]).toEqual([role, false]);
    expect(of.every((permission) => PERMISSIONS.includes(permission))).toBe(true);
  }
});

test("who sees one hall or agency may nothing that concerns all of central", () => {
  for (const role of ROLES)
    for (const scope of [
      { is: "hall", hallNo: "H-1" },
      { is: "agency", agencyCode: "A-1" },
    ] as const)
      for (const permission of ["do:accounts", "do:keys", "do:imports", "see:audit", "see:jobs", "see:sms"] as const)
        expect([role, scope.is, permission, may({ role, scope }, permission)]).toEqual([role, scope.is, permission, false]);
});
