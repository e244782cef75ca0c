import { z } from "zod";
import { type Acceptance, acceptRating } from "../ratings/accept.ts";
import type { RatingPolicy } from "../ratings/policy.ts";
import type { Tx } from "../ratings/rating-rows.ts";
import { type ChainRow, readChain } from "../ratings/receipt-view.ts";
import { refusal } from "../ratings/rules.ts";
import type { Subject } from "../ratings/submission.ts";
import { type Answer, answerShape, givenBy } from "./answer.ts";
import type { ChannelKeys } from "./keys.ts";

/** `POST /api/v1/receipts/{code}/corrections`. */
export const correctionSchema = z.strictObject({
  /** The same key again is the same correction, so that a page may be sent twice. */
  key: z.string().regex(/^[\w-]{16,64}$/, "16 to 64 letters and digits, made by the page"),
  ...answerShape,
});

/** A correction, and the form it came with if it came with one. */
interface Correction {
  readonly key: string;
  readonly answer: Answer;
}

/**
 * Corrects the rating of a code, within the time that the region gives; both are kept.
 * @throws WindowRatingError WR7028
 */
export const correctByReceipt = async (
  tx: Tx,
  keys: ChannelKeys,
  code: string,
  { key, answer }: Correction,
  policy: RatingPolicy,
  nowMs: number,
): Promise<Acceptance> => {
  const [newest] = await readChain(tx, code);
  const subject = subjectOf(newest);
  const isWaiting = newest.subject === "window";
  if ((newest.standing === "beside" && !isWaiting) || subject === undefined)
    return refusal("WR7024", "code", "Another rating counts for this visit; this one is kept as it is");
  const given = givenBy(keys, "web", `correction ${newest.subject} ${key}`, answer);
  // Whoever was named stays so: the code is the proof that it is the same person.
  const { named, person } = given.rater.named === "no" ? { named: newest.named, person: newest.person ?? given.rater.person } : given.rater;
  const acceptance = await acceptRating(
    tx,
    {
      ...given,
      subject,
      atMs: nowMs,
      rater: { ...given.rater, named, person: newest.person ?? person },
      corrects: newest.seq,
      origin: { receipt: true, form: key },
    },
    policy,
    nowMs,
  );
  if (acceptance.is === "accepted" && isWaiting) {
    await tx.updateTable("static_waiting").set({ rating: acceptance.seq }).where("rating", "=", newest.seq).execute();
  }
  return acceptance;
};

const subjectOf = ({ subject, case_no, visit_no, subject_no }: ChainRow): Subject | undefined => {
  if (subject === "staff") return case_no === null || visit_no === null ? undefined : { kind: subject, caseNo: case_no, visitNo: visit_no };
  if (subject === "item") return case_no === null ? undefined : { kind: subject, caseNo: case_no };
  if (subject_no === null) return undefined;
  return subject === "theme" ? { kind: subject, themeNo: subject_no } : { kind: subject, subjectNo: subject_no };
};
