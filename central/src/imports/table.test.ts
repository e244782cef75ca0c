import { strToU8, zipSync } from "fflate";
import { describe, expect, test } from "vitest";
import { sheetXml, workbookParts, xlsx } from "../../test/xlsx.ts";
import { readRows } from "./rows.ts";
import { readTable, type Table } from "./table.ts";
import { guardXlsx, TABLE_LIMITS } from "./xlsx-guard.ts";

const CLERKS = "工号,姓名\r\n1001,张三样例\r\n1002,李四样例\r\n";
const names = (table: Table) => table.rows.slice(1).map((row) => row[1]);
const text = (content: string) => new TextEncoder().encode(content);

/** 张三样例 and 李四样例 and the heads in GBK. */
const GBK = Buffer.from("b9a4bac52cd0d5c3fb0d0a313030312cd5c5c8fdd1f9c0fd0d0a313030322cc0eecbc4d1f9c0fd0d0a", "hex");

describe("a CSV file", () => {
  test("is read in UTF-8, with a mark or without, in GBK, and in UTF-16 with a mark", async () => {
    const encodings = [
      [text(CLERKS), "UTF-8"],
      [text(`\ufeff${CLERKS}`), "UTF-8"],
      [GBK, "GB18030"],
      [Buffer.from(`\ufeff${CLERKS}`, "utf16le"), "UTF-16LE"],
      [Buffer.from(`\ufeff${CLERKS}`, "utf16le").swap16(), "UTF-16BE"],
    ] as const;
    for (const [bytes, encoding] of encodings) {
      const table = await readTable(bytes);
      expect([encoding, table.encoding, names(table), table.rows[0]]).toEqual([
        encoding,
        encoding,
        ["张三样例", "李四样例"],
        ["工号", "姓名"],
      ]);
    }
  });

  test("may be separated by commas, tabs or semicolons, and keeps the numbers of its rows over empty ones and quoted lines", async () => {
    for (const separator of [",", "\t", ";"]) {
      const table = await readTable(text(`工号${separator}姓名\n\n1001${separator}"张三\n样例"\n,\n1002${separator}李四样例`));
      expect(table.rows.map((row) => row[1] ?? null)).toEqual(["姓名", null, "张三\n样例", null, "李四样例"]);
    }
  });

  test("in bytes that are no such text is refused, and what they are is named", async () => {
    const cases = [
      [new Uint8Array(), /empty/],
      [Buffer.from("d0cf11e0a1b11ae1", "hex"), /old Excel file/],
      [text("%PDF-1.7\n"), /PDF/],
      [Buffer.from(CLERKS, "utf16le"), /UTF-16 without a byte order mark|neither/],
      [Buffer.from([0xef, 0xbb, 0xbf, 0x41, 0xff, 0xff]), /starts as UTF-8/],
      [Buffer.from([0x41, 0xff, 0xff, 0x42]), /neither UTF-8 nor GB18030/],
      [text('工号,姓名\n1001,"张三'), /no CSV/],
    ] as const;
    for (const [bytes, reason] of cases)
      await expect(readTable(bytes)).rejects.toMatchObject({ code: "WR7031", detail: expect.stringMatching(reason) });
  });

  test("with too many rows, columns or bytes is refused", async () => {
    await expect(readTable(text("a\n".repeat(TABLE_LIMITS.rows + 2)))).rejects.toMatchObject({
      detail: expect.stringContaining("more than 50000 rows"),
    });
    await expect(readTable(text(",".repeat(TABLE_LIMITS.columns + 1)))).rejects.toMatchObject({
      detail: expect.stringContaining("more than 60 columns"),
    });
    await expect(readTable(new Uint8Array(TABLE_LIMITS.fileBytes + 1))).rejects.toMatchObject({ detail: expect.stringContaining("bytes") });
  });
});

