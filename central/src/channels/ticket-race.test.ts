import { sql } from "kysely";
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { iso } from "../../test/business-world.ts";
import { choose, openPage, send } from "../../test/citizen.ts";
import { CitizenWorld } from "../../test/citizen-world.ts";
import { STORAGES, type TestStorage } from "../../test/storages.ts";

describe.each(STORAGES)("a rating by the code of a case and one at the pad for the same visit on $name", ({ create }) => {
  let storage: TestStorage;
  let citizen: CitizenWorld;
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
    // 001 二(三)1: each visit one rating of the clerk.
    await citizen.site({ region: "linxia", correctWithinDays: 7 });
  });

  /** The code that a window PC has made for the visit of a request, and the page with its second step filled in. */
  const codeFor = async (pc: Awaited<ReturnType<CitizenWorld["world"]["enrolled"]>>, body: ReturnType<typeof pc.rating>) => {
    const { caseNo, visitNo, itemCode, itemName, staffNo, clerkName, windowNo } = body.binding;
    const asked = {
      ...{ windowPcId: pc.windowPcId, caseNo, visitNo, caseCompleted: false, itemCode, itemName, staffNo, clerkName, windowNo },
      endedAt: iso(citizen.world.nowMs),
    };
    const answer = await citizen.world.post("/sync/v1/qr-codes", asked, pc.token);
    expect(answer.status).toBe(201);
    const { url } = (await answer.json()) as { url: string };
    return choose(await openPage(url), 1);
  };

  /** Ratings of a visit, with the one that counts. */
  const ratingsOf = async (caseNo: string) => {
    const { rows } = await sql<{ seq: number; channel: string; standing: string; supersedes: number | null; counts: boolean }>`
      select r.seq, r.channel, r.standing, r.supersedes, r.seq = v.staff_rating as counts
      from ratings r join visits v on v.case_no = r.case_no and v.visit_no = r.visit_no
      where r.case_no = ${caseNo} and r.subject = 'staff' order by r.seq`.execute(citizen.world.db);
    return rows;
  };

  test("are both kept and one counts, whichever comes first and when they come at the same moment", async () => {
    const pc = await citizen.world.enrolled();
    const orders = new Set<string>();
    for (let round = 0; round < 24; round++) {
      citizen.world.nowMs += 10_000;
      const body = pc.rating();
      const second = await codeFor(pc, body);
      const press = () => pc.send(citizen.world.url, [pc.entry(body)], citizen.world.nowMs);
      const byCode = () => send(second);
      // One after the other, the other way round, and twice at once.
      const outcome = [
        async () => ({ pressed: await press(), page: await byCode() }),
        async () => {
          const page = await byCode();
          return { pressed: await press(), page };
        },
        async () => {
          const [pressed, page] = await Promise.all([press(), byCode()]);
          return { pressed, page };
        },
        async () => {
          const [page, pressed] = await Promise.all([byCode(), press()]);
          return { pressed, page };
        },
      ][round % 4] as () => Promise<{ pressed: Awaited<ReturnType<typeof press>>; page: Awaited<ReturnType<typeof byCode>> }>;
      const { pressed, page } = await outcome();
      const rows = await ratingsOf(body.binding.caseNo);
      const shown = rows.map(({ channel, standing }) => `${channel} ${standing}`).join(", ");
      orders.add(shown);
      // The page is answered with thanks in either order, and the window PC with "stored".
      expect([shown, page.status, pressed.answers.map(({ answer }) => answer)]).toEqual([shown, 200, ["stored"]]);
      expect(rows.filter(({ counts }) => counts)).toHaveLength(1);
      expect(rows.map(({ channel }) => channel).toSorted()).toEqual(["dynamic-qr", "pad"]);
      // What the citizen said away from the counter counts, whatever came first.
      expect(rows.find(({ counts }) => counts)?.channel).toBe("dynamic-qr");
      const correction = rows.find(({ standing }) => standing === "correction");
      if (correction !== undefined) expect(correction.supersedes).toBe(rows.find(({ channel }) => channel === "pad")?.seq);
    }
    expect([...orders].toSorted()).toEqual(["dynamic-qr first, pad beside", "pad first, dynamic-qr correction"]);
  });
});
