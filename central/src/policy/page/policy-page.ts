import type { ErrorCode, WindowRatingError } from "@window-rating/protocol/error";
import type { Calendar } from "../../calendar/calendar.ts";
import { momentText } from "../../calendar/civil-date.ts";
import type { Text } from "../../calendar/schema.ts";
import type { Step } from "../count.ts";
import type { Explanation } from "../explain.ts";
import type { Pack } from "../pack-schema.ts";
import { CHANNELS, CLASSES, FACT_NAMES, RULE_IDS, RULE_NAMES } from "../vocabulary.ts";
import { calendarPicture } from "./calendar-picture.ts";
import { escaped } from "./html.ts";

/** What the form was filled with, as text; anything may be missing or wrong. */
export type Filled = Readonly<Partial<Record<"region" | "rule" | "class" | "channel" | "at" | "reading", string>>>;

export type PolicyAnswer =
  | { readonly is: "none" }
  | { readonly is: "refused"; readonly error: WindowRatingError }
  | { readonly is: "explained"; readonly explanation: Explanation; readonly calendar: Calendar };

interface PolicyPageParts {
  readonly packs: readonly Pack[];
  readonly filled: Filled;
  readonly answer: PolicyAnswer;
  readonly missingYears: readonly Text[];
  /** Unix milliseconds. */
  readonly now: number;
}

const both = ({ zh, en }: Text): string => `${escaped(zh)} <span lang="en">${escaped(en)}</span>`;
const plain = ({ zh, en }: Text): string => escaped(`${zh} ${en}`);

/** The page that asks and answers "until when, and why". It works without scripts. */
export const policyPage = ({ packs, filled, answer, missingYears, now }: PolicyPageParts): string => `<!doctype html>
<html lang="zh-CN">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>期限说明 · Until when, and why</title>
<link rel="stylesheet" href="/policy.css">
</head>
<body>
<header><h1>期限说明 <span lang="en">Until when, and why</span></h1></header>
<main>
${missingYears.map((text) => `<p class="note">${both(text)}</p>`).join("\n")}
${form(packs, filled, now)}
${answerHtml(answer)}
</main>
</body>
</html>
`;

const option = (value: string, text: string, isChosen: boolean): string =>
  `<option value="${escaped(value)}"${isChosen ? " selected" : ""}>${text}</option>`;

const select = (name: string, title: Text, options: readonly string[]): string =>
  `<label><span>${both(title)}</span><select name="${name}">${options.join("")}</select></label>`;

const form = (packs: readonly Pack[], filled: Filled, now: number): string => {
  const unsaid = option("", "—", false);
  return `<form action="/policy" method="get">
${select(
  "region",
  { zh: "地区", en: "region" },
  packs.map(({ region, name, status }) =>
    option(region, `${plain(name)}${status === "draft" ? "（草案 draft）" : ""}`, region === filled.region),
  ),
)}
${select(
  "rule",
  { zh: "规则", en: "rule" },
  RULE_IDS.map((id) => option(id, plain(RULE_NAMES[id]), id === filled.rule)),
)}
${select("class", { zh: "分类", en: "class" }, [unsaid, ...CLASSES.map((one) => option(one, plain(FACT_NAMES[one]), one === filled.class))])}
${select("channel", { zh: "渠道", en: "channel" }, [unsaid, ...CHANNELS.map((one) => option(one, plain(FACT_NAMES[one]), one === filled.channel))])}
<label><span>${both({ zh: "起点（北京时间）", en: "start, China time" })}</span><input name="at" required value="${escaped(filled.at ?? momentText(now).slice(0, 16))}" placeholder="2022-03-01T10:00"></label>
<label><span>${both({ zh: "读法（留空为选定的）", en: "reading, empty for the chosen one" })}</span><input name="reading" value="${escaped(filled.reading ?? "")}"></label>
<button type="submit">计算 Explain</button>
</form>`;
};

const HINTS: Readonly<Partial<Record<ErrorCode, string>>> = {
  WR7102: "没有这个地区的规则包",
  WR7103: "没有这种读法，请留空或改用列出的名称",
  WR7104: "计算要用到的年份还没有放假通知，期限须由人设定",
  WR7106: "这项规则因分类或渠道而异，请先选择",
};

const answerHtml = (answer: PolicyAnswer): string => {
  switch (answer.is) {
    case "none":
      return "";
    case "refused":
      return `<section class="answer refused" role="alert"><p class="result">不能计算 <span lang="en">refused</span></p><p>${escaped(HINTS[answer.error.code] ?? "填写的内容无法理解")} <span lang="en">${escaped(answer.error.message)}</span></p></section>`;
    case "explained":
      return explained(answer.explanation, answer.calendar);
  }
};

