import { describe, expect, test } from "vitest";
import { batchCases, themeCases } from "./cases-text.ts";

const item = { itemCode: "110101", itemName: "身份证补领" };

describe("Several cases as a clerk types them", () => {
  test("of a batch are one number a line, blanks and empty lines aside", () => {
    expect(batchCases(" A-1 \r\n\nA-2\n", item)).toEqual({
      is: "cases",
      cases: [
        { caseNo: "A-1", ...item },
        { caseNo: "A-2", ...item },
      ],
    });
  });

  test("of a theme have number, code and name, with commas of either kind or as a spreadsheet copies them", () => {
    const typed = themeCases("A-1,110101,身份证补领\nA-2，220202，户口迁移，市外\nA-3\t330303\t社保登记");
    expect(typed).toMatchObject({ is: "cases", cases: [{ caseNo: "A-1" }, { itemName: "户口迁移，市外" }, { itemCode: "330303" }] });
  });

  test("name the line that is not complete, and the number that stands twice", () => {
    expect(themeCases("A-1,1,x\n\nA-2,2")).toEqual({ is: "badLine", line: 3 });
    expect(batchCases("A-1\nA-2\nA-1", item)).toEqual({ is: "twice", caseNo: "A-1" });
  });
});
