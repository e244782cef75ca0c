import { WindowRatingError } from "@window-rating/protocol/error";
import { caseNoSchema, itemNameSchema, LEVELS, windowNoSchema } from "@window-rating/protocol/rating";
import { z } from "zod";
import type { Text } from "../calendar/schema.ts";
import { readTicketCode } from "../channels/code.ts";
import { type ChannelKeys, requireKeys } from "../channels/keys.ts";
import { qrSvg } from "../channels/qr-picture.ts";
import { inTransaction } from "../database/transaction.ts";
import { needsRealName } from "../ratings/rules.ts";
import { both, html, Markup, page } from "./frame.ts";
import { stars } from "./rating-pages.ts";
import { type CitizenParts, type RulesHere, requireOpen, rulesHere, type Shown } from "./surroundings.ts";
import { QUESTIONS } from "./texts.ts";

/**
 * What is printed into a form beforehand; everything else is written by hand. Nothing of it is looked up, so that nobody learns of a case
 * by printing its form.
 */
export const paperFormSchema = z.strictObject({
  case: caseNoSchema.optional(),
  visit: z.coerce.number().int().min(1).max(99).optional(),
  item: itemNameSchema.optional(),
  window: windowNoSchema.optional(),
  /** A dynamic code of the case, to be drawn beside the options. */
  code: z.string().max(64).optional(),
});
export type PaperForm = z.output<typeof paperFormSchema>;

type PaperParts = Omit<CitizenParts, "keys"> & { readonly keys: ChannelKeys | undefined };

/**
 * The paper form (评价表) for who cannot or will not use a device (001 二(一)3), on one sheet of A4. Five equal boxes, none ticked (I10). It is
 * typed in by somebody else than who is rated, as `paper` of POST /api/v1/ratings or at the strip of another clerk.
 * @throws WindowRatingError WR7026 where the site takes no paper, WR7040 for a code that central did not make
 */
export const paperFormPage = async ({ keys, ...parts }: PaperParts, form: PaperForm): Promise<Shown> => {
  const here = await inTransaction(parts.db, (tx) => rulesHere(tx, parts));
  requireOpen("paper", here.policy);
  if (form.code !== undefined && readTicketCode(requireKeys(keys), form.code) === undefined)
    throw new WindowRatingError("WR7040", "No code that was made here reads like this");
  const codeSvg = form.code === undefined ? undefined : await qrSvg(`${here.address}/Q/${form.code.toUpperCase()}`, "print");
  const receiptSvg = await qrSvg(`${here.address}/R/`, "print");
  return { status: 200, page: sheet(here, form, codeSvg, receiptSvg) };
};

/** A field of the form: its name, and what is printed there, or room to write. */
interface Field {
  readonly name: Text;
  readonly value?: string | number | undefined;
}

/** Fields on one line; one alone takes all of it. */
const line = (...fields: readonly Field[]): Markup => {
  const span = fields.length === 1 ? html` colspan="3"` : "";
  const cells = fields.map(({ name, value }) => html`<th scope="row">${both(name)}</th><td${span}>${value ?? ""}</td>`);
  return html`<tr>${cells}</tr>\n`;
};

const picture = (svg: string, label: Text): Markup =>
  html`<div class="qr" role="img" aria-label="${label.zh} ${label.en}">${new Markup(svg)}<p>${both(label)}</p></div>`;

const CASE: Text = { zh: "办件编号", en: "Case" };

const sheet = ({ policy, names, address }: RulesHere, form: PaperForm, codeSvg: string | undefined, receiptSvg: string): string => {
  const title = { zh: "政务服务评价表", en: "Rating form" };
  const needed = ({ zh, en }: Text): Text =>
    needsRealName("paper", "staff", policy) ? { zh: `${zh}（必填）`, en: `${en} (needed)` } : { zh, en };
  return page(
    title,
    html`<div class="sheet">
<h1>${both(title)}</h1>
<p>${both({ zh: "请在一个方框内打“√”。评价完全自愿，工作人员不得代填，也不得提示。", en: "Tick one box. Rating is voluntary; nobody at the window may fill it in for you or tell you what to tick." })}</p>
<table class="lines">
${line({ name: CASE, value: form.case })}${line({ name: { zh: "办理事项", en: "Matter" }, value: form.item })}${line(
  { name: { zh: "第几次服务", en: "Visit" }, value: form.visit },
  { name: { zh: "窗口", en: "Window" }, value: form.window },
)}${line({ name: { zh: "日期", en: "Date" } })}</table>
<h2>${both(QUESTIONS.staff)}</h2>
<table class="boxes"><tr>
${[...LEVELS].reverse().map(({ level }) => html`<td><span class="box"></span>${stars(level)}${both(names[level])}</td>\n`)}</tr></table>
<div class="beside">
<table class="lines${codeSvg === undefined ? "" : " with-picture"}">
${line({ name: { zh: "原因或意见（选填）", en: "Reason or words (optional)" } })}${line({ name: needed({ zh: "姓名", en: "Name" }) })}${line({ name: needed({ zh: "电话", en: "Phone" }) })}</table>
${codeSvg === undefined ? "" : picture(codeSvg, { zh: "也可扫码用手机评价", en: "Or scan and rate on your phone" })}
</div>
<p class="cut">${both({ zh: "以下由录入人员填写，不得由被评价的工作人员录入", en: "Filled in by who types it in, never by the clerk who is rated" })}</p>
<table class="lines">
${line({ name: { zh: "录入人工号", en: "Staff number" } }, { name: { zh: "录入日期", en: "Typed in on" } })}</table>
<p class="cut">${both({ zh: "回执（撕下交评价人保存）", en: "Receipt, for who rated" })} <span class="where">${address}/r/</span></p>
<div class="beside">
<table class="lines with-picture">
${line({ name: CASE, value: form.case })}${line({ name: { zh: "回执码", en: "Receipt code" } })}</table>
${picture(receiptSvg, { zh: "凭回执码查看、更正", en: "See or correct the rating" })}
</div>
</div>`,
    "paper",
  );
};
