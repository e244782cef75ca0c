import { WindowRatingError } from "@window-rating/protocol/error";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import type { HostStatus } from "../commands/status-shape.ts";
import { FakeWindowDesk } from "./fake-window-desk.ts";
import { CONTROL_TOKEN, openTestDesk, type TestDesk } from "./test-desk-api.ts";

let host: TestDesk;
beforeEach(async () => {
  host = await openTestDesk();
});
afterEach(() => host.close());

const CLERK = { staffNo: "1001", name: "李四样例" };
const CASE = { caseNo: "办件/2025 001", itemCode: "A-01", itemName: "身份证补领" };
const END = `/desk/v1/cases/${encodeURIComponent(CASE.caseNo)}/end`;
const CANCEL = `/desk/v1/cases/${encodeURIComponent(CASE.caseNo)}/cancel`;

const startCase = async (): Promise<void> => {
  expect((await host.call("POST", "/desk/v1/clerk/sign-in", { body: CLERK })).status).toBe(200);
  expect((await host.call("POST", "/desk/v1/cases", { body: CASE })).status).toBe(200);
};

describe("A paired business system", () => {
  test("signs a clerk in, starts a case, ends it and gets the rating request at once", async () => {
    await startCase();
    const ended = await host.call("POST", END, { body: {} });
    expect(ended.status).toBe(200);
    expect(ended.body).toEqual({ requestId: "01890000-0000-7000-8000-000000000001", state: "waiting", expiresInMs: 120_000 });
    expect(host.desk.asked).toEqual([
      { verb: "signIn", caller: "business system", what: CLERK },
      { verb: "startCase", caller: "business system", what: { ...CASE, visitNo: 1 } },
      {
        verb: "endCase",
        caller: "business system",
        what: { caseNo: CASE.caseNo, visitNo: 1, completed: true, trigger: "business-system" },
      },
    ]);
  });

  test("may leave a body out where every field of it has a default", async () => {
    await startCase();
    expect((await host.call("POST", END)).status).toBe(200);
    expect((await host.call("POST", "/desk/v1/clerk/sign-out")).status).toBe(200);
  });

  test("may be written in Node, whose fetch sends Sec-Fetch-Mode without being a browser", async () => {
    const answer = await fetch(`http://127.0.0.1:${host.api.port}/desk/v1/clerk/sign-in`, {
      method: "POST",
      headers: { authorization: `Bearer ${host.token}`, "content-type": "application/json" },
      body: JSON.stringify(CLERK),
    });
    expect([answer.status, await answer.json()]).toEqual([200, {}]);
  });

  test("cancels a case and sees it gone from the state", async () => {
    await startCase();
    expect((await host.call("GET", "/desk/v1/state")).body).toMatchObject({
      windowNo: "3",
      clerk: CLERK,
      openCase: { ...CASE, visitNo: 1 },
    });
    expect((await host.call("POST", CANCEL, { body: {} })).status).toBe(200);
    expect((await host.call("GET", "/desk/v1/state")).body).toMatchObject({ openCase: null });
  });

  test("is served on 127.0.0.1 and on ::1 alike", async () => {
    for (const [address, name] of [
      ["127.0.0.1", "127.0.0.1"],
      ["127.0.0.1", "localhost"],
      ["::1", "[::1]"],
      ["::1", "localhost"],
    ] as const) {
      expect((await host.call("GET", "/desk/v1/state", { address, host: `${name}:${host.api.port}` })).status).toBe(200);
    }
  });

  test.each([
    [409, "WR5004", "POST", "/desk/v1/cases", CASE],
    [409, "WR5004", "POST", END, {}],
    [409, "WR5009", "POST", CANCEL, {}],
    [404, "WR5010", "POST", "/desk/v1/nothing", {}],
    [404, "WR5010", "GET", "/", undefined],
  ])("gets %i %s for a verb that cannot be done now: %s %s", async (status, code, method, path, body) => {
    expect(await host.call(method, path, { body })).toMatchObject({ status, code });
  });

  test("gets 409 for a case that was not started, for one ended twice and for a second open case", async () => {
    await startCase();
    expect(await host.call("POST", "/desk/v1/cases/other/end", { body: {} })).toMatchObject({ status: 409, code: "WR5005" });
    expect(await host.call("POST", "/desk/v1/cases", { body: { ...CASE, caseNo: "2" } })).toMatchObject({ status: 409, code: "WR5007" });
    await host.call("POST", END, { body: {} });
    expect(await host.call("POST", END, { body: {} })).toMatchObject({ status: 409, code: "WR5006" });
  });

  test("is told of a full disk with 507 and what to do", async () => {
    await startCase();
    host.desk.failure = new WindowRatingError("WR4003", "no space left");
    const answer = await host.call("POST", END, { body: {} });
    expect(answer).toMatchObject({ status: 507, code: "WR4003" });
    expect(answer.text).toContain("Free space on the disk");
  });

  test("is told of a bug that there is one, while only the log says which", async () => {
    host.desk.failure = new TypeError("secret inner detail");
    const answer = await host.call("POST", "/desk/v1/clerk/sign-in", { body: CLERK });
    expect(answer).toMatchObject({ status: 500, code: "WR5016" });
    expect(answer.text).not.toContain("secret inner detail");
    expect(host.log.join("")).toContain("secret inner detail");
  });
});

