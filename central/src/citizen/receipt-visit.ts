import { WindowRatingError } from "@window-rating/protocol/error";
import { correctByReceipt } from "../channels/correction.ts";
import { followUpOf } from "../channels/follow-up.ts";
import { readFormToken } from "../channels/form-token.ts";
import { sentOf } from "../channels/repeats.ts";
import { inTransaction } from "../database/transaction.ts";
import { readReceiptCode } from "../ratings/receipt-code.ts";
import { type ChainRow, readChain, viewOf } from "../ratings/receipt-view.ts";
import { needsRealName } from "../ratings/rules.ts";
import { type Question, showOutcome, takeForm } from "./answering.ts";
import type { SentForm } from "./form-schema.ts";
import { lookUpPage, receiptPage } from "./receipt-pages.ts";
import { type CitizenParts, newForm, type RulesHere, rulesHere, type Shown } from "./surroundings.ts";

const aboutOf = (code: string): string => `receipt ${readReceiptCode(code) ?? ""}`;

/** What a receipt code shows; a wrong one leads back to where it was typed. */
export const lookAtReceipt = async (parts: CitizenParts, code: string): Promise<Shown> => {
  try {
    const { here, chain } = await inTransaction(parts.db, async (tx) => ({
      here: await rulesHere(tx, parts),
      chain: await readChain(tx, code),
    }));
    const handling = await followUpOf(
      parts.db,
      chain.map(({ seq }) => seq),
    );
    const { asked } = questionOf(chain[0], code, newForm(parts, aboutOf(code)), here);
    const view = viewOf(chain, here.policy);
    return { status: 200, page: receiptPage({ view, handling, names: here.names, nowMs: parts.nowMs, asked }) };
  } catch (error) {
    if (!(error instanceof WindowRatingError) || error.code !== "WR7028") throw error;
    return { status: 404, page: lookUpPage({ code: error.code, typed: code }) };
  }
};

/** Takes a form that corrects a rating by its receipt code. @throws WindowRatingError WR7028, WR7043 */
export const takeCorrectionForm = async (parts: CitizenParts, sent: SentForm): Promise<Shown> => {
  const { db, keys, nowMs } = parts;
  const { code } = sent;
  const { here, question, outcome } = await inTransaction(db, async (tx) => {
    const [newest] = await readChain(tx, code);
    const form = readFormToken(keys, aboutOf(code), sent.form, nowMs);
    if (form === undefined) throw new WindowRatingError("WR7043", "The form was not made for this code, or is too old");
    const here = await rulesHere(tx, parts);
    const outcome = await takeForm(here, sent, async (answer) => {
      const acceptance = await correctByReceipt(tx, keys, code, { key: form.nonce, answer }, here.policy, nowMs);
      return sentOf(tx, acceptance, answer.level, form.nonce, nowMs);
    });
    return { here, outcome, question: questionOf(newest, code, sent.form, here) };
  });
  return showOutcome(here, question, sent, outcome, false);
};

const questionOf = ({ subject, named }: ChainRow, code: string, form: string, { policy, names }: RulesHere): Question => ({
  asked: { subject, about: [], form, names, action: "correct", hidden: { code } },
  mustName: named === "no" && needsRealName("web", subject, policy),
  mustPhone: false,
  isCorrection: true,
});
