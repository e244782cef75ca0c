import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { signedIn, type TestBrowser } from "../../test/access-world.ts";
import { STORAGES, type TestStorage } from "../../test/storages.ts";
import { TwoHalls } from "../../test/two-halls.ts";
import { followUpOf } from "../channels/follow-up.ts";
import { inTransaction } from "../database/transaction.ts";
import { openRuleBook } from "../policy/rule-book.ts";
import { changeSite } from "../ratings/site.ts";

const AT = "2026-03-02T09:00+08:00";

describe.each(STORAGES)("steps in the console on $name", ({ create }) => {
  let storage: TestStorage;
  let halls: TwoHalls;
  let agency: TestBrowser;
  let ratingNo = 0;
  beforeAll(async () => {
    storage = await create();
    halls = await TwoHalls.open(storage);
    ratingNo = halls.sides.EAST.ratingNo;
    agency = (await signedIn(halls.world, { name: "agency.east", role: "agency", scope: { is: "agency", agencyCode: "A-EAST" } })).browser;
  });
  afterAll(async () => {
    await halls?.close();
    await storage?.remove();
  });

  const region = (name: string) =>
    inTransaction(halls.world.db, (tx) => changeSite(tx, openRuleBook(), { region: name }, "test", halls.world.nowMs));
  const told = async (response: Response) => {
    const { step, error } = (await response.json()) as { step?: Record<string, unknown> & { stepId: string }; error?: { code: string } };
    return { status: response.status, code: error?.code, stepId: step?.stepId ?? "", step };
  };
  const begin = async (over: object, browser = agency) =>
    told(await browser.post("steps", { ratingNo, rule: "rectification", class: "complex", at: AT, ...over }));
  const date = async (stepId: string, over: object = {}, browser = agency) =>
    told(await browser.post(`steps/${stepId}/date`, { dueDate: "2026-03-20", reason: "会商后确定", ...over }));
  const listed = async (state: string, browser = agency): Promise<string[]> =>
    ((await (await browser.get(`steps?state=${state}`)).json()) as { steps: { stepId: string }[] }).steps.map(({ stepId }) => stepId);

  test("a date that the document leaves open is set by whoever is signed in, is on the record, and the citizen's receipt shows it", async () => {
    await region("yantai");
    const { stepId, status } = await begin({});
    expect(status).toBe(200);
    expect(await listed("waits-for-date")).toContain(stepId);
    expect(await followUpOf(halls.world.db, [ratingNo])).toMatchObject([{ state: "waits-for-date" }]);
    // Nobody says who it is but the session.
    expect(await date(stepId, { by: "somebody else" })).toMatchObject({ status: 400, code: "WR7001" });
    expect((await date(stepId)).step).toMatchObject({
      state: "open",
      setting: { by: "agency.east", reason: "会商后确定", approvedBy: null },
    });
    expect([await listed("waits-for-date"), await listed("open")]).toEqual([[], [stepId]]);
    expect(await followUpOf(halls.world.db, [ratingNo])).toMatchObject([{ state: "open", isDateSet: true }]);
    expect((await told(await agency.post(`steps/${stepId}/close`))).step).toMatchObject({ state: "closed" });
    expect(await date(stepId)).toMatchObject({ status: 409, code: "WR7107" });
    const events = await halls.world.db
      .selectFrom("access_events")
      .selectAll()
      .where("by_whom", "=", "agency.east")
      .orderBy("event_no")
      .execute();
    expect(events.map(({ kind }) => kind)).toEqual(["step-begun", "step-dated", "step-closed"]);
    for (const { detail } of events) expect(detail).toContain(stepId);
  });

  test("a step is changed by nobody whose rating it is not, or who may only look", async () => {
    await region("yantai");
    const { stepId } = await begin({});
    const west = await signedIn(halls.world, { name: "agency.west", role: "agency", scope: { is: "agency", agencyCode: "A-WEST" } });
    const hall = await signedIn(halls.world, { name: "hall.east", role: "hall", scope: { is: "hall", hallNo: "H-EAST" } });
    expect(await date(stepId, {}, west.browser)).toMatchObject({ status: 404, code: "WR7012" });
    expect(await begin({}, west.browser)).toMatchObject({ status: 404, code: "WR7012" });
    expect(await listed("waits-for-date", west.browser)).toEqual([]);
    expect(await date(stepId, {}, hall.browser)).toMatchObject({ status: 403 });
    expect(await listed("waits-for-date", hall.browser)).toContain(stepId);
    expect((await date(stepId)).status).toBe(200);
  });

  test("an extension is asked as the region's document has it: in time (000), or with who approved it (003)", async () => {
    const extended = { rule: "rectification-extended", class: "complex", channel: "online" };
    await region("weihai-lingang");
    const { stepId } = await begin(extended);
    // Fifteen working days after 2 March.
    expect((await agency.get("steps?state=waits-for-date").then((one) => one.json())) as object).toMatchObject({
      steps: [{ stepId, extension: { tellBefore: "2026-03-23" } }],
    });
    expect(await date(stepId, { dueDate: "2026-03-23" })).toMatchObject({ status: 409, code: "WR7107" });
    halls.world.nowMs += 21 * 86_400_000;
    const again = await signedIn(halls.world, { name: "agency.later", role: "agency", scope: { is: "agency", agencyCode: "A-EAST" } });
    expect(await date(stepId, { dueDate: "2026-03-30" }, again.browser)).toMatchObject({ status: 409, code: "WR7107" });
    await region("xishuangbanna");
    expect(await begin({ ...extended, reason: "材料待补" }, again.browser)).toMatchObject({ status: 409, code: "WR7107" });
    expect((await begin({ ...extended, reason: "材料待补", approvedBy: "牵头部门 李四样例" }, again.browser)).step).toMatchObject({
      state: "open",
      setting: { by: "agency.later", approvedBy: "牵头部门 李四样例" },
    });
  });
});
