import { WindowRatingError } from "@window-rating/protocol/error";
import { acceptRating } from "../ratings/accept.ts";
import type { RatingPolicy } from "../ratings/policy.ts";
import type { Tx } from "../ratings/rating-rows.ts";
import type { Refusal } from "../ratings/rules.ts";
import { type Answer, givenBy } from "./answer.ts";
import type { FormToken } from "./form-token.ts";
import type { ChannelKeys } from "./keys.ts";
import { type Sent, sentOf } from "./repeats.ts";
import type { ScannedPlace } from "./static-codes.ts";

interface StaticRating {
  readonly place: ScannedPlace;
  readonly form: FormToken;
  readonly answer: Answer;
}

/** A window serves perhaps twenty an hour; of more than so many ratings in one, most come from no visit. */
export const WAITING_AT_MOST = 60;
const HOUR_MS = 3_600_000;
/** How long a page of a window's code may lie open: all that competes for a visit is there when it is decided (static-match.ts). */
export const STATIC_FORM_VALID_MS = 20 * 60_000;

/**
 * Takes what was sent with the code of a window or hall. Of a window, the visit is not known: whoever stands there can scan it, so the
 * rating is kept beside and waits for the job "static-match" (static-match.ts). Of a hall, it is the rating of the hall.
 * @throws WindowRatingError WR7029 if one window was rated far too often within an hour
 */
export const rateByPlace = async (
  tx: Tx,
  keys: ChannelKeys,
  { place, form, answer }: StaticRating,
  policy: RatingPolicy,
  nowMs: number,
): Promise<Sent | Refusal> => {
  const { kind, subjectNo, codeNo } = place;
  const acceptance = await acceptRating(
    tx,
    {
      ...givenBy(keys, "static-qr", form.nonce, answer),
      subject: { kind, subjectNo },
      atMs: nowMs,
      origin: { form: form.nonce, code: codeNo, scannedAtMs: form.issuedAtMs },
    },
    policy,
    nowMs,
  );
  if (acceptance.is === "accepted" && kind === "window") {
    // The page was opened at the window; what takes long to write was still meant for the visit of then.
    await tx
      .insertInto("static_waiting")
      .values({ rating: acceptance.seq, window_no: subjectNo, scanned_at_ms: form.issuedAtMs })
      .execute();
    await requireQuiet(tx, subjectNo, nowMs);
  }
  return sentOf(tx, acceptance, answer.level, form.nonce, nowMs);
};

/** Asked last: a form that is sent again is answered as before, and what is too much is undone with its transaction. */
const requireQuiet = async (tx: Tx, windowNo: string, nowMs: number): Promise<void> => {
  const { count } = await tx
    .selectFrom("static_waiting")
    .select((row) => row.fn.countAll<number>().as("count"))
    .where("window_no", "=", windowNo)
    .where("scanned_at_ms", ">", nowMs - HOUR_MS)
    .executeTakeFirstOrThrow();
  if (Number(count) > WAITING_AT_MOST) throw new WindowRatingError("WR7029", `Window ${windowNo} was rated ${count} times within an hour`);
};
