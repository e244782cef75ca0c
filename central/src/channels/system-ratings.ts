import type { CentralDatabase } from "../database/tables.ts";
import { inTransaction } from "../database/transaction.ts";
import { acceptRating } from "../ratings/accept.ts";
import type { RatingPolicy } from "../ratings/policy.ts";
import type { Tx } from "../ratings/rating-rows.ts";
import { CLOCK_AHEAD_MS, type Refusal, refusal } from "../ratings/rules.ts";
import type { Submission } from "../ratings/submission.ts";
import { firstFault, retakeRefused } from "../registry/refused-reports.ts";
import type { Caller } from "../registry/systems.ts";
import { givenBy } from "./answer.ts";
import type { ChannelKeys } from "./keys.ts";
import { keepRefusedRating, type SentEntry, sentBy } from "./refused-ratings.ts";
import { type Digits, type SystemAnswer, type SystemEntry, systemEntrySchema } from "./system-entry.ts";

/** A system's clock may be ahead by so much; then the rating was given now. */

export interface SystemRatings {
  readonly caller: Caller;
  readonly digits: Digits | undefined;
  /** As they came out of the JSON of the request. */
  readonly entries: readonly unknown[];
}

/**
 * Takes ratings of a system: a self-service terminal, a call centre, whoever types paper forms in. Each has a transaction of its own, so
 * that a request cut off halfway is simply sent again. A refused one is kept whole, sealed, with field and reason.
 * @returns one answer for each, in the order sent
 */
export const takeSystemRatings = async (
  db: CentralDatabase,
  keys: ChannelKeys,
  { caller, digits, entries }: SystemRatings,
  policy: RatingPolicy,
  nowMs: number,
): Promise<SystemAnswer[]> => {
  const answers: SystemAnswer[] = [];
  for (const entry of entries) answers.push(await inTransaction(db, (tx) => takeOne(tx, keys, caller, { entry, digits }, policy, nowMs)));
  return answers;
};

/**
 * Takes a refused rating again, as it was sent: what stood in its way may be known or corrected now.
 * @throws WindowRatingError WR7012 if this system has no such refused rating
 */
export const retakeRating = (
  db: CentralDatabase,
  keys: ChannelKeys,
  caller: Caller,
  refusedNo: number,
  policy: RatingPolicy,
  nowMs: number,
): Promise<SystemAnswer> =>
  retakeRefused(db, { kind: "rating", caller, refusedNo, nowMs }, sentBy(keys), async ({ entry, digits }) => {
    const [answer] = (await takeSystemRatings(db, keys, { caller, digits, entries: [entry] }, policy, nowMs)) as [SystemAnswer];
    return answer;
  });

const takeOne = async (
  tx: Tx,
  keys: ChannelKeys,
  caller: Caller,
  sent: SentEntry,
  policy: RatingPolicy,
  nowMs: number,
): Promise<SystemAnswer> => {
  const parsed = systemEntrySchema.safeParse(sent.entry);
  const entry = parsed.success ? parsed.data : undefined;
  const submission = parsed.success ? submissionOf(keys, caller, parsed.data, sent.digits, nowMs) : firstFault(parsed.error);
  const outcome = "is" in submission ? submission : await accept(tx, submission, policy, nowMs);
  if (outcome.is === "refused") {
    const refusedNo = await keepRefusedRating(tx, keys, caller, sent, outcome, nowMs);
    const { code, field, detail } = outcome;
    return { answer: "refused", key: entry?.key ?? null, code, field, detail, refusedNo };
  }
  const { key } = entry as SystemEntry;
  if (outcome.is === "duplicate") return { answer: "duplicate", key, ratingNo: outcome.seq };
  return { answer: "accepted", key, ratingNo: outcome.seq, standing: outcome.standing, receipt: outcome.receipt };
};

/** The same key with other content is a mistake of the system, and not the same rating again. */
const accept = async (tx: Tx, submission: Submission, policy: RatingPolicy, nowMs: number) => {
  const outcome = await acceptRating(tx, submission, policy, nowMs);
  if (outcome.is !== "duplicate") return outcome;
  const kept = await tx
    .selectFrom("ratings")
    .select(["level", "subject", "case_no"])
    .where("seq", "=", outcome.seq)
    .executeTakeFirstOrThrow();
  const { subject, level } = submission;
  const isSame = kept.level === level && kept.subject === subject.kind && kept.case_no === ("caseNo" in subject ? subject.caseNo : null);
  return isSame ? outcome : refusal("WR7035", "key", `Rating ${outcome.seq} has this key and other content`);
};

const submissionOf = (
  keys: ChannelKeys,
  { systemNo }: Caller,
  entry: SystemEntry,
  digits: Digits | undefined,
  nowMs: number,
): Submission | Refusal => {
  const { key, channel, subject, at, reasons, words, name, phone, digit, account, verified, typedBy, service } = entry;
  const level = digit === undefined ? entry.level : digits?.[digit];
  if (level === undefined) {
    return digits === undefined
      ? refusal("WR7001", "digits", "The request does not say what the keys meant")
      : refusal("WR7001", "digit", `${digit} was none of the keys ${Object.keys(digits).join(", ")}`);
  }
  const aheadMs = at - nowMs;
  if (aheadMs > CLOCK_AHEAD_MS) return refusal("WR7001", "at", `${Math.ceil(aheadMs / 60_000)} min in the future by central's clock`);
  const given = givenBy(keys, channel, `system ${systemNo} ${key}`, { level, reasons, words, name, phone });
  const person = given.rater.person ?? (account === undefined ? undefined : keys.personOf(`${systemNo} ${account}`));
  return {
    ...given,
    subject,
    atMs: Math.min(at, nowMs),
    rater: { ...given.rater, person, named: verified ? "verified" : given.rater.named },
    service,
    typedBy,
    origin: {
      system: systemNo,
      ...(aheadMs > 0 ? { clockAheadMs: aheadMs } : {}),
      ...(digit === undefined
        ? {}
        : {
            digit,
            digits: Object.entries(digits ?? {})
              .map((pair) => pair.join("="))
              .join(" "),
          }),
    },
  };
};
