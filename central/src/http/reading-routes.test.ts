import { get } from "node:http";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { STORAGES, type TestStorage } from "../../test/storages.ts";
import { MORNING_MS, WindowPc } from "../../test/window-pc.ts";
import { type Central, startCentral } from "../central.ts";
import { SCHEMA_VERSION } from "../database/migrate.ts";
import type { Counts } from "../reading/counts.ts";
import type { readOutcomes } from "../reading/outcomes.ts";

type Outcomes = Awaited<ReturnType<typeof readOutcomes>>;

describe.each(STORAGES)("reading on $name", ({ create }) => {
  let storage: TestStorage;
  let central: Central;
  let pc: WindowPc;
  let other: WindowPc;

  beforeAll(async () => {
    storage = await create();
    central = await startCentral({ ...storage.storage, port: 0, now: () => MORNING_MS });
    [pc, other] = [new WindowPc("reading 1", "3"), new WindowPc("reading 2", "4")];
    for (const one of [pc, other]) await one.enrol(central.url, (await central.makeEnrolmentCode(one.windowNo)).code);
    const late = pc.requestId();
    await pc.send(
      central.url,
      [
        ...pc.entries(8),
        pc.entry(pc.notRated({ requestId: late })),
        pc.entry(pc.notRated({ reason: "cancelled" })),
        pc.entry(pc.rating({ requestId: late, level: 1, circumstance: "after-timeout" })),
        pc.entry(pc.unbound()),
      ],
      MORNING_MS,
    );
    await other.send(central.url, other.entries(5), MORNING_MS);
  });
  afterAll(async () => {
    await central.close();
    await storage.remove();
  });

  const read = async (query: string): Promise<Outcomes> =>
    (await fetch(`${central.url}/api/v1/ratings?${query}`)).json() as Promise<Outcomes>;
  /** All pages of a query, or those after one. */
  const all = async (query: string, limit = 200, after?: string | null) => {
    const found: Outcomes["ratings"] = [];
    for (let next = after; next !== null; ) {
      const page = await read(`${query}&limit=${limit}${next === undefined ? "" : `&after=${next}`}`);
      found.push(...page.ratings);
      next = page.next;
    }
    return found;
  };

  test("everything is listed, newest first", async () => {
    const found = await all("");
    expect(found).toHaveLength(17);
    expect(found.map(({ seq }) => seq)).toEqual(found.map(({ seq }) => seq).sort((a, b) => b - a));
    expect(found[0]?.windowNo).toBe("4");
  });

  test("pages of any size join to the same list, without gaps or repeats", async () => {
    const whole = await all("");
    for (const limit of [1, 4, 17]) expect(await all("", limit)).toEqual(whole);
  });

  test("pages stay the same while new ratings come in", async () => {
    const first = await read("limit=5");
    const rest = await all("", 5, first.next);
    await other.send(central.url, other.entries(1), MORNING_MS);
    expect(await all("", 5, first.next)).toEqual(rest);
  });

  test("filters narrow the list by window, clerk, level, kind and time", async () => {
    expect((await all("window=4")).every(({ windowNo, kind }) => windowNo === "4" && kind === "rating")).toBe(true);
    const ofClerk = await all("staffNo=1001");
    expect(ofClerk.length).toBeGreaterThan(0);
    expect(ofClerk.every(({ staffNo }) => staffNo === "1001")).toBe(true);
    const levelFour = await all("level=4");
    expect(levelFour.every(({ level, kind }) => level === 4 && kind === "rating")).toBe(true);
    expect(levelFour.length).toBeGreaterThan(0);
    expect((await all("kind=unbound")).map(({ kind, clerkName }) => [kind, clerkName])).toEqual([["unbound", null]]);
    const from = new Date(MORNING_MS + 3 * 60_000).toISOString();
    const to = new Date(MORNING_MS + 5 * 60_000).toISOString();
    const between = await all(`window=3&from=${from}&to=${to}`);
    expect(between.map(({ caseNo }) => caseNo)).toEqual(
      ["CASE-reading 1-4", "CASE-reading 1-3"].map((caseNo) => expect.stringMatching(caseNo)),
    );
  });

  test("I10: a request without a rating has no level, and says when it was rated later", async () => {
    const found = await all("kind=not-rated");
    expect(found.map(({ level, reason, ratedLater }) => ({ level, reason, ratedLater }))).toEqual([
      { level: null, reason: "cancelled", ratedLater: false },
      { level: null, reason: "timed-out", ratedLater: true },
    ]);
  });

  test("a filter that is not understood gets WR7001 and names the field", async () => {
    const queries = [
      "level=6",
      "limit=201",
      "limit=0",
      "after=x",
      "from=yesterday",
      "window=%00",
      "kind=default",
      "windows=3",
      "limit=1&limit=2",
    ];
    for (const query of queries) {
      const response = await fetch(`${central.url}/api/v1/ratings?${query}`);
      const { error } = (await response.json()) as { error: { code: string; detail: string } };
      expect([query, response.status, error.code]).toEqual([query, 400, "WR7001"]);
      expect(error.detail).toMatch(/level|limit|after|from|window|kind/);
    }
  });

  test("the live feed tells the counts at once, and again when another instance takes something", async () => {
    const beside =
      "databaseUrl" in storage.storage ? await startCentral({ ...storage.storage, port: 0, now: () => MORNING_MS }) : undefined;
    const stream = await fetch(`${central.url}/api/v1/live`);
    expect(stream.headers.get("content-type")).toContain("text/event-stream");
    const reader = stream.body?.pipeThrough(new TextDecoderStream()).getReader();
    let text = "";
    const nextCounts = async (): Promise<Counts> => {
      for (;;) {
        const found = /event: changed\ndata: (.*)\n\n/.exec(text);
        if (found?.[1] !== undefined) {
          text = text.slice(found.index + found[0].length);
          return JSON.parse(found[1]) as Counts;
        }
        text += (await reader?.read())?.value ?? "";
      }
    };
    const before = await nextCounts();
    await other.send((beside ?? central).url, other.entries(2), MORNING_MS);
    let after = await nextCounts();
    while (after.ratings < before.ratings + 2) after = await nextCounts();
    expect(after).toEqual({ ...before, ratings: before.ratings + 2 });
    await reader?.cancel();
    await beside?.close();
  });
});