describe("A body that does not fit", () => {
  test.each([
    ["an unknown field, with the nearest one", { staffNumber: "1", name: "李四样例" }, "unknown field staffNumber; the nearest is staffNo"],
    ["an unknown field among right ones", { ...CLERK, role: "x" }, "unknown field role"],
    ["a missing field", { staffNo: "1" }, "body.name"],
    ["a wrong type", { staffNo: 1, name: "李四样例" }, "body.staffNo"],
    ["too long a text", { staffNo: "1".repeat(33), name: "李四样例" }, "body.staffNo"],
    ["an array", [], "body"],
    ["a number", 7, "body"],
    ["null", "null", "body"],
    ["no JSON", "{staffNo", ""],
    ["a poisoned prototype", '{"staffNo":"1","name":"x","__proto__":{"admin":true}}', ""],
    ["a poisoned constructor", '{"staffNo":"1","name":"x","constructor":{"prototype":{"admin":true}}}', ""],
  ])("is refused with 400 and the field named: %s", async (_, body, named) => {
    const answer = await host.call("POST", "/desk/v1/clerk/sign-in", { body });
    expect(answer).toMatchObject({ status: 400, code: "WR5003" });
    expect(answer.detail).toContain(named);
    expect(host.desk.asked).toEqual([]);
  });

  test.each(["%20", "x".repeat(65), `${"%E5%8A%9E".repeat(65)}`])("is refused in the address too: case number %s", async (caseNo) => {
    const answer = await host.call("POST", `/desk/v1/cases/${caseNo}/end`, { body: {} });
    expect(answer).toMatchObject({ status: 400, code: "WR5003" });
    expect(answer.detail).toContain("caseNo");
    expect(host.desk.asked).toEqual([]);
  });

  test("is refused where the address cannot be decoded", async () => {
    expect(await host.call("POST", "/desk/v1/cases/%E5%8/end", { body: {} })).toMatchObject({ status: 400, code: "WR5003" });
  });

  test("is taken with a case number of 64 Chinese characters", async () => {
    const caseNo = "办".repeat(64);
    expect(await host.call("POST", `/desk/v1/cases/${encodeURIComponent(caseNo)}/cancel`, { body: {} })).toMatchObject({ code: "WR5009" });
    expect(host.desk.asked.at(-1)?.what).toEqual({ caseNo, visitNo: 1 });
  });
});

describe("The level of a rating", () => {
  test("never leaves this API, even if the desk hands it over by mistake", async () => {
    host.desk.leak = { level: 1, rating: { level: 1 } };
    await startCase();
    const answers = [await host.call("POST", END, { body: {} }), await host.call("GET", "/desk/v1/state")];
    for (const answer of answers) {
      expect(answer.status).toBe(200);
      expect(answer.text).not.toContain("level");
    }
  });

  test("is in no schema of the OpenAPI document but in the paper form, which is typed in and never shown, and as the name of what was taken out", async () => {
    const document = JSON.parse((await host.call("GET", "/desk/v1/openapi.json")).text) as {
      paths: Record<string, { post?: { requestBody?: unknown } }>;
      components: { schemas: { TrafficBatch: { properties: { frames: { items: { properties: { hides?: unknown } } } } } } };
    };
    const form = document.paths["/desk/v1/paper-forms"]?.post;
    expect(JSON.stringify(form?.requestBody)).toContain('"level"');
    delete form?.requestBody;
    const frame = document.components.schemas.TrafficBatch.properties.frames.items.properties;
    expect(JSON.stringify(frame.hides)).toContain('["level","person","secret"]');
    delete frame.hides;
    expect(JSON.stringify(document)).not.toMatch(/"level"/);
  });
});

