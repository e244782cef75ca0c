import type { ErrorCode } from "@window-rating/protocol/error";
import { isBadReview } from "@window-rating/protocol/rating";
import { REASON_LISTS } from "@window-rating/protocol/reasons";
import type { Text } from "../calendar/schema.ts";
import type { FollowUp } from "../channels/follow-up.ts";
import type { ReceiptView, SeenRating } from "../ratings/receipt-view.ts";
import { both, html, type Markup, page } from "./frame.ts";
import { type Asked, levelButtons, stars } from "./rating-pages.ts";
import { CHANNEL_NAMES, chinaTime, faultTexts, type LevelNames } from "./texts.ts";

/** @param fault why the code that was typed leads nowhere */
export const lookUpPage = (fault?: { readonly code: ErrorCode; readonly typed: string }): string => {
  const title = { zh: "查询回执码", en: "Look up a receipt code" };
  return page(
    title,
    html`<h1>${both(title)}</h1>
${fault === undefined ? "" : html`<p class="alert" role="alert">${both(faultTexts(fault.code).title)}<br>${both(faultTexts(fault.code).advice)}</p>`}
<form method="post" action="./" accept-charset="utf-8">
<label class="field" for="code">${both({ zh: "回执码（12位）", en: "Receipt code (12 characters)" })}</label>
<input id="code" name="code" type="text" maxlength="40" autocomplete="off" autocapitalize="characters" spellcheck="false" required value="${fault?.typed}">
<p></p>
<button class="send">${both({ zh: "查询", en: "Look up" })}</button>
</form>
<p class="quiet">${both({ zh: "不分大小写，横线可不输。", en: "Capitals and dashes do not matter." })}</p>`,
  );
};

const reasonText = ({ reasonsVersion, reasonCodes }: SeenRating): Text[] => {
  const list = REASON_LISTS.find(({ version }) => version === reasonsVersion);
  return reasonCodes.flatMap((code) => list?.reasons.find((reason) => reason.code === code)?.text ?? []);
};

const seen = (rating: SeenRating, names: LevelNames): Markup => {
  const reasons = reasonText(rating);
  return html`<li>${stars(rating.level)}<strong>${both(names[rating.level])}</strong><br>
<span class="quiet">${chinaTime(rating.atMs)} ${both(CHANNEL_NAMES[rating.channel])}</span>
${rating.isEffective ? html`<br>${both({ zh: "以这次为准", en: "This one counts" })}` : ""}
${reasons.map((reason) => html`<br>${both(reason)}`)}
${rating.comment === null ? "" : html`<br>${rating.comment}`}</li>\n`;
};

const STATES = {
  open: { zh: "进行中", en: "under way" },
  closed: { zh: "已完成", en: "done" },
  "waits-for-date": { zh: "等待确定期限", en: "a person is setting the date" },
} as const satisfies Record<FollowUp["state"], Text>;

const followUp = ({
  name,
  state,
  dueMs,
  closedAtMs,
  clause,
  steps,
  isDateSet,
}: FollowUp): Markup => html`<li><strong>${both(name)}</strong>：${both(STATES[state])}
${closedAtMs === null ? "" : html`<br>${both({ zh: `完成于 ${chinaTime(closedAtMs)}`, en: "done then" })}`}
${dueMs === null ? "" : html`<br>${both({ zh: `期限 ${dueDay(dueMs)}`, en: "due" })}`}
${isDateSet ? html`<br>${both({ zh: "文件未规定天数，期限由工作人员确定。", en: "The rules give no number of days; a person set the date." })}` : ""}
<details><summary>${both({ zh: "为什么是这个期限", en: "Why this date" })}</summary>
<ol class="why">${steps.map(({ date, at, why }) => html`<li>${date ?? at?.slice(0, 16).replace("T", " ")} ${both(why)}</li>`)}</ol>
<p class="quiet">${clause}</p>
</details></li>\n`;

/** The end of a day is the first moment of the next one: it is shown as 24:00 of the day itself. */
const dueDay = (ms: number): string => {
  const text = chinaTime(ms);
  return text.endsWith("00:00") ? `${chinaTime(ms - 60_000).slice(0, 10)} 24:00` : text;
};

const SUBJECTS = {
  staff: { zh: "窗口服务", en: "service at the window" },
  item: { zh: "办理的事项", en: "matter handled" },
  theme: { zh: "一件事（多个事项）", en: "several matters as one" },
  window: { zh: "窗口服务", en: "service at the window" },
  hall: { zh: "政务大厅", en: "hall" },
  agency: { zh: "机构", en: "agency" },
  platform: { zh: "平台", en: "platform" },
} as const satisfies Record<ReceiptView["subject"], Text>;

interface Receipt {
  readonly view: ReceiptView;
  readonly handling: readonly FollowUp[];
  readonly names: LevelNames;
  readonly nowMs: number;
  /** With which it can be corrected. */
  readonly asked: Asked;
}

/** What a receipt code shows: what was rated, what is done about it until when and why, and the five buttons to correct it. */
export const receiptPage = ({ view, handling, names, nowMs, asked }: Receipt): string => {
  const title = { zh: "我的评价", en: "My rating" };
  const canCorrect = view.correctUntilMs === null || nowMs <= view.correctUntilMs;
  const [newest] = view.ratings;
  const isBad = newest?.isEffective === true && isBadReview(newest.level);
  return page(
    title,
    html`<h1>${both(title)}</h1>
<p class="about">${both(SUBJECTS[view.subject])}${view.itemName === null ? "" : html`<br>${view.itemName}`}</p>
<ul class="list">
${view.ratings.map((rating) => seen(rating, names))}</ul>
<h2>${both({ zh: "处理情况", en: "What is done about it" })}</h2>
${
  handling.length > 0
    ? html`<ul class="list">\n${handling.map(followUp)}</ul>`
    : html`<p>${both(isBad ? { zh: "已收到，处理步骤和期限将显示在这里。", en: "Received. Steps and dates will be shown here." } : { zh: "没有需要处理的事项。", en: "Nothing has to be done." })}</p>`
}
<h2>${both({ zh: "更正评价", en: "Correct the rating" })}</h2>
${
  canCorrect
    ? html`<p class="quiet">${both({
        zh: `${view.correctUntilMs === null ? "可以更正" : `可更正到 ${chinaTime(view.correctUntilMs)}`}；两次评价都会保留。`,
        en: "Both ratings are kept.",
      })}</p>
${levelButtons(asked)}`
    : html`<p>${both({ zh: "更正期限已过。", en: "The time to correct is over." })}</p>`
}
<p><a href="./">${both({ zh: "查询另一个回执码", en: "Look up another code" })}</a></p>`,
  );
};

/** What went wrong, and what to do. The code is for whoever is asked for help. */
export const faultPage = (code: ErrorCode): string => {
  const { title, advice } = faultTexts(code);
  return page(
    title,
    html`<h1>${both(title)}</h1>
<p>${both(advice)}</p>
<p><a href="../r/">${both({ zh: "用回执码查询", en: "Look up a receipt code" })}</a></p>
<p class="quiet">${code}</p>`,
  );
};