describe("addresses", () => {
  let storage: TestStorage;
  let central: Central;
  beforeAll(async () => {
    storage = await (STORAGES[0] as (typeof STORAGES)[number]).create();
    central = await startCentral({ ...storage.storage, port: 0 });
  });
  afterAll(async () => {
    await central.close();
    await storage.remove();
  });

  /** A request with headers that fetch would not send. */
  const raw = (path: string, headers: Record<string, string>): Promise<number | undefined> =>
    new Promise((resolve, reject) => {
      get(`${central.url}${path}`, { headers }, (response) => {
        response.resume();
        resolve(response.statusCode);
      }).once("error", reject);
    });

  test("an unknown address gets WR7012, a malformed one WR7001", async () => {
    const unknown = await fetch(`${central.url}/api/v1/nothing`);
    expect([unknown.status, ((await unknown.json()) as { error: { code: string } }).error.code]).toEqual([404, "WR7012"]);
    const malformed = await fetch(`${central.url}/api/%zz`);
    expect([malformed.status, ((await malformed.json()) as { error: { code: string } }).error.code]).toEqual([400, "WR7001"]);
  });

  test("a page of another name that points at this machine reads nothing: WR7014", async () => {
    for (const path of ["/api/v1/ratings", "/api/v1/live", "/api/v1/entries/summary"]) {
      expect([path, await raw(path, { host: "evil.example" })]).toEqual([path, 403]);
    }
    expect(await raw("/api/v1/ratings", { host: "localhost:7300" })).toBe(200);
  });

  test("codes are made only for who holds the token of the data folder: WR7017", async () => {
    const ask = (authorization: string) =>
      fetch(`${central.url}/admin/v1/enrolment-codes`, {
        method: "POST",
        body: '{"windowNo":"3"}',
        headers: { "content-type": "application/json", authorization },
      });
    for (const wrong of ["", "Bearer", `Bearer ${"x".repeat(43)}`]) expect((await ask(wrong)).status).toBe(401);
  });

  test("healthz answers without naming anything", async () => {
    expect(await (await fetch(`${central.url}/healthz`)).json()).toEqual({ status: "ok", schemaVersion: SCHEMA_VERSION });
  });
});
