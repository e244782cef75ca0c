import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { iso } from "../../test/business-world.ts";
import { EveryRoute } from "../../test/every-route.ts";
import { signedSiteText } from "../../test/site-text.ts";
import { STORAGES, type TestStorage } from "../../test/storages.ts";
import { MORNING_MS } from "../../test/window-pc.ts";

const AT = iso(MORNING_MS);
const VISIT = { visitNo: 1, windowNo: "3", staffNo: "1001", clerkName: "张三样例", batchNo: "B-1", endedAt: AT };
const SERVICE = {
  itemCode: "ITEM-01",
  itemName: "居民身份证换领",
  windowNo: "3",
  staffNo: "1001",
  clerkName: "张三样例",
  endedAt: AT,
  completed: true,
};
const REPORT = {
  ...{
    caseNo: "F-1",
    itemCode: "ITEM-01",
    itemName: "居民身份证换领",
    agencyCode: "A-1",
    online: false,
    themeNo: "T-1",
    themeName: "样例一件事",
  },
  ...{ acceptedAt: AT, completedAt: AT, reportedAt: AT, contact: `0123456789abcdef ${"A".repeat(64)}`, visit: VISIT },
};
const RATING = {
  ...{ key: "form-1", channel: "paper", level: 2, typedBy: "2001", at: AT, subject: { kind: "staff", caseNo: "F-2", visitNo: 1 } },
  ...{
    reasons: { version: "2020", codes: ["214"] },
    words: "样例的话",
    name: "王五样例",
    phone: "13000000001",
    account: "a-1",
    verified: false,
  },
  service: SERVICE,
};
const HOTLINE = { key: "call-1", channel: "hotline", digit: "1", at: AT, subject: { kind: "item", caseNo: "F-1" } };

/** A good body of each route that takes JSON, with everything in it that it may hold. The console's are in the tests of its own. */
const SAMPLES: Readonly<Record<string, (pc: EveryRoute["pc"]) => unknown>> = {
  "/admin/v1/window-pcs/:windowPcId/retire": () => ({ by: "张三样例", reason: "已报废" }),
  "/api/v1/cases": () => ({ entries: [REPORT] }),
  "/api/v1/registry": () => ({
    kind: "clerk",
    entries: [{ staffNo: "1001", name: "张三样例", agencyCode: "A-1", windowNo: "3", title: "科员", stars: 3 }],
    remove: ["1009"],
  }),
  "/api/v1/ratings": () => ({ digits: { "1": 5, "2": 4, "3": 3, "4": 2, "5": 1 }, entries: [RATING, HOTLINE] }),
  "/api/v1/qr-codes": () => ({ caseNo: "F-3", visitNo: 1, service: SERVICE, channel: "web", validMinutes: 60, svg: true }),
  "/api/v1/sms/replies": () => ({ messageId: "mo-1", phone: "13000000001", text: "5" }),
  "/api/v1/policy/steps": () => ({ region: "yantai", rule: "response", class: "simple", channel: "onsite", at: AT, subject: "rating 1" }),
  "/api/v1/policy/steps/recompute": () => ({ region: "yantai" }),
  "/api/v1/receipts/:code/corrections": () => ({
    key: "0123456789abcdef",
    level: 2,
    reasons: { version: "2020", codes: ["214"] },
    words: "样例",
    phone: "13000000001",
  }),
  "/sync/v1/enrolments": ({ publicKey, windowNo }) => ({ code: "K7QF-3M2X-9TPA", windowNo, publicKey }),
  "/sync/v1/site-file": ({ windowPcId }) => ({ windowPcId }),
  "/sync/v1/batches": (pc) => ({ windowPcId: pc.windowPcId, sentAtMs: MORNING_MS, entries: [pc.entry()] }),
  "/sync/v1/qr-codes": ({ windowPcId }) => ({
    ...{ windowPcId, caseNo: "F-4", visitNo: 1, caseCompleted: true, itemCode: "ITEM-01", itemName: "居民身份证换领" },
    ...{ staffNo: "1001", clerkName: "张三样例", endedAt: AT, validMinutes: 60, svg: false },
  }),
  "/sync/v1/heartbeats": ({ windowPcId, windowNo }) => ({
    windowPcId,
    sentAtMs: MORNING_MS,
    status: {
      version: "0.1.0",
      startedAtMs: MORNING_MS,
      queue: { waiting: 1, oldestWaitingAtMs: MORNING_MS, setAside: 0 },
      windows: [
        {
          windowNo,
          pad: { connection: "ready", model: "generic/five-button", serialNumber: "SIM-1", cause: "样例", sinceMs: MORNING_MS },
          clerks: [{ staffNo: "1001", clerkName: "张三样例" }],
        },
      ],
    },
  }),
  "/sync/v1/pushes/take": ({ windowPcId, windowNo }) => ({ windowPcId, windowNos: [windowNo], waitSeconds: 0 }),
  "/sync/v1/pushes/answer": ({ windowPcId }) => ({
    windowPcId,
    pushId: "00000000-0000-4000-8000-000000000000",
    outcome: { is: "refused", code: "WR5004", detail: "样例" },
  }),
  "/api/v1/push/orders": ({ windowNo }) => ({
    ...{ pushNo: "P-1", validSeconds: 60, waitSeconds: 0 },
    order: { do: "start-case", windowNo, caseNo: "F-5", visitNo: 1, itemCode: "ITEM-01", itemName: "居民身份证换领", staffNo: "1001" },
  }),
  "/api/v1/push/links": ({ windowNo }) => ({
    validSeconds: 60,
    order: { do: "end-case", windowNo, caseNo: "F-5", visitNo: 1, completed: true },
  }),
  "/admin/v1/enrolment-codes": () => ({ windowNo: "3", validMinutes: 60 }),
  "/admin/v1/systems": () => ({ name: "又一样例系统", scopes: ["cases"] }),
  "/admin/v1/site": () => ({
    changes: { region: "linxia", correctWithinDays: 7, closedChannels: [], publicUrl: "https://pj.example.gov.cn" },
    by: "张三样例",
  }),
  "/admin/v1/site-file": () => ({ text: signedSiteText(1), by: "张三样例", newKey: false }),
  "/admin/v1/jobs": () => ({
    changes: { hallQuietHours: { "H-1": { from: "20:00", until: "08:00" } }, remindWithinDays: 30, signature: "样例" },
    by: "张三样例",
  }),
  "/admin/v1/qr/places": () => ({ kind: "window", subjectNo: "3", renew: false }),
};

