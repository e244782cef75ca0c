/** One case of a batch or theme as the clerk typed it. */
export interface TypedCase {
  readonly caseNo: string;
  readonly itemCode: string;
  readonly itemName: string;
}

export type CasesText =
  | { readonly is: "cases"; readonly cases: readonly TypedCase[] }
  | { readonly is: "badLine"; readonly line: number }
  | { readonly is: "twice"; readonly caseNo: string };

const linesOf = (text: string): string[] => text.split(/\r?\n/).map((line) => line.trim());

const checked = (cases: readonly TypedCase[]): CasesText => {
  const seen = new Set<string>();
  for (const { caseNo } of cases) {
    if (seen.has(caseNo)) return { is: "twice", caseNo };
    seen.add(caseNo);
  }
  return { is: "cases", cases };
};

/** A batch: one case number a line, all of one item. */
export const batchCases = (text: string, item: Omit<TypedCase, "caseNo">): CasesText =>
  checked(
    linesOf(text)
      .filter((line) => line !== "")
      .map((caseNo) => ({ caseNo, ...item })),
  );

/** A theme: case number, item code and item name on each line, with commas (or what a spreadsheet copies: tabs) between. */
export const themeCases = (text: string): CasesText => {
  const cases: TypedCase[] = [];
  for (const [index, line] of linesOf(text).entries()) {
    if (line === "") continue;
    const [caseNo = "", itemCode = "", ...name] = line.split(/[,，\t]/).map((part) => part.trim());
    const itemName = name.join("，");
    if (caseNo === "" || itemCode === "" || itemName === "") return { is: "badLine", line: index + 1 };
    cases.push({ caseNo, itemCode, itemName });
  }
  return checked(cases);
};
