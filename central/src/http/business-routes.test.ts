import { request as httpRequest } from "node:http";
import fc from "fast-check";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { BusinessWorld, errorOf, iso, outcomesOf } from "../../test/business-world.ts";
import { STORAGES, type TestStorage } from "../../test/storages.ts";
import { MORNING_MS } from "../../test/window-pc.ts";
import { inTransaction } from "../database/transaction.ts";
import { openRuleBook } from "../policy/rule-book.ts";
import { changeSite } from "../ratings/site.ts";

describe.each(STORAGES)("business systems on $name", ({ create }) => {
  let storage: TestStorage;
  let world: BusinessWorld;
  beforeAll(async () => {
    storage = await create();
    world = await BusinessWorld.open(storage);
  });
  afterAll(async () => {
    await world.close();
    await storage.remove();
  });

  describe("POST /api/v1/cases", () => {
    test("takes cases and visits in bulk, and the same again are duplicates", async () => {
      const entries = [
        world.report(),
        world.report({ visit: undefined, completedAt: undefined }),
        world.report({ online: true, themeNo: "T-1", themeName: "开办企业" }),
      ];
      expect(outcomesOf(await world.tell(entries))).toEqual(["taken", "taken", "taken"]);
      expect(outcomesOf(await world.tell(entries.toReversed()))).toEqual(["duplicate", "duplicate", "duplicate"]);
      expect(await world.case(entries[0]?.caseNo ?? "")).toMatchObject({
        item_code: "ITEM-01",
        completed_at_ms: MORNING_MS,
        told_by: expect.stringMatching(/^system \d+$/),
      });
      expect(await world.visit(entries[0]?.caseNo ?? "")).toMatchObject({ window_no: "3", staff_no: "1001", staff_rating: null });
      expect(await world.visit(entries[1]?.caseNo ?? "")).toBeUndefined();
    });

    test("names field and reason of each bad entry, keeps it, and holds up no other", async () => {
      const good = world.report();
      const bad = [
        world.report({ caseNo: "" }),
        world.report({ visit: { visitNo: 100 } }),
        world.report({ reportedAt: "2026-03-02 09:00" }),
        world.report({ reportedAt: iso(MORNING_MS + 3 * 86_400_000) }),
        world.report({ completedAt: iso(MORNING_MS - 1), acceptedAt: iso(MORNING_MS) }),
        world.report({ colour: "blue" }),
        "case",
        null,
      ];
      const answers = await world.tell([...bad, good]);
      expect(outcomesOf(answers)).toEqual([
        "WR7001 caseNo",
        "WR7001 visit.visitNo",
        "WR7001 reportedAt",
        "WR7001 reportedAt",
        "WR7001 completedAt",
        "WR7001 colour",
        "WR7001 entry",
        "WR7001 entry",
        "taken",
      ]);
      await world.tell(bad);
      const own = await fetch(`${world.url}/api/v1/cases/refused?limit=200`, { headers: { authorization: `Bearer ${world.token}` } });
      const { refused } = (await own.json()) as { refused: { entry: unknown; code: string; refusedNo: number }[] };
      const texts = (all: readonly unknown[]) => all.map((one) => JSON.stringify(one)).sort();
      expect(texts(refused.map(({ entry }) => entry))).toEqual(texts(bad));
      const other = await fetch(`${world.url}/api/v1/cases/refused`, {
        headers: { authorization: `Bearer ${await world.newToken("cases")}` },
      });
      expect(await other.json()).toEqual({ refused: [], next: null });
    });

    test("takes a refused entry again when nothing stands in its way any more", async () => {
      const own = await world.newToken("cases");
      const [first, second] = [
        world.report({ visit: { visitNo: 1, batchNo: "BATCH-R" } }),
        world.report({ itemCode: "ITEM-02", visit: { visitNo: 1, batchNo: "BATCH-R" } }),
      ];
      const [, answer] = await world.tell([first, second], own);
      expect(answer).toMatchObject({ answer: "refused", code: "WR7027", field: "itemCode" });
      const refusedNo = answer?.answer === "refused" ? answer.refusedNo : 0;
      const retake = async (no: number) => (await world.post(`/api/v1/cases/refused/${no}/retake`, {}, own)).json();
      expect(await retake(refusedNo)).toMatchObject({ answer: "refused", refusedNo });
      await world.db.updateTable("visits").set({ batch_no: null }).where("case_no", "=", first.caseNo).execute();
      expect(await retake(refusedNo)).toMatchObject({ answer: "taken", caseNo: second.caseNo });
      expect(await retake(refusedNo)).toMatchObject({ answer: "duplicate" });
      const left = await fetch(`${world.url}/api/v1/cases/refused`, { headers: { authorization: `Bearer ${own}` } });
      expect(await left.json()).toMatchObject({ refused: [] });
      expect((await errorOf(await world.post(`/api/v1/cases/refused/${refusedNo}/retake`, {}))).code).toBe("WR7012");
    });

    test("a newer report goes before an older one, whichever comes first; an older one fills gaps only", async () => {
      const newer = world.report({ reportedAt: iso(MORNING_MS + 1000), itemName: "换领身份证" });
      const older = {
        ...newer,
        reportedAt: iso(MORNING_MS),
        itemName: "居民身份证换领",
        agencyCode: "AGENCY-1",
        visit: { visitNo: 1, staffNo: "1002", batchNo: "BATCH-O" },
      };
      expect(outcomesOf(await world.tell([newer]))).toEqual(["taken"]);
      expect(outcomesOf(await world.tell([older]))).toEqual(["older"]);
      expect(await world.case(newer.caseNo)).toMatchObject({ item_name: "换领身份证", agency_code: "AGENCY-1" });
      expect(await world.visit(newer.caseNo)).toMatchObject({ staff_no: "1001", batch_no: "BATCH-O" });
    });

    test("in any order, cut anywhere, with repeats, the end is the same", async () => {
      await fc.assert(
        fc.asyncProperty(fc.infiniteStream(fc.nat()), fc.integer({ min: 1, max: 7 }), async (random, cut) => {
          const own = await world.newToken("cases");
          const base = world.report();
          const told = Array.from({ length: 8 }, (_, index) => ({
            ...base,
            reportedAt: iso(MORNING_MS + index * 1000),
            itemName: `事项 ${index}`,
            ...(index % 2 === 0
              ? { visit: { visitNo: 1 + (index % 3), staffNo: `10${index}`, clerkName: "张三样例" } }
              : { visit: undefined }),
          }));
          const sent = [...told, ...told.filter((_, index) => index % 3 === 0)].map((entry) => ({
            entry,
            key: random.next().value as number,
          }));
          sent.sort((one, other) => one.key - other.key);
          for (let start = 0; start < sent.length; start += cut)
            await world.tell(
              sent.slice(start, start + cut).map(({ entry }) => entry),
              own,
            );
          expect(await world.case(base.caseNo)).toMatchObject({ item_name: "事项 7" });
          expect((await world.visit(base.caseNo, 1))?.staff_no).toBe("106");
          expect((await world.visit(base.caseNo, 2))?.staff_no).toBe("104");
          expect((await world.visit(base.caseNo, 3))?.staff_no).toBe("102");
          const kept = await world.db.selectFrom("case_reports").select("seq").where("case_no", "=", base.caseNo).execute();
          expect(kept).toHaveLength(8);
        }),
        { numRuns: 6, seed: 4401 },
      );
    });

    test("the same reports sent at the same time are taken once", async () => {
      const entries = Array.from({ length: 20 }, () => world.report());
      const answers = await Promise.all([world.tell(entries), world.tell(entries.toReversed()), world.tell(entries)]);
      const all = answers.flatMap(outcomesOf);
      expect([all.filter((one) => one === "taken").length, all.filter((one) => one === "duplicate").length]).toEqual([20, 40]);
    });

    test("I5: what a rating was bound to is never contradicted: WR7035; what it left open is filled in", async () => {
      const pc = await world.enrolled();
      const body = pc.rating();
      await pc.send(world.url, [pc.entry(body)], world.nowMs);
      const { caseNo, itemCode, itemName } = body.binding;
      const about = { caseNo, itemCode, itemName, reportedAt: iso(MORNING_MS + 3_600_000) };
      expect(outcomesOf(await world.tell([{ ...about, visit: { visitNo: 1, staffNo: "9999" } }]))).toEqual(["WR7035 visit.staffNo"]);
      expect(outcomesOf(await world.tell([{ ...about, visit: { visitNo: 1, windowNo: "99" } }]))).toEqual(["WR7035 visit.windowNo"]);
      expect(outcomesOf(await world.tell([{ ...about, itemCode: "OTHER" }]))).toEqual(["WR7035 itemCode"]);
      expect(outcomesOf(await world.tell([{ ...about, agencyCode: "AGENCY-7", visit: { visitNo: 1, batchNo: "BATCH-7" } }]))).toEqual([
        "taken",
      ]);
      expect(await world.visit(caseNo)).toMatchObject({
        staff_no: body.binding.staffNo,
        batch_no: "BATCH-7",
        staff_rating: expect.any(Number),
      });
      expect(await world.case(caseNo)).toMatchObject({ agency_code: "AGENCY-7" });
    });

    test("a batch that is told of after its rating shares it, and a press after the batch is told of shares itself (001 二(三)1)", async () => {
      await inTransaction(world.db, (tx) => changeSite(tx, openRuleBook(), { region: "linxia" }, "张三样例", world.nowMs));
      const pc = await world.enrolled();
      const body = pc.rating({ level: 2 });
      await pc.send(world.url, [pc.entry(body)], world.nowMs);
      const { caseNo, itemCode, itemName } = body.binding;
      const inBatch = (no: string) => ({
        caseNo: no,
        itemCode,
        itemName,
        reportedAt: iso(MORNING_MS),
        visit: { visitNo: 1, windowNo: "3", batchNo: `BATCH ${caseNo}` },
      });
      const [one, two] = [`${caseNo} one`, `${caseNo} two`];
      expect(outcomesOf(await world.tell([inBatch(one), inBatch(caseNo)]))).toEqual(["taken", "older"]);
      const levelOf = async (no: string) => {
        const seq = (await world.visit(no))?.staff_rating ?? 0;
        const row = await world.db.selectFrom("ratings").select(["level", "shared_from"]).where("seq", "=", seq).executeTakeFirst();
        return [row?.level, row?.shared_from !== null];
      };
      expect([await levelOf(caseNo), await levelOf(one)]).toEqual([
        [2, false],
        [2, true],
      ]);
      expect(outcomesOf(await world.tell([inBatch(two)]))).toEqual(["taken"]);
      expect(await levelOf(two)).toEqual([2, true]);
      // The other way round: the batch first, then the press.
      const late = pc.rating({ level: 5 });
      const batch = (no: string) => ({
        ...inBatch(no),
        itemCode: late.binding.itemCode,
        itemName: late.binding.itemName,
        visit: { visitNo: 1, windowNo: "3", batchNo: "BATCH-L" },
      });
      await world.tell([batch(late.binding.caseNo), batch("L-2")]);
      await pc.send(world.url, [pc.entry(late)], world.nowMs);
      expect([await levelOf(late.binding.caseNo), await levelOf("L-2")]).toEqual([
        [5, false],
        [5, true],
      ]);
    });
  });

  describe("is attacked in vain:", () => {
    test("without a token, with a forged, a revoked or another one's, or without the scope: WR7030", async () => {
      const body = { entries: [world.report()] };
      const forged = `wrs_${"A".repeat(43)}`;
      for (const own of ["", forged, `${world.token}x`, "Basic abc"])
        expect(await errorOf(await world.post("/api/v1/cases", body, own))).toMatchObject({ status: 401, code: "WR7030" });
      const narrow = await world.newToken("imports");
      expect(await errorOf(await world.post("/api/v1/cases", body, narrow))).toMatchObject({
        code: "WR7030",
        detail: expect.stringContaining('"cases"'),
      });
      const pc = await world.enrolled();
      expect(await errorOf(await world.post("/api/v1/cases", body, pc.token))).toMatchObject({ code: "WR7030" });
      await world.db.updateTable("systems").set({ revoked_at_ms: world.nowMs }).where("scopes", "=", "imports").execute();
      expect(await errorOf(await world.post("/api/v1/imports?kind=clerks&mode=apply", "x", narrow))).toMatchObject({ code: "WR7030" });
    });

    test("nonsense of every kind is refused with a code, and the next request is served", async () => {
      const bodies = [
        "",
        "null",
        "[]",
        "{",
        '{"entries":{}}',
        '{"entries":[]}',
        '{"entries":[1],"more":1}',
        `{"entries":[${"[".repeat(1e5)}${"]".repeat(1e5)}]}`,
      ];
      for (const body of bodies) {
        const error = await errorOf(await world.post("/api/v1/cases", body));
        expect([body.slice(0, 30), error.code, error.status]).toEqual([body.slice(0, 30), "WR7001", 400]);
      }
      expect(await errorOf(await world.post("/api/v1/cases", { entries: new Array(501).fill(1) }))).toMatchObject({
        status: 413,
        code: "WR7013",
      });
      expect(await errorOf(await world.post("/api/v1/cases", { entries: ["x".repeat(1_048_576)] }))).toMatchObject({
        status: 413,
        code: "WR7013",
      });
      expect(outcomesOf(await world.tell([{ "\0": "\0", __proto__: 1 }, world.report()]))[1]).toBe("taken");
      await fc.assert(
        fc.asyncProperty(fc.array(fc.jsonValue(), { minLength: 1, maxLength: 5 }), async (entries) => {
          const answers = await world.tell(entries);
          expect(answers).toHaveLength(entries.length);
          expect(answers.every(({ answer }) => answer === "refused")).toBe(true);
        }),
        { numRuns: 30, seed: 4402 },
      );
    });

    test("a body that never ends is cut off without being kept", async () => {
      const sent = await new Promise<number>((resolve) => {
        let bytes = 0;
        const client = httpRequest(
          `${world.url}/api/v1/cases`,
          { method: "POST", headers: { authorization: `Bearer ${world.token}`, "content-type": "application/json" } },
          (response) => {
            response.resume();
            resolve(response.statusCode ?? 0);
            client.destroy();
          },
        );
        client.on("error", () => resolve(413));
        const more = (): void => {
          bytes += 65_536;
          if (bytes > 64 * 1_048_576) resolve(0);
          else if (client.write("x".repeat(65_536))) setImmediate(more);
          else client.once("drain", more);
        };
        more();
      });
      expect(sent).toBe(413);
    });

    test("a flood of wrong tokens is slowed down with WR7029 and Retry-After, while those who hold one are served", async () => {
      let limited: Response | undefined;
      for (let tries = 0; tries < 60 && limited === undefined; tries++) {
        const response = await world.post("/api/v1/cases", {}, `wrs_${String(tries).padEnd(43, "A")}`);
        if (response.status === 429) limited = response;
        else await response.arrayBuffer();
      }
      expect(Number(limited?.headers.get("retry-after"))).toBeGreaterThan(0);
      expect(outcomesOf(await world.tell([world.report()]))).toEqual(["taken"]);
      world.nowMs += 120_000;
    });
  });
});
