import { describe, expect, test } from "vitest";
import { readWindowTable } from "./window-table.ts";

const anyProfile = (): null => null;
const read = (text: string) => readWindowTable(Buffer.from(text), anyProfile);
/** "窗口,工作人员\n12,1001 张三样例\n" as WPS saves it in GBK. */
const GBK = Buffer.from("b4b0bfda2cb9a4d7f7c8cbd4b10a31322c3130303120d5c5c8fdd1f9c0fd0a", "hex");

describe("The list of windows", () => {
  test("is read in UTF-8, with a byte order mark, in UTF-16 and in GBK, with Chinese and English names of columns", () => {
    const wanted = [{ windowNo: "12", clerks: [{ staffNo: "1001", name: "张三样例" }], port: null, profile: null, serialNumber: null }];
    const text = "窗口,工作人员\n12,1001 张三样例\n";
    for (const bytes of [Buffer.from(text), Buffer.from(`\uFEFF${text}`), Buffer.from(`\uFEFF${text}`, "utf16le"), GBK]) {
      expect(readWindowTable(bytes, anyProfile)).toEqual({ windows: wanted, bad: [], ignored: [] });
    }
    expect(read("Window No;Clerks;Note\r\n12;1001 张三样例;x\r\n")).toEqual({ windows: wanted, bad: [], ignored: ["Note"] });
  });

  test("takes several clerks in one cell, however they are separated", () => {
    for (const cell of [
      "1001 张三样例; 1002 李四样例",
      "1001：张三样例；1002：李四样例",
      '"1001 张三样例\n1002 李四样例"',
      "1001 张三样例、1002 李四样例",
    ]) {
      expect(read(`window,clerks\n1,${cell}\n`).windows[0]?.clerks).toEqual([
        { staffNo: "1001", name: "张三样例" },
        { staffNo: "1002", name: "李四样例" },
      ]);
    }
  });

  test("names every bad row with its line, its column and what stands there", () => {
    const { windows, bad } = readWindowTable(
      Buffer.from("窗口,人员,型号,端口\n1,,,\n,,,COM3\n3,1001,,\n4,,nobody/nothing,\n\n1,,,\n6,,,USB 3\n7,,,,more\n8,,,COM4\n"),
      (profile) => (profile === "nobody/nothing" ? "there is no such profile" : null),
    );
    expect(windows.map(({ windowNo }) => windowNo)).toEqual(["1", "8"]);
    expect(bad.map(({ line, column, fault }) => [line, column, fault])).toEqual([
      [3, "窗口", "windowNo"],
      [4, "人员", "clerks"],
      [5, "型号", "noProfile"],
      [7, "窗口", "twice"],
      [8, "端口", "port"],
      [9, "窗口", "cells"],
    ]);
    expect(bad[2]).toEqual({ line: 5, column: "型号", fault: "noProfile", reason: "there is no such profile", value: "nobody/nothing" });
    expect(bad[3]?.reason).toMatch(/line 2/);
  });

  test.each([
    ["nothing", ""],
    ["no column of windows", "a,b\n1,2\n"],
    ["a column twice", "window,窗口\n1,2\n"],
    ["bytes that are no text", "\u0000\u0001\u0002"],
  ])("is refused with WR8013 if it has %s", (_what, text) => {
    expect(() => read(text)).toThrow(expect.objectContaining({ code: "WR8013" }));
  });
});
