import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { BusinessWorld, errorOf } from "../../test/business-world.ts";
import { STORAGES, type TestStorage } from "../../test/storages.ts";
import { xlsx } from "../../test/xlsx.ts";
import type { ImportReport } from "../imports/import-file.ts";

describe.each(STORAGES)("files and registry on $name", ({ create }) => {
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

  describe("POST /api/v1/imports", () => {
    const send = async (kind: string, mode: string, bytes: Uint8Array | string, own = world.token): Promise<ImportReport> => {
      const response = await fetch(`${world.url}/api/v1/imports?kind=${kind}&mode=${mode}&fileName=${encodeURIComponent("名单.csv")}`, {
        method: "POST",
        headers: { authorization: `Bearer ${own}` },
        body: typeof bytes === "string" ? bytes : new Blob([Buffer.from(bytes)]),
      });
      const answer = (await response.json()) as ImportReport;
      expect([response.status, answer]).toEqual([200, expect.objectContaining({ kind })]);
      return answer;
    };
    const count = async (table: "registry" | "ratings" | "visits" | "imports" | "clerk_days") =>
      (
        await world.db
          .selectFrom(table)
          .select((column) => column.fn.countAll<number>().as("n"))
          .executeTakeFirstOrThrow()
      ).n;

    test("a dry run tells everything and changes nothing; what is applied is the same, and applied again it is known", async () => {
      const file = xlsx([
        ["工号", "姓名", "窗口"],
        ["3001", "王五样例", "3"],
        ["3002", "赵六样例", null],
      ]);
      const before = [await count("registry"), await count("imports")];
      expect(await send("clerks", "dry-run", file)).toMatchObject({
        encoding: "XLSX",
        rows: 2,
        taken: 2,
        known: 0,
        bad: [],
        importNo: null,
        fileName: "名单.csv",
      });
      expect([await count("registry"), await count("imports")]).toEqual(before);
      expect(await send("clerks", "apply", file)).toMatchObject({ taken: 2, known: 0, importNo: expect.any(Number) });
      expect(await send("clerks", "apply", file)).toMatchObject({ taken: 0, known: 2 });
      const clerk = await world.db.selectFrom("clerks").selectAll().where("staff_no", "=", "3001").executeTakeFirst();
      expect(clerk).toMatchObject({ clerk_name: "王五样例", window_no: "3" });
    });

    test("agencies, halls and windows come in by file as they do by the interface", async () => {
      const files = [
        ["agencies", "机构编码,机构名称\nA-9,样例局\n"],
        ["halls", "大厅编号,名称,机构编码\nH-9,样例大厅,A-9\n"],
        ["windows", "窗口,窗口名称,大厅编号\n91,综合窗口,H-9\n92,,H-9\n"],
      ] as const;
      for (const [kind, file] of files) {
        const rows = file.trim().split("\n").length - 1;
        expect(await send(kind, "apply", Buffer.from(file))).toMatchObject({ taken: rows, known: 0, bad: [] });
        expect(await send(kind, "apply", Buffer.from(file))).toMatchObject({ taken: 0, known: rows });
      }
      const windows = await world.db.selectFrom("windows").selectAll().where("hall_no", "=", "H-9").orderBy("window_no").execute();
      expect(windows.map(({ window_no, name }) => [window_no, name])).toEqual([
        ["91", "综合窗口"],
        ["92", null],
      ]);
      const twice = await send("halls", "dry-run", Buffer.from("大厅编号,名称\nH-1,甲\nH-1,乙\n"));
      expect(twice).toMatchObject({ bad: [{ row: 3, column: "大厅编号" }] });
    });

    test("one bad row stops the whole file, and all bad rows are told: those that cannot be read and those that do not fit", async () => {
      const known = world.report();
      await world.tell([known]);
      const rows = [
        "办件编号,服务次数,评价,评价时间,评价选项",
        `${known.caseNo},1,5,2026-03-01 09:00,510`,
        `${known.caseNo},x,5,2026-03-01 09:00,`,
        "NOWHERE,1,5,2026-03-01 09:00,",
        `${known.caseNo},1,4,2026-03-01 09:00,510`,
        `${known.caseNo},1,4,2027-03-01 09:00,`,
      ];
      const before = await count("ratings");
      const { bad, importNo } = await send("ratings", "apply", rows.join("\n"));
      expect(bad.map(({ row, column }) => [row, column])).toEqual([
        [3, "服务次数"],
        [4, "办件编号"],
        [5, "评价选项"],
        [6, "评价时间"],
      ]);
      expect([importNo, await count("ratings")]).toEqual([null, before]);
    });

    test("an imported rating is marked, counts only where none was given, and gives way to a given one", async () => {
      const pc = await world.enrolled();
      const rated = pc.rating({ level: 2 });
      await pc.send(world.url, [pc.entry(rated)], world.nowMs);
      const head = "办件编号,服务次数,评价,评价时间,事项编码,事项名称,窗口,工号,姓名,评价选项";
      const file = [
        head,
        `${rated.binding.caseNo},1,非常满意,2026-03-01 09:00,${rated.binding.itemCode},${rated.binding.itemName},,,,`,
        "OLD-1,1,★★★★☆,2019-05-06 10:00,ITEM-01,居民身份证换领,5,2001,钱七样例,401|405",
      ].join("\n");
      expect(await send("ratings", "apply", file)).toMatchObject({ taken: 2, known: 0, bad: [] });
      expect(await send("ratings", "apply", file)).toMatchObject({ taken: 0, known: 2, bad: [] });
      const imported = await world.db.selectFrom("ratings").selectAll().where("channel", "=", "import").orderBy("seq").execute();
      expect(imported.map((row) => [row.standing, row.level, row.case_no, row.reasons_version, row.window_pc_id])).toEqual([
        ["beside", 5, rated.binding.caseNo, null, null],
        ["first", 4, "OLD-1", "2019", null],
      ]);
      const seats = await world.db.selectFrom("clerk_days").selectAll().where("staff_no", "=", "2001").execute();
      expect(seats).toMatchObject([{ window_no: "5", clerk_name: "钱七样例", told_by: expect.stringMatching(/^import \d+$/) }]);
      const given = pc.rating({ level: 1 });
      await pc.send(world.url, [pc.entry({ ...given, binding: { ...given.binding, caseNo: "OLD-1" } })], world.nowMs);
      const effective = (await world.visit("OLD-1"))?.staff_rating;
      expect(
        await world.db
          .selectFrom("ratings")
          .select(["level", "standing", "channel"])
          .where("seq", "=", effective ?? 0)
          .executeTakeFirst(),
      ).toEqual({
        level: 1,
        standing: "correction",
        channel: "pad",
      });
    });

    test("cases come in by GBK file as they do by the interface", async () => {
      // "办件编号,事项编码,事项名称\nG-1,ITEM-01,换证" in GBK
      const gbk = Buffer.concat([
        Buffer.from("b0ecbcfeb1e0bac52ccac2cfeeb1e0c2eb2ccac2cfeec3fbb3c60a", "hex"),
        Buffer.from("G-1,ITEM-01,"),
        Buffer.from("bbbbd6a4", "hex"),
      ]);
      expect(await send("cases", "apply", gbk)).toMatchObject({ encoding: "GB18030", taken: 1, bad: [] });
      expect(await world.case("G-1")).toMatchObject({ item_name: "换证" });
      expect(await send("cases", "apply", gbk)).toMatchObject({ taken: 0, known: 1 });
    });

    test("what is no table is refused with WR7031 or WR7033, and an unknown kind with WR7001", async () => {
      const raw = (query: string, body: string) => world.post(`/api/v1/imports?${query}`, body);
      expect(await errorOf(await raw("kind=clerks&mode=apply", "\u0000"))).toMatchObject({ status: 422, code: "WR7031" });
      expect(await errorOf(await raw("kind=clerks&mode=apply", "a,b\n1,2"))).toMatchObject({ status: 422, code: "WR7033" });
      expect(await errorOf(await raw("kind=houses&mode=apply", "a"))).toMatchObject({ status: 400, code: "WR7001" });
      expect(await errorOf(await raw("kind=clerks&mode=apply", ""))).toMatchObject({ code: "WR7031" });
    });
  });

  describe("POST /api/v1/registry", () => {
    test("keeps every version, writes what changed, and takes away what is named", async () => {
      const put = async (body: unknown) => (await (await world.post("/api/v1/registry", body)).json()) as { changed: string[] };
      const window = { windowNo: "8", name: "不动产窗口", hallNo: "H1" };
      expect(await put({ kind: "hall", entries: [{ hallNo: "H1", name: "样例大厅" }] })).toEqual({ changed: ["H1"] });
      expect(await put({ kind: "window", entries: [window] })).toEqual({ changed: ["8"] });
      expect(await put({ kind: "window", entries: [window] })).toEqual({ changed: [] });
      expect(await put({ kind: "window", entries: [{ ...window, name: "社保窗口" }] })).toEqual({ changed: ["8"] });
      expect(await world.db.selectFrom("windows").selectAll().where("window_no", "=", "8").execute()).toMatchObject([
        { name: "社保窗口", hall_no: "H1" },
      ]);
      expect(await put({ kind: "window", remove: ["8", "9"] })).toEqual({ changed: ["8"] });
      expect(await world.db.selectFrom("windows").selectAll().where("window_no", "=", "8").execute()).toEqual([]);
      const versions = await world.db
        .selectFrom("registry")
        .select("content")
        .where("kind", "=", "window")
        .where("key", "=", "8")
        .orderBy("version")
        .execute();
      expect(versions.map(({ content }) => (content as { name?: string } | null)?.name)).toEqual(["不动产窗口", "社保窗口", undefined]);
      expect(await errorOf(await world.post("/api/v1/registry", { kind: "clerk", entries: [{ staffNo: "1" }] }))).toMatchObject({
        code: "WR7001",
        detail: expect.stringContaining("entries.0.name"),
      });
    });
  });
});
