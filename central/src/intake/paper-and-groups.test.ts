import type { Binding, Group } from "@window-rating/protocol/rating";
import type { EntryBody, PaperBody } from "@window-rating/protocol/sync";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { BusinessWorld } from "../../test/business-world.ts";
import { STORAGES, type TestStorage } from "../../test/storages.ts";
import type { WindowPc } from "../../test/window-pc.ts";
import { OPEN_POLICY, type RatingPolicy } from "../ratings/policy.ts";
import { takeBatch } from "./batch.ts";

/** 001 二(三)1: one rating is valid for all of a batch and all of a theme. */
const LINXIA: RatingPolicy = { ...OPEN_POLICY, batch: "shared", theme: "shared" };

describe.each(STORAGES)("paper forms, batches and themes of window PCs on $name", ({ create }) => {
  let storage: TestStorage;
  let world: BusinessWorld;
  let pc: WindowPc;
  let made = 0;
  beforeAll(async () => {
    storage = await create();
    world = await BusinessWorld.open(storage);
    pc = await world.enrolled();
  });
  afterAll(async () => {
    await world.close();
    await storage.remove();
  });

  /** Central takes these, by these rules. */
  const send = async (bodies: readonly EntryBody[], policy: RatingPolicy = LINXIA) => {
    const entries = bodies.map((body) => pc.entry(body));
    const sender = { windowPcId: pc.windowPcId, windowNo: "3", publicKey: pc.publicKey };
    // A window PC sends what has happened, not what is to come.
    world.nowMs = Math.max(world.nowMs, ...bodies.map((body) => ("openedAt" in body ? body.openedAt.wallMs : 0)));
    const times = { sentAtMs: world.nowMs, nowMs: world.nowMs, policies: { ofVersion: async () => policy } };
    const take = async () => (await takeBatch(world.db, sender, entries, times)).answers.map(({ answer, code }) => code ?? answer);
    const answers = await take();
    // A batch whose answer was lost comes again, and changes nothing (I6).
    expect(await take()).toEqual(answers.map((answer) => (answer === "stored" ? "duplicate" : answer)));
    return answers;
  };
  const caseNo = (): string => `G-${++made}`;
  const binding = (over: Partial<Binding>): Binding => ({ ...pc.rating().binding, caseCompleted: true, ...over });
  const press = (bound: Binding, level: 1 | 2 | 3 | 4 | 5): EntryBody => ({ ...pc.rating({ level }), binding: bound });
  const paper = (bound: Binding, over: Partial<PaperBody> = {}): PaperBody => {
    const { openedAt, committedAt } = pc.rating();
    return {
      kind: "paper",
      formId: pc.requestId(),
      binding: bound,
      level: 2,
      openedAt,
      committedAt,
      typedBy: "1009",
      typistName: "王五样例",
      enteredBy: "strip, clerk 1009",
      reasonList: "2020",
      reasons: [213],
      named: true,
      sealed: { keyId: "0123456789abcdef", data: "c2VhbGVk" },
      ...over,
    };
  };
  const effective = async (no: string) => {
    const seq = (await world.visit(no))?.staff_rating;
    return seq == null ? undefined : await world.db.selectFrom("ratings").selectAll().where("seq", "=", seq).executeTakeFirstOrThrow();
  };
  const itemRating = async (no: string) => {
    const seq = (await world.case(no))?.item_rating;
    return seq == null ? undefined : await world.db.selectFrom("ratings").selectAll().where("seq", "=", seq).executeTakeFirstOrThrow();
  };
  const counters = () =>
    world.db
      .selectFrom("window_pcs")
      .select(["ratings", "not_rated", "rated_later"])
      .where("window_pc_id", "=", pc.windowPcId)
      .executeTakeFirstOrThrow();

  test("a form counts for its visit as paper, with its typist, reasons and what is sealed, and is no press of the window PC", async () => {
    const bound = binding({ caseNo: caseNo() });
    const form = paper(bound);
    const before = await counters();
    expect(await send([{ ...pc.notRated(), binding: bound }, form])).toEqual(["stored", "stored"]);
    const counted = await effective(bound.caseNo);
    expect(counted).toMatchObject({
      request_id: form.formId,
      channel: "paper",
      level: 2,
      staff_no: bound.staffNo,
      typed_by: "1009",
      named: "claimed",
      standing: "first",
      reasons_version: "2020",
      reason_codes: "213",
      secured: null,
      circumstance: null,
    });
    expect(await counters()).toEqual({ ...before, not_rated: before.not_rated + 1 });
    const sealed = await world.db
      .selectFrom("rating_contacts")
      .select("sealed")
      .where("rating", "=", counted?.seq ?? 0)
      .execute();
    expect(sealed).toEqual([{ sealed: "0123456789abcdef c2VhbGVk" }]);
  });

  test("a form typed in by the clerk it rates is refused, also if the window PC let it pass; it holds up no other", async () => {
    const bound = binding({ caseNo: caseNo(), staffNo: "1009" });
    const other = binding({ caseNo: caseNo() });
    expect(await send([paper(bound), paper(other)])).toEqual(["WR7001", "stored"]);
    expect(await effective(bound.caseNo)).toBeUndefined();
    expect((await effective(other.caseNo))?.channel).toBe("paper");
  });

  test("a form is judged by the region's rules: closed ways, real names; but not by how bad it is, which its window would learn", async () => {
    const real: RatingPolicy = { ...LINXIA, realNameOn: ["paper"] };
    expect(await send([paper(binding({ caseNo: caseNo() }), { named: false })], real)).toEqual(["WR7022"]);
    expect(await send([paper(binding({ caseNo: caseNo() }))], real)).toEqual(["stored"]);
    expect(await send([paper(binding({ caseNo: caseNo() }))], { ...LINXIA, channels: ["pad"] })).toEqual(["WR7026"]);
    const unexplained = { reasons: [], reasonList: null, sealed: null, named: false, level: 1 as const };
    expect(await send([paper(binding({ caseNo: caseNo() }), unexplained)], { ...LINXIA, badNeedsReason: true })).toEqual(["stored"]);
  });

  test("of a press and a form of one visit the first counts, and the other is kept beside it or set aside, as the region has it", async () => {
    const [one, two] = [binding({ caseNo: caseNo() }), binding({ caseNo: caseNo() })];
    expect(await send([paper(one, { level: 1 }), press(one, 5)])).toEqual(["stored", "stored"]);
    expect(await effective(one.caseNo)).toMatchObject({ channel: "paper", level: 1 });
    expect(await send([press(two, 4), paper(two, { level: 1 })], { ...LINXIA, second: "refuse" })).toEqual(["stored", "WR7020"]);
    expect(await effective(two.caseNo)).toMatchObject({ channel: "pad", level: 4 });
  });

  test("a visit whose citizen was asked twice is not rated once, and a rating after that counts", async () => {
    const bound = binding({ caseNo: caseNo() });
    const not = { ...pc.notRated(), binding: bound };
    const again = { at: not.endedAt, trigger: "manual", by: "strip, clerk 1001" } as const;
    const before = await counters();
    expect(await send([not, { ...not, again }])).toEqual(["stored", "stored"]);
    expect(await counters()).toEqual({ ...before, not_rated: before.not_rated + 1 });
    const rows = await world.db.selectFrom("not_rated").select("seq").where("case_no", "=", bound.caseNo).execute();
    expect(rows).toHaveLength(1);
    await send([press(bound, 3)]);
    expect(await counters()).toEqual({ ratings: before.ratings + 1, not_rated: before.not_rated + 1, rated_later: before.rated_later + 1 });
    expect(await effective(bound.caseNo)).toMatchObject({ level: 3 });
  });

  const batchOf = (size: number) => {
    const cases = Array.from({ length: size }, caseNo);
    const [first, ...others] = cases as [string, ...string[]];
    const group: Group = { kind: "batch", no: `batch ${first}`, others: others.map((no) => ({ caseNo: no, visitNo: 1 })) };
    return { cases, others, bound: binding({ caseNo: first, group }) };
  };

  test("one press rates all visits of a batch, with the clerk and window of all of them (001 二(三)1)", async () => {
    const { cases, bound } = batchOf(3);
    await send([press(bound, 2)]);
    const first = await effective(bound.caseNo);
    for (const no of cases) {
      expect(await world.visit(no)).toMatchObject({
        batch_no: `batch ${bound.caseNo}`,
        staff_no: bound.staffNo,
        window_no: bound.windowNo,
      });
      expect(await effective(no)).toMatchObject({
        level: 2,
        staff_no: bound.staffNo,
        shared_from: no === bound.caseNo ? null : first?.seq,
      });
      expect(await world.case(no)).toMatchObject({ item_code: bound.itemCode, completed_at_ms: expect.any(Number) });
    }
  });

  test("a batch that nobody rated is told of as well, and a form or a late press rates all of it then", async () => {
    for (const rate of [(bound: Binding) => paper(bound), (bound: Binding) => press(bound, 2)]) {
      const { cases, bound } = batchOf(2);
      await send([{ ...pc.notRated(), binding: bound }]);
      for (const no of cases) expect(await world.visit(no)).toMatchObject({ batch_no: `batch ${bound.caseNo}`, staff_rating: null });
      await send([rate(bound)]);
      for (const no of cases) expect(await effective(no)).toMatchObject({ level: 2 });
    }
  });

  test("where the region has every case rated by itself, a batch rates the one it was asked about", async () => {
    const { others, bound } = batchOf(3);
    await send([press(bound, 4)], OPEN_POLICY);
    expect(await effective(bound.caseNo)).toMatchObject({ level: 4 });
    for (const no of others) expect(await effective(no)).toBeUndefined();
  });

  const themeOf = (over: Partial<Binding> = {}) => {
    const first = caseNo();
    const others = ["ITEM-02", "ITEM-03"].map((itemCode) => ({ caseNo: caseNo(), visitNo: 1, itemCode, itemName: `事项 ${itemCode}` }));
    const group: Group = { kind: "theme", no: `theme ${first}`, name: "开办企业", others };
    return { cases: [first, ...others.map((one) => one.caseNo)], others, bound: binding({ caseNo: first, group, ...over }) };
  };

  test("one press rates the clerk of the visit, and all items of its theme; a second press of the theme changes nothing (001 二(三)1)", async () => {
    const { cases, others, bound } = themeOf();
    await send([press(bound, 5)]);
    expect(await effective(bound.caseNo)).toMatchObject({ level: 5, subject: "staff" });
    for (const no of cases) expect(await itemRating(no)).toMatchObject({ level: 5, subject: "item", staff_no: null });
    const theme = await world.db.selectFrom("themes").selectAll().where("theme_no", "=", `theme ${bound.caseNo}`).executeTakeFirst();
    expect(theme).toMatchObject({ name: "开办企业", rating: expect.any(Number) });
    for (const { caseNo: no, itemCode } of others) {
      expect(await world.case(no)).toMatchObject({ item_code: itemCode, theme_no: `theme ${bound.caseNo}` });
      // One visit at the counter is one rating of the clerk.
      expect(await world.visit(no)).toBeUndefined();
    }
  });

  test("a theme that is not completed rates its clerk and no item yet; one that nobody rated is told of", async () => {
    const open = themeOf({ caseCompleted: false });
    await send([press(open.bound, 3)]);
    expect(await effective(open.bound.caseNo)).toMatchObject({ level: 3 });
    for (const no of open.cases) expect(await itemRating(no)).toBeUndefined();
    const silent = themeOf();
    await send([{ ...pc.notRated(), binding: silent.bound }]);
    for (const no of silent.cases)
      expect(await world.case(no)).toMatchObject({ theme_no: `theme ${silent.bound.caseNo}`, item_rating: null });
  });
});
