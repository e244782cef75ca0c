import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { iso, TEST_KEYS } from "../../test/business-world.ts";
import { choose, faultOn, openPage, rateAt, receiptOn, send } from "../../test/citizen.ts";
import { CitizenWorld } from "../../test/citizen-world.ts";
import { STORAGES, type TestStorage } from "../../test/storages.ts";
import { inTransaction } from "../database/transaction.ts";
import { workOff } from "../jobs/turn.ts";
import { RatingPolicies } from "../ratings/site.ts";
import { retireWindowPc } from "../registry/retired-pcs.ts";
import { ChannelKeys } from "./keys.ts";
import { codeOfPlace } from "./static-codes.ts";
import { ENDED_AFTER_MS, ENDED_BEFORE_MS, type Position, SETTLE_AFTER_MS, settleBatch, WAIT_AT_MOST_MS } from "./static-match.ts";
import { STATIC_FORM_VALID_MS, WAITING_AT_MOST } from "./static-rating.ts";

const MINUTE_MS = 60_000;
const keys = new ChannelKeys(TEST_KEYS);

describe.each(STORAGES)("the code of a window on $name", ({ create }) => {
  let storage: TestStorage;
  let citizen: CitizenWorld;
  let windows = 100;
  let windowNo = "";
  let url = "";
  beforeAll(async () => {
    storage = await create();
    citizen = await CitizenWorld.open(storage);
  });
  afterAll(async () => {
    await citizen.close();
    await storage.remove();
  });
  beforeEach(async () => {
    await citizen.calm();
    windows += 1;
    windowNo = String(windows);
    url = await addressOf("window", windowNo);
  });

  const addressOf = async (kind: "window" | "hall", subjectNo: string, renew = false) =>
    `${citizen.world.url}/W/${await inTransaction(citizen.world.db, (tx) => codeOfPlace(tx, keys, { kind, subjectNo }, renew, citizen.world.nowMs))}`;
  /** A visit at the window that ended so long after now. */
  const servedAt = async (endedInMs: number, over: object = {}): Promise<string> => {
    const endedAt = iso(citizen.world.nowMs + endedInMs);
    const visit = { visitNo: 1, windowNo, staffNo: "1001", clerkName: "张三样例", endedAt, ...over };
    const report = citizen.world.report({ visit, completedAt: undefined });
    await citizen.world.tell([report]);
    return report.caseNo;
  };
  const settle = (afterMs = SETTLE_AFTER_MS) => {
    citizen.world.nowMs += afterMs;
    const policies = new RatingPolicies(citizen.book);
    return workOff<Position>(citizen.world.db, "static-match", async (tx, from) =>
      settleBatch(tx, await policies.inForce(tx), from, citizen.world.nowMs),
    );
  };
  const ofWindow = () =>
    citizen.world.db
      .selectFrom("ratings")
      .selectAll()
      .where("subject", "=", "window")
      .where("subject_no", "=", windowNo)
      .orderBy("seq")
      .execute();
  const outcomes = async () => {
    const seqs = (await ofWindow()).map(({ seq }) => seq);
    const rows = await citizen.world.db.selectFrom("static_matches").selectAll().where("rating", "in", seqs).orderBy("rating").execute();
    return rows.map(({ outcome, candidates }) => `${outcome} ${candidates}`);
  };
  const staffRating = async (caseNo: string) => {
    const visit = await citizen.world.visit(caseNo);
    return visit?.staff_rating == null ? undefined : citizen.ratingOf(visit.staff_rating);
  };

  test("keeps the rating with the window, counted for nobody, and attaches it when the one visit of then is known", async () => {
    const page = await choose(await openPage(url), 2);
    expect(page.text).toContain(`${windowNo}号窗口`);
    const thanks = await send(page, { reasons: ["214"], words: "等候太久", phone: "13800001234" });
    const [kept] = await ofWindow();
    expect(kept).toMatchObject({ standing: "beside", level: 2, window_no: windowNo, case_no: null, staff_no: null });
    // Told of after the rating, as a window PC does when its pad has given up.
    const caseNo = await servedAt(-MINUTE_MS);
    expect(await settle(SETTLE_AFTER_MS - 1)).toBe(0);
    expect([await settle(1), await settle()]).toEqual([1, 0]);
    expect(await outcomes()).toEqual(["matched 1"]);
    const rating = await staffRating(caseNo);
    expect(rating).toMatchObject({
      channel: "static-qr",
      level: 2,
      standing: "first",
      staff_no: "1001",
      at_ms: kept?.at_ms,
      reason_codes: "214",
    });
    expect(JSON.parse(rating?.origin ?? "")).toEqual({ matchedBy: "window and time", windowRating: kept?.seq });
    // The receipt of then leads to the rating of the visit, and corrects it.
    const receipt = await openPage(`${citizen.world.url}/r/${receiptOn(thanks)}`);
    expect(receipt.text).toContain("以这次为准");
    await send(await choose({ ...receipt, url: `${citizen.world.url}/r/x` }, 4));
    expect((await staffRating(caseNo))?.level).toBe(4);
  });

  test("is attached to no visit when none ended then, when two did, or when another rating fits the same one", async () => {
    await rateAt(url, 5);
    await servedAt(-ENDED_BEFORE_MS - 1);
    await servedAt(ENDED_AFTER_MS + 1);
    await settle();
    expect(await outcomes()).toEqual(["none 0"]);
    citizen.world.nowMs += 60 * MINUTE_MS;
    await rateAt(url, 5);
    const two = [await servedAt(-ENDED_BEFORE_MS), await servedAt(ENDED_AFTER_MS)];
    await settle();
    expect((await outcomes()).at(-1)).toBe("several 2");
    citizen.world.nowMs += 60 * MINUTE_MS;
    const contested = await servedAt(0);
    await rateAt(url, 5);
    citizen.world.nowMs += 2 * MINUTE_MS;
    await rateAt(url, 1);
    await settle();
    await settle();
    expect((await outcomes()).slice(-2)).toEqual(["contested 1", "contested 1"]);
    for (const caseNo of [...two, contested]) expect(await staffRating(caseNo)).toBeUndefined();
    expect(await ofWindow()).toHaveLength(4);
  });

  test("stands beside what was rated at the counter, for whoever walks past can scan it", async () => {
    const { caseNo, url: own } = await citizen.served({
      visit: { visitNo: 1, windowNo, staffNo: "1001", clerkName: "张三样例", endedAt: iso(citizen.world.nowMs) },
    });
    await rateAt(own, 5);
    await rateAt(url, 1);
    await settle();
    expect(await outcomes()).toEqual(["matched 1"]);
    expect((await staffRating(caseNo))?.level).toBe(5);
    const all = (await citizen.ratingsOf(caseNo)).filter(({ subject }) => subject === "staff");
    expect(all.map(({ level, standing }) => [level, standing])).toEqual([
      [5, "first"],
      [1, "beside"],
    ]);
  });

  test("waits for a window PC that has not told of that time, and gives up after a week", async () => {
    const pc = await citizen.world.enrolled();
    await rateAt(await addressOf("window", pc.windowNo), 5);
    expect(await settle()).toBe(0);
    expect(await settle(WAIT_AT_MOST_MS - SETTLE_AFTER_MS - 1)).toBe(0);
    expect(await settle(1)).toBe(1);
    const [row] = await citizen.world.db.selectFrom("static_matches").selectAll().orderBy("rating", "desc").limit(1).execute();
    expect(row?.outcome).toBe("untold");
    await rateAt(await addressOf("window", pc.windowNo), 5);
    citizen.world.nowMs += SETTLE_AFTER_MS;
    await pc.send(citizen.world.url, [pc.entry()], citizen.world.nowMs);
    expect(await settle(0)).toBe(1);
  });

  test("waits for no window PC that was replaced or retired, nor for a hole in a chain that was passed long before the scan", async () => {
    const old = await citizen.world.enrolled(windowNo);
    const waitsOn = async (): Promise<boolean> => {
      await rateAt(url, 5);
      return (await settle()) === 0;
    };
    const settleRest = () => settle(WAIT_AT_MOST_MS);
    await old.send(citizen.world.url, [old.entry()], citizen.world.nowMs);
    citizen.world.nowMs += 60 * MINUTE_MS;
    expect(await waitsOn()).toBe(true);
    await settleRest();
    // The machine is replaced: another one enrols for the same window, and tells of the time of the scan.
    const anew = await citizen.world.enrolled(windowNo);
    await rateAt(url, 5);
    citizen.world.nowMs += SETTLE_AFTER_MS;
    await anew.send(citizen.world.url, [anew.entry()], citizen.world.nowMs);
    expect(await settle(0)).toBe(1);
    expect(await outcomes()).toEqual(["untold 0", "none 0"]);
    // An entry of it is lost for good: it may be of now, but not of a week later.
    anew.entry();
    await rateAt(url, 5);
    citizen.world.nowMs += SETTLE_AFTER_MS;
    await anew.send(citizen.world.url, [anew.entry()], citizen.world.nowMs);
    expect(await settle(0)).toBe(0);
    await settleRest();
    await rateAt(url, 5);
    citizen.world.nowMs += SETTLE_AFTER_MS;
    await anew.send(citizen.world.url, [anew.entry()], citizen.world.nowMs);
    expect(await settle(0)).toBe(1);
    // It burns, and nobody enrols another one: somebody says so.
    citizen.world.nowMs += 60 * MINUTE_MS;
    expect(await waitsOn()).toBe(true);
    const retirement = { windowPcId: anew.windowPcId, by: "张三样例", reason: "电脑损坏，已报废" };
    expect(await retireWindowPc(citizen.world.db, retirement, citizen.world.nowMs)).toBe(windowNo);
    expect(await settle(0)).toBe(1);
    const events = await citizen.world.db.selectFrom("access_events").selectAll().where("kind", "=", "window-pc-retired").execute();
    expect(events).toMatchObject([{ by_whom: "张三样例", detail: expect.stringContaining("电脑损坏") }]);
    // It was not gone after all: what it brings is taken, and it is waited for again.
    citizen.world.nowMs += MINUTE_MS;
    expect(await anew.send(citizen.world.url, [anew.entry()], citizen.world.nowMs)).toMatchObject({ answers: [{ answer: "stored" }] });
    citizen.world.nowMs += 60 * MINUTE_MS;
    expect(await waitsOn()).toBe(true);
    await settleRest();
    await expect(retireWindowPc(citizen.world.db, { ...retirement, windowPcId: crypto.randomUUID() }, 0)).rejects.toMatchObject({
      code: "WR7012",
    });
  });

  test("corrected before its visit is known, is attached as it was corrected", async () => {
    const receipt = receiptOn(await rateAt(url, 1)) ?? "";
    const page = await openPage(`${citizen.world.url}/r/${receipt}`);
    await send(await choose({ ...page, url: `${citizen.world.url}/r/x` }, 5));
    const caseNo = await servedAt(0);
    await settle();
    expect((await staffRating(caseNo))?.level).toBe(5);
    expect((await ofWindow()).map(({ level, standing }) => [level, standing])).toEqual([
      [1, "beside"],
      [5, "beside"],
    ]);
  });

  test("is decided once, also when two instances are at it", async () => {
    for (let count = 0; count < 3; count++) {
      await rateAt(url, 5);
      citizen.world.nowMs += 10 * MINUTE_MS;
    }
    citizen.world.nowMs += SETTLE_AFTER_MS;
    const done = await Promise.all([settle(0), settle(0)]);
    expect(done.reduce<number>((sum, one) => sum + (one ?? 0), 0)).toBe(3);
    expect(await outcomes()).toEqual(["none 0", "none 0", "none 0"]);
  });

  test("must be sent soon after it was scanned, and not by the hundred", async () => {
    const page = await choose(await openPage(url), 5);
    citizen.world.nowMs += STATIC_FORM_VALID_MS + 1;
    expect(faultOn(await send(page))).toBe("WR7043");
    const statuses = new Map<number, number>();
    for (let count = 0; count < WAITING_AT_MOST + 2; count++) {
      // Slowly enough for one address.
      citizen.world.nowMs += 10_000;
      const { status } = await rateAt(url, 5);
      statuses.set(status, (statuses.get(status) ?? 0) + 1);
    }
    expect([...statuses]).toEqual([
      [200, WAITING_AT_MOST],
      [429, 2],
    ]);
  });

  test("is the same whenever it is printed, until it is taken back", async () => {
    expect(await addressOf("window", windowNo)).toBe(url);
    const renewed = await addressOf("window", windowNo, true);
    expect([(await openPage(url)).status, faultOn(await openPage(url)), (await openPage(renewed)).status]).toEqual([404, "WR7040", 200]);
    const forged = `${url.slice(0, -1)}${url.endsWith("0") ? "1" : "0"}`;
    expect(faultOn(await openPage(forged))).toBe("WR7040");
  });

  test("of a hall is rated once by a person and day, by the phone and not by its number; another time it is refused or corrected (002 5.2)", async () => {
    await citizen.site({ region: "siping" });
    const hall = await addressOf("hall", `H${windowNo}`);
    const page = await choose(await openPage(hall), 4);
    expect((await send(page, { name: "王五样例" })).status).toBe(422);
    const who = { name: "王五样例", phone: "13800001234" };
    expect(receiptOn(await send(page, who))).toBeDefined();
    await rateAt(hall, 1, { ...who, phone: "+86 138-0000-1234" });
    await rateAt(hall, 5, { name: "赵六样例", phone: "13800005678" });
    citizen.world.nowMs += 24 * 60 * MINUTE_MS;
    await rateAt(hall, 3, who);
    const rated = await citizen.world.db
      .selectFrom("ratings")
      .selectAll()
      .where("subject_no", "=", `H${windowNo}`)
      .orderBy("seq")
      .execute();
    expect(rated.map(({ level, standing }) => [level, standing])).toEqual([
      [4, "first"],
      [1, "beside"],
      [5, "first"],
      [3, "first"],
    ]);
    expect(new Set(rated.map(({ person }) => person)).size).toBe(2);
    expect(rated.every(({ person }) => /^[0-9a-f]{64}$/.test(person ?? ""))).toBe(true);
  });
});
