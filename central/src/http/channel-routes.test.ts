import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { errorOf, iso } from "../../test/business-world.ts";
import { CitizenWorld } from "../../test/citizen-world.ts";
import { STORAGES, type TestStorage } from "../../test/storages.ts";
import type { SystemAnswer } from "../channels/system-entry.ts";

const DIGITS = { 1: 5, 2: 4, 3: 3, 4: 2, 5: 1 };
const MINUTE_MS = 60_000;

describe.each(STORAGES)("ratings of other systems on $name", ({ create }) => {
  let storage: TestStorage;
  let citizen: CitizenWorld;
  let made = 0;
  beforeAll(async () => {
    storage = await create();
    citizen = await CitizenWorld.open(storage);
  });
  afterAll(async () => {
    await citizen.close();
    await storage.remove();
  });
  beforeEach(() => citizen.calm());

  const entry = (over: Readonly<Record<string, unknown>> = {}) => {
    made += 1;
    return { key: `R-${made}`, channel: "terminal", level: 4, at: iso(citizen.world.nowMs), ...over };
  };
  const told = async (over: Readonly<Record<string, unknown>> = {}) => {
    const report = citizen.world.report(over);
    await citizen.world.tell([report]);
    return {
      caseNo: report.caseNo,
      staff: { kind: "staff", caseNo: report.caseNo, visitNo: 1 },
      item: { kind: "item", caseNo: report.caseNo },
    };
  };
  const hand = async (entries: readonly unknown[], digits?: object, token = citizen.token): Promise<SystemAnswer[]> => {
    const response = await citizen.world.post("/api/v1/ratings", { entries, ...(digits === undefined ? {} : { digits }) }, token);
    expect(response.status).toBe(200);
    return ((await response.json()) as { answers: SystemAnswer[] }).answers;
  };
  const short = (answers: readonly SystemAnswer[]): string[] =>
    answers.map((one) =>
      one.answer === "refused" ? `${one.code} ${one.field}` : one.answer === "accepted" ? `accepted ${one.standing}` : one.answer,
    );

  test("are accepted by each way that is a system's, with who handed them in, and shown a receipt", async () => {
    for (const channel of ["terminal", "web", "phone-visit", "paper", "sms", "message", "opinion-box", "complaint-desk", "system"]) {
      const { caseNo, staff } = await told();
      const typed = ["paper", "phone-visit", "opinion-box", "complaint-desk"].includes(channel) ? { typedBy: "2001" } : {};
      const [answer] = await hand([entry({ channel, subject: staff, ...typed })]);
      expect([channel, answer?.answer, answer?.answer === "accepted" && answer.receipt.length]).toEqual([channel, "accepted", 14]);
      const [rating] = await citizen.ratingsOf(caseNo);
      expect(rating).toMatchObject({ channel, level: 4, typed_by: typed.typedBy ?? null, staff_no: "1001" });
      expect(JSON.parse(rating?.origin ?? "")).toEqual({ system: expect.any(Number) });
    }
  });

  test("are the same rating for the same key, and a mistake if the content is another", async () => {
    const { caseNo, staff, item } = await told();
    const one = entry({ subject: staff });
    expect(short(await hand([one, one]))).toEqual(["accepted first", "duplicate"]);
    expect(short(await hand([one, { ...one, level: 1 }, { ...one, subject: item }]))).toEqual(["duplicate", "WR7035 key", "WR7035 key"]);
    expect(await citizen.ratingsOf(caseNo)).toHaveLength(1);
    // The key is the system's own: another system may have the same.
    const other = await told();
    expect(short(await hand([{ ...one, subject: other.staff }], undefined, await citizen.world.newToken("ratings")))).toEqual([
      "accepted first",
    ]);
  });

  test("of the hotline are keys pressed, with what each key meant; a key that meant nothing is no rating", async () => {
    const { caseNo, staff } = await told();
    const pressed = (digit: string, over: object = {}) => {
      const { level: _, ...rest } = entry({ channel: "hotline", subject: staff, digit });
      return { ...rest, ...over };
    };
    expect(short(await hand([pressed("2")]))).toEqual(["WR7001 digits"]);
    expect(short(await hand([pressed("9"), pressed("2"), pressed("2", { level: 5 })], DIGITS))).toEqual([
      "WR7001 digit",
      "accepted first",
      "WR7001 digit",
    ]);
    const [rating] = await citizen.ratingsOf(caseNo);
    expect([rating?.level, JSON.parse(rating?.origin ?? "")]).toEqual([
      4,
      { system: expect.any(Number), digit: "2", digits: "1=5 2=4 3=3 4=2 5=1" },
    ]);
    for (const wrong of [{ 1: 5 }, { ...DIGITS, 5: 2 }, { ...DIGITS, 6: 1 }, { ...DIGITS, "*": 1 }]) {
      const response = await citizen.world.post("/api/v1/ratings", { entries: [pressed("1")], digits: wrong }, citizen.token);
      expect(await errorOf(response)).toMatchObject({ status: 400, code: "WR7001" });
    }
    expect(short(await hand([entry({ subject: staff, digit: "1" })], DIGITS))).toEqual(["WR7001 digit"]);
  });

  test("on paper are typed by somebody else than who is rated, be it the clerk of the visit or of any visit of the case", async () => {
    const { staff, item, caseNo } = await told();
    const paper = (subject: object, typedBy?: string, channel = "paper") =>
      entry({ channel, subject, ...(typedBy === undefined ? {} : { typedBy }) });
    // However the number is typed.
    const wrong = [paper(staff), paper(staff, "1001"), paper(item, "１００１"), paper(item, "10 01")];
    const alike = ["opinion-box", "complaint-desk"].flatMap((channel) => [
      paper(staff, undefined, channel),
      paper(staff, "１００１", channel),
    ]);
    expect(short(await hand([...wrong, ...alike]))).toEqual(new Array(8).fill("WR7001 typedBy"));
    expect(short(await hand([paper(staff, "2001"), paper(item, "2001")]))).toEqual(["accepted first", "accepted first"]);
    expect((await citizen.ratingsOf(caseNo)).map(({ typed_by }) => typed_by)).toEqual(["2001", "2001"]);
  });

  test("on paper need a real name where the region's form does (001 二(一)3)", async () => {
    await citizen.site({ region: "linxia" });
    const { staff } = await told();
    const paper = entry({ channel: "paper", subject: staff, typedBy: "2001" });
    expect(short(await hand([paper, { ...paper, name: "王五样例", phone: "13800001234" }]))).toEqual([
      "WR7022 rater.named",
      "accepted first",
    ]);
  });

  test("of a hall are one a person and day; who it is may be an account (002 5.2)", async () => {
    await citizen.site({ region: "siping" });
    const subject = { kind: "hall", subjectNo: `H-${citizen.world.nowMs}` };
    const by = (account: string) => entry({ channel: "web", subject, account, verified: true });
    expect(short(await hand([entry({ channel: "web", subject, verified: true }), by("a"), by("a"), by("b")]))).toEqual([
      "WR7022 rater.person",
      "accepted first",
      "accepted correction",
      "accepted first",
    ]);
    citizen.world.nowMs += 24 * 60 * MINUTE_MS;
    expect(short(await hand([by("a")]))).toEqual(["accepted first"]);
  });

  test("vouch for a visit that nobody has told of", async () => {
    const subject = { kind: "staff", caseNo: `T-${made}`, visitNo: 1 };
    const service = { itemCode: "ITEM-01", itemName: "居民身份证换领", windowNo: "5", endedAt: iso(citizen.world.nowMs), completed: false };
    expect(short(await hand([entry({ subject })]))).toEqual(["WR7021 subject.caseNo"]);
    expect(short(await hand([entry({ subject, service })]))).toEqual(["accepted first"]);
    expect((await citizen.world.visit(subject.caseNo))?.window_no).toBe("5");
  });

  test("of a clock that is a little ahead were given now; far ahead they are refused, late they are taken as they were", async () => {
    const { caseNo, staff } = await told();
    const at = (ms: number) => iso(citizen.world.nowMs + ms);
    expect(short(await hand([entry({ subject: staff, at: at(11 * MINUTE_MS) })]))).toEqual(["WR7001 at"]);
    await hand([entry({ subject: staff, at: at(5 * MINUTE_MS) }), entry({ channel: "web", subject: staff, at: at(-60 * MINUTE_MS) })]);
    const rated = await citizen.ratingsOf(caseNo);
    expect(rated[0]?.at_ms).toBe(citizen.world.nowMs);
    expect(JSON.parse(rated[0]?.origin ?? "")).toMatchObject({ clockAheadMs: 5 * MINUTE_MS });
    expect(rated[1]?.at_ms).toBe(citizen.world.nowMs - 60 * MINUTE_MS);
  });

  test("that are refused name field and reason, hold up no other, are kept sealed, and can be taken again", async () => {
    const report = citizen.world.report();
    const subject = { kind: "staff", caseNo: report.caseNo, visitNo: 1 };
    const { staff } = await told();
    const early = entry({ subject, name: "王五样例", phone: "13800001234", words: "等候太久" });
    const answers = await hand([
      early,
      early,
      entry({ subject: staff }),
      { nonsense: "王五样例" },
      entry({ channel: "pad", subject: staff }),
      null,
    ]);
    expect(short(answers)).toEqual([
      "WR7021 subject.caseNo",
      "WR7021 subject.caseNo",
      "accepted first",
      "WR7001 key",
      "WR7001 channel",
      "WR7001 entry",
    ]);
    const numbers = answers.flatMap((one) => (one.answer === "refused" ? [one.refusedNo] : []));
    expect([numbers[0] === numbers[1], new Set(numbers).size]).toEqual([true, 4]);
    const kept = JSON.stringify(await citizen.world.db.selectFrom("refused_reports").selectAll().execute());
    expect(kept).not.toMatch(/王五样例|13800001234|等候太久/);
    const listed = async (token = citizen.token) => {
      const response = await fetch(`${citizen.world.url}/api/v1/ratings/refused`, { headers: { authorization: `Bearer ${token}` } });
      return ((await response.json()) as { refused: { refusedNo: number; entry: unknown }[] }).refused;
    };
    expect((await listed()).find(({ refusedNo }) => refusedNo === numbers[0])?.entry).toEqual(early);
    const retake = (token = citizen.token) => citizen.world.post(`/api/v1/ratings/refused/${numbers[0]}/retake`, {}, token);
    expect(await (await retake()).json()).toMatchObject({ answer: "refused", refusedNo: numbers[0] });
    await citizen.world.tell([report]);
    expect((await retake(await citizen.world.newToken("ratings"))).status).toBe(404);
    expect(await (await retake()).json()).toMatchObject({ answer: "accepted", key: early.key });
    expect((await listed()).some(({ refusedNo }) => refusedNo === numbers[0])).toBe(false);
    // Cases and ratings that were refused are listed each in their own place.
    const cases = await fetch(`${citizen.world.url}/api/v1/cases/refused`, { headers: { authorization: `Bearer ${citizen.world.token}` } });
    expect(((await cases.json()) as { refused: unknown[] }).refused).toEqual([]);
  });

  test("need a token with the scope, and come in requests of a size", async () => {
    const { staff } = await told();
    const body = { entries: [entry({ subject: staff })] };
    for (const token of ["", "wrs_x", await citizen.world.newToken("cases"), citizen.world.token]) {
      expect(await errorOf(await citizen.world.post("/api/v1/ratings", body, token))).toMatchObject({ status: 401, code: "WR7030" });
      expect((await citizen.world.post("/api/v1/qr-codes", { caseNo: "X" }, token)).status).toBe(401);
    }
    const many = { entries: Array.from({ length: 201 }, () => ({})) };
    expect(await errorOf(await citizen.world.post("/api/v1/ratings", many, citizen.token))).toMatchObject({ status: 413, code: "WR7013" });
    const huge = `{"entries":["${"x".repeat(1_100_000)}"]}`;
    expect((await citizen.world.post("/api/v1/ratings", huge, citizen.token)).status).toBe(413);
    for (const wrong of [
      { caseNo: "X", themeNo: "Y" },
      {},
      { themeNo: "T", visitNo: 1 },
      { caseNo: "X", validMinutes: 99_999 },
      { caseNo: "X", extra: 1 },
    ]) {
      expect(await errorOf(await citizen.world.post("/api/v1/qr-codes", wrong, citizen.token))).toMatchObject({
        status: 400,
        code: "WR7001",
      });
    }
  });

  test("of a batch's typist make no rating for a visit that the typist served", async () => {
    await citizen.site({ region: "linxia" });
    const batchNo = `BATCH-${made}`;
    const visit = (staffNo: string) => ({
      visitNo: 1,
      windowNo: "3",
      staffNo,
      clerkName: "李四样例",
      batchNo,
      endedAt: iso(citizen.world.nowMs),
    });
    const [one, two] = [await told({ visit: visit("1001") }), await told({ visit: visit("2001") })];
    const who = { name: "王五样例", phone: "13800001234", typedBy: "2001" };
    expect(short(await hand([entry({ channel: "paper", subject: one.staff, ...who })]))).toEqual(["accepted first"]);
    expect((await citizen.world.visit(two.caseNo))?.staff_rating).toBeNull();
  });

  test("a code's address is the public one where it is set", async () => {
    const { caseNo } = await told();
    expect((await citizen.issue({ caseNo })).url.startsWith(`${citizen.world.url}/Q/`)).toBe(true);
    await citizen.site({ publicUrl: "https://pj.example.gov.cn/hcp/" });
    expect((await citizen.issue({ caseNo })).url).toMatch(/^https:\/\/pj\.example\.gov\.cn\/hcp\/Q\/[0-9A-Z]{32}$/);
  });
});
