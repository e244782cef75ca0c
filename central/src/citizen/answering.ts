import { isBadReview, type Level } from "@window-rating/protocol/rating";
import type { Text } from "../calendar/schema.ts";
import type { Answer } from "../channels/answer.ts";
import { qrSvg } from "../channels/qr-picture.ts";
import type { Sent } from "../channels/repeats.ts";
import { nameInvitation, type Refusal } from "../ratings/rules.ts";
import { answerOf, type DetailsFault, type SentForm } from "./form-schema.ts";
import { type Asked, detailsPage, ratePage, thanksPage } from "./rating-pages.ts";
import { faultPage } from "./receipt-pages.ts";
import type { RulesHere, Shown } from "./surroundings.ts";
import { faultTexts } from "./texts.ts";

/** One question under the rules of here. */
export interface Question {
  readonly asked: Asked;
  readonly mustName: boolean;
  readonly mustPhone: boolean;
  readonly isCorrection: boolean;
}

/** What a form brought about. */
type Outcome =
  | { readonly is: "asked-again" }
  | { readonly is: "chosen"; readonly level: Level; readonly fault?: Text | undefined }
  | Sent
  | (Refusal & { readonly level: Level });

const FIELD_FAULTS: Readonly<Record<DetailsFault, Text>> = {
  words: { zh: "意见最多200字。", en: "At most 200 characters." },
  name: { zh: "姓名最多30字。", en: "A name has at most 30 characters." },
  phone: { zh: "请核对电话号码，只用数字。", en: "Please check the phone number; digits only." },
};

/**
 * The two steps: a level was touched, then the rest was sent. Nothing is kept before the second.
 * @param rate hands the answer in; in the transaction of the caller
 */
export const takeForm = async (
  { list }: RulesHere,
  sent: SentForm,
  rate: (answer: Answer) => Promise<Sent | Refusal>,
): Promise<Outcome> => {
  const { level, isSent, filled } = sent;
  if (level === undefined) return { is: "asked-again" };
  if (!isSent) return { is: "chosen", level };
  const answer = answerOf(level, filled, list);
  if (typeof answer === "string") return { is: "chosen", level, fault: FIELD_FAULTS[answer] };
  const outcome = await rate(answer);
  return outcome.is === "refused" ? { ...outcome, level } : outcome;
};

/** What can be put right on the page itself, with everything still filled in. */
const IS_AMENDABLE = new Set(["WR7022", "WR7025"]);

const REFUSED_STATUS: Readonly<Record<string, number>> = { WR7020: 409, WR7021: 404, WR7023: 409, WR7024: 403, WR7026: 403 };

/** @param isMore whether the same code asks something else, too */
export const showOutcome = async (
  { policy, names, list, address }: RulesHere,
  { asked, mustName, mustPhone, isCorrection }: Question,
  sent: SentForm,
  outcome: Outcome,
  isMore: boolean,
): Promise<Shown> => {
  const details = (level: Level, fault: Text | undefined): Shown => {
    const mustExplain = policy.badNeedsReason && isBadReview(level);
    // Who must give a name, or gave one with what is corrected, is not invited to.
    const invitation = mustName || isCorrection ? undefined : nameInvitation(policy, level);
    const page = detailsPage({ asked, level, list, mustName, mustPhone, mustExplain, invitation, filled: sent.filled, fault });
    return { status: fault === undefined ? 200 : 422, page };
  };
  switch (outcome.is) {
    case "asked-again":
      return { status: 200, page: ratePage(asked) };
    case "chosen":
      return details(outcome.level, outcome.fault);
    case "refused":
      if (IS_AMENDABLE.has(outcome.code)) return details(outcome.level, faultTexts(outcome.code).advice);
      return { status: REFUSED_STATUS[outcome.code] ?? 422, page: faultPage(outcome.code) };
    case "sent": {
      const { level, receipt, isRepeated } = outcome;
      const svg = receipt === null ? null : await qrSvg(`${address}/R/${receipt.replaceAll("-", "")}`);
      const correctDays = policy.correctWithinMs === null ? null : Math.floor(policy.correctWithinMs / 86_400_000);
      return { status: 200, page: thanksPage({ level, names, receipt, svg, isCorrection, isRepeated, correctDays, isMore }) };
    }
  }
};
