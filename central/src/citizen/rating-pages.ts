import { LEVELS, type Level } from "@window-rating/protocol/rating";
import { type ReasonList, reasonsOf } from "@window-rating/protocol/reasons";
import type { Text } from "../calendar/schema.ts";
import type { SubjectKind } from "../ratings/submission.ts";
import { both, html, Markup, page } from "./frame.ts";
import { type LevelNames, QUESTIONS } from "./texts.ts";

/** One question to a citizen: what about, and the form that the answer comes back with. */
export interface Asked {
  readonly subject: SubjectKind;
  /** Item, window, day: what the citizen knows it by. No clerk, no case number. */
  readonly about: readonly Text[];
  /** Hidden in the form. */
  readonly form: string;
  readonly names: LevelNames;
  /** Where the form goes; absent: to the address of the page itself. */
  readonly action?: string;
  /** Further hidden fields. */
  readonly hidden?: Readonly<Record<string, string>>;
}

const hiddenFields = ({ form, subject, hidden = {} }: Asked): Markup[] =>
  Object.entries({ form, subject, ...hidden }).map(([name, value]) => html`<input type="hidden" name="${name}" value="${value}">\n`);

const formStart = ({ action }: Asked): Markup =>
  html`<form method="post"${action === undefined ? "" : html` action="${action}"`} accept-charset="utf-8">`;

/** Stars for the eye; a screen reader has the words. */
export const stars = (level: Level): Markup =>
  html`<span class="stars" aria-hidden="true">${"★".repeat(level)}<i>${"★".repeat(5 - level)}</i></span>`;

const aboutLines = (about: readonly Text[]): Markup | string =>
  about.length === 0 ? "" : html`<p class="about">${about.map((line, index) => html`${index === 0 ? "" : html`<br>`}${both(line)}`)}</p>`;

/** Five buttons, each as large as the others, none of them chosen (I10): one touch is the answer. */
export const levelButtons = (asked: Asked): Markup => html`${formStart(asked)}
${hiddenFields(asked)}<ul class="levels">
${[...LEVELS].reverse().map(({ level }) => html`<li><button name="level" value="${level}">${stars(level)}${both(asked.names[level])}</button></li>\n`)}</ul>
</form>`;

export const ratePage = (asked: Asked): string =>
  page(
    { zh: "请您评价", en: "Please rate" },
    html`<h1>${both(QUESTIONS[asked.subject])}</h1>
${aboutLines(asked.about)}
${levelButtons(asked)}
<p class="quiet">${both({ zh: "评价完全自愿，不评价不会算作好评。", en: "Rating is voluntary. No rating never counts as a good one." })}</p>
<p><a href="../r/">${both({ zh: "查询或更正以前的评价", en: "See or correct an earlier rating" })}</a></p>`,
  );

/** What was filled in, given back where something was missing. */
export interface Filled {
  readonly reasons: readonly string[];
  readonly words: string;
  readonly name: string;
  readonly phone: string;
}

interface Details {
  readonly asked: Asked;
  readonly level: Level;
  readonly list: ReasonList;
  /** Whether name and phone must be given (实名). */
  readonly mustName: boolean;
  /** Whether the phone must be given, where one person rates once a day. */
  readonly mustPhone: boolean;
  /** How a name is asked for that nobody needs to give; undefined: not at all. */
  readonly invitation: "encouraged" | "visits" | undefined;
  /** Whether this level needs a reason or words. */
  readonly mustExplain: boolean;
  readonly filled: Filled;
  readonly fault?: Text | undefined;
}

/** A field's name with whether it must be filled in, in both languages. */
const label = ({ zh, en }: Text, isNeeded: boolean): Markup =>
  both(isNeeded ? { zh: `${zh}（必填）`, en: `${en} (needed)` } : { zh: `${zh}（选填）`, en: `${en} (optional)` });

const SEND = html`<button class="send">${both({ zh: "提交", en: "Send" })}</button>`;

const REASONS = {
  free: { zh: "原因（可多选，可不选）", en: "Reasons (any number, or none)" },
  needed: { zh: "原因（选一项，或在下面写几句）", en: "Reasons (choose one, or write below)" },
} as const satisfies Record<string, Text>;

const INVITATIONS = {
  encouraged: { zh: "欢迎实名评价：可以留下姓名和电话，不填也能提交。", en: "You are welcome to give your name and phone. You need not." },
  visits: {
    zh: "如果希望工作人员回访、告诉您处理结果，请留下姓名和电话；不填也能提交。",
    en: "If you want to be called back about what is done, leave your name and phone. You need not.",
  },
} as const satisfies Record<string, Text>;

