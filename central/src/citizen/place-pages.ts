import { WindowRatingError } from "@window-rating/protocol/error";
import type { Text } from "../calendar/schema.ts";
import { readFormToken } from "../channels/form-token.ts";
import { openPlace, type ScannedPlace } from "../channels/static-codes.ts";
import { rateByPlace, STATIC_FORM_VALID_MS } from "../channels/static-rating.ts";
import { inTransaction } from "../database/transaction.ts";
import type { Tx } from "../ratings/rating-rows.ts";
import { needsRealName } from "../ratings/rules.ts";
import { type Question, showOutcome, takeForm } from "./answering.ts";
import type { SentForm } from "./form-schema.ts";
import { ratePage } from "./rating-pages.ts";
import { type CitizenParts, newForm, type RulesHere, requireOpen, rulesHere, type Shown } from "./surroundings.ts";
import { chinaTime } from "./texts.ts";

const aboutOf = ({ codeNo }: ScannedPlace, kind: string): string => `static code ${codeNo} ${kind}`;

/** What the code of a window or hall opens. @throws WindowRatingError WR7040 */
export const openPlacePage = (parts: CitizenParts, code: string): Promise<Shown> =>
  inTransaction(parts.db, async (tx) => {
    const place = await openPlace(tx, parts.keys, code);
    const here = await rulesHere(tx, parts);
    requireOpen("static-qr", here.policy);
    const question = await questionOf(tx, place, newForm(parts, aboutOf(place, place.kind)), parts.nowMs, here);
    return { status: 200, page: ratePage(question.asked) };
  });

/** Takes a form of a page that such a code opened. */
export const takePlaceForm = async (parts: CitizenParts, code: string, sent: SentForm): Promise<Shown> => {
  const { db, keys, nowMs } = parts;
  const { here, question, outcome } = await inTransaction(db, async (tx) => {
    const place = await openPlace(tx, keys, code);
    const validMs = place.kind === "window" ? STATIC_FORM_VALID_MS : undefined;
    const form = readFormToken(keys, aboutOf(place, sent.subject), sent.form, nowMs, validMs);
    if (form === undefined) throw new WindowRatingError("WR7043", "The form was not made for this code, or is too old");
    const here = await rulesHere(tx, parts);
    const outcome = await takeForm(here, sent, (answer) => rateByPlace(tx, keys, { place, form, answer }, here.policy, nowMs));
    return { here, outcome, question: await questionOf(tx, place, sent.form, form.issuedAtMs, here) };
  });
  return showOutcome(here, question, sent, outcome, false);
};

const questionOf = async (
  tx: Tx,
  { kind, subjectNo }: ScannedPlace,
  form: string,
  scannedAtMs: number,
  { policy, names }: RulesHere,
): Promise<Question> => {
  const about: Text[] =
    kind === "window"
      ? [
          { zh: `${subjectNo}号窗口`, en: `Window ${subjectNo}` },
          { zh: chinaTime(scannedAtMs), en: "" },
        ]
      : [{ zh: (await hallName(tx, subjectNo)) ?? subjectNo, en: "" }];
  return {
    asked: { subject: kind, about, form, names },
    mustName: needsRealName("static-qr", kind, policy),
    // Once a person and day: which person is known by the phone alone.
    mustPhone: kind === "hall" && policy.daily.includes("hall"),
    isCorrection: false,
  };
};

const hallName = async (tx: Tx, hallNo: string): Promise<string | undefined> =>
  (await tx.selectFrom("halls").select("name").where("hall_no", "=", hallNo).executeTakeFirst())?.name;
