import type { Calendar, Day } from "../../calendar/calendar.ts";
import { addDays, type CivilDate, civilDate, monthOf, weekdayOf, yearOf } from "../../calendar/civil-date.ts";
import type { Step } from "../count.ts";
import type { Explanation } from "../explain.ts";
import { escaped } from "./html.ts";

const CELL = { width: 54, height: 46 };
const MARGIN = 12;
const HEAD = 58;
const WEEKDAYS = ["一", "二", "三", "四", "五", "六", "日"];

/** A month is drawn when a step lies in it; a yearly bulletin does not draw the months between. */
const monthsOf = (steps: readonly Step[]): CivilDate[] => {
  const firsts = steps.flatMap(({ date }) => (date === undefined ? [] : [civilDate(yearOf(date), monthOf(date), 1)]));
  return [...new Set(firsts)].sort();
};

/** Monday first. */
const columnOf = (date: CivilDate): number => (weekdayOf(date) + 6) % 7;

/** Weeks that a month touches. */
const rowsOf = (month: CivilDate): number => {
  const days = Number(addDays(civilDate(yearOf(month), monthOf(month) + 1, 1), -1).slice(8));
  return Math.ceil((columnOf(month) + days) / 7);
};

/** The counted days on calendar sheets, as SVG: marks are words as well as colours. Empty without a dated step. */
export const calendarPicture = ({ steps, due, dueDate }: Explanation, calendar: Calendar): string => {
  const months = monthsOf(steps);
  const [first] = months;
  if (first === undefined || due === null) return "";
  const width = 7 * CELL.width + 2 * MARGIN;
  const rows = Math.max(...months.map(rowsOf));
  const height = HEAD + rows * CELL.height + MARGIN;
  const byDate = new Map(steps.flatMap((step) => (step.kind === "day" && step.date !== undefined ? [[step.date, step] as const] : [])));
  const start = steps.find(({ kind }) => kind === "start")?.date;
  const sheets = months.map((month, index) => {
    const days: CivilDate[] = [];
    for (let date = month; monthOf(date) === monthOf(month); date = addDays(date, 1)) days.push(date);
    const cells = days.map((date) =>
      cellOf(date, month, { step: byDate.get(date), isStart: date === start, isDue: date === dueDate, day: dayOf(calendar, date) }),
    );
    const heads = WEEKDAYS.map(
      (name, column) => `<text class="weekday" x="${MARGIN + (column + 0.5) * CELL.width}" y="${HEAD - 8}">${name}</text>`,
    );
    const x = (index % 2) * width;
    const y = Math.floor(index / 2) * height;
    const title = `${yearOf(month)}年${monthOf(month)}月`;
    return `<g transform="translate(${x} ${y})"><text class="month" x="${MARGIN}" y="26">${title}</text>${heads.join("")}${cells.join("")}</g>`;
  });
  const size = { width: width * Math.min(2, months.length), height: height * Math.ceil(months.length / 2) };
  const label = escaped(`日历：期限 ${due}。Calendar: due ${due}`);
  return `<svg class="calendar" role="img" aria-label="${label}" viewBox="0 0 ${size.width} ${size.height}" width="${size.width}" height="${size.height}"><title>${label}</title>${sheets.join("")}</svg>`;
};

const dayOf = (calendar: Calendar, date: CivilDate): Day | undefined =>
  calendar.years.includes(yearOf(date)) ? calendar.dayOf(date) : undefined;

interface CellMarks {
  readonly step: Step | undefined;
  readonly isStart: boolean;
  readonly isDue: boolean;
  readonly day: Day | undefined;
}

const cellOf = (date: CivilDate, month: CivilDate, { step, isStart, isDue, day }: CellMarks): string => {
  const row = Math.floor((columnOf(month) + Number(date.slice(8)) - 1) / 7);
  const x = MARGIN + columnOf(date) * CELL.width;
  const y = HEAD + row * CELL.height;
  const kind = step === undefined ? "plain" : step.counted ? "counted" : "skipped";
  const off = day?.working === false ? "off" : "";
  const number = step?.number === undefined ? "" : isDue ? `${step.number}` : `第${step.number}天`;
  const words = [isStart ? "起" : "", isDue ? "止" : "", number].filter((word) => word !== "");
  const badge = day === undefined ? "?" : BADGES[day.kind];
  const classes = ["cell", kind, off, isStart ? "start" : "", isDue ? "due" : ""].filter((one) => one !== "").join(" ");
  return [
    `<g class="${classes}" data-date="${date}">`,
    `<rect x="${x + 2}" y="${y + 2}" width="${CELL.width - 4}" height="${CELL.height - 4}" rx="4"/>`,
    `<text class="number" x="${x + 7}" y="${y + 18}">${Number(date.slice(8))}</text>`,
    badge === "" ? "" : `<text class="badge" x="${x + CELL.width - 7}" y="${y + 18}">${badge}</text>`,
    words.length === 0 ? "" : `<text class="word" x="${x + CELL.width / 2}" y="${y + 36}">${words.join(" ")}</text>`,
    "</g>",
  ].join("");
};

const BADGES: Readonly<Record<Day["kind"], string>> = {
  "working-day": "",
  weekend: "",
  holiday: "假",
  "make-up": "班",
  "local-holiday": "假",
  "local-make-up": "班",
};
