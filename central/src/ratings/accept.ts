/*
 * The one door for ratings of every channel. Whoever has a rating, from a QR page, an SMS or a file, calls
 *
 *     await inTransaction(db, (tx) => acceptRating(tx, submission, policy))
 *
 * and tells the citizen what came out. `inTransaction` (database/transaction.ts) matters: where two ratings of one subject come at the
 * same time, one of the transactions is undone and runs again, and then sees the other. What happens inside:
 *
 *   1. the same channel and key as before: a duplicate, nothing is written (I4);
 *   2. the region's rules (rules.ts, pure) judge the submission by itself: channel, name, reasons, time;
 *   3. the subject is found and locked (subjects.ts): visit, case, theme, or hall of the day;
 *   4. the rules say where it goes: first, correction of the effective one, beside it, or refused;
 *   5. a new row of `ratings` is written (never is one changed), the subject points to it, a batch or theme shares it (sharing.ts),
 *      sealed contact data goes to a table of its own, and a receipt code is issued.
 *
 * Window PCs come in by the hundred; intake/ writes their rows in bulk by the same rules.
 */
import type { RatingPolicy } from "./policy.ts";
import { insertRatingRows, nextSeqs, type RatingRow, submissionId, type Tx } from "./rating-rows.ts";
import { issueReceipt } from "./receipts.ts";
import { faultOf, placeOf, type Refusal, supplementFault, typistFault } from "./rules.ts";
import { shareRating } from "./sharing.ts";
import { type OpenSubject, openSubject } from "./subjects.ts";
import type { Standing, Submission } from "./submission.ts";

export interface Accepted {
  readonly is: "accepted";
  /** Number of the rating. */
  readonly seq: number;
  /** "beside": kept, but another one counts. */
  readonly standing: Standing;
  /** Code for the citizen, as it is shown: K7QF-3M2X-9TPA. Central keeps only its hash: this is the one time it is known. */
  readonly receipt: string;
  /** How many other cases of the batch or theme it is valid for. */
  readonly sharedWith: number;
}

/** The same submission was accepted before; nothing was written. */
export interface Repeated {
  readonly is: "duplicate";
  readonly seq: number;
}

export type Acceptance = Accepted | Repeated | Refusal;

/**
 * Takes one rating, or says why not. A refused one leaves no trace but a visit that its channel vouched for.
 * @param nowMs central's clock, Unix milliseconds
 */
export const acceptRating = async (tx: Tx, submission: Submission, policy: RatingPolicy, nowMs: number): Promise<Acceptance> => {
  const requestId = submissionId(submission.channel, submission.key);
  const before = await tx.selectFrom("ratings").select("seq").where("request_id", "=", requestId).executeTakeFirst();
  if (before !== undefined) return { is: "duplicate", seq: before.seq };
  const fault = faultOf(submission, policy);
  if (fault !== undefined) return fault;
  const opened = await openSubject(tx, submission, policy, nowMs);
  if (opened.is === "refused") return opened;
  const place =
    typistFault(submission, opened.staffNo) ?? supplementFault(submission, opened, policy) ?? placeOf(submission, opened.effective, policy);
  if (place.is === "refused") return place;

  const [seq] = (await nextSeqs(tx, 1)) as [number];
  const row = { ...rowOf(submission, opened, requestId, nowMs), seq, standing: place.standing, supersedes: place.supersedes };
  await insertRatingRows(tx, [row]);
  if (place.standing !== "beside") await opened.point(seq);
  const sharedWith = await shareRating(tx, { row, batchNo: opened.batchNo, themeNo: opened.themeNo }, policy, nowMs);
  const contact = submission.rater?.contact;
  if (contact !== undefined) await tx.insertInto("rating_contacts").values({ rating: seq, sealed: contact }).execute();
  return { is: "accepted", seq, standing: place.standing, receipt: await issueReceipt(tx, seq, nowMs), sharedWith };
};

const rowOf = (submission: Submission, subject: OpenSubject, requestId: string, nowMs: number): Omit<RatingRow, "seq"> => ({
  request_id: requestId,
  at_ms: submission.atMs,
  received_at_ms: nowMs,
  clock_offset_ms: null,
  entry_id: null,
  window_pc_id: null,
  trigger: null,
  circumstance: null,
  secured: null,
  ...subject.bound,
  level: submission.level,
  channel: submission.channel,
  subject: submission.subject.kind,
  subject_no: subject.subjectNo,
  batch_no: subject.batchNo,
  shared_from: null,
  person: submission.rater?.person ?? null,
  named: submission.rater?.named ?? "no",
  typed_by: submission.typedBy ?? null,
  reasons_version: submission.reasons?.version ?? null,
  reason_codes: submission.reasons?.codes.join(",") ?? null,
  comment: submission.comment ?? null,
  origin: submission.origin === undefined ? null : JSON.stringify(submission.origin),
  import_no: submission.importNo ?? null,
});