describe("A PC that serves two windows", () => {
  let two: TestDesk;
  let other: FakeWindowDesk;
  beforeEach(async () => {
    other = new FakeWindowDesk("4");
    two = await openTestDesk({}, [other]);
  });
  afterEach(() => two.close());

  test("does what it is asked at the window that is named, and keeps the name out of what the window gets", async () => {
    expect((await two.call("POST", "/desk/v1/clerk/sign-in", { body: { ...CLERK, windowNo: "4" } })).status).toBe(200);
    expect(other.asked).toEqual([{ verb: "signIn", caller: "business system", what: CLERK }]);
    expect(two.desk.asked).toEqual([]);
    expect((await two.call("GET", "/desk/v1/state?windowNo=4")).body).toMatchObject({ windowNo: "4", clerk: CLERK });
    expect((await two.call("GET", "/desk/v1/windows")).body).toMatchObject({
      windows: [
        { windowNo: "3", clerk: null },
        { windowNo: "4", clerk: CLERK },
      ],
    });
  });

  test.each([
    ["POST", "/desk/v1/clerk/sign-in", CLERK],
    ["POST", "/desk/v1/clerk/sign-out", {}],
    ["POST", "/desk/v1/cases", CASE],
    ["POST", END, {}],
    ["POST", CANCEL, {}],
    ["GET", "/desk/v1/state", undefined],
  ])("refuses %s %s if no window is named, or none of that number is served, and does nothing", async (method, path, body) => {
    const query = method === "GET" ? "?windowNo=5" : "";
    const named = method === "GET" ? undefined : { ...body, windowNo: "5" };
    expect(await two.call(method, path, { body })).toMatchObject({ status: 400, code: "WR5017" });
    expect(await two.call(method, path + query, { body: named })).toMatchObject({ status: 400, code: "WR5017" });
    expect([...two.desk.asked, ...other.asked]).toEqual([]);
  });
});

describe("The status", () => {
  const STATUS: HostStatus = {
    windows: [
      {
        windowNo: "3",
        pad: {
          connection: "ready",
          counters: {
            frames: 1,
            faults: { "bad-checksum": 2 },
            sent: 0,
            delivered: 0,
            resent: 0,
            repeated: 0,
            early: 0,
            unusable: 0,
            stale: 0,
            sessions: 1,
          },
          roundTripMs: null,
          hasGivenUp: false,
          recovery: [],
        },
      },
    ],
    database: {
      path: "/x",
      sizeBytes: 1,
      schemaVersion: 1,
      synchronous: "FULL",
      journalMode: "wal",
      lastQuickCheck: null,
      lastBackup: null,
      freeBytes: null,
    },
    queue: { waiting: 0, oldestMs: null, setAside: 0, setAsideNewest: [], lastSyncMs: null, nextTryMs: null },
    identity: { windowPcId: null, enrolled: false },
    roster: { version: 0, clerks: 0, items: 0, reasonsVersion: null, siteVersion: null, region: null, lastAnswerMs: null },
    clock: { wallMs: 1, offsetMs: null, bootId: "boot" },
    requests: { byState: { waiting: 1 } },
    ratings: { total: 0, unbound: 0 },
  };

  test("is told to the commands of window-host, which hold the control token, and to nobody else", async () => {
    const other = await openTestDesk({ status: () => STATUS });
    try {
      expect((await other.call("GET", "/desk/v1/status", { token: CONTROL_TOKEN })).body).toEqual(STATUS);
      expect(await other.call("GET", "/desk/v1/status")).toMatchObject({ status: 401, code: "WR5001" });
      expect(await other.call("GET", "/desk/v1/status", { token: null })).toMatchObject({ status: 401, code: "WR5001" });
      const page = { token: CONTROL_TOKEN, headers: { origin: "https://business.example" } };
      expect(await other.call("GET", "/desk/v1/status", page)).toMatchObject({ status: 403, code: "WR5002" });
    } finally {
      await other.close();
    }
  });

  test("does not let the control token use a verb of the desk", async () => {
    const answer = await host.call("POST", "/desk/v1/clerk/sign-in", { token: CONTROL_TOKEN, body: CLERK });
    expect(answer).toMatchObject({ status: 401, code: "WR5001" });
    expect(host.desk.asked).toEqual([]);
  });
});

describe("The server", () => {
  test("refuses a port that is taken on 127.0.0.1, naming it", async () => {
    await expect(openTestDesk({ port: host.api.port })).rejects.toMatchObject({ code: "WR8004" });
  });

  test("frees its port when it closes, though a connection is kept alive", async () => {
    const { port } = host.api;
    await fetch(`http://127.0.0.1:${port}/desk/v1/openapi.json`).then((answer) => answer.text());
    await host.api.close();
    const again = await openTestDesk({ port });
    expect(again.api.port).toBe(port);
    await again.close();
  });
});
