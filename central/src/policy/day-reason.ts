import type { Day } from "../calendar/calendar.ts";
import type { Text } from "../calendar/schema.ts";

export const WEEKDAYS: readonly Text[] = [
  { zh: "周日", en: "Sunday" },
  { zh: "周一", en: "Monday" },
  { zh: "周二", en: "Tuesday" },
  { zh: "周三", en: "Wednesday" },
  { zh: "周四", en: "Thursday" },
  { zh: "周五", en: "Friday" },
  { zh: "周六", en: "Saturday" },
];

const CERTAINTY = {
  P: { zh: "见于文件", en: "by paper" },
  Q: { zh: "见于公开网页", en: "read in public pages" },
  I: { zh: "推断", en: "inferred" },
  U: { zh: "不确定", en: "unsure" },
} as const;

/** Why a day is worked or not, and who says so. */
export const dayReason = (day: Day): Text => {
  const { zh, en } = WEEKDAYS[day.weekday] ?? { zh: "", en: "" };
  const { name = "", source = "", remark } = day;
  const sure = CERTAINTY[day.certainty ?? "U"];
  switch (day.kind) {
    case "working-day":
      return remark === undefined
        ? { zh: `${zh}，工作日`, en: `${en}, working day` }
        : { zh: `${zh}，工作日（${remark.zh}，${source}）`, en: `${en}, working day (${remark.en}, ${source})` };
    case "weekend":
      return { zh: `${zh}，休息日`, en: `${en}, weekend` };
    case "holiday":
      return { zh: `${zh}，${name}放假（${source}）`, en: `${en}, holiday ${name} (${source})` };
    case "make-up":
      return { zh: `${zh}，${name}调休上班（${source}）`, en: `${en}, make-up working day for ${name} (${source})` };
    case "local-holiday":
      return { zh: `${zh}，地方假日${name}（${sure.zh}：${source}）`, en: `${en}, local holiday ${name} (${sure.en}: ${source})` };
    case "local-make-up":
      return { zh: `${zh}，地方调休上班（${sure.zh}：${source}）`, en: `${en}, local make-up working day (${sure.en}: ${source})` };
  }
};
