import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { china, DAY_MS, FRESH_STORAGES, HOUR_MS, JobWorld } from "../../test/job-world.ts";
import type { TestStorage } from "../../test/storages.ts";
import { inTransaction } from "../database/transaction.ts";
import { textParts } from "../jobs/jobs.ts";
import { readRulesInForce } from "../jobs/rules-in-force.ts";
import { boundTo } from "./contact-keys.ts";
import { takeReply } from "./replies.ts";

const MONDAY = china("2026-03-02 09:00");
const PHONE = "13000000001";

describe.each(FRESH_STORAGES)("replies on $name", ({ start }) => {
  let storages: Awaited<ReturnType<typeof start>>;
  let storage: TestStorage;
  let world: JobWorld;
  let replies = 0;
  beforeAll(async () => {
    storages = await start();
  });
  afterAll(() => storages.stop());
  beforeEach(async () => {
    storage = await storages.fresh();
    world = await JobWorld.open(storage);
    await world.chooseRegion("linxia");
  });
  afterEach(async () => {
    await world.close();
    await storage.remove();
  });

  const reply = (text: string, { phone = PHONE, messageId = `mo-${++replies}` } = {}) =>
    inTransaction(world.db, async (tx) => {
      const rules = await readRulesInForce(tx, world.book, world.nowMs);
      const policy = await world.policies.inForce(tx);
      const { keys, nowMs } = world;
      return takeReply(tx, { messageId, phone, text }, { keys, text: textParts(rules), policy, thank: rules.settings.thank, nowMs });
    });
  /** Cases that were completed one after another, each with its reminder sent. */
  const reminded = async (count: number): Promise<string[]> => {
    const cases: string[] = [];
    for (let index = 0; index < count; index++) cases.push(await world.tell({ completedAtMs: MONDAY + index, phone: PHONE }));
    world.nowMs = MONDAY + DAY_MS + 1000;
    await world.run();
    world.gateway.sends.length = 0;
    return cases;
  };

  test("a reply rates the item of the reminded case by the channel sms, and is thanked with a receipt code that is nowhere in clear", async () => {
    const [caseNo] = (await reminded(1)) as [string];
    expect(await reply(" ５。", { phone: "+86 130-0000-0001" })).toBe("rated");
    expect((await world.ratings(caseNo)).rows).toMatchObject([{ channel: "sms", level: 5, subject: "item", standing: "first" }]);
    await world.run();
    const text = world.gateway.sends[0]?.text ?? "";
    const code = /[0-9A-Z]{4}-[0-9A-Z]{4}-[0-9A-Z]{4}/.exec(text)?.[0] ?? "none";
    expect(text).toContain("非常满意");
    expect(JSON.stringify(await world.messages())).not.toContain(code);
    expect(code).not.toBe("none");
  });

  test("the same reply again is a duplicate and changes nothing, even when several come at once", async () => {
    const [caseNo] = (await reminded(1)) as [string];
    const answers = await Promise.all(Array.from({ length: 5 }, () => reply("4", { messageId: "mo-same" })));
    expect(answers.toSorted()).toEqual(["duplicate", "duplicate", "duplicate", "duplicate", "rated"]);
    expect(await reply("1", { messageId: "mo-same" })).toBe("duplicate");
    expect((await world.ratings(caseNo)).rows).toHaveLength(1);
  });

  test("several reminders are answered newest first, and what comes after all are rated corrects the newest", async () => {
    const [first, second] = (await reminded(2)) as [string, string];
    expect([await reply("5"), await reply("2"), await reply("3")]).toEqual(["rated", "rated", "rated"]);
    const levels = async (caseNo: string) => (await world.ratings(caseNo)).rows.map(({ level, standing }) => [level, standing]);
    expect(await levels(first)).toEqual([[2, "first"]]);
    expect(await levels(second)).toEqual([
      [5, "first"],
      [3, "correction"],
    ]);
  });

  test("a reply after the default rating replaces it", async () => {
    const [caseNo] = (await reminded(1)) as [string];
    world.nowMs = MONDAY + 10 * DAY_MS;
    await world.run();
    expect((await world.ratings(caseNo)).item).toBe("default");
    expect(await reply("非常不满意")).toBe("rated");
    expect((await world.ratings(caseNo)).rows).toMatchObject([
      { channel: "default" },
      { channel: "sms", level: 1, standing: "correction" },
    ]);
  });

  test("what is not understood gets one helpful answer a day, and rates nothing", async () => {
    const [caseNo] = (await reminded(1)) as [string];
    for (const text of ["差评", "？？", "办得不错"]) expect(await reply(text)).toBe("unclear");
    await world.run();
    expect(world.gateway.sends.map(({ text }) => text)).toEqual([expect.stringContaining("请只回复一个数字：5非常满意")]);
    expect((await world.ratings(caseNo)).rows).toEqual([]);
    world.nowMs += DAY_MS + HOUR_MS;
    await reply("哦");
    await world.run();
    expect(world.gateway.sends).toHaveLength(2);
  });

  test("a phone that was never reminded is told so, once, and rates nothing", async () => {
    await reminded(1);
    expect([await reply("5", { phone: "13000000099" }), await reply("5", { phone: "13000000099" })]).toEqual([
      "nothing-open",
      "nothing-open",
    ]);
    await world.run();
    expect(world.gateway.sends.map(({ phone, text }) => [phone, text.includes("没有找到")])).toEqual([["13000000099", true]]);
  });

  test("who asks for peace gets no further reminder", async () => {
    await reminded(1);
    expect(await reply("T")).toBe("opted-out");
    await world.tell({ completedAtMs: world.nowMs - DAY_MS + 1, phone: PHONE });
    world.nowMs += HOUR_MS;
    await world.run();
    expect(world.gateway.sends).toEqual([]);
    expect((await world.messages()).map(({ state }) => state)).toEqual(["accepted", "opted-out"]);
  });

  test("a flood from one phone is refused, leaves nothing behind, and keeps nobody else out", async () => {
    const [caseNo] = (await reminded(1)) as [string];
    const other = await world.tell({ completedAtMs: MONDAY, phone: "13000000002" });
    await world.run();
    for (let number = 0; number < 20; number++) await reply("？");
    await expect(reply("1")).rejects.toMatchObject({ code: "WR7029" });
    const flood = await Promise.allSettled(Array.from({ length: 30 }, () => reply("1")));
    expect(flood.every(({ status }) => status === "rejected")).toBe(true);
    expect(await world.db.selectFrom("sms_replies").select("reply_no").execute()).toHaveLength(20);
    expect((await world.ratings(caseNo)).rows).toEqual([]);
    expect(await reply("5", { phone: "13000000002" })).toBe("rated");
    expect((await world.ratings(other)).item).toBe("sms");
    world.nowMs += HOUR_MS + 1;
    expect(await reply("4")).toBe("rated");
  });

  test("neither the phone nor the words of a reply are in the database in clear, and with the key they can be read", async () => {
    await reminded(1);
    await reply("样例的话", { messageId: "mo-words" });
    const rows = await world.db.selectFrom("sms_replies").innerJoin("sealed_texts", "subject_no", "reply_no").selectAll().execute();
    expect(JSON.stringify(rows)).not.toMatch(/13000000001|样例/);
    expect(world.keys.open(rows[0]?.sealed ?? "", boundTo("reply", "mo-words"))).toEqual({ phone: PHONE, words: "样例的话" });
  });
});