describe("an XLSX file", () => {
  test("is read with texts, numbers and dates", async () => {
    const table = await readTable(
      xlsx([
        ["工号", "姓名", "时间"],
        ["1001", "张三样例", { date: "2026-03-02T09:30:00" }],
        [1002, "李四样例", null],
      ]),
    );
    expect(table.encoding).toBe("XLSX");
    expect(table.rows[1]).toEqual(["1001", "张三样例", new Date("2026-03-02T09:30:00Z")]);
    expect(table.rows[2]?.slice(0, 2)).toEqual([1002, "李四样例"]);
  });

  test("that unpacks to more than any table is refused before it is unpacked", () => {
    const bomb = zipSync({ ...workbookParts(sheetXml([["a"]])), "xl/sharedStrings.xml": new Uint8Array(TABLE_LIMITS.unpackedBytes + 1) });
    expect(bomb.length).toBeLessThan(100_000);
    expect(() => guardXlsx(bomb)).toThrow(expect.objectContaining({ code: "WR7031", detail: expect.stringContaining("Unpacked it has") }));
  });

  test("that unpacks to more than it declares is refused while it is unpacked", () => {
    const bomb = Buffer.from(zipSync({ "xl/sharedStrings.xml": new Uint8Array(30_000_000) }));
    // The size in the directory entry, 24 bytes behind its mark.
    bomb.writeUInt32LE(1000, bomb.indexOf(Buffer.from("504b0102", "hex")) + 24);
    expect(() => guardXlsx(bomb)).toThrow(
      expect.objectContaining({ detail: expect.stringContaining("more than the 1000 bytes that it declares") }),
    );
  });

  test("with one cell far out is refused, for a reader would build all cells before it", async () => {
    const far = (place: string) => zipSync(workbookParts(sheetXml([["a"]]).replace('r="A1"', `r="${place}"`)));
    await expect(readTable(far("A1048576"))).rejects.toMatchObject({ code: "WR7031", detail: expect.stringContaining("row 1048576") });
    await expect(readTable(far("XFD1"))).rejects.toMatchObject({ code: "WR7031", detail: expect.stringContaining("column XFD") });
  });

  test("with entities is refused, be they of files outside or growing without end, and one that nobody declared is no file", async () => {
    const withEntity = (declared: string) =>
      zipSync(
        workbookParts(
          sheetXml([["工号"], ["NAME"]])
            .replace("?>", `?>${declared}`)
            .replace("NAME", "&e;"),
        ),
      );
    const outside = '<!DOCTYPE x [<!ENTITY e SYSTEM "file:///etc/hostname">]>';
    const growing = `<!DOCTYPE x [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "${"&a;".repeat(10)}"><!ENTITY e "${"&b;".repeat(10)}">]>`;
    for (const declared of [outside, growing])
      await expect(readTable(withEntity(declared))).rejects.toMatchObject({
        code: "WR7031",
        detail: expect.stringContaining("document type"),
      });
    expect((await readTable(withEntity(""))).rows[1]).toEqual(["&e;"]);
  });

  test("keeps half of a character as the sign for what cannot be shown, for no column keeps the half", async () => {
    const half = sheetXml([["姓名"], ["NAME"]]).replace("NAME", "&#xD800;样例");
    expect((await readTable(zipSync(workbookParts(half)))).rows[1]).toEqual(["\ufffd样例"]);
  });

  test("that is damaged, locked, cut off or no table at all is refused with a reason", async () => {
    const whole = Buffer.from(xlsx([["a"]]));
    const locked = Buffer.from(whole);
    locked.writeUInt16LE(1, locked.indexOf(Buffer.from("504b0102", "hex")) + 8);
    const cases = [
      locked,
      whole.subarray(0, whole.length - 40),
      Buffer.from("PK\u0003\u0004 and no more"),
      zipSync({ "a.txt": strToU8("no table") }),
    ];
    for (const bytes of cases) await expect(readTable(bytes)).rejects.toMatchObject({ code: "WR7031" });
    const parts = Object.fromEntries(Array.from({ length: TABLE_LIMITS.parts + 1 }, (_, index) => [`${index}`, new Uint8Array()]));
    await expect(readTable(zipSync(parts))).rejects.toMatchObject({ detail: expect.stringContaining("parts") });
  });

  test("with any byte changed is read or refused, and ends nothing else", async () => {
    const whole = Buffer.from(
      xlsx([
        ["工号", "姓名"],
        ["1001", "张三样例"],
      ]),
    );
    for (let at = 0; at < whole.length; at += 211) {
      const changed = Buffer.from(whole);
      changed[at] = (changed[at] ?? 0) ^ 0x55;
      const outcome = await readTable(changed).then(
        () => "read",
        (error: { code?: string }) => error.code,
      );
      expect(["read", "WR7031"]).toContain(outcome);
    }
  });
});

