import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { BusinessWorld, iso } from "../../test/business-world.ts";
import { choose, faultOn, openPage, rateAt, receiptOn, send } from "../../test/citizen.ts";
import { CitizenWorld } from "../../test/citizen-world.ts";
import { STORAGES, type TestStorage } from "../../test/storages.ts";

describe.each(STORAGES)("the code of a case on $name", ({ create }) => {
  let storage: TestStorage;
  let citizen: CitizenWorld;
  beforeAll(async () => {
    storage = await create();
    citizen = await CitizenWorld.open(storage);
  });
  afterAll(async () => {
    await citizen.close();
    await storage.remove();
  });
  beforeEach(() => citizen.calm());

  test("leads to five equal buttons with nothing chosen, then to the reasons of the level, then to thanks with a receipt code", async () => {
    const { caseNo, url } = await citizen.served();
    const first = await openPage(url);
    expect([first.status, first.text.match(/<button name="level"/g)?.length, first.text.includes("checked")]).toEqual([200, 5, false]);
    expect(first.text).toContain("居民身份证换领");
    expect(first.text).not.toMatch(new RegExp(`${caseNo}|张三样例|1001|<script`));
    const second = await choose(first, 2);
    expect([second.status, second.text.includes("窗口人员业务不熟练"), second.text.includes("checked")]).toEqual([200, true, false]);
    expect(await citizen.ratingsOf(caseNo)).toEqual([]);
    const third = await send(second, { reasons: ["213", "214"] });
    expect([third.status, receiptOn(third)]).toEqual([200, expect.stringMatching(/^[0-9A-Z]{4}-[0-9A-Z]{4}-[0-9A-Z]{4}$/)]);
    expect(third.text).toContain("<svg");
    const visit = await citizen.world.visit(caseNo);
    expect(await citizen.ratingOf(visit?.staff_rating)).toMatchObject({
      channel: "dynamic-qr",
      subject: "staff",
      level: 2,
      standing: "first",
      reasons_version: "2020",
      reason_codes: "213,214",
      staff_no: "1001",
      window_no: "3",
      person: null,
    });
    expect(JSON.parse((await citizen.ratingOf(visit?.staff_rating)).origin ?? "")).toMatchObject({
      issuedBy: expect.stringMatching(/^system \d+$/),
    });
  });

  test("asks for the clerk first and for the item of a completed case after it, each once", async () => {
    const { caseNo, url } = await citizen.served();
    const thanks = await rateAt(url, 5);
    expect(thanks.text).toContain("继续：评价办理的事项");
    await rateAt(url, 4);
    const rated = await citizen.ratingsOf(caseNo);
    expect(rated.map(({ subject, level }) => [subject, level])).toEqual([
      ["staff", 5],
      ["item", 4],
    ]);
    expect((await citizen.world.case(caseNo))?.item_rating).toBe(rated[1]?.seq);
    const third = await openPage(url);
    expect([third.status, faultOn(third)]).toEqual([409, "WR7042"]);
  });

  test("of a case that is not completed asks for the clerk alone, and for the item when it is", async () => {
    const { caseNo, url } = await citizen.served({ completedAt: undefined });
    expect((await rateAt(url, 3)).text).not.toContain("继续");
    expect(faultOn(await openPage(url))).toBe("WR7042");
    await citizen.world.tell([{ ...citizen.world.report({ caseNo }), visit: undefined }]);
    await rateAt(url, 5);
    expect((await citizen.ratingsOf(caseNo)).map(({ subject }) => subject)).toEqual(["staff", "item"]);
    const early = citizen.world.report({ completedAt: undefined, visit: undefined });
    await citizen.world.tell([early]);
    expect(faultOn(await openPage((await citizen.issue({ caseNo: early.caseNo })).url))).toBe("WR7023");
  });

  test("is one question for clerk and item where the region rates a service once (002 5.2)", async () => {
    await citizen.site({ region: "siping" });
    const { caseNo, url } = await citizen.served();
    expect((await rateAt(url, 4)).text).not.toContain("继续");
    const [staff, item] = await citizen.ratingsOf(caseNo);
    expect([staff?.subject, item?.subject, item?.shared_from === staff?.seq]).toEqual(["staff", "item", true]);
    expect((await citizen.world.case(caseNo))?.item_rating).toBe(item?.seq);
  });

  test("corrects in private what was pressed at the counter", async () => {
    const pc = await citizen.world.enrolled();
    const pressedCase = async () => {
      const body = pc.rating({ level: 5 });
      await pc.send(citizen.world.url, [pc.entry(body)], citizen.world.nowMs);
      return body.binding.caseNo;
    };
    const caseNo = await pressedCase();
    await rateAt((await citizen.issue({ caseNo, visitNo: 1 })).url, 1);
    const [press, corrected] = (await citizen.ratingsOf(caseNo)).filter(({ subject }) => subject === "staff");
    expect([press?.channel, corrected?.standing, corrected?.supersedes === press?.seq]).toEqual(["pad", "correction", true]);
  });

  test("for a visit that only a window PC knows is made by that PC, and makes the visit known when it is used", async () => {
    const pc = await citizen.world.enrolled();
    const wanted = {
      ...{ windowPcId: pc.windowPcId, caseNo: "NEW-1", visitNo: 2, caseCompleted: false, itemCode: "ITEM-09", itemName: "新生儿登记" },
      ...{ staffNo: "1002", clerkName: "李四样例", endedAt: iso(citizen.world.nowMs), svg: true },
    };
    expect((await citizen.world.post("/sync/v1/qr-codes", wanted, "not-its-token")).status).toBe(401);
    const response = await citizen.world.post("/sync/v1/qr-codes", wanted, pc.token);
    const { url, svg } = (await response.json()) as { url: string; svg: string };
    expect([response.status, svg.startsWith("<svg")]).toEqual([201, true]);
    expect((await openPage(url)).text).toContain("新生儿登记");
    expect(await citizen.world.visit("NEW-1", 2)).toBeUndefined();
    await rateAt(url, 4);
    const visit = await citizen.world.visit("NEW-1", 2);
    expect([visit?.staff_no, visit?.window_no, (await citizen.ratingOf(visit?.staff_rating)).level]).toEqual(["1002", "3", 4]);
    const unknown = await citizen.world.post("/api/v1/qr-codes", { caseNo: "NOBODY", visitNo: 1 }, citizen.token);
    expect(unknown.status).toBe(404);
  });

  test("asks for what is missing with everything still filled in, and shows it back as text, never as markup", async () => {
    await citizen.site({ badNeedsReason: true });
    const { caseNo, url } = await citizen.served();
    const second = await choose(await openPage(url), 1);
    const bare = await send(second, { name: `"><script>alert(1)</script>` });
    expect([bare.status, bare.text.includes('role="alert"'), bare.text.includes("请选择一项原因")]).toEqual([422, true, true]);
    expect(bare.text).toContain("&quot;&gt;&lt;script&gt;alert(1)&lt;/script&gt;");
    expect(bare.text).not.toContain("<script");
    const wrongPhone = await send(second, { words: "</textarea><img src=x onerror=alert(1)>", phone: "abc" });
    expect([wrongPhone.status, wrongPhone.text.includes("请核对电话号码")]).toEqual([422, true]);
    expect(wrongPhone.text).not.toContain("<img");
    const tooLong = await send(second, { words: "长".repeat(201) });
    expect([tooLong.status, tooLong.text.includes("最多200字")]).toEqual([422, true]);
    const strayReason = await send(second, { reasons: ["510"] });
    expect(strayReason.status).toBe(422);
    expect(await citizen.ratingsOf(caseNo)).toEqual([]);
    expect(receiptOn(await send(second, { words: "等候太久" }))).toBeDefined();
  });

  test("is closed where the site has closed it, also for a page that was open before", async () => {
    const { caseNo, url } = await citizen.served();
    const page = await choose(await openPage(url), 5);
    await citizen.site({ closedChannels: ["dynamic-qr"] });
    for (const closed of [await openPage(url), await send(page)]) expect([closed.status, faultOn(closed)]).toEqual([403, "WR7026"]);
    expect(await citizen.ratingsOf(caseNo)).toEqual([]);
    await citizen.site({ closedChannels: [] });
    expect(receiptOn(await send(page))).toBeDefined();
  });

  test("is taken for five working days where the region says so (004 四(二)), and corrects after them what was pressed", async () => {
    await citizen.site({ region: "yantai", correctWithinDays: 30 });
    const { url } = await citizen.served();
    const pressed = citizen.world.report();
    await citizen.world.tell([pressed]);
    const pc = await citizen.world.enrolled();
    const body = pc.rating({ level: 5 });
    await pc.send(citizen.world.url, [pc.entry(body)], citizen.world.nowMs);
    const own = await citizen.issue({ caseNo: body.binding.caseNo, visitNo: 1, validMinutes: 40_000 });
    const later = await citizen.issue({ caseNo: pressed.caseNo, visitNo: 1, validMinutes: 40_000 });
    // Served on Monday, 2026-03-02: until the end of Monday, 2026-03-09.
    citizen.world.nowMs = Date.UTC(2026, 2, 9, 15, 59);
    // A week's code is over by then, its page as well.
    expect(faultOn(await openPage(url))).toBe("WR7041");
    const page = await choose(await openPage(later.url), 5);
    citizen.world.nowMs += 60_001;
    const late = await send(page);
    expect([late.status, faultOn(late)]).toEqual([403, "WR7024"]);
    expect(receiptOn(await rateAt(own.url, 2))).toBeDefined();
  });

  test.each([
    ["yantai", "欢迎实名评价", "欢迎实名评价"],
    ["weihai-lingang", "希望工作人员回访", undefined],
    ["xishuangbanna", undefined, undefined],
  ])("in %s invites a name as the document has it, filled in by nobody and needed by nobody", async (region, bad, good) => {
    await citizen.site({ region });
    for (const [level, words] of [
      [1, bad],
      [5, good],
    ] as const) {
      const visit = { visitNo: 1, windowNo: "3", staffNo: "1001", clerkName: "张三样例", endedAt: iso(citizen.world.nowMs) };
      const { url } = await citizen.served({ visit, completedAt: undefined });
      const page = await choose(await openPage(url), level);
      for (const one of ["欢迎实名评价", "希望工作人员回访"])
        expect([level, one, page.text.includes(one)]).toEqual([level, one, one === words]);
      expect(page.text).toMatch(/name="name" type="text"[^>]* value="">/);
      expect(page.text).toMatch(/name="phone" type="tel"[^>]* value="">/);
      expect((await send(page)).status).toBe(200);
    }
  });

  test("where a real name is needed, a link in an agency's own pages asks for it and takes nothing without", async () => {
    await citizen.site({ region: "siping" });
    const report = citizen.world.report({ visit: undefined });
    await citizen.world.tell([report]);
    const { url } = await citizen.issue({ caseNo: report.caseNo, channel: "web" });
    const second = await choose(await openPage(url), 4);
    expect(second.text.match(/ required/g)).toHaveLength(2);
    const nameless = await send(second, { name: "王五样例" });
    expect([nameless.status, nameless.text.includes("请填写姓名和电话")]).toEqual([422, true]);
    expect(receiptOn(await send(second, { name: "王五样例", phone: "13800001234" }))).toBeDefined();
    expect((await citizen.ratingsOf(report.caseNo)).map(({ channel, named }) => [channel, named])).toEqual([["web", "claimed"]]);
  });
});

test("where central has no keys the pages say so and nothing else", async () => {
  const storage = await (STORAGES[0] as (typeof STORAGES)[number]).create();
  const world = await BusinessWorld.open(storage, { contactKeys: undefined });
  try {
    const page = await openPage(`${world.url}/q/${"0".repeat(32)}`);
    expect([page.status, faultOn(page)]).toEqual([503, "WR7044"]);
  } finally {
    await world.close();
    await storage.remove();
  }
});
