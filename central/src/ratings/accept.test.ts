import { sql } from "kysely";
import { pino } from "pino";
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { STORAGES, type TestStorage } from "../../test/storages.ts";
import { MORNING_MS } from "../../test/window-pc.ts";
import { type OpenStorage, openStorage } from "../central.ts";
import { inTransaction } from "../database/transaction.ts";
import { type Acceptance, acceptRating } from "./accept.ts";
import { OPEN_POLICY, type RatingPolicy } from "./policy.ts";
import { readReceiptCode } from "./receipt-code.ts";
import { ratingOfReceipt } from "./receipts.ts";
import { shareEarlierRating } from "./sharing.ts";
import type { Submission } from "./submission.ts";

const LINXIA: RatingPolicy = { ...OPEN_POLICY, batch: "shared", theme: "shared" };
const SIPING: RatingPolicy = { ...OPEN_POLICY, second: "refuse", daily: ["hall"] };
const REFUSE: RatingPolicy = { ...OPEN_POLICY, second: "refuse" };

describe.each(STORAGES)("the door for ratings on $name", ({ create }) => {
  let storage: TestStorage;
  let open: OpenStorage;
  let cases = 0;
  let keys = 0;
  let caseNo = "";
  beforeAll(async () => {
    storage = await create();
    open = await openStorage(storage.storage, () => MORNING_MS, pino({ level: "silent" }));
  });
  afterAll(async () => {
    await open.close();
    await storage.remove();
  });
  beforeEach(async () => {
    caseNo = await tell();
  });

  /** A case with one visit of clerk 1001 at window 3. */
  const tell = async (
    over: { batchNo?: string; themeNo?: string; open?: boolean; itemCode?: string; completedAtMs?: number } = {},
  ): Promise<string> => {
    cases += 1;
    const own = `CASE-${cases}`;
    const told = { told_by: "system 1", told_at_ms: MORNING_MS, received_at_ms: MORNING_MS };
    const item = { item_code: over.itemCode ?? "ITEM-01", item_name: "居民身份证换领" };
    const completed_at_ms = over.open === true ? null : (over.completedAtMs ?? MORNING_MS);
    await open.db
      .insertInto("cases")
      .values({ case_no: own, ...item, theme_no: over.themeNo ?? null, completed_at_ms, ...told })
      .execute();
    const clerk = { window_no: "3", staff_no: "1001", clerk_name: "张三样例" };
    await open.db
      .insertInto("visits")
      .values({ case_no: own, visit_no: 1, ...clerk, batch_no: over.batchNo ?? null, ended_at_ms: MORNING_MS, ...told })
      .execute();
    return own;
  };
  const submission = (over: Partial<Submission> = {}): Submission => {
    keys += 1;
    return {
      channel: "web",
      key: `key ${keys}`,
      subject: { kind: "staff", caseNo, visitNo: 1 },
      level: 4,
      atMs: MORNING_MS + keys,
      ...over,
    };
  };
  const accept = (over: Partial<Submission> = {}, policy = OPEN_POLICY): Promise<Acceptance> =>
    inTransaction(open.db, (tx) => acceptRating(tx, submission(over), policy, MORNING_MS));
  const accepted = async (over: Partial<Submission> = {}, policy = OPEN_POLICY) => {
    const answer = await accept(over, policy);
    if (answer.is !== "accepted") throw new Error(JSON.stringify(answer));
    return answer;
  };
  const outcome = (answer: Acceptance) => (answer.is === "refused" ? answer.code : answer.is === "accepted" ? answer.standing : answer.is);
  const ratingOf = (no = caseNo) => open.db.selectFrom("visits").select("staff_rating").where("case_no", "=", no).executeTakeFirstOrThrow();
  const itemRatingOf = (no = caseNo) =>
    open.db.selectFrom("cases").select("item_rating").where("case_no", "=", no).executeTakeFirstOrThrow();
  const row = (seq: number | null) =>
    open.db
      .selectFrom("ratings")
      .selectAll()
      .where("seq", "=", seq ?? -1)
      .executeTakeFirstOrThrow();

  test("takes the first rating of a visit, copies what it binds, and points the visit to it", async () => {
    const { seq, receipt } = await accepted({
      reasons: { version: "2020", codes: ["406", "413"] },
      comment: "很快",
      rater: { named: "claimed", person: "hash", contact: "sealed" },
      origin: { page: "receipt" },
    });
    expect(await row(seq)).toMatchObject({
      channel: "web",
      subject: "staff",
      standing: "first",
      case_no: caseNo,
      visit_no: 1,
      staff_no: "1001",
      clerk_name: "张三样例",
      item_code: "ITEM-01",
      window_no: "3",
      level: 4,
      reason_codes: "406,413",
      reasons_version: "2020",
      comment: "很快",
      named: "claimed",
      origin: '{"page":"receipt"}',
      entry_id: null,
    });
    expect(await ratingOf()).toEqual({ staff_rating: seq });
    const code = readReceiptCode(receipt);
    expect(await inTransaction(open.db, (tx) => ratingOfReceipt(tx, code ?? ("" as never)))).toBe(seq);
    const { rows } = await sql<{ sealed: string }>`select sealed from rating_contacts where rating = ${seq}`.execute(open.db);
    expect(rows).toEqual([{ sealed: "sealed" }]);
  });

  test("I4: the same key of the same channel is the same rating, also when it comes many times at once", async () => {
    const one = submission();
    const answers = await Promise.all(
      Array.from({ length: 8 }, () => inTransaction(open.db, (tx) => acceptRating(tx, one, OPEN_POLICY, MORNING_MS))),
    );
    expect(answers.map(outcome).sort()).toEqual([...Array(7).fill("duplicate"), "first"]);
    expect(new Set(answers.map((answer) => ("seq" in answer ? answer.seq : 0))).size).toBe(1);
  });

  test("of two ratings of one visit at once one is the first, and the other its correction or refused", async () => {
    for (let round = 0; round < 5; round++) {
      caseNo = await tell();
      expect((await Promise.all([accept(), accept()])).map(outcome).sort()).toEqual(["correction", "first"]);
      caseNo = await tell();
      expect((await Promise.all([accept({}, REFUSE), accept({}, REFUSE)])).map(outcome).sort()).toEqual(["WR7020", "first"]);
    }
  });

  test("keeps what is corrected: a new row supersedes it, and a correction of the correction supersedes that", async () => {
    const first = await accepted({ channel: "terminal", level: 5 });
    const second = await accepted({ level: 2 });
    const third = await accepted({ level: 1, corrects: second.seq });
    expect([(await row(first.seq)).level, (await row(second.seq)).supersedes, (await row(third.seq)).supersedes]).toEqual([
      5,
      first.seq,
      second.seq,
    ]);
    expect(await ratingOf()).toEqual({ staff_rating: third.seq });
    const beside = await accepted({ channel: "static-qr" });
    expect([beside.standing, await ratingOf()]).toEqual(["beside", { staff_rating: third.seq }]);
  });

  test("counts the time to correct from the first given rating, not from the default one or the last correction", async () => {
    const policy: RatingPolicy = { ...OPEN_POLICY, correctWithinMs: 1000 };
    const atMs = MORNING_MS + 1e6;
    await accepted({ channel: "default", level: 3, atMs: atMs - 1e5 }, policy);
    await accepted({ atMs }, policy);
    await accepted({ atMs: atMs + 900 }, policy);
    expect(outcome(await accept({ atMs: atMs + 1000 }, policy))).toBe("correction");
    expect(outcome(await accept({ atMs: atMs + 1001 }, policy))).toBe("WR7024");
  });

  test("refuses what nobody told of, unless the channel vouches for it, and what is not completed", async () => {
    expect(outcome(await accept({ subject: { kind: "staff", caseNo: "nowhere", visitNo: 1 } }))).toBe("WR7021");
    expect(outcome(await accept({ subject: { kind: "staff", caseNo, visitNo: 2 } }))).toBe("WR7021");
    expect(outcome(await accept({ subject: { kind: "item", caseNo: "nowhere" } }))).toBe("WR7021");
    expect(outcome(await accept({ subject: { kind: "item", caseNo: await tell({ open: true }) } }))).toBe("WR7023");
    expect(outcome(await accept({ subject: { kind: "theme", themeNo: "nowhere" } }))).toBe("WR7021");
    const service = {
      itemCode: "ITEM-09",
      itemName: "户口迁移",
      staffNo: "1009",
      clerkName: "李四样例",
      windowNo: "9",
      endedAtMs: MORNING_MS,
      completed: true,
    };
    const { seq } = await accepted({ subject: { kind: "staff", caseNo: "VOUCHED", visitNo: 3 }, channel: "dynamic-qr", service });
    expect(await row(seq)).toMatchObject({
      case_no: "VOUCHED",
      visit_no: 3,
      staff_no: "1009",
      window_no: "9",
      item_name: "户口迁移",
      case_completed: true,
    });
  });

  test("takes one staff rating and one item rating of a case, apart from each other (001 二(三)1)", async () => {
    const staff = await accepted({}, REFUSE);
    const item = await accepted({ subject: { kind: "item", caseNo } }, REFUSE);
    expect([(await ratingOf()).staff_rating, (await itemRatingOf()).item_rating]).toEqual([staff.seq, item.seq]);
    expect(outcome(await accept({ subject: { kind: "item", caseNo } }, REFUSE))).toBe("WR7020");
  });

  test("a rating of one visit of a batch is valid for all of it; each row names the one it came from (001 二(三)1)", async () => {
    const batch = [await tell({ batchNo: "B1" }), await tell({ batchNo: "B1" }), await tell({ batchNo: "B1" })];
    caseNo = batch[1] as string;
    const { seq, sharedWith } = await accepted({ level: 2 }, LINXIA);
    expect(sharedWith).toBe(2);
    for (const no of batch) {
      const found = await row((await ratingOf(no)).staff_rating);
      expect([found.case_no, found.level, found.shared_from]).toEqual([no, 2, no === caseNo ? null : seq]);
    }
    const corrected = await accepted({ level: 5, corrects: seq }, LINXIA);
    expect(corrected.sharedWith).toBe(2);
    for (const no of batch) expect((await row((await ratingOf(no)).staff_rating)).level).toBe(5);
    const late = await tell({ batchNo: "B1" });
    await inTransaction(open.db, (tx) => shareEarlierRating(tx, { batchNo: "B1" }, LINXIA, MORNING_MS));
    expect(await row((await ratingOf(late)).staff_rating)).toMatchObject({ level: 5, shared_from: corrected.seq });
  });

  test("a case is completed once its instant has come: before it nobody rates its item, also not with the clerk (001 二(三)1)", async () => {
    caseNo = await tell({ completedAtMs: MORNING_MS + 3_600_000 });
    expect(outcome(await accept({ subject: { kind: "item", caseNo } }))).toBe("WR7023");
    const { seq } = await accepted({}, { ...OPEN_POLICY, pressRates: "staff-and-item" });
    expect([(await row(seq)).case_completed, (await itemRatingOf()).item_rating]).toEqual([false, null]);
    // A clock that is some minutes ahead is no plan for the future.
    caseNo = await tell({ completedAtMs: MORNING_MS + 300_000 });
    expect(outcome(await accept({ subject: { kind: "item", caseNo } }))).toBe("first");
  });

  test("what is not shared by this region's rules stays with its own visit", async () => {
    const other = await tell({ batchNo: "B2" });
    caseNo = await tell({ batchNo: "B2" });
    expect((await accepted({}, OPEN_POLICY)).sharedWith).toBe(0);
    expect((await ratingOf(other)).staff_rating).toBeNull();
  });

  test("an overall rating of a theme is valid for all of its cases but those with one of their own (001 二(三)1)", async () => {
    await open.db
      .insertInto("themes")
      .values({ theme_no: "T1", name: "开办企业", told_by: "system 1", received_at_ms: MORNING_MS })
      .execute();
    const [own, one, two] = [await tell({ themeNo: "T1" }), await tell({ themeNo: "T1" }), await tell({ themeNo: "T1" })];
    const apart = await accepted({ subject: { kind: "item", caseNo: own }, level: 1 }, LINXIA);
    const overall = await accepted({ subject: { kind: "theme", themeNo: "T1" }, level: 5 }, LINXIA);
    expect(overall.sharedWith).toBe(2);
    expect((await itemRatingOf(own)).item_rating).toBe(apart.seq);
    expect(await row((await itemRatingOf(one)).item_rating)).toMatchObject({
      level: 5,
      shared_from: overall.seq,
      subject: "item",
      item_code: "ITEM-01",
    });
    const later = await accepted(
      { subject: { kind: "item", caseNo: two }, level: 3, channel: "static-qr" },
      { ...LINXIA, second: "refuse" },
    );
    expect([later.standing, (await itemRatingOf(two)).item_rating]).toEqual(["correction", later.seq]);
  });

  test("takes one overall rating of a hall per person and day (002 5.2)", async () => {
    const hall = (person: string, atMs: number) =>
      accept({ subject: { kind: "hall", subjectNo: "H1" }, rater: { named: "claimed", person }, atMs }, SIPING);
    const day = 86_400_000;
    const answers = [
      await hall("a", MORNING_MS),
      await hall("a", MORNING_MS + 1),
      await hall("b", MORNING_MS),
      await hall("a", MORNING_MS + day),
    ];
    expect(answers.map(outcome)).toEqual(["first", "WR7020", "first", "first"]);
    expect((await Promise.all([hall("c", MORNING_MS), hall("c", MORNING_MS)])).map(outcome).sort()).toEqual(["WR7020", "first"]);
    expect(outcome(await accept({ subject: { kind: "hall", subjectNo: "H1" } }, SIPING))).toBe("WR7022");
    // Other regions set no such limit, and none is borrowed.
    expect(outcome(await accept({ subject: { kind: "hall", subjectNo: "H1" } }, REFUSE))).toBe("first");
  });

  test("a default rating is set only where there is none, and a given one takes its place; both are kept", async () => {
    const byDefault = await accepted({ channel: "default", level: 3 });
    expect(outcome(await accept({ channel: "default", level: 3 }))).toBe("WR7020");
    const given = await accepted({ channel: "sms", level: 5 }, REFUSE);
    expect([given.standing, (await row(given.seq)).supersedes, (await row(byDefault.seq)).level]).toEqual(["correction", byDefault.seq, 3]);
    expect(outcome(await accept({ channel: "default", level: 3 }))).toBe("WR7020");
  });

  test("no accepted rating, receipt or change of the registry can be changed or taken away", async () => {
    const { seq } = await accepted();
    for (const change of [
      "update ratings set level = 5",
      "delete from ratings",
      "update receipts set rating = 1",
      "delete from receipts",
      "truncate ratings",
    ]) {
      await expect(sql.raw(change).execute(open.db)).rejects.toThrow(/append-only/);
    }
    expect((await row(seq)).level).toBe(4);
  });
});