/** The second step: reasons of the level, words and contact, all of it optional where the region allows. */
export const detailsPage = ({ asked, level, list, mustName, mustPhone, mustExplain, invitation, filled, fault }: Details): string => {
  const required = (isNeeded: boolean): Markup | string => (isNeeded ? html` required` : "");
  const needsPhone = mustName || mustPhone;
  return page(
    { zh: "提交评价", en: "Send your rating" },
    html`<h1>${both({ zh: "提交评价", en: "Send your rating" })}</h1>
${fault === undefined ? "" : html`<p class="alert" role="alert">${both(fault)}</p>`}
${aboutLines(asked.about)}
${formStart(asked)}
${hiddenFields(asked)}<input type="hidden" name="step" value="send">
<p class="chosen">${stars(level)}${both(asked.names[level])}</p>
<input type="hidden" name="level" value="${level}">
${mustExplain || needsPhone ? "" : SEND}
<fieldset>
<legend>${both(mustExplain ? REASONS.needed : REASONS.free)}</legend>
${reasonsOf(list, level).map(
  ({ code, text }) =>
    html`<label class="reason"><input type="checkbox" name="reason" value="${code}"${filled.reasons.includes(code) ? html` checked` : ""}>${text?.zh}<span lang="en">${text?.en}</span></label>\n`,
)}</fieldset>
<label class="field" for="words">${both({ zh: "您想说的话（选填，最多200字）", en: "Your words (optional, at most 200 characters)" })}</label>
<textarea id="words" name="words" rows="3" maxlength="200">${"\n"}${filled.words}</textarea>
<fieldset>
<legend>${both({ zh: "联系方式", en: "Contact" })}</legend>
${
  invitation === undefined
    ? ""
    : html`<p class="invitation">${both(INVITATIONS[invitation])}</p>
`
}<label class="field" for="name">${label({ zh: "姓名", en: "Name" }, mustName)}</label>
<input id="name" name="name" type="text" maxlength="30" autocomplete="name" value="${filled.name}"${required(mustName)}>
<label class="field" for="phone">${label({ zh: "电话", en: "Phone" }, needsPhone)}</label>
<input id="phone" name="phone" type="tel" maxlength="24" autocomplete="tel" value="${filled.phone}"${required(needsPhone)}>
<p class="quiet">${both({ zh: "加密保存，只有核实人员能看，窗口人员看不到。", en: "Kept encrypted for those who verify; never shown at the window." })}</p>
</fieldset>
${SEND}
</form>
${chooseAgain(asked)}`,
  );
};

const chooseAgain = (asked: Asked): Markup => {
  const text = both({ zh: "重新选择", en: "Choose again" });
  // Of a receipt the first page is the answer to a form, too.
  if (asked.action === undefined) return html`<p><a href="">${text}</a></p>`;
  return html`<form method="post" action="./" accept-charset="utf-8"><p><input type="hidden" name="code" value="${asked.hidden?.code}"></p><button>${text}</button></form>`;
};

interface Thanks {
  readonly level: Level;
  readonly names: LevelNames;
  /** Null where a page was loaded again too often. */
  readonly receipt: string | null;
  /** Code of the address where the receipt is looked up, as SVG. */
  readonly svg: string | null;
  readonly isCorrection: boolean;
  readonly isRepeated: boolean;
  /** Unix milliseconds; null: without end. */
  readonly correctDays: number | null;
  /** True if the same code asks something else too. */
  readonly isMore: boolean;
}

export const thanksPage = (thanks: Thanks): string => {
  const { level, names, receipt, correctDays, isMore } = thanks;
  const title = thanks.isCorrection ? { zh: "已更正", en: "Corrected" } : { zh: "谢谢您的评价", en: "Thank you" };
  const within =
    correctDays === null ? { zh: "随时", en: "at any time" } : { zh: `在${correctDays}天内`, en: `within ${correctDays} days` };
  return page(
    title,
    html`<h1>${both(title)}</h1>
<p class="chosen">${stars(level)}${both(names[level])}</p>
${thanks.isRepeated ? html`<p class="quiet">${both({ zh: "这次评价已经收到过，只算一次。", en: "It had arrived before and counts once." })}</p>` : ""}
${isMore ? html`<p><a class="button send" href="">${both({ zh: "继续：评价办理的事项", en: "Next: rate the matter itself" })}</a></p>` : ""}
${
  receipt === null
    ? html`<p>${both({ zh: "您先前得到的回执码仍然有效。", en: "The receipt code you were given stays good." })}</p>`
    : html`<h2>${both({ zh: "回执码", en: "Receipt code" })}</h2>
<p class="code">${receipt}</p>
${thanks.svg === null ? "" : html`<div class="qr" role="img" aria-label="回执码的二维码 QR code of the receipt">${new Markup(thanks.svg)}</div>`}
<p>${both({ zh: `请记下或截屏。凭它可${within.zh}更正评价、查看处理情况，不用登录。`, en: `Note it or take a screenshot: with it you can correct the rating ${within.en} and see what is done, without an account.` })}</p>`
}
<p><a href="../r/">${both({ zh: "用回执码查询", en: "Look up a receipt code" })}</a></p>`,
  );
};
