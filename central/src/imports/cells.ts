import { LEVELS, levelSchema } from "@window-rating/protocol/rating";
import { z } from "zod";
import type { Cell } from "./table.ts";

/** 15 digits are all that a spreadsheet keeps of a number. */
const KEPT_DIGITS = 1e15;

/** A cell → text, as whoever typed it meant it. A number too long to be kept is refused rather than rounded. */
export const textCell = <Output>(schema: z.ZodType<Output, string>) =>
  z.preprocess((cell: Cell, context) => {
    if (cell === null || typeof cell === "string") return cell?.normalize("NFC").trim() ?? "";
    if (typeof cell === "number" && Number.isInteger(cell) && Math.abs(cell) < KEPT_DIGITS) return String(cell);
    context.addIssue({
      code: "custom",
      message: typeof cell === "number" ? "a number of which the spreadsheet has lost digits; make the column text" : "not a text",
    });
    return z.NEVER;
  }, schema);

/** As `textCell`; an empty cell says nothing. */
export const optionalTextCell = <Output>(schema: z.ZodType<Output, string>) =>
  z.preprocess((cell: Cell) => (isEmpty(cell) ? undefined : cell), textCell(schema).optional());

const isEmpty = (cell: Cell | undefined): boolean => cell == null || (typeof cell === "string" && cell.trim() === "");

export const wholeNumberCell = (min: number, max: number) =>
  z.preprocess(
    (cell: Cell) => (typeof cell === "string" && /^\s*\d{1,6}\s*$/.test(cell.normalize("NFKC")) ? Number(cell.normalize("NFKC")) : cell),
    z.number(`a whole number from ${min} to ${max}`).int().min(min).max(max),
  );

const WORDS: ReadonlyMap<string, number> = new Map([
  ...LEVELS.flatMap(({ level, zh, en }): [string, number][] => [
    [zh, level],
    [en.toLowerCase(), level],
    ["★".repeat(level), level],
    ["★".repeat(level) + "☆".repeat(5 - level), level],
    [`${level}星`, level],
    [`${"一二三四五"[level - 1]}星`, level],
  ]),
]);

/** A level as a number, in words, or in stars. */
export const levelCell = z.preprocess((cell: Cell) => {
  if (typeof cell !== "string") return cell;
  const text = cell.normalize("NFKC").trim().toLowerCase();
  return WORDS.get(text) ?? (/^[1-5]$/.test(text) ? Number(text) : cell);
}, levelSchema);

const YES = ["是", "yes", "true", "1", "y"];
const NO = ["否", "no", "false", "0", "n"];

export const yesNoCell = z.preprocess((cell: Cell) => {
  if (typeof cell === "boolean" || isEmpty(cell)) return cell ?? undefined;
  const text = String(cell).trim().toLowerCase();
  return YES.includes(text) ? true : NO.includes(text) ? false : cell;
}, z.boolean("是 or 否").optional());

const CHINA_OFFSET_MS = 8 * 3_600_000;
const LOCAL = /^(\d{4})[-/.年](\d{1,2})[-/.月](\d{1,2})日?(?:[ T]\s*(\d{1,2}):(\d{1,2})(?::(\d{1,2}))?)?$/;

/** A time as people in China write it, or ISO 8601 with an offset → Unix milliseconds; undefined if it is none. */
const readMoment = (text: string): number | undefined => {
  const found = LOCAL.exec(text);
  if (found === null)
    return /[zZ]$|[+-]\d{2}:?\d{2}$/.test(text) && z.iso.datetime({ offset: true }).safeParse(text).success ? Date.parse(text) : undefined;
  const [year = 0, month = 0, day = 0, hour = 0, minute = 0, second = 0] = found.slice(1).map((part) => Number(part ?? 0));
  const ms = Date.UTC(year, month - 1, day, hour, minute, second);
  const isReal = new Date(ms).getUTCDate() === day && new Date(ms).getUTCMonth() === month - 1 && hour < 24 && minute < 60 && second < 60;
  return isReal ? ms - CHINA_OFFSET_MS : undefined;
};

const momentSchema = z
  .number("a time, as 2026-03-02 09:30 (time of China)")
  .refine((ms) => ms >= Date.UTC(2000, 0, 1) && ms < Date.UTC(2100, 0, 1), "a time of this century");

const momentOf = (cell: Cell): unknown => {
  // The date of a spreadsheet comes as if its hours were those of UTC.
  if (cell instanceof Date) return cell.getTime() - CHINA_OFFSET_MS;
  return typeof cell === "string" ? readMoment(cell.normalize("NFKC").trim()) : undefined;
};

export const momentCell = z.preprocess(momentOf, momentSchema);
export const optionalMomentCell = z.preprocess(
  (cell: Cell) => (isEmpty(cell) ? undefined : (momentOf(cell) ?? cell)),
  momentSchema.optional(),
);
