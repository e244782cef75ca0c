import { sql } from "kysely";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { china, DAY_MS, FRESH_STORAGES, HOUR_MS, JobWorld } from "../../test/job-world.ts";
import type { TestStorage } from "../../test/storages.ts";
import { ChannelKeys } from "../channels/keys.ts";
import { openTicket } from "../channels/tickets.ts";
import { inTransaction } from "../database/transaction.ts";
import { readJobStatus } from "./status.ts";

/** A Monday in a week without holidays. */
const MONDAY = china("2026-03-02 09:00");

describe.each(FRESH_STORAGES)("jobs on $name", ({ start }) => {
  let storages: Awaited<ReturnType<typeof start>>;
  let storage: TestStorage;
  let world: JobWorld;
  beforeAll(async () => {
    storages = await start();
  });
  afterAll(() => storages.stop());
  beforeEach(async () => {
    storage = await storages.fresh();
    world = await JobWorld.open(storage);
  });
  afterEach(async () => {
    await world.close();
    await storage.remove();
  });

  test("linxia reminds 24 hours after completion and gives the default at the end of the fifth working day", async () => {
    await world.chooseRegion("linxia");
    const caseNo = await world.tell({ completedAtMs: MONDAY, phone: "13000000001" });
    world.nowMs = MONDAY + DAY_MS - 1;
    await world.run();
    expect(await world.reminders()).toEqual([]);
    world.nowMs += 1;
    await world.run();
    expect(await world.reminders()).toEqual([{ case_no: caseNo, due_ms: MONDAY + DAY_MS, outcome: "queued" }]);
    expect(world.gateway.sends.map(({ phone }) => phone)).toEqual(["13000000001"]);

    world.nowMs = china("2026-03-10 00:00") - 1;
    await world.run();
    expect((await world.ratings(caseNo)).item).toBeNull();
    world.nowMs += 1;
    await world.run();
    const { rows, item, staff } = await world.ratings(caseNo);
    expect(rows).toMatchObject([{ channel: "default", level: 3, subject: "item", standing: "first", atMs: china("2026-03-10 00:00") }]);
    // The clause speaks of completed items: the clerk gets no rating that nobody gave.
    expect([item, staff]).toEqual(["default", null]);
    await world.run();
    expect((await world.ratings(caseNo)).rows).toHaveLength(1);
    expect(world.gateway.sends).toHaveLength(1);
  });

  test("a default rating names the step that holds under what it was computed: pack, reading and every day", async () => {
    await world.chooseRegion("linxia");
    const caseNo = await world.tell({ completedAtMs: MONDAY });
    world.nowMs = MONDAY + 10 * DAY_MS;
    await world.run();
    const origin = JSON.parse((await world.ratings(caseNo)).rows[0]?.origin ?? "{}") as Record<string, unknown>;
    const packVersion = world.book.pack("linxia").pack.version;
    expect(origin).toMatchObject({ rule: "default-rating", packVersion, reading: "from-completion", eventMs: MONDAY });
    const steps = await world.db
      .selectFrom("policy_steps")
      .selectAll()
      .where("step_id", "=", String(origin.stepId))
      .orderBy("revision")
      .execute();
    expect(steps.map(({ revision, closed_at_ms }) => [revision, closed_at_ms])).toEqual([
      [1, null],
      [2, world.nowMs],
    ]);
    expect(steps[1]).toMatchObject({ region: "linxia", reading: "from-completion", due_ms: china("2026-03-10 00:00") });
    expect(steps[1]?.explanation.steps.filter(({ kind, counted }) => kind === "day" && counted)).toHaveLength(5);
  });

  test("siping: default for item and clerk after 7 days, and no reminder before a person has set its time", async () => {
    await world.chooseRegion("siping");
    const caseNo = await world.tell({ completedAtMs: MONDAY, phone: "13000000002" });
    world.nowMs = MONDAY + 3 * DAY_MS;
    await world.run();
    expect(world.gateway.sends).toEqual([]);
    const waiting = (await readJobStatus(world.db, world.book, world.nowMs)).rules[0];
    expect(waiting).toMatchObject({ rule: "reminder", state: "waits", why: { en: expect.stringContaining("6.1.3 (L99)") } });

    world.nowMs = china("2026-03-10 00:00");
    await world.run();
    const { rows, item, staff } = await world.ratings(caseNo);
    expect(rows.map(({ subject, level }) => [subject, level])).toEqual([
      ["item", 3],
      ["staff", 3],
    ]);
    expect([item, staff]).toEqual(["default", "default"]);
  });

  test("siping: once a person has set when to remind, cases from that day on are reminded and the step keeps who set it", async () => {
    await world.chooseRegion("siping");
    const before = await world.tell({ completedAtMs: MONDAY - DAY_MS, phone: "13000000003" });
    await world.set({ reminderAfterDays: 1, quietHours: null });
    const caseNo = await world.tell({ completedAtMs: MONDAY, phone: "13000000004" });
    world.nowMs = china("2026-03-04 00:00");
    await world.run();
    expect(await world.reminders()).toEqual([{ case_no: caseNo, due_ms: china("2026-03-04 00:00"), outcome: "queued" }]);
    expect(before).not.toBe(caseNo);
    const step = await world.db.selectFrom("newest_policy_steps").selectAll().where("rule", "=", "reminder").executeTakeFirstOrThrow();
    expect(step).toMatchObject({ ask: true, date_set_by: "李四样例", date_set_at_ms: MONDAY, due_ms: china("2026-03-04 00:00") });
  });

  test("yantai reminds when the day after the data's arrival is over, and never gives a default", async () => {
    await world.chooseRegion("yantai");
    await world.set({ quietHours: null });
    const caseNo = await world.tell({ completedAtMs: MONDAY, receivedAtMs: MONDAY + DAY_MS, phone: "13000000005" });
    world.nowMs = china("2026-03-05 00:00") - 1;
    await world.run();
    expect(world.gateway.sends).toEqual([]);
    world.nowMs += 1;
    await world.run();
    expect(await world.reminders()).toEqual([{ case_no: caseNo, due_ms: china("2026-03-05 00:00"), outcome: "queued" }]);
    world.nowMs += 60 * DAY_MS;
    await world.run();
    expect((await world.ratings(caseNo)).rows).toEqual([]);
  });

  test("a reminder invites to the page of that very case, too, where citizens can reach one (004 四(四))", async () => {
    await world.chooseRegion("yantai", { publicUrl: "https://pj.example.gov.cn" });
    await world.set({ quietHours: null });
    const caseNo = await world.tell({ completedAtMs: MONDAY, phone: "13000000031" });
    world.nowMs = china("2026-03-04 00:00");
    await world.run();
    const text = world.gateway.sends[0]?.text ?? "";
    const code = / https:\/\/pj\.example\.gov\.cn\/Q\/([0-9A-Z]{32}) /.exec(text)?.[1] ?? "none";
    expect([text.includes(caseNo), text.includes("直接回复数字")]).toEqual([false, true]);
    const ticket = await inTransaction(world.db, (tx) => openTicket(tx, new ChannelKeys(world.keys), code, world.nowMs));
    expect(ticket).toMatchObject({ caseNo, visitNo: null, channel: "dynamic-qr", issuedBy: "reminder" });
    await world.chooseRegion("yantai", { publicUrl: "https://pj.example.gov.cn", closedChannels: ["dynamic-qr"] });
    await world.tell({ completedAtMs: world.nowMs, phone: "13000000032" });
    world.nowMs += 3 * DAY_MS;
    await world.run();
    expect(world.gateway.sends.map((one) => one.text.includes("https://"))).toEqual([true, false]);
  });

  test("yantai leaves out who rated at the window as the case was completed, not who rated an earlier visit (004 四(四))", async () => {
    await world.chooseRegion("yantai");
    await world.set({ quietHours: null });
    const [onSite, earlier] = [
      await world.tell({ completedAtMs: MONDAY, phone: "13000000021" }),
      await world.tell({ completedAtMs: MONDAY, phone: "13000000022", laterVisitAtMs: MONDAY }),
    ];
    await world.rate(onSite, 5, { staff: true, channel: "terminal" });
    await world.rate(earlier, 5, { staff: true, channel: "terminal" });
    world.nowMs = china("2026-03-04 00:00");
    await world.run();
    expect(world.gateway.sends.map(({ phone }) => phone)).toEqual(["13000000022"]);
  });

  test("yantai takes item and clerk for 5 working days after the window, and invites nobody to what it would refuse (004 四(二))", async () => {
    await world.chooseRegion("yantai");
    await world.set({ quietHours: null });
    const END = china("2026-03-10 00:00");
    const told = { completedAtMs: MONDAY, receivedAtMs: MONDAY + 8 * DAY_MS };
    const [caseNo, late] = [await world.tell({ completedAtMs: MONDAY }), await world.tell({ ...told, phone: "13000000023" })];
    const online = await world.tell({ ...told, phone: "13000000024", online: true });
    const before = await world.tell({ completedAtMs: MONDAY });
    world.nowMs = END;
    expect(await world.rate(before, 2, { channel: "sms" })).toMatchObject({ is: "accepted" });
    world.nowMs += 1;
    for (const staff of [true, false]) expect(await world.rate(caseNo, 2, { staff, channel: "sms" })).toMatchObject({ code: "WR7024" });
    // A correction of what was rated in time has a time of its own, and what was handled online alone no such end.
    expect(await world.rate(before, 4, { channel: "sms" })).toMatchObject({ standing: "correction" });
    world.nowMs = china("2026-03-12 00:00");
    await world.run();
    expect((await world.reminders()).filter(({ case_no }) => [late, online].includes(case_no))).toMatchObject([
      { case_no: late, outcome: "too-late" },
      { case_no: online, outcome: "queued" },
    ]);
    expect(world.gateway.sends.map(({ phone }) => phone)).toEqual(["13000000024"]);
    expect(await world.rate(online, 3, { channel: "sms" })).toMatchObject({ is: "accepted" });
  });

  test.each(["weihai-lingang", "xishuangbanna"])("%s neither reminds nor gives a default", async (region) => {
    await world.chooseRegion(region);
    const caseNo = await world.tell({ completedAtMs: MONDAY, phone: "13000000006" });
    world.nowMs += 60 * DAY_MS;
    await world.run();
    expect([await world.reminders(), (await world.ratings(caseNo)).rows]).toEqual([[], []]);
    expect((await readJobStatus(world.db, world.book, world.nowMs)).rules.map(({ state }) => state)).toEqual(["off", "off"]);
  });

  test("who has rated the item is not reminded; who has rated the clerk alone is asked for the item before it gets its default (001 二(三)1)", async () => {
    await world.chooseRegion("linxia");
    const item = await world.tell({ completedAtMs: MONDAY, phone: "13000000007" });
    const clerk = await world.tell({ completedAtMs: MONDAY, phone: "13000000008" });
    const meanwhile = await world.tell({ completedAtMs: MONDAY, phone: "13000000009" });
    await world.rate(item, 5);
    await world.rate(clerk, 4, { staff: true, channel: "terminal" });
    // Queued in the night, rated before the morning.
    world.nowMs = china("2026-03-03 23:00");
    await world.run();
    await world.rate(meanwhile, 2);
    world.nowMs = china("2026-03-04 09:00");
    await world.run();
    expect(world.gateway.sends.map(({ phone }) => phone)).toEqual(["13000000008"]);
    expect((await world.messages()).map(({ case_no, state }) => [case_no, state])).toEqual([
      [clerk, "accepted"],
      [meanwhile, "needless"],
    ]);
    world.nowMs += 10 * DAY_MS;
    await world.run();
    expect([(await world.ratings(item)).item, (await world.ratings(clerk)).item]).toEqual(["web", "default"]);
    expect((await world.ratings(clerk)).staff).toBe("terminal");
  });

  test("a rating given before the default wins; one given after it replaces it where the region allows, and both are kept", async () => {
    await world.chooseRegion("linxia");
    const [early, late] = [await world.tell({ completedAtMs: MONDAY }), await world.tell({ completedAtMs: MONDAY })];
    await world.rate(early, 1);
    world.nowMs = MONDAY + 10 * DAY_MS;
    await world.run();
    expect((await world.ratings(early)).rows.map(({ channel }) => channel)).toEqual(["web"]);
    expect(await world.rate(late, 2)).toMatchObject({ is: "accepted", standing: "correction" });
    const after = await world.ratings(late);
    expect(after.item).toBe("web");
    expect(after.rows).toMatchObject([
      { channel: "default", level: 3, standing: "first" },
      { channel: "web", level: 2, standing: "correction", supersedes: after.rows[0]?.seq },
    ]);
    await world.run();
    expect((await world.ratings(late)).rows).toHaveLength(2);

    await world.chooseRegion("linxia", { replacesDefault: false });
    const kept = await world.tell({ completedAtMs: world.nowMs - 5 * DAY_MS });
    world.nowMs += 10 * DAY_MS;
    await world.run();
    expect(await world.rate(kept, 5)).toMatchObject({ is: "accepted", standing: "beside" });
    expect((await world.ratings(kept)).item).toBe("default");
  });

  test("after an outage everything late is done, reminders before defaults and each in the order in which it was due", async () => {
    await world.chooseRegion("linxia");
    await world.set({ quietHours: null });
    const told: string[] = [];
    for (let hour = 0; hour < 60; hour++) {
      const backwards = 59 - hour;
      told.unshift(
        await world.tell({ completedAtMs: MONDAY + backwards * HOUR_MS, phone: `131000000${String(backwards).padStart(2, "0")}` }),
      );
    }
    world.nowMs = MONDAY + 14 * DAY_MS;
    await world.run({ batch: 7 });
    expect((await world.reminders()).map(({ case_no }) => case_no)).toEqual(told);
    const sent = world.gateway.sends.map(({ phone }) => phone);
    // Eight at once, so neighbours may change places.
    for (const [index, phone] of sent.entries()) expect(Math.abs(Number(phone.slice(-2)) - index)).toBeLessThan(16);
    expect(new Set(sent).size).toBe(60);
    const defaults = await world.db
      .selectFrom("ratings")
      .select(["case_no", "at_ms"])
      .where("channel", "=", "default")
      .orderBy("seq")
      .execute();
    expect(defaults.map(({ case_no }) => case_no)).toEqual(told);
    expect(defaults.map(({ at_ms }) => at_ms)).toEqual(defaults.map(({ at_ms }) => at_ms).sort());
    const runs = await world.db.selectFrom("job_runs").select(["job", "done"]).orderBy("run_no").execute();
    expect(runs).toEqual([
      { job: "reminder", done: 60 },
      { job: "default-rating", done: 60 },
      { job: "send", done: 60 },
    ]);
  });

  test("a contact that is told only after its reminder was due is reminded then, once", async () => {
    await world.chooseRegion("linxia");
    await world.set({ quietHours: null });
    const caseNo = await world.tell({ completedAtMs: MONDAY });
    world.nowMs = MONDAY + DAY_MS;
    const jobs = world.jobs();
    await jobs.run();
    world.nowMs += HOUR_MS;
    await world.tellContact(caseNo, "13000000010");
    await jobs.run();
    await jobs.run();
    expect((await world.reminders()).map(({ outcome }) => outcome)).toEqual(["no-contact", "queued"]);
    expect(world.gateway.sends).toHaveLength(1);
  });

  test("cases from before the region was chosen are left alone, unless a day is named", async () => {
    const old = await world.tell({ completedAtMs: MONDAY - 30 * DAY_MS, phone: "13000000011" });
    await world.chooseRegion("linxia");
    world.nowMs += HOUR_MS;
    await world.chooseRegion("linxia", { badNeedsReason: true });
    const fresh = await world.tell({ completedAtMs: MONDAY });
    world.nowMs = MONDAY + 20 * DAY_MS;
    await world.run();
    expect([(await world.ratings(old)).rows.length, (await world.ratings(fresh)).rows.length]).toEqual([0, 1]);
    await world.set({ rulesFrom: "2026-01-01" as never });
    await world.run();
    expect((await world.ratings(old)).item).toBe("default");
    // A reminder of a month ago would only puzzle.
    expect((await world.reminders()).map(({ case_no, outcome }) => [case_no, outcome])).toContainEqual([old, "too-late"]);
    expect(world.gateway.sends).toEqual([]);
  });

  test("a year without a paper holds the default ratings back instead of guessing, and the status says so", async () => {
    world.nowMs = china("2026-12-21 09:00");
    await world.chooseRegion("linxia");
    const [inYear, acrossYear] = [
      await world.tell({ completedAtMs: china("2026-12-21 10:00") }),
      await world.tell({ completedAtMs: china("2026-12-30 10:00") }),
    ];
    world.nowMs = china("2026-12-31 09:00");
    await world.run();
    expect((await readJobStatus(world.db, world.book, world.nowMs)).rules[1]).toMatchObject({ state: "runs" });
    world.nowMs = china("2027-01-20 09:00");
    await world.run();
    expect([(await world.ratings(inYear)).item, (await world.ratings(acrossYear)).item]).toEqual(["default", null]);
    const status = await readJobStatus(world.db, world.book, world.nowMs);
    expect(status.rules[1]).toMatchObject({ rule: "default-rating", state: "held", due: 0 });
  });

  test("what the jobs decided cannot be changed or deleted", async () => {
    await world.chooseRegion("linxia");
    await world.tell({ completedAtMs: MONDAY, phone: "13000000012" });
    await world.set({ thank: false });
    world.nowMs = MONDAY + 10 * DAY_MS;
    await world.run();
    for (const table of ["reminders", "job_settings", "job_runs", "policy_steps"]) {
      await expect(sql.raw(`delete from ${table}`).execute(world.db)).rejects.toThrow(/append-only/);
    }
  });
});
