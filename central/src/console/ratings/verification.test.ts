import { sql } from "kysely";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { signedIn, type TestBrowser } from "../../../test/access-world.ts";
import { errorOf } from "../../../test/business-world.ts";
import { STORAGES, type TestStorage } from "../../../test/storages.ts";
import { pressOf, TwoHalls } from "../../../test/two-halls.ts";
import { WindowPc } from "../../../test/window-pc.ts";
import { makeEnrolmentCode } from "../../enrolment.ts";
import { type ChainLine, chainLineSchema, type RatingAnswer, ratingAnswerSchema } from "../contract/ratings.ts";

describe.each(STORAGES)("what was signed, on $name", ({ create }) => {
  let storage: TestStorage;
  let halls: TwoHalls;
  let browser: TestBrowser;

  beforeAll(async () => {
    storage = await create();
    halls = await TwoHalls.open(storage);
    browser = (await signedIn(halls.world, { name: "auditor", role: "auditor" })).browser;
  });
  afterAll(async () => {
    await halls?.close();
    await storage?.remove();
  });

  const ratingOf = async (seq: number): Promise<RatingAnswer> =>
    ratingAnswerSchema.parse(await (await browser.get(`ratings/${seq}`)).json());
  const resultsOf = ({ verification }: RatingAnswer) => Object.fromEntries(verification.checks.map(({ check, result }) => [check, result]));
  const seqOf = async (pc: WindowPc, number: number): Promise<number> => {
    const { rows } = await sql<{ seq: number }>`
      select r.seq from ratings r join entries e using (entry_id) where e.window_pc_id = ${pc.windowPcId}::uuid and e.number = ${number}`.execute(
      halls.world.db,
    );
    return rows[0]?.seq ?? 0;
  };
  /** What nobody may do, done by somebody who owns the database. */
  const alter = async (table: "entries" | "ratings", change: ReturnType<typeof sql>): Promise<void> => {
    await sql.raw(`alter table ${table} disable trigger user`).execute(halls.world.db);
    await change.execute(halls.world.db);
    await sql.raw(`alter table ${table} enable trigger user`).execute(halls.world.db);
  };
  const linesOf = async (pc: WindowPc): Promise<ChainLine[]> => {
    const text = await (await browser.get(`window-pcs/${pc.windowPcId}/verification`)).text();
    return text
      .trimEnd()
      .split("\n")
      .map((line) => chainLineSchema.parse(JSON.parse(line)));
  };

  it("is checked anew for one rating: hash, signature, both neighbours, gaps, and what the lists show", async () => {
    const answer = await ratingOf(await seqOf(halls.sides.EAST.pc, 2));
    expect(resultsOf(answer)).toEqual({
      hash: "good",
      signature: "good",
      "link-before": "good",
      "link-after": "good",
      gap: "good",
      content: "good",
    });
    expect(answer.verification.result).toBe("good");
    expect(answer.entry).toMatchObject({ number: 2, trigger: "business-system", triggeredBy: "sample-system", sinceOpenMs: 3200 });
    expect(answer.entry?.pad).toMatchObject({ model: "generic/five-button", serialNumber: "SIM-0001", eventNo: 3 });
  });

  it("begins with the first entry, and says what has not come yet", async () => {
    expect(resultsOf(await ratingOf(await seqOf(halls.sides.EAST.pc, 1)))).toMatchObject({ "link-before": "good", gap: "good" });
    // Entries 10 and 11 never came.
    const afterGap = await ratingOf(await seqOf(halls.sides.EAST.pc, 12));
    expect(resultsOf(afterGap)).toMatchObject({ hash: "good", "link-before": "missing", "link-after": "not-applicable", gap: "missing" });
    expect(afterGap.verification.text.en).toContain("2 wait");
  });

  it("is nothing where a rating came another way", async () => {
    const sms = await halls.world.db.selectFrom("ratings").select("seq").where("channel", "=", "sms").executeTakeFirstOrThrow();
    const answer = await ratingOf(sms.seq);
    expect([answer.entry, answer.verification.result, answer.verification.checks]).toEqual([null, "unsigned", []]);
  });

  it("shows a row that was altered beside an entry that was not", async () => {
    const seq = await seqOf(halls.sides.EAST.pc, 3);
    await alter(
      "ratings",
      sql`update ratings set level = ${((await ratingOf(seq)).rating.level % 5) + 1}, clerk_name = 'x' where seq = ${seq}`,
    );
    const { verification } = await ratingOf(seq);
    expect(verification.result).toBe("bad");
    expect(verification.checks.find(({ check }) => check === "content")).toMatchObject({
      result: "bad",
      text: { en: expect.stringContaining("level") },
    });
  });

  it("shows an entry that was altered, to itself and in its chain", async () => {
    const { pc } = halls.sides.WEST;
    const seq = await seqOf(pc, 4);
    await alter(
      "entries",
      sql`update entries set body = replace(body, '"level":', '"level": ') where window_pc_id = ${pc.windowPcId}::uuid and number = 4`,
    );
    expect(resultsOf(await ratingOf(seq))).toMatchObject({ hash: "bad", signature: "good", content: "good" });
    const lines = await linesOf(pc);
    expect(lines[0]).toMatchObject({ is: "begun", windowNo: "W-WEST", entries: 10 });
    expect(lines.filter((line) => line.is === "fault").map((line) => [line.number, line.check])).toEqual([
      [4, "hash"],
      [12, "gap"],
    ]);
    expect(lines.at(-1)).toMatchObject({ is: "done", checked: 10, faults: 2, lastNumber: 12 });
  });

  it("holds a long chain together page by page, and finds a forged signature and a cut in it", async () => {
    const { world } = halls;
    const pc = new WindowPc("long", "W-EAST");
    await pc.enrol(world.url, (await makeEnrolmentCode(world.db, pc.windowNo, 60, world.nowMs)).code);
    for (let batch = 0; batch < 5; batch++) {
      await pc.send(
        world.url,
        Array.from({ length: 250 }, () => pc.entry(pressOf(pc, "EAST"))),
        world.nowMs,
      );
    }
    const good = await linesOf(pc);
    expect(good.filter(({ is }) => is === "progress")).toEqual([
      { is: "progress", checked: 1000, faults: 0 },
      { is: "progress", checked: 1250, faults: 0 },
    ]);
    expect(good.at(-1)).toMatchObject({ is: "done", checked: 1250, faults: 0, lastNumber: 1250 });
    await alter(
      "entries",
      sql`update entries set signature = repeat('00', 64) where window_pc_id = ${pc.windowPcId}::uuid and number = 1001`,
    );
    await alter(
      "entries",
      sql`update entries set previous_hash = repeat('00', 32) where window_pc_id = ${pc.windowPcId}::uuid and number = 1000`,
    );
    const faults = (await linesOf(pc)).filter((line) => line.is === "fault").map((line) => [line.number, line.check]);
    expect(faults).toEqual([
      [1000, "hash"],
      [1000, "link-before"],
      [1001, "signature"],
    ]);
  });

  it("is told of no window PC that there is none of", async () => {
    const response = await browser.get("window-pcs/01990000-0000-7000-8000-000000000000/verification");
    expect(await errorOf(response)).toMatchObject({ status: 404, code: "WR7012" });
  });
});
