import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import type { Exchange, Post } from "../sync/exchange.ts";
import { enrol } from "./enrol.ts";
import { type Identity, openIdentity } from "./identity.ts";

const WALL = Date.parse("2026-03-02T01:00:00Z");
const TOKEN = "t".repeat(43);

let dataDir: string;
let identity: Identity;
beforeEach(() => {
  dataDir = mkdtempSync(join(tmpdir(), "enrol-"));
  identity = openIdentity(dataDir);
});
afterEach(() => rmSync(dataDir, { recursive: true }));

const posts: Post[] = [];
const enrolWith = (exchange: Exchange, fields: { code?: string; windowNo?: string } = {}) => {
  posts.length = 0;
  const transport = {
    post: async (post: Post) => {
      posts.push(post);
      return exchange;
    },
    close() {},
  };
  return enrol(identity, {
    centralUrl: "http://central.example:7200/",
    code: "A1B2-C3D4",
    windowNo: "3",
    transport,
    wallMs: WALL,
    ...fields,
  });
};
const answer = (status: number, body: unknown): Exchange => ({
  is: "answer",
  status,
  contentType: "application/json",
  location: null,
  retryAfter: null,
  date: null,
  text: typeof body === "string" ? body : JSON.stringify(body),
});
const good = () => ({ windowPcId: identity.windowPcId, token: TOKEN, centralTimeMs: WALL });

test("code, window and public key go out; token and place are kept on disk", async () => {
  const expected = { centralUrl: "http://central.example:7200/", token: TOKEN, enrolledAt: "2026-03-02T01:00:00.000Z" };
  expect(await enrolWith(answer(201, good()))).toEqual(expected);
  expect(openIdentity(dataDir).enrolment()).toEqual(expected);
  expect(posts[0]).toMatchObject({ url: new URL("http://central.example:7200/sync/v1/enrolments"), token: null });
  expect(JSON.parse(posts[0]?.text ?? "")).toEqual({ code: "A1B2-C3D4", windowNo: "3", publicKey: identity.publicKey });
});

test("a second enrolment keeps the window PC and takes the new token", async () => {
  await enrolWith(answer(201, good()));
  await enrolWith(answer(201, { ...good(), token: "n".repeat(43) }));
  expect(openIdentity(dataDir)).toMatchObject({ windowPcId: identity.windowPcId, publicKey: identity.publicKey });
  expect(openIdentity(dataDir).enrolment()?.token).toBe("n".repeat(43));
});

test.each<[string, () => Exchange, RegExp]>([
  [
    "central is away",
    () => ({ is: "unreachable", reason: "no program listens at this address" }),
    /^WR6001 .*no program listens.*the same code/,
  ],
  ["the connection is cut", () => ({ is: "cut", reason: "the connection was cut" }), /^WR6001/],
  ["no answer in time", () => ({ is: "aborted" }), /^WR6001/],
  ["the code is used up", () => answer(403, { error: { code: "WR7003", detail: "used on 1 March" } }), /^WR7003 .*used on 1 March/],
  ["a code that this version does not know", () => answer(403, { error: { code: "WR7999", detail: "new" } }), /^WR6005/],
  [
    "a window PC's desk API at that address",
    () => answer(404, { error: { code: "WR5010", detail: "no such verb" } }),
    /^WR6002 .*no such verb/,
  ],
  ["a page instead of an answer", () => answer(200, "<html>"), /^WR6002/],
  ["a page that says no", () => answer(404, "<html>"), /^WR6002/],
  ["a redirect", () => answer(302, ""), /^WR6002/],
  ["an enrolment of another PC", () => answer(201, { ...good(), windowPcId: "00000000-0000-8000-8000-000000000000" }), /^WR6002/],
  ["a token too short", () => answer(201, { ...good(), token: "short" }), /^WR6002/],
  ["a token that no header can carry", () => answer(201, { ...good(), token: `${"t".repeat(40)}\r\nx: y` }), /^WR6002/],
])("%s: an error with a code, and nothing is kept", async (_name, exchange, says) => {
  await expect(enrolWith(exchange())).rejects.toThrow(says);
  expect(openIdentity(dataDir).enrolment()).toBeNull();
});

test.each([{ code: "short" }, { windowNo: "" }])("%j is refused before anything is sent", async (fields) => {
  await expect(enrolWith(answer(201, good()), fields)).rejects.toThrow(/^WR8001/);
  expect(posts).toEqual([]);
});
