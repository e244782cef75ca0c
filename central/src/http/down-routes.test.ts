import { DOWN_PAGE, type DownAnswer, downAnswerSchema } from "@window-rating/protocol/sync";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { BusinessWorld, errorOf, TEST_KEYS } from "../../test/business-world.ts";
import { STORAGES, type TestStorage } from "../../test/storages.ts";
import type { WindowPc } from "../../test/window-pc.ts";
import { ChannelKeys } from "../channels/keys.ts";
import { codeOfPlace } from "../channels/static-codes.ts";
import { inTransaction } from "../database/transaction.ts";
import { openRuleBook } from "../policy/rule-book.ts";
import { changeSite } from "../ratings/site.ts";

describe.each(STORAGES)("what flows down on $name", ({ create }) => {
  let storage: TestStorage;
  let world: BusinessWorld;
  let pc: WindowPc;
  beforeAll(async () => {
    storage = await create();
    world = await BusinessWorld.open(storage);
    pc = await world.enrolled();
  });
  afterAll(async () => {
    await world.close();
    await storage.remove();
  });

  const ask = (query: string, headers: Record<string, string> = {}) =>
    fetch(`${world.url}/api/v1/down?windowPcId=${pc.windowPcId}&${query}`, {
      headers: { authorization: `Bearer ${pc.token}`, ...headers },
    });
  const down = async (query: string): Promise<DownAnswer> => downAnswerSchema.parse(await (await ask(query)).json());
  const clerks = (...entries: { staffNo: string; name: string }[]) => world.post("/api/v1/registry", { kind: "clerk", entries });

  test("is the whole roster at first, then what has changed since, with what was taken away", async () => {
    await clerks({ staffNo: "1", name: "张三样例" }, { staffNo: "2", name: "李四样例" });
    await world.post("/api/v1/registry", { kind: "item", entries: [{ itemCode: "I-1", name: "换证" }] });
    const first = await down("since=0");
    expect(first).toMatchObject({
      since: 0,
      more: false,
      clerks: [{ staffNo: "1", name: "张三样例" }, { staffNo: "2" }],
      items: [{ itemCode: "I-1", itemName: "换证" }],
    });
    expect(first.reasons?.version).toBe("2020");
    expect(await down(`since=${first.version}&reasons=2020`)).toMatchObject({
      version: first.version,
      clerks: [],
      items: [],
      reasons: null,
    });
    await clerks({ staffNo: "2", name: "李四样例甲" });
    await world.post("/api/v1/registry", { kind: "clerk", remove: ["1"] });
    const change = await down(`since=${first.version}&reasons=2020`);
    expect(change.clerks).toEqual([
      { staffNo: "2", name: "李四样例甲" },
      { staffNo: "1", name: null },
    ]);
    expect((await down("since=0")).clerks).toEqual([{ staffNo: "2", name: "李四样例甲" }]);
  });

  test("is spared by its tag when nothing has changed, and not when anything has", async () => {
    const answer = await ask("since=0");
    const etag = answer.headers.get("etag") ?? "";
    expect(answer.headers.get("cache-control")).toBe("private, no-cache");
    const again = await ask("since=0", { "if-none-match": etag });
    expect([again.status, await again.text()]).toEqual([304, ""]);
    await inTransaction(world.db, (tx) => changeSite(tx, openRuleBook(), { manualTrigger: false }, "张三样例", world.nowMs));
    expect((await ask("since=0", { "if-none-match": etag })).status).toBe(200);
  });

  test("carries the site's policy: region, its words for the levels, whether a clerk may end a case", async () => {
    await inTransaction(world.db, (tx) => changeSite(tx, openRuleBook(), { region: "linxia" }, "张三样例", world.nowMs));
    const { site } = await down("since=0");
    expect(site).toMatchObject({
      region: "linxia",
      regionName: "临夏回族自治州",
      packVersion: openRuleBook().pack("linxia").pack.version,
      calendar: { version: openRuleBook().calendar("linxia").version, firstYear: 2020, lastYear: expect.any(Number) },
      manualTrigger: false,
    });
    expect(site.labels.map(({ level, label }) => `${level} ${label}`)).toEqual([
      "1 非常不满意",
      "2 不满意",
      "3 基本满意",
      "4 满意",
      "5 非常满意",
    ]);
    expect(site.version).toBeGreaterThan(1);
  });

  test("carries what the site decided for its clerks: after how long they are signed out, and what they see of their own ratings", async () => {
    expect((await down("since=0")).site).toMatchObject({ idleMinutes: null, ownTotals: null, totalsDelayHours: null });
    const choices = { idleMinutes: 15, ownTotals: true, totalsDelayHours: 48 };
    await inTransaction(world.db, (tx) => changeSite(tx, openRuleBook(), choices, "张三样例", world.nowMs));
    expect((await down("since=0")).site).toMatchObject(choices);
  });

  test("carries the public key that citizens' words are sealed with", async () => {
    expect((await down("since=0")).site.contactKey).toBe(TEST_KEYS.publicKey);
  });

  test("carries what stands on a clerk's card, and of each clerk apart whether it bears the party emblem", async () => {
    const card = { title: "综合窗口", stars: 4 };
    const entries = [
      { staffNo: "31", name: "张三样例", ...card, partyMember: true },
      { staffNo: "32", name: "李四样例", ...card, partyMember: false },
      { staffNo: "33", name: "王五样例" },
    ];
    const { version } = await down("since=0");
    await world.post("/api/v1/registry", { kind: "clerk", entries });
    expect((await down(`since=${version}`)).clerks).toEqual(entries);
  });

  test("carries the static codes of the windows that this PC serves, and of no other; one that was renewed in the place of the one before", async () => {
    const keys = new ChannelKeys(TEST_KEYS);
    const codeOf = (subjectNo: string, renew = false) =>
      inTransaction(world.db, (tx) => codeOfPlace(tx, keys, { kind: "window", subjectNo }, renew, world.nowMs));
    const own = await codeOf("3");
    const beside = await codeOf("4");
    await codeOf("99");
    expect((await down("since=0")).windowCodes).toEqual([]);
    await inTransaction(world.db, (tx) => changeSite(tx, openRuleBook(), { publicUrl: "https://pj.example" }, "张三样例", world.nowMs));
    expect((await down("since=0")).windowCodes).toEqual([{ windowNo: "3", url: `https://pj.example/W/${own}` }]);
    const status = { version: "0.1.0", startedAtMs: 1, queue: { waiting: 0, oldestWaitingAtMs: null, setAside: 0 } };
    const pad = { connection: "ready", model: null, serialNumber: null, cause: null, sinceMs: null };
    const windows = ["3", "4"].map((windowNo) => ({ windowNo, pad, clerks: [] }));
    const told = await world.post(
      "/sync/v1/heartbeats",
      { windowPcId: pc.windowPcId, sentAtMs: world.nowMs, status: { ...status, windows } },
      pc.token,
    );
    expect(told.status).toBe(200);
    expect((await down("since=0")).windowCodes).toEqual([
      { windowNo: "3", url: `https://pj.example/W/${own}` },
      { windowNo: "4", url: `https://pj.example/W/${beside}` },
    ]);
    const renewed = await codeOf("4", true);
    expect(renewed).not.toBe(beside);
    expect((await down("since=0")).windowCodes?.[1]?.url).toBe(`https://pj.example/W/${renewed}`);
  });

  test("comes in pages, and pages join to the whole", async () => {
    const entries = Array.from({ length: DOWN_PAGE + 10 }, (_, index) => ({ itemCode: `P-${index}`, name: `事项 ${index}` }));
    for (let start = 0; start < entries.length; start += 1000) {
      await world.post("/api/v1/registry", { kind: "item", entries: entries.slice(start, start + 1000) });
    }
    const found = new Set<string>();
    let since = 0;
    for (;;) {
      const page = await down(`since=${since}&reasons=2020`);
      for (const { itemCode } of page.items) found.add(itemCode);
      since = page.version;
      if (!page.more) break;
    }
    expect(entries.every(({ itemCode }) => found.has(itemCode))).toBe(true);
  });

  test("starts over for a window PC that has seen more than this central has", async () => {
    const whole = await down("since=999999999");
    expect([whole.since, whole.clerks.length > 0]).toEqual([0, true]);
  });

  test("is for enrolled window PCs alone: WR7002, and WR7001 for a query that is none", async () => {
    expect(await errorOf(await ask("since=0", { authorization: `Bearer ${"x".repeat(43)}` }))).toMatchObject({
      status: 401,
      code: "WR7002",
    });
    expect(await errorOf(await ask("since=0", { authorization: "" }))).toMatchObject({ code: "WR7002" });
    for (const query of ["since=-1", "since=x", "more=1", "since=0&since=1"])
      expect(await errorOf(await ask(query))).toMatchObject({ status: 400, code: "WR7001" });
  });
});
