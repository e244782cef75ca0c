import { type RequestId, requestIdToBytes } from "@window-rating/protocol/rating";
import { sql } from "kysely";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { signedIn, type TestBrowser } from "../../test/access-world.ts";
import { BusinessWorld, errorOf, TEST_KEYS } from "../../test/business-world.ts";
import { STORAGES, type TestStorage } from "../../test/storages.ts";
import { accessEventListSchema, lookAnswerSchema, lookListSchema } from "../access/session-schema.ts";
import type { Scope } from "../access/viewer.ts";
import { boundTo, contactKeysOf } from "../sms/contact-keys.ts";

const WHY = { purpose: "return-visit", reason: "回访差评，核实当时情况" } as const;
const REQUEST = "01900000-0000-7000-8000-0000000000";
const ALL: Scope = { is: "all" };

describe.each(STORAGES)("looks at personal data on $name", ({ create }) => {
  let storage: TestStorage;
  let world: BusinessWorld;
  let ratings = 0;
  let accounts = 0;
  beforeAll(async () => {
    storage = await create();
    world = await BusinessWorld.open(storage);
    const registry = (kind: string, ...entries: object[]) => world.post("/api/v1/registry", { kind, entries });
    await registry("agency", { agencyCode: "A-1", name: "甲局" }, { agencyCode: "A-2", name: "乙局" });
    await registry("hall", { hallNo: "H-1", name: "一厅", agencyCode: "A-1" }, { hallNo: "H-2", name: "二厅" });
    await registry(
      "window",
      { windowNo: "3", hallNo: "H-1" },
      { windowNo: "4", hallNo: "H-2", agencyCode: "A-1" },
      { windowNo: "5", hallNo: "H-2" },
    );
    await registry("item", { itemCode: "ITEM-02", name: "营业执照", agencyCode: "A-2" });
  });
  afterAll(async () => {
    await world.close();
    await storage.remove();
  });

  /** A rating beside which something is sealed. @returns its number */
  const rated = async (row: Readonly<Record<string, string | number | null>>, keys = TEST_KEYS): Promise<number> => {
    ratings += 1;
    const seq = 1_000_000 + ratings;
    const requestId = `${REQUEST}${String(ratings).padStart(2, "0")}`;
    const filled = { seq, request_id: requestId, at_ms: 1, received_at_ms: 1, level: 1, ...row };
    await sql`insert into ratings (${sql.join(Object.keys(filled).map((name) => sql.ref(name)))}) values (${sql.join(Object.values(filled))})`.execute(
      world.db,
    );
    const sealed = keys.seal({ words: "样例的话", name: "王五样例", phone: "13000000001" }, requestIdToBytes(requestId as RequestId));
    await world.db.insertInto("rating_contacts").values({ rating: seq, sealed }).execute();
    return seq;
  };
  const viewer = async (role: "hall" | "agency" | "supervisor" | "auditor" | "it" | "publisher", scope: Scope): Promise<TestBrowser> => {
    accounts += 1;
    return (await signedIn(world, { name: `viewer-${accounts}`, role, scope })).browser;
  };
  const looks = () => world.db.selectFrom("personal_looks").selectAll().orderBy("look_no").execute();

  test("tell what a citizen wrote to who says why, and who, what, when and why is on the record", async () => {
    const seq = await rated({ window_no: "3", subject: "staff" });
    const { browser, accountNo } = await signedIn(world, { name: "supervisor", role: "supervisor" });
    const answer = await browser.post(`personal/ratings/${seq}`, WHY);
    expect([answer.status, answer.headers.get("cache-control")]).toEqual([200, "no-store"]);
    const look = lookAnswerSchema.parse(await answer.json());
    expect(look).toMatchObject({ readable: true, words: "样例的话", name: "王五样例", phone: "13000000001" });
    expect(await looks()).toEqual([
      {
        look_no: look.lookNo,
        at_ms: world.nowMs,
        account_no: accountNo,
        name: "supervisor",
        display_name: "supervisor 样例",
        role: "supervisor",
        subject: "rating",
        subject_no: String(seq),
        ...WHY,
        address: "127.0.0.1",
      },
    ]);
    await world.db
      .insertInto("case_contacts")
      .values({ case_no: "C/1 号", sealed: TEST_KEYS.seal({ name: "赵六样例" }, boundTo("case", "C/1 号")), received_at_ms: 1 })
      .execute();
    const ofCase = await browser.post(`personal/cases/${encodeURIComponent("C/1 号")}`, WHY);
    expect(lookAnswerSchema.parse(await ofCase.json())).toMatchObject({ name: "赵六样例", phone: null, words: null });
  });

  test("are refused without a reason in words and a purpose of the list, and nothing is opened or recorded", async () => {
    const seq = await rated({ window_no: "3" });
    const browser = await viewer("supervisor", ALL);
    const before = await looks();
    for (const why of [
      undefined,
      {},
      { purpose: "complaint" },
      { ...WHY, reason: "short" },
      { ...WHY, reason: "          x          " },
      { ...WHY, purpose: "curiosity" },
      { ...WHY, more: 1 },
    ])
      expect([why, (await errorOf(await browser.post(`personal/ratings/${seq}`, why))).code]).toEqual([why, "WR7001"]);
    expect(await looks()).toEqual(before);
  });

  test("are for those alone whose work it is: not for IT, which keeps the keys, nor for auditors and publishers", async () => {
    const seq = await rated({ window_no: "3" });
    for (const role of ["it", "auditor", "publisher"] as const) {
      const browser = await viewer(role, ALL);
      expect([role, await errorOf(await browser.post(`personal/ratings/${seq}`, WHY))]).toMatchObject([
        role,
        { status: 403, code: "WR7051" },
      ]);
    }
  });

  test("end at the borders of one's hall or agency, and what is beyond looks as if it were not there", async () => {
    await world.tell([
      world.report({ caseNo: "S-1", visit: { visitNo: 1, windowNo: "5", staffNo: "1", clerkName: "张三样例" } }),
      world.report({
        caseNo: "S-2",
        itemCode: "ITEM-02",
        itemName: "营业执照",
        visit: { visitNo: 1, windowNo: "5", staffNo: "1", clerkName: "张三样例" },
      }),
      world.report({ caseNo: "S-3", agencyCode: "A-1", themeNo: "T-1", visit: undefined }),
    ]);
    const rows = {
      "window 3": await rated({ window_no: "3" }),
      "window 4": await rated({ window_no: "4" }),
      "window 5": await rated({ window_no: "5" }),
      "case S-1": await rated({ case_no: "S-1", subject: "item" }),
      "case S-2": await rated({ case_no: "S-2", subject: "item" }),
      "case S-3": await rated({ case_no: "S-3", subject: "item" }),
      "theme T-1": await rated({ subject: "theme", subject_no: "T-1" }),
      "hall H-1": await rated({ subject: "hall", subject_no: "H-1" }),
      "agency A-2": await rated({ subject: "agency", subject_no: "A-2" }),
      "code of window 4": await rated({ subject: "window", subject_no: "4" }),
      "window nobody knows": await rated({ window_no: "99" }),
      platform: await rated({ subject: "platform", subject_no: "P" }),
    };
    const seenBy = async (role: "hall" | "agency" | "supervisor", scope: Scope): Promise<string[]> => {
      const browser = await viewer(role, scope);
      const seen: string[] = [];
      for (const [name, seq] of Object.entries(rows)) {
        const answer = await browser.post(`personal/ratings/${seq}`, WHY);
        if (answer.status === 200) seen.push(name);
        else expect(await errorOf(answer)).toEqual(await errorOf(await browser.post("personal/ratings/77", WHY)));
        world.nowMs += 20_000;
      }
      return seen;
    };
    const recorded = (await looks()).length;
    expect(await seenBy("hall", { is: "hall", hallNo: "H-1" })).toEqual(["window 3", "hall H-1"]);
    expect(await seenBy("hall", { is: "hall", hallNo: "H-2" })).toEqual([
      "window 4",
      "window 5",
      "case S-1",
      "case S-2",
      "code of window 4",
    ]);
    expect(await seenBy("agency", { is: "agency", agencyCode: "A-1" })).toEqual([
      "window 3",
      "window 4",
      "case S-3",
      "theme T-1",
      "hall H-1",
      "code of window 4",
    ]);
    expect(await seenBy("agency", { is: "agency", agencyCode: "A-2" })).toEqual(["case S-2", "agency A-2"]);
    expect(await seenBy("supervisor", { is: "hall", hallNo: "H-9" })).toEqual([]);
    expect(await seenBy("supervisor", ALL)).toEqual(Object.keys(rows));
    expect((await looks()).length - recorded).toBe(2 + 5 + 6 + 2 + 12);
  });

  test("at the rating of a batch show what was written beside the one it was made from", async () => {
    const seq = await rated({ window_no: "3" });
    await sql`insert into ratings (seq, request_id, at_ms, received_at_ms, level, window_no, shared_from)
      values (2000000, gen_random_uuid(), 1, 1, 1, '3', ${seq})`.execute(world.db);
    const browser = await viewer("supervisor", ALL);
    expect(await (await browser.post("personal/ratings/2000000", WHY)).json()).toMatchObject({ name: "王五样例" });
  });

  test("at what was sealed with a lost key say so, and are on the record", async () => {
    const lost = contactKeysOf({ keys: ["66".repeat(32)], phoneKey: "67".repeat(32) });
    const seq = await rated({ window_no: "3" }, lost);
    const browser = await viewer("supervisor", ALL);
    expect(await (await browser.post(`personal/ratings/${seq}`, WHY)).json()).toMatchObject({
      readable: false,
      words: null,
      name: null,
      phone: null,
    });
    expect((await looks()).at(-1)?.subject_no).toBe(String(seq));
  });

  test("are few at a time", async () => {
    const seq = await rated({ window_no: "3" });
    const browser = await viewer("supervisor", ALL);
    const statuses = await Promise.all(Array.from({ length: 25 }, async () => (await browser.post(`personal/ratings/${seq}`, WHY)).status));
    expect(statuses.filter((status) => status === 200)).toHaveLength(20);
    expect(statuses.filter((status) => status === 429)).toHaveLength(5);
  });

  test("cannot be opened where they cannot be recorded", async () => {
    const seq = await rated({ window_no: "3" });
    const browser = await viewer("supervisor", ALL);
    await sql`alter table personal_looks add constraint full_disk check (subject_no <> ${sql.lit(String(seq))})`.execute(world.db);
    const answer = await browser.post(`personal/ratings/${seq}`, WHY);
    expect([answer.status, await answer.text()]).toEqual([503, expect.not.stringContaining("13000000001")]);
  });

  test("stay on the record: nobody changes, deletes or empties it, not by SQL either", async () => {
    await expect(world.db.updateTable("personal_looks").set({ reason: "another" }).execute()).rejects.toThrow("append-only");
    await expect(world.db.deleteFrom("personal_looks").execute()).rejects.toThrow("append-only");
    await expect(sql`truncate personal_looks`.execute(world.db)).rejects.toThrow("append-only");
    await expect(world.db.updateTable("access_events").set({ kind: "x" }).execute()).rejects.toThrow("append-only");
    await expect(world.db.deleteFrom("access_events").execute()).rejects.toThrow("append-only");
    await expect(sql`truncate access_events`.execute(world.db)).rejects.toThrow("append-only");
  });

  test("are read by the auditor alone, newest first, page by page and by account", async () => {
    const auditor = await viewer("auditor", ALL);
    const list = async (query: string) => lookListSchema.parse(await (await auditor.get(`audit/looks?${query}`)).json()).looks;
    const all = await list("limit=200");
    expect(all.map(({ lookNo }) => lookNo)).toEqual((await looks()).map(({ look_no }) => look_no).reverse());
    const first = await list("limit=5");
    expect([...first, ...(await list(`limit=195&before=${first.at(-1)?.lookNo}`))]).toEqual(all);
    expect(await list(`accountNo=${all.at(-1)?.accountNo}&limit=200`)).toHaveLength(2);
    const events = accessEventListSchema.parse(await (await auditor.get("audit/events?limit=3")).json()).events;
    expect(events.map(({ kind }) => kind)).toEqual(["signed-in", "account-added", "signed-in"]);
    for (const role of ["it", "supervisor", "publisher"] as const)
      for (const path of ["audit/looks", "audit/events"])
        expect([role, path, (await (await viewer(role, ALL)).get(path)).status]).toEqual([role, path, 403]);
    expect((await (await viewer("auditor", { is: "hall", hallNo: "H-1" })).get("audit/looks")).status).toBe(403);
    expect((await errorOf(await auditor.get("audit/looks?limit=0"))).code).toBe("WR7001");
  });
});
