import { request as httpRequest } from "node:http";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { EveryRoute, type Route } from "../../test/every-route.ts";
import { STORAGES, type TestStorage } from "../../test/storages.ts";

/** Routes whose request says everything by its address: what comes as body or query is not looked at. */
const TAKE_NO_BODY = new Set([
  "POST /admin/v1/qr/keys",
  "POST /admin/v1/qr/keys/:keyNo/revoke",
  "POST /admin/v1/systems/:systemNo/revoke",
  "POST /api/v1/cases/refused/:refusedNo/retake",
  "POST /api/v1/ratings/refused/:refusedNo/retake",
  "POST /console/v1/steps/:stepId/close",
  "POST /console/v1/steps/recompute",
  "POST /console/v1/troubles/set-aside/retake",
]);

const HOSTILE_PARAMETERS = [
  "%00",
  "%E0%A4%A",
  "a".repeat(300),
  "-1",
  "1e99",
  "9".repeat(30),
  "%ED%A0%80",
  "__proto__",
  "..%2F..%2Fetc%2Fpasswd",
  "%F0%9F%98%80",
];
const HOSTILE_QUERIES = [
  "nobodyAskedFor=1",
  "limit=1e99&after=-1",
  "limit=5&limit=6&after=1&after=2",
  "__proto__=1&constructor=2",
  [
    "after",
    "by",
    "fileName",
    "hallNo",
    "kind",
    "level",
    "reasons",
    "region",
    "rule",
    "since",
    "staffNo",
    "subject",
    "token",
    "waiting",
    "windowNo",
  ]
    .map((name) => `${name}=%00%ED%A0%80`)
    .join("&"),
  `subject=${"x".repeat(5000)}`,
];
const NOBODY_ASKED = '{"nobodyAskedFor":1}';
const HOSTILE_BODIES: readonly (string | Uint8Array)[] = [
  "",
  "null",
  "[]",
  "1",
  '"text"',
  "{",
  "{}",
  NOBODY_ASKED,
  '{"entries":null}',
  '{"level":5,"level":1}',
  '{"__proto__":{"isAdmin":true}}',
  `${"[".repeat(5000)}${"]".repeat(5000)}`,
  Buffer.from('{"name":"\\u0000","by":"\\ud800","code":"\\u202e"}'),
  Buffer.from("7b226e616d65223a22d5c5c8fd227d", "hex"),
  Buffer.from('{"name":"张三样例"}', "utf16le"),
];
const TYPES = ["application/json", "application/x-www-form-urlencoded", "text/plain", "application/octet-stream"];

let storage: TestStorage;
let world: EveryRoute;
beforeAll(async () => {
  storage = await (STORAGES[0] as (typeof STORAGES)[number]).create();
  world = await EveryRoute.open(storage);
});
afterAll(async () => {
  await world.close();
  await storage.remove();
});

const nameOf = ({ method, url }: Route): string => `${method} ${url}`;
/** With parameters that are good ones, and of nothing that is there. */
const plain = ({ url }: Route): string => url.replace("*", "x").replace(/:[A-Za-z]+/g, "999999999");
const filled = ({ url }: Route, value: string): string => url.replace("*", value).replace(/:[A-Za-z]+/g, value);
const hasBody = ({ method }: Route): boolean => method !== "GET" && method !== "DELETE";

/** Asks and says what came: a fault of central's own is never an answer to nonsense. */
const outcome = async (route: Route, path: string, headers?: Readonly<Record<string, string>>, body?: string | Uint8Array) => {
  const answer = await world.ask(route, path, headers, body);
  const text = answer.headers.get("content-type")?.startsWith("text/event-stream") ? "" : await answer.text();
  return { status: answer.status, text };
};

describe("whatever is asked of any route, it is answered with a reason and nothing fails", () => {
  test("by parameters that are none", async () => {
    for (const route of world.routes.filter(({ url }) => /[:*]/.test(url))) {
      for (const value of HOSTILE_PARAMETERS) {
        const { status, text } = await outcome(route, filled(route, value));
        expect([nameOf(route), value, status, text]).toEqual([nameOf(route), value, expect.toSatisfy((code: number) => code < 500), text]);
      }
    }
  });

  test("by queries that nobody asked for", async () => {
    for (const route of world.routes) {
      for (const query of HOSTILE_QUERIES) {
        const { status, text } = await outcome(route, `${plain(route)}?${query}`);
        expect([nameOf(route), query, status, text]).toEqual([nameOf(route), query, expect.toSatisfy((code: number) => code < 500), text]);
      }
    }
  });

  test("by bodies that are none: refused by every route that takes one", async () => {
    for (const route of world.routes.filter(hasBody)) {
      const expected = (status: number): boolean => (TAKE_NO_BODY.has(nameOf(route)) ? status < 500 : status >= 400 && status < 500);
      for (const body of HOSTILE_BODIES) {
        for (const type of body === NOBODY_ASKED ? TYPES : TYPES.slice(0, 1)) {
          const { status, text } = await outcome(route, plain(route), { "content-type": type }, body);
          const shown = [nameOf(route), type, String(body).slice(0, 60)];
          expect([...shown, status, text]).toEqual([...shown, expect.toSatisfy(expected), text]);
          // It was the content that was refused, not whoever sent it.
          expect([...shown, status]).not.toEqual([...shown, 401]);
        }
      }
    }
  });

  test("by a body of 64 MiB: refused before it is read", async () => {
    for (const route of world.routes.filter(hasBody)) {
      const headers = { ...(await world.headersFor(route)), "content-type": "application/json", "content-length": String(64 * 1_048_576) };
      const status = await new Promise<number>((resolve, reject) => {
        const client = httpRequest(`${world.url}${plain(route)}`, { method: route.method, headers }, (response) => {
          resolve(response.statusCode ?? 0);
          client.destroy();
        });
        client.on("error", reject);
        client.flushHeaders();
      });
      // Forms are refused for their content type before; and the IT's account may not look at personal data at all.
      expect([nameOf(route), status]).toEqual([nameOf(route), expect.toSatisfy((code: number) => [400, 403, 413].includes(code))]);
    }
  });

  test("the list of routes that take no body names routes that are there", () => {
    const names = new Set(world.routes.map(nameOf));
    expect([...TAKE_NO_BODY].filter((name) => !names.has(name))).toEqual([]);
  });
});
