import { WindowRatingError } from "@window-rating/protocol/error";
import { padProfileSchema } from "../config/window-list.ts";
import { readCsv, textOfTable } from "./csv-text.ts";
import { type SiteWindow, siteWindowSchema } from "./site-file.ts";

/** Kinds of faults, for a screen to put into its own words. */
type RowFault = Field | "cells" | "twice" | "noProfile";

/** What is wrong with one row of a list of windows. */
export interface BadWindowRow {
  /** As an editor counts lines; the names of the columns stand on line 1. */
  readonly line: number;
  readonly column: string;
  readonly fault: RowFault;
  readonly reason: string;
  readonly value: string;
}

export interface WindowTable {
  readonly windows: readonly SiteWindow[];
  readonly bad: readonly BadWindowRow[];
  /** Columns that mean nothing here. */
  readonly ignored: readonly string[];
}

const COLUMNS = {
  windowNo: ["window", "windowno", "窗口", "窗口号", "窗口编号"],
  clerks: ["clerks", "clerk", "工作人员", "窗口人员", "人员"],
  profile: ["profile", "padprofile", "型号", "评价器型号", "型号配置"],
  port: ["port", "padport", "端口", "串口", "评价器端口"],
  serialNumber: ["serialnumber", "serial", "序列号", "评价器序列号"],
} as const;
type Field = keyof typeof COLUMNS;
const FIELDS = Object.keys(COLUMNS) as Field[];

/** More than any hall has; a longer file is another one. */
const MOST_BYTES = 1_048_576;
const MOST_WINDOWS = 2000;

const refused = (detail: string): WindowRatingError => new WindowRatingError("WR8013", detail);

const plain = (text: string): string =>
  text
    .normalize("NFKC")
    .replace(/[\s_-]/g, "")
    .toLowerCase();
const shown = (text: string): string => text.replace(/\p{Cc}/gu, "?").slice(0, 60);

/**
 * Reads a hall's list of windows: CSV as Excel and WPS save it, with names of columns in Chinese or English. Every bad row is listed.
 * @param troubleOf why the profile of that name cannot be used; null: it can
 * @throws WR8013 if it is no such list at all
 */
export const readWindowTable = (bytes: Uint8Array, troubleOf: (profile: string) => string | null): WindowTable => {
  if (bytes.length > MOST_BYTES) throw refused(`it has ${bytes.length} bytes, at most ${MOST_BYTES} are taken`);
  const text = textOfTable(bytes);
  if (text === null) throw refused("it is neither UTF-8 nor GBK text; save the table as CSV");
  const [heads, ...rows] = readCsv(text);
  if (heads === undefined) throw refused("it is empty");
  if (rows.length > MOST_WINDOWS) throw refused(`it has ${rows.length} rows, at most ${MOST_WINDOWS} are taken`);
  const places = heads.cells.map((head) => FIELDS.find((field) => (COLUMNS[field] as readonly string[]).includes(plain(head))));
  for (const field of FIELDS) {
    const count = places.filter((place) => place === field).length;
    if (count > 1) throw refused(`the column ${COLUMNS[field].join(" / ")} stands ${count} times`);
  }
  if (!places.includes("windowNo"))
    throw refused(`the column window / 窗口 is missing; the first row is: ${heads.cells.map(shown).join(", ").slice(0, 200)}`);

  const windows: SiteWindow[] = [];
  const bad: BadWindowRow[] = [];
  const lineOf = new Map<string, number>();
  const nameOf = (field: string): string => heads.cells[places.indexOf(field as Field)] ?? field;
  for (const { line, cells } of rows) {
    const cellOf = (field: Field): string => cells[places.indexOf(field)] ?? "";
    const tell = (field: string, fault: RowFault, reason: string): number =>
      bad.push({ line, column: shown(nameOf(field)), fault, reason, value: shown(cellOf(field as Field)) });
    const faultsBefore = bad.length;
    if (cells.length > heads.cells.length)
      tell("windowNo", "cells", "it has more cells than the first row; put quotes around cells with a comma");
    const parsed = siteWindowSchema.safeParse({
      windowNo: cellOf("windowNo"),
      clerks: clerksOf(cellOf("clerks")),
      profile: cellOf("profile") || null,
      port: cellOf("port") || null,
      serialNumber: cellOf("serialNumber") || null,
    });
    for (const { path, message } of parsed.error?.issues ?? []) {
      const [field = "windowNo"] = path;
      const reason = field === "clerks" ? "expected staff numbers with names, as 1001 张三样例; 1002 李四样例" : message;
      tell(String(field), field as Field, reason);
    }
    const profile = padProfileSchema.safeParse(cellOf("profile")).data;
    const trouble = profile === undefined ? null : troubleOf(profile);
    if (trouble !== null) tell("profile", "noProfile", trouble);
    const twin = lineOf.get(cellOf("windowNo"));
    if (twin !== undefined) tell("windowNo", "twice", `the window stands on line ${twin} already`);
    else if (cellOf("windowNo") !== "") lineOf.set(cellOf("windowNo"), line);
    if (parsed.success && bad.length === faultsBefore) windows.push(parsed.data);
  }
  return { windows, bad, ignored: heads.cells.filter((head, index) => places[index] === undefined && head !== "").map(shown) };
};

/** `1001 张三样例; 1002 李四样例`, also with the Chinese semicolon, `、` or a line break between them. */
const clerksOf = (cell: string): { staffNo: string; name: string }[] =>
  cell
    .split(/[;；、\n]/)
    .map((text) => text.trim())
    .filter((text) => text !== "")
    .map((text) => {
      const [staffNo = "", ...name] = text.split(/[\s:：]+/);
      return { staffNo, name: name.join(" ") };
    });