const dueText = ({ due, ask }: Explanation): string => {
  if (due !== null) return `${escaped(due.slice(0, 16).replace("T", " "))} <span lang="en">due ${escaped(due)}</span>`;
  if (ask) return both({ zh: "文件没有数字，须由人设定日期", en: "no number: a person must set the date" });
  return both({ zh: "文件没有此项规定", en: "the document has no such rule" });
};

const LEGEND: Text = {
  zh: "起：起点；第n天：计入；虚线：跳过；灰：不上班；假：放假；班：调休上班；止：期限；?：没有放假通知的年份",
  en: "起 start, 第n天 counted, dashed skipped, grey not worked, 假 holiday, 班 make-up working day, 止 due, ? year without a paper",
};

const explained = (explanation: Explanation, calendar: Calendar): string => {
  const { clause, cites, readings, chosen, reading, steps, warnings, assumptions, actor, stop, extension } = explanation;
  const picture = calendarPicture(explanation, calendar);
  return `<section class="answer">
<p class="result">${dueText(explanation)}</p>
<p>${both(explanation.ruleName)}${actor === null ? "" : ` · ${escaped(actor)}`}</p>
<p>${escaped(clause)}</p>
${cites.map(({ line, quote }) => `<blockquote>${escaped(quote)} <span lang="en">L${line}</span></blockquote>`).join("\n")}
</section>
${warnings.map((text) => `<p class="note">${both(text)}</p>`).join("\n")}
${readings.length < 2 ? "" : readingsHtml(readings, reading)}
${chosen === null ? "" : `<p>${both({ zh: "选定", en: "chosen" })}：${escaped(chosen.reading)}，${chosen.on}，${both(chosen.by)}。${both(chosen.why)}</p>`}
${extension === null ? "" : extensionHtml(extension)}
${picture === "" ? "" : `<h2>${both({ zh: "日历", en: "calendar" })}</h2><div class="scroll">${picture}</div><p>${both(LEGEND)}</p>`}
<h2>${both({ zh: "经过", en: "steps" })}</h2>
<div class="scroll"><table><thead><tr><th>日期 Date</th><th>计数 Count</th><th>理由 Why</th></tr></thead><tbody>
${steps.map(stepRow).join("\n")}
</tbody></table></div>
${stop === null ? "" : `<p>${both({ zh: "停止", en: "stops" })}：${both(stop.text)}</p>`}
${assumptions.map((text) => `<p>${both({ zh: "假定", en: "assumed" })}：${both(text)}</p>`).join("\n")}`;
};

const readingsHtml = (readings: Explanation["readings"], used: string | null): string => {
  const rows = readings.map(
    ({ name, text, due, ask, chosen, refused }) =>
      `<tr><td>${escaped(name)}${name === used ? " ●" : ""}${chosen ? " 选定 chosen" : ""}</td><td>${both(text)}</td><td>${escaped(due ?? (ask ? "由人设定 by a person" : (refused ?? "—")))}</td></tr>`,
  );
  return `<h2>${both({ zh: "各种读法", en: "readings" })}</h2><div class="scroll"><table><thead><tr><th>名称 Name</th><th>读法 Reading</th><th>期限 Due</th></tr></thead><tbody>${rows.join("")}</tbody></table></div>`;
};

const extensionHtml = ({ base, capWorkingDays, approvalBy, tell, tellBefore }: NonNullable<Explanation["extension"]>): string => {
  const parts: Text[] = [
    { zh: `原期限 ${base ?? "—"}`, en: "limit without extension" },
    capWorkingDays === null ? { zh: "没有上限", en: "no cap" } : { zh: `上限${capWorkingDays}个工作日`, en: "cap in working days" },
    ...(approvalBy === null ? [] : [{ zh: `须经${approvalBy}批准`, en: "approval needed" }]),
    { zh: `告知${tell.join("、")}`, en: "who is told" },
    ...(tellBefore === null ? [] : [{ zh: `须在${tellBefore}之前`, en: "told before that day" }]),
  ];
  return `<p>${both({ zh: "延期", en: "extension" })}：${parts.map(both).join("；")}</p>`;
};

const stepRow = ({ kind, date, at, counted, number, why }: Step): string => {
  const count = kind !== "day" ? "" : counted ? `第${number ?? ""}天` : "跳过 skipped";
  const when = kind === "day" || kind === "date" ? (date ?? "") : (at ?? date ?? "");
  return `<tr class="${kind === "day" && !counted ? "skipped" : kind}"><td>${escaped(when)}</td><td>${count}</td><td>${both(why)}</td></tr>`;
};