/** Stands for a number that JSON can say and no number can be. */
const ENDLESS = "@endless@";
const HOSTILE: Readonly<Record<string, readonly unknown[]>> = {
  string: ["\0", "x\ud800y", "x".repeat(5000), "", "';--\u202e😀", "__proto__", 1, null, {}, []],
  number: [ENDLESS, -1, 1.5, 2 ** 53 + 2, -(2 ** 53), 0, "5", null, []],
  boolean: ["true", 1, null],
};

type Path = readonly (string | number)[];

const leavesOf = (value: unknown, at: Path = []): { readonly path: Path; readonly leaf: unknown }[] =>
  typeof value === "object" && value !== null
    ? Object.entries(value).flatMap(([key, inner]) => leavesOf(inner, [...at, Array.isArray(value) ? Number(key) : key]))
    : [{ path: at, leaf: value }];

const withLeaf = (value: unknown, [key, ...rest]: Path, leaf: unknown): unknown => {
  if (key === undefined) return leaf;
  const copy = Array.isArray(value) ? [...value] : { ...(value as object) };
  Object.assign(copy, { [key]: withLeaf((value as Record<string | number, unknown>)[key], rest, leaf) });
  return copy;
};

const textOf = (body: unknown): string => JSON.stringify(body).replaceAll(`"${ENDLESS}"`, "1e400");

let storage: TestStorage;
let world: EveryRoute;
beforeAll(async () => {
  storage = await (STORAGES[1] as (typeof STORAGES)[number]).create();
  world = await EveryRoute.open(storage);
});
afterAll(async () => {
  await world.close();
  await storage.remove();
});

const send = async (url: string, body: string) => {
  const path = url.replace(":windowPcId", "00000000-0000-4000-8000-000000000000").replace(":code", "0123456789AB");
  const answer = await world.ask({ method: "POST", url }, path, { "content-type": "application/json" }, body);
  return { status: answer.status, text: await answer.text() };
};

test("there is a sample for every route that takes JSON, but for the console's", () => {
  const other =
    /^\/console\/|^\/[QqWwRr]\/|\/(imports|entry-files)$|\/(revoke|retake|close)$|^\/admin\/v1\/qr\/keys$|^\/admin\/v1\/access\//;
  const taking = world.routes.filter(({ method, url }) => method === "POST" && !other.test(url)).map(({ url }) => url);
  expect(taking.toSorted()).toEqual(Object.keys(SAMPLES).toSorted());
});

describe.each(Object.entries(SAMPLES))("POST %s", (url, sampleOf) => {
  test("answers any value in any field with a reason, and never fails", async () => {
    const sample = sampleOf(world.pc);
    for (const { path, leaf } of leavesOf(sample)) {
      for (const value of HOSTILE[typeof leaf] ?? []) {
        const { status, text } = await send(url, textOf(withLeaf(sample, path, value)));
        const what = `${path.join(".")} = ${JSON.stringify(value).slice(0, 30)}`;
        expect([what, status, text]).toEqual([what, expect.toSatisfy((code: number) => code < 500), text]);
      }
    }
  });

  test("refuses a field that nobody asked for by its name", async () => {
    const sample = sampleOf(world.pc) as object;
    const { status, text } = await send(url, JSON.stringify({ ...sample, nobodyAskedFor: 1 }));
    // Window PCs of a later version tell more (docs/sync.md), and what they tell more is passed over.
    if (["/sync/v1/heartbeats", "/sync/v1/pushes/take"].includes(url)) return expect([status, text]).toEqual([200, expect.any(String)]);
    if (url === "/sync/v1/pushes/answer") return expect([status, text]).toEqual([404, expect.stringContaining("no such push")]);
    // The gateway of a site sends what it likes beside the three fields.
    if (url === "/api/v1/sms/replies") expect([status, text]).toEqual([200, '{"answer":"duplicate"}']);
    else expect([status, text]).toEqual([400, expect.stringContaining("nobodyAskedFor")]);
  });
});

test("afterwards everything that was taken can be read", async () => {
  for (const url of [
    "/api/v1/ratings",
    "/api/v1/entries/summary",
    "/api/v1/set-aside",
    "/api/v1/jobs",
    "/api/v1/sms/replies",
    "/admin/v1/site",
    "/api/v1/cases/refused",
    "/api/v1/ratings/refused",
  ]) {
    const answer = await world.ask({ method: "GET", url }, url);
    expect([url, answer.status]).toEqual([url, 200]);
    await answer.json();
  }
  const down = await world.ask({ method: "GET", url: "/api/v1/down" }, `/api/v1/down?windowPcId=${world.pc.windowPcId}`);
  expect(down.status).toBe(200);
});
