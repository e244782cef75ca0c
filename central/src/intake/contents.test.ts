import { sql } from "kysely";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { BusinessWorld } from "../../test/business-world.ts";
import { STORAGES, type TestStorage } from "../../test/storages.ts";
import { MORNING_MS } from "../../test/window-pc.ts";
import { inTransaction } from "../database/transaction.ts";
import { openRuleBook } from "../policy/rule-book.ts";
import { acceptRating } from "../ratings/accept.ts";
import { OPEN_POLICY } from "../ratings/policy.ts";
import { changeSite } from "../ratings/site.ts";
import { takeBatch } from "./batch.ts";

describe.each(STORAGES)("what entries of window PCs tell on $name", ({ create }) => {
  let storage: TestStorage;
  let world: BusinessWorld;
  beforeAll(async () => {
    storage = await create();
    world = await BusinessWorld.open(storage);
  });
  afterAll(async () => {
    await world.close();
    await storage.remove();
  });

  const rating = (seq: number | null | undefined) =>
    world.db
      .selectFrom("ratings")
      .selectAll()
      .where("seq", "=", seq ?? 0)
      .executeTakeFirstOrThrow();

  test("feeds visits, cases, seats and items: rated or not", async () => {
    const pc = await world.enrolled();
    const [rated, not] = [pc.rating(), pc.notRated({ reason: "timed-out" })];
    await pc.send(world.url, [pc.entry(rated), pc.entry(not), pc.entry(pc.unbound())], world.nowMs);
    expect(await world.visit(rated.binding.caseNo)).toMatchObject({
      window_no: "3",
      staff_no: rated.binding.staffNo,
      clerk_name: rated.binding.clerkName,
      ended_at_ms: rated.committedAt.wallMs,
      told_by: "window-pc",
      staff_rating: expect.any(Number),
    });
    expect(await world.visit(not.binding.caseNo)).toMatchObject({ staff_rating: null, ended_at_ms: not.endedAt.wallMs });
    expect(await world.case(rated.binding.caseNo)).toMatchObject({
      item_code: rated.binding.itemCode,
      completed_at_ms: rated.committedAt.wallMs,
      item_rating: null,
    });
    const seats = await world.db.selectFrom("clerk_days").selectAll().orderBy("staff_no").execute();
    expect(seats.map(({ window_no, day, staff_no, told_by }) => [window_no, day, staff_no, told_by])).toEqual([
      ["3", "2026-03-02", "1001", "window-pc"],
      ["3", "2026-03-02", "1002", "window-pc"],
    ]);
    const items = await world.db.selectFrom("seen_items").select("item_code").execute();
    expect(items).toHaveLength(2);
    await pc.send(world.url, pc.entries(20), world.nowMs);
    const widened = await world.db
      .selectFrom("clerk_days")
      .select(["first_at_ms", "last_at_ms"])
      .where("staff_no", "=", "1001")
      .executeTakeFirstOrThrow();
    expect(widened.last_at_ms - widened.first_at_ms).toBeGreaterThan(600_000);
  });

  test("a request that timed out and was rated in the same batch is a rated visit", async () => {
    const pc = await world.enrolled();
    const body = pc.rating({ circumstance: "after-timeout" });
    const { binding } = body;
    await pc.send(world.url, [pc.entry({ ...pc.notRated(), binding }), pc.entry(body)], world.nowMs);
    expect(await rating((await world.visit(binding.caseNo))?.staff_rating)).toMatchObject({
      level: body.level,
      channel: "pad",
      standing: "first",
    });
  });

  test("what a touchscreen took beside the level is kept with the rating: reasons in the open, words and contact sealed", async () => {
    const pc = await world.enrolled();
    const sealed = { keyId: "0123456789abcdef", data: "c2VhbGVk" };
    const answer = { reasonList: "2020", reasons: [213, 214], sealed, completed: "confirmed" as const, language: "zh-CN" };
    const [full, plain] = [
      { ...pc.rating({ level: 2 }), answer },
      { ...pc.rating({ level: 5 }), answer: { ...answer, reasonList: null, reasons: [], sealed: null } },
    ];
    await pc.send(world.url, [pc.entry(full), pc.entry(plain)], world.nowMs);
    const [withAnswer, without] = [await world.visit(full.binding.caseNo), await world.visit(plain.binding.caseNo)];
    expect(await rating(withAnswer?.staff_rating)).toMatchObject({ reasons_version: "2020", reason_codes: "213,214" });
    expect(await rating(without?.staff_rating)).toMatchObject({ reasons_version: null, reason_codes: null });
    const contacts = await world.db.selectFrom("rating_contacts").selectAll().execute();
    expect(contacts).toEqual([expect.objectContaining({ rating: withAnswer?.staff_rating, sealed: "0123456789abcdef c2VhbGVk" })]);
  });

  test("a press that comes after a default rating takes its place; both are kept", async () => {
    const pc = await world.enrolled();
    const told = world.report();
    await world.tell([told]);
    const subject = { kind: "staff", caseNo: told.caseNo, visitNo: 1 } as const;
    const byDefault = { channel: "default", key: told.caseNo, subject, level: 3, atMs: MORNING_MS } as const;
    const first = await inTransaction(world.db, (tx) => acceptRating(tx, byDefault, OPEN_POLICY, MORNING_MS));
    const press = pc.rating({ level: 1 });
    const late = pc.entry({ ...press, binding: { ...press.binding, caseNo: told.caseNo } });
    expect((await pc.send(world.url, [pc.entry(), late, pc.entry()], world.nowMs)).answers.map(({ answer }) => answer)).toEqual([
      "stored",
      "stored",
      "stored",
    ]);
    const effective = await rating((await world.visit(told.caseNo))?.staff_rating);
    expect(effective).toMatchObject({ level: 1, channel: "pad", standing: "correction", supersedes: "seq" in first ? first.seq : 0 });
  });

  test("where the region takes one rating, a press after another channel's is set aside with WR7020 and holds up no other", async () => {
    const pc = await world.enrolled();
    const told = world.report();
    await world.tell([told]);
    const subject = { kind: "staff", caseNo: told.caseNo, visitNo: 1 } as const;
    await inTransaction(world.db, (tx) =>
      acceptRating(tx, { channel: "dynamic-qr", key: told.caseNo, subject, level: 4, atMs: MORNING_MS }, OPEN_POLICY, MORNING_MS),
    );
    const press = pc.rating({ level: 1 });
    const entries = [pc.entry({ ...press, binding: { ...press.binding, caseNo: told.caseNo } }), pc.entry()];
    const policies = { ofVersion: async () => ({ ...OPEN_POLICY, second: "refuse" as const }) };
    const times = { sentAtMs: world.nowMs, nowMs: world.nowMs, policies };
    const sender = { windowPcId: pc.windowPcId, windowNo: "3", publicKey: pc.publicKey };
    const answers = async () => (await takeBatch(world.db, sender, entries, times)).answers.map(({ answer, code }) => code ?? answer);
    expect(await answers()).toEqual(["WR7020", "stored"]);
    expect(await answers()).toEqual(["WR7020", "duplicate"]);
    const aside = await world.db.selectFrom("set_aside").select(["code", "entry"]).where("window_pc_id", "=", pc.windowPcId).execute();
    expect(aside.map(({ code, entry }) => [code, JSON.parse(entry)])).toEqual([["WR7020", entries[0]]]);
    expect(await rating((await world.visit(told.caseNo))?.staff_rating)).toMatchObject({ level: 4, channel: "dynamic-qr" });
  });

  test("the site itself decides what a second rating is: refused from then on, and kept as a correction when it decides so again", async () => {
    const pc = await world.enrolled();
    const decide = (secondRating: "refused" | "private-correction" | null) =>
      inTransaction(world.db, (tx) => changeSite(tx, openRuleBook(), { region: "linxia", secondRating }, "张三样例", world.nowMs));
    const pressAfterAnother = async () => {
      const told = world.report();
      await world.tell([told]);
      const subject = { kind: "staff", caseNo: told.caseNo, visitNo: 1 } as const;
      await inTransaction(world.db, (tx) =>
        acceptRating(tx, { channel: "dynamic-qr", key: told.caseNo, subject, level: 4, atMs: MORNING_MS }, OPEN_POLICY, MORNING_MS),
      );
      const press = pc.rating({ level: 1 });
      const entry = pc.entry({ ...press, binding: { ...press.binding, caseNo: told.caseNo } });
      const [answer] = (await pc.send(world.url, [entry], world.nowMs)).answers;
      return answer?.code ?? answer?.answer;
    };
    expect(await pressAfterAnother()).toBe("stored");
    await decide("refused");
    expect(await pressAfterAnother()).toBe("WR7020");
    await decide("private-correction");
    expect(await pressAfterAnother()).toBe("stored");
    await decide(null);
    const { rows } = await sql<{ second: string | null; set_by: string }>`
      select content->>'secondRating' as second, set_by from site_policies order by version`.execute(world.db);
    expect(rows.slice(-3)).toEqual([
      { second: "refused", set_by: "张三样例" },
      { second: "private-correction", set_by: "张三样例" },
      { second: null, set_by: "张三样例" },
    ]);
  });

  test("where a service is rated once, a press is valid for clerk and item alike, as two rows that name each other (002 5.2)", async () => {
    await inTransaction(world.db, (tx) => changeSite(tx, openRuleBook(), { region: "siping" }, "张三样例", world.nowMs));
    const pc = await world.enrolled();
    const [done, open] = [pc.rating({ level: 4 }), pc.rating({ level: 2 })];
    const unfinished = { ...open, binding: { ...open.binding, caseCompleted: false } };
    await pc.send(world.url, [pc.entry(done), pc.entry(unfinished)], world.nowMs);
    const staff = (await world.visit(done.binding.caseNo))?.staff_rating;
    expect(await rating((await world.case(done.binding.caseNo))?.item_rating)).toMatchObject({
      subject: "item",
      level: 4,
      shared_from: staff,
      window_pc_id: null,
    });
    expect((await world.case(open.binding.caseNo))?.item_rating).toBeNull();
  });
});
