import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { signedIn, type TestBrowser } from "../../../test/access-world.ts";
import { iso } from "../../../test/business-world.ts";
import { STORAGES, type TestStorage } from "../../../test/storages.ts";
import { pressOf, TwoHalls } from "../../../test/two-halls.ts";
import { MORNING_MS } from "../../../test/window-pc.ts";
import { inTransaction } from "../../database/transaction.ts";
import { acceptRating } from "../../ratings/accept.ts";
import { OPEN_POLICY } from "../../ratings/policy.ts";
import { type CaseStory, caseListSchema, caseStorySchema } from "../contract/cases.ts";

const DAY_MS = 86_400_000;

describe.each(STORAGES)("cases on $name", ({ create }) => {
  let storage: TestStorage;
  let halls: TwoHalls;
  let whole: TestBrowser;
  let east: TestBrowser;
  let eastAgency: TestBrowser;

  /** A case that is begun in the east and completed in the west. */
  const BOTH = "BOTH-1";

  beforeAll(async () => {
    storage = await create();
    halls = await TwoHalls.open(storage);
    const { world } = halls;
    whole = (await signedIn(world, { name: "whole", role: "supervisor" })).browser;
    east = (await signedIn(world, { name: "east", role: "hall", scope: { is: "hall", hallNo: "H-EAST" } })).browser;
    eastAgency = (await signedIn(world, { name: "agency", role: "agency", scope: { is: "agency", agencyCode: "A-EAST" } })).browser;
    const visit = (visitNo: number, side: string, minute: number) => ({
      visitNo,
      windowNo: `W-${side}`,
      staffNo: `S-${side}`,
      endedAt: iso(MORNING_MS + minute * 60_000),
    });
    const shared = { caseNo: BOTH, itemCode: "ITEM-WEST", itemName: "WEST 事项样例" };
    await world.tell([world.report({ ...shared, completedAt: undefined, visit: visit(1, "EAST", 1) })]);
    world.nowMs += 60_000;
    await world.tell([
      world.report({
        ...shared,
        completedAt: iso(MORNING_MS + 120_000),
        reportedAt: iso(MORNING_MS + 120_000),
        visit: visit(2, "WEST", 2),
      }),
    ]);
    await inTransaction(world.db, (tx) =>
      acceptRating(
        tx,
        {
          channel: "sms",
          key: BOTH,
          subject: { kind: "item", caseNo: BOTH },
          level: 1,
          atMs: world.nowMs,
          rater: { named: "verified", contact: `k ${"x".repeat(40)}` },
        },
        OPEN_POLICY,
        world.nowMs,
      ),
    );
  });
  afterAll(async () => {
    await halls?.close();
    await storage?.remove();
  });

  const list = async (browser: TestBrowser, query: string) => caseListSchema.parse(await (await browser.get(`cases?${query}`)).json());
  const numbers = async (browser: TestBrowser, query: string) => (await list(browser, query)).cases.map(({ caseNo }) => caseNo);
  const story = async (browser: TestBrowser, caseNo: string): Promise<CaseStory> =>
    caseStorySchema.parse(await (await browser.get(`cases/${encodeURIComponent(caseNo)}`)).json());

  it("are found by the beginning of their number, in the order of their numbers", async () => {
    expect(await numbers(whole, "caseNo=CASE-EAST-")).toEqual(
      ["CASE-EAST-1", ...["2", "3", "4", "5", "6", "12"].map((no) => `CASE-EAST-${no}`)].sort(),
    );
    expect(await numbers(whole, "caseNo=R-")).toEqual(["R-EAST", "R-WEST"]);
    expect(await numbers(whole, "caseNo=%25")).toEqual([]);
  });

  it("are listed newest first, each once, page by page", async () => {
    const seen: string[] = [];
    let after: string | null = null;
    do {
      const page: Awaited<ReturnType<typeof list>> = await list(whole, `limit=3${after === null ? "" : `&after=${after}`}`);
      seen.push(...page.cases.map(({ caseNo }) => caseNo));
      after = page.next;
    } while (after !== null);
    const all = await halls.world.db
      .selectFrom("cases")
      .select("case_no")
      .orderBy("received_at_ms", "desc")
      .orderBy("case_no", "desc")
      .execute();
    expect(seen).toEqual(all.map(({ case_no }) => case_no));
  });

  it("stand in the list of a place where its first visit was heard of, once however many visits there were", async () => {
    expect((await numbers(whole, "window=W-EAST")).filter((caseNo) => caseNo === BOTH)).toEqual([BOTH]);
    expect((await numbers(whole, "window=W-WEST"))[0]).toBe(BOTH);
    expect((await numbers(whole, "staffNo=S-WEST")).includes(BOTH)).toBe(true);
    expect(await numbers(whole, "item=ITEM-WEST&window=W-EAST")).toEqual([BOTH]);
  });

  it("are told apart by what has become of them", async () => {
    expect(await numbers(whole, "state=rated")).toEqual(["R-WEST", "R-EAST", BOTH]);
    expect((await numbers(whole, "state=not-rated")).includes(BOTH)).toBe(false);
    expect(await numbers(whole, "state=open")).toEqual([]);
  });

  it("are looked for through so many days a request, and it says how far it came", async () => {
    const { world } = halls;
    const old = { told_by: "system 1", told_at_ms: 0, item_code: "ITEM-OLD", item_name: "样例" };
    await world.db
      .insertInto("cases")
      .values(
        [400, 700].map((days) => ({
          ...old,
          case_no: `OLD-${days}`,
          received_at_ms: MORNING_MS - days * DAY_MS,
          completed_at_ms: MORNING_MS - days * DAY_MS,
        })),
      )
      .execute();
    const found: string[] = [];
    const reached: (number | null)[] = [];
    let after: string | null = null;
    do {
      const page: Awaited<ReturnType<typeof list>> = await list(whole, `item=ITEM-OLD${after === null ? "" : `&after=${after}`}`);
      found.push(...page.cases.map(({ caseNo }) => caseNo));
      reached.push(page.searchedToMs);
      after = page.next;
    } while (after !== null);
    expect(found).toEqual(["OLD-400", "OLD-700"]);
    expect(reached.length).toBeGreaterThan(2);
    expect(reached.at(-1)).toBeNull();
    expect(reached.slice(0, -1)).toEqual(reached.slice(0, -1).toSorted((one, other) => (other ?? 0) - (one ?? 0)));
  });

  it("show a hall its own visit alone, and whose item it is all of them", async () => {
    const [ofHall, ofAgency, all] = [await story(east, BOTH), await story(eastAgency, BOTH), await story(whole, BOTH)];
    expect([ofHall, ofAgency, all].map(({ case: { visits }, elsewhere }) => [visits.map(({ visitNo }) => visitNo), elsewhere])).toEqual([
      [[1], true],
      [[1], true],
      [[1, 2], false],
    ]);
    const { browser: west } = await signedIn(halls.world, { name: "west", role: "agency", scope: { is: "agency", agencyCode: "A-WEST" } });
    expect((await story(west, BOTH)).case.visits.map(({ visitNo }) => visitNo)).toEqual([1, 2]);
    expect(JSON.stringify(ofHall)).not.toContain("W-WEST");
  });

  it("tell their whole story in order, each part with who told it and by whose clock", async () => {
    const { events, hasContact } = await story(whole, BOTH);
    expect(events.map(({ atMs }) => atMs)).toEqual(events.map(({ atMs }) => atMs).toSorted((one, other) => one - other));
    expect(events.map(({ kind, clock, by }) => `${kind} ${clock} ${by}`).sort()).toEqual(
      [
        "completed teller system 1",
        "rating channel citizen",
        "receipt central central",
        "report central system 1",
        "report central system 1",
        "served teller system 1",
        "served teller system 1",
        "told central system 1",
      ].sort(),
    );
    expect(hasContact).toBe(false);
    for (const { text } of events) expect([text.zh.length > 0, text.en.length > 0]).toEqual([true, true]);
  });

  it("tell what was not rated, corrected, beside, refused, taken after all, and looked at", async () => {
    const { world, sides } = halls;
    const { pc } = sides.EAST;
    const pressed = pressOf(pc, "EAST");
    const { requestId, caseNo } = pressed.binding;
    const late = pc.notRated({ requestId });
    await pc.send(world.url, [pc.entry({ ...late, binding: pressed.binding }), pc.entry(pressed)], world.nowMs);
    await inTransaction(world.db, (tx) =>
      acceptRating(
        tx,
        {
          channel: "dynamic-qr",
          key: "later",
          subject: { kind: "staff", caseNo, visitNo: 1 },
          level: 2,
          atMs: pressed.committedAt.wallMs + 1,
        },
        OPEN_POLICY,
        world.nowMs,
      ),
    );
    const refused = await world.tell([world.report({ caseNo, itemCode: "ANOTHER" })]);
    expect(refused).toMatchObject([{ answer: "refused", code: "WR7035" }]);
    const { events } = await story(whole, caseNo);
    expect(events.filter(({ kind }) => kind === "not-rated")).toMatchObject([
      { reason: "timed-out", ratedLater: true, clock: "window-pc" },
    ]);
    const ratings = events.filter((event) => event.kind === "rating");
    expect(ratings.map(({ channel, standing, effective, entryNumber }) => [channel, standing, effective, entryNumber !== null])).toEqual([
      ["pad", "first", false, true],
      ["dynamic-qr", "correction", true, false],
    ]);
    expect(events.filter(({ kind }) => kind === "refused-report")).toMatchObject([{ code: "WR7035", field: "itemCode" }]);
    expect((await story(east, caseNo)).events.some(({ kind }) => kind === "refused-report")).toBe(false);
  });

  it("are nobody's business who does not see them", async () => {
    for (const caseNo of ["CASE-WEST-1", "NONE"]) {
      const response = await east.get(`cases/${caseNo}`);
      expect([caseNo, response.status]).toEqual([caseNo, 404]);
    }
  });
});
