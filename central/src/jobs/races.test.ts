import { assert, asyncProperty, constantFrom, record, scheduler } from "fast-check";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { BusinessWorld } from "../../test/business-world.ts";
import { china, DAY_MS, FRESH_STORAGES, JobWorld } from "../../test/job-world.ts";
import { STORAGES, type TestStorage } from "../../test/storages.ts";
import { inTransaction } from "../database/transaction.ts";
import { openRuleBook } from "../policy/rule-book.ts";
import { changeSite } from "../ratings/site.ts";
import { createJobs } from "./jobs.ts";

const MONDAY = china("2026-03-02 09:00");

describe.each(FRESH_STORAGES)("a given rating and the default one on $name", ({ name, start }) => {
  let storages: Awaited<ReturnType<typeof start>>;
  let storage: TestStorage;
  let world: JobWorld;
  beforeAll(async () => {
    storages = await start();
    storage = await storages.fresh();
    world = await JobWorld.open(storage);
    await world.chooseRegion("linxia");
    await world.set({ staffDefault: true });
    world.nowMs = MONDAY + 10 * DAY_MS;
  });
  afterAll(async () => {
    await world.close();
    await storage.remove();
    await storages.stop();
  });

  test("in whatever order they come, together or apart, the given one ends up effective and what was written is kept", async () => {
    const standings = new Set<string>();
    const turn = constantFrom("rate the item", "rate the clerk", "run the jobs", "run them elsewhere", "wait");
    await assert(
      asyncProperty(scheduler(), record({ a: turn, b: turn, c: turn, d: turn }), async (interleaving, { a, b, c, d }) => {
        const caseNo = await world.tell({ completedAtMs: MONDAY });
        const given = { item: false, staff: false };
        const act = async (what: string): Promise<void> => {
          if (what === "rate the item" || what === "rate the clerk") {
            const staff = what === "rate the clerk";
            given[staff ? "staff" : "item"] = true;
            const accepted = await world.rate(caseNo, 1, { staff });
            expect(accepted).toMatchObject({ is: "accepted" });
          } else if (what !== "wait") await world.run();
        };
        const acts = [a, b, c, d].map((what) => interleaving.schedule(Promise.resolve(what)).then(act));
        await interleaving.waitAll();
        await Promise.all(acts);
        // A case that was being rated while the jobs ran is looked at by the next run.
        await world.run();
        await world.run();
        const { rows, item, staff } = await world.ratings(caseNo);
        // Once the item is rated, no rating is still missing for which a clerk would get the default.
        const clerk = given.staff
          ? "web"
          : rows.some(({ channel, subject }) => channel === "default" && subject === "staff")
            ? "default"
            : null;
        expect([item, staff]).toEqual([given.item ? "web" : "default", clerk]);
        for (const subject of ["item", "staff"]) {
          const ofSubject = rows.filter((row) => row.subject === subject);
          const defaults = ofSubject.filter(({ channel }) => channel === "default");
          // One default at most, and never one that takes the place of a given rating.
          expect(defaults.length).toBeLessThanOrEqual(1);
          for (const one of defaults) expect([one.standing, one.supersedes, one.seq]).toEqual(["first", null, ofSubject[0]?.seq]);
          for (const { channel, standing } of ofSubject) standings.add(`${channel} ${standing}`);
        }
      }),
      { numRuns: 40, seed: 20_260_302 },
    );
    // Both orders were really met.
    expect([...standings].sort()).toEqual(["default first", "web correction", "web first"]);
  });

  // PGlite has one connection, so nothing there happens beside a transaction.
  test.runIf(name === "PostgreSQL")(
    "a case that is being rated at this moment is passed by, and the others have their default",
    async () => {
      const [held, other] = [await world.tell({ completedAtMs: MONDAY }), await world.tell({ completedAtMs: MONDAY + 1 })];
      await world.db.transaction().execute(async (tx) => {
        await tx.selectFrom("cases").select("case_no").where("case_no", "=", held).forUpdate().execute();
        await world.run();
        expect([(await world.ratings(held)).item, (await world.ratings(other)).item]).toEqual([null, "default"]);
      });
      await world.rate(held, 2);
      await world.run();
      expect((await world.ratings(held)).rows.map(({ channel }) => channel)).toEqual(["web"]);
    },
  );
});

describe.each(STORAGES)("a press that comes late on $name", ({ create }) => {
  test("takes the place of both default ratings where one press rates clerk and item", async () => {
    const storage = await create();
    const world = await BusinessWorld.open(storage);
    try {
      const book = openRuleBook();
      await inTransaction(world.db, (tx) => changeSite(tx, book, { region: "siping" }, "张三样例", world.nowMs));
      const pc = await world.enrolled();
      const body = pc.rating({ level: 1 });
      const press = { ...body, binding: { ...body.binding, caseCompleted: true } };
      const { caseNo, visitNo, itemCode, itemName } = press.binding;
      const report = { ...world.report({ caseNo, itemCode, itemName }) };
      await world.tell([{ ...report, visit: { ...report.visit, visitNo, staffNo: press.binding.staffNo } }]);
      world.nowMs += 20 * DAY_MS;
      await createJobs({ db: world.db, book, now: () => world.nowMs }).run();
      await pc.send(world.url, [pc.entry(press)], world.nowMs);
      const rows = await world.db
        .selectFrom("ratings")
        .select(["seq", "channel", "subject", "level", "standing", "supersedes"])
        .where("case_no", "=", caseNo)
        .orderBy("seq")
        .execute();
      const [item, staff] = rows;
      expect(rows).toMatchObject([
        { channel: "default", subject: "item", level: 3, standing: "first" },
        { channel: "default", subject: "staff", level: 3, standing: "first" },
        { channel: "pad", subject: "staff", level: 1, standing: "correction", supersedes: staff?.seq },
        { channel: "pad", subject: "item", level: 1, standing: "correction", supersedes: item?.seq },
      ]);
      expect((await world.case(caseNo))?.item_rating).toBe(rows[3]?.seq);
      expect((await world.visit(caseNo, visitNo))?.staff_rating).toBe(rows[2]?.seq);
    } finally {
      await world.close();
      await storage.remove();
    }
  });
});