describe("the rows of a file", () => {
  const table = (...rows: Table["rows"][number][]): Table => ({ encoding: "UTF-8", rows });

  test("are read by the names of their columns, whatever their order, case and width", () => {
    const { rows, bad, ignored } = readRows("clerks", table(["姓 名", "备注", "ＳＴＡＦＦＮＯ"], ["张三样例", "x", 1001]));
    expect([rows, bad, ignored]).toEqual([
      [{ row: 2, content: { staffNo: "1001", name: "张三样例", agencyCode: undefined, windowNo: undefined } }],
      [],
      ["备注"],
    ]);
  });

  test("say of each clerk apart whether the card bears the party emblem; an empty cell says nothing", () => {
    const { rows, bad } = readRows(
      "clerks",
      table(
        ["工号", "姓名", "星级", "党员"],
        [1001, "张三样例", 4, "是"],
        [1002, "李四样例", null, "否"],
        [1003, "王五样例", 5, null],
        [1004, "赵六样例", 5, "群众"],
      ),
    );
    expect(rows.map(({ content }) => [content.staffNo, content.stars, content.partyMember])).toEqual([
      ["1001", 4, true],
      ["1002", undefined, false],
      ["1003", 5, undefined],
    ]);
    expect(bad.map(({ row, column, value }) => [row, column, value])).toEqual([[5, "党员", "群众"]]);
  });

  test("that are bad are all listed, with row, column, reason and what stands there", () => {
    const { rows, bad } = readRows(
      "ratings",
      table(
        ["办件编号", "服务次数", "评价", "评价时间"],
        ["CASE-1", 1, "非常满意", "2024-03-01 09:30"],
        ["", 0, "很好", "yesterday"],
        [null, null, null, null],
        [Number("123456789012345678"), "2", 5, "2024/2/30"],
        ["CASE-2", "１", "★★", "2024年3月1日 8:05"],
      ),
    );
    expect(bad.map(({ row, column, value }) => [row, column, value])).toEqual([
      [3, "办件编号", ""],
      [3, "服务次数", "0"],
      [3, "评价", "很好"],
      [3, "评价时间", "yesterday"],
      [5, "办件编号", "123456789012345680"],
      [5, "评价时间", "2024/2/30"],
    ]);
    expect(bad[4]?.reason).toContain("lost digits");
    expect(rows.map(({ row, content }) => [row, content.level, new Date(content.ratedAt).toISOString(), content.visitNo])).toEqual([
      [2, 5, "2024-03-01T01:30:00.000Z", 1],
      [6, 2, "2024-03-01T00:05:00.000Z", 1],
    ]);
  });

  test("of a file without a needed column are not read at all: WR7033 names it and what was found", () => {
    expect(() => readRows("clerks", table(["工号", "備註"]))).toThrow(
      expect.objectContaining({
        code: "WR7033",
        detail: expect.stringMatching(/姓名 .*is missing; read as UTF-8, the first row is: 工号, 備註/),
      }),
    );
    expect(() => readRows("clerks", table(["工号", "姓名", "staffNo"]))).toThrow(expect.objectContaining({ code: "WR7033" }));
  });
});
