import { WindowRatingError } from "@window-rating/protocol/error";
import { type Level, levelSchema } from "@window-rating/protocol/rating";
import { reasonCodesSchema } from "@window-rating/protocol/reasons";
import { sql } from "kysely";
import { z } from "zod";
import { type Acceptance, acceptRating } from "./accept.ts";
import type { RatingPolicy } from "./policy.ts";
import type { Tx } from "./rating-rows.ts";
import { readReceiptCode } from "./receipt-code.ts";
import { ratingOfReceipt } from "./receipts.ts";
import { refusal } from "./rules.ts";
import type { Channel, Standing, Subject, SubjectKind } from "./submission.ts";

/** One rating of a chain of corrections, as its citizen sees it: no clerk, no case number. */
export interface SeenRating {
  readonly level: Level;
  readonly channel: Channel;
  readonly atMs: number;
  readonly reasonsVersion: string | null;
  readonly reasonCodes: readonly string[];
  readonly comment: string | null;
  /** It is the one that counts. */
  readonly isEffective: boolean;
}

/** What a receipt code shows. */
export interface ReceiptView {
  readonly subject: SubjectKind;
  readonly itemName: string | null;
  /** Newest first; nothing that was given is ever taken out. */
  readonly ratings: readonly SeenRating[];
  /** Until when it can be corrected, Unix milliseconds; null: without end. */
  readonly correctUntilMs: number | null;
}

interface ChainRow {
  readonly seq: number;
  readonly level: Level;
  readonly channel: Channel;
  readonly at_ms: number;
  readonly reasons_version: string | null;
  readonly reason_codes: string | null;
  readonly comment: string | null;
  readonly standing: Standing;
  readonly supersedes: number | null;
  readonly subject: SubjectKind;
  readonly subject_no: string | null;
  readonly item_name: string | null;
  readonly case_no: string | null;
  readonly visit_no: number | null;
  readonly person: string | null;
  readonly named: "no" | "claimed" | "verified";
}

/** The rating of a code with everything that it corrects and that corrects it, newest first. */
const readChain = async (tx: Tx, code: string): Promise<ChainRow[]> => {
  const read = readReceiptCode(code);
  const rating = read === undefined ? undefined : await ratingOfReceipt(tx, read);
  // The same for a typing error and for a code that was never issued: whoever guesses learns nothing.
  if (rating === undefined) throw new WindowRatingError("WR7028", "No rating has this code");
  const { rows } = await sql<ChainRow>`
    with recursive newer as (
      select * from ratings where seq = ${rating}
      union all select next.* from ratings next join newer on next.supersedes = newer.seq),
    older as (
      select * from ratings where seq = ${rating}
      union all select before.* from ratings before join older on before.seq = older.supersedes)
    select * from (select * from newer union select * from older) chain order by seq desc`.execute(tx);
  return rows;
};

/** When the first given rating of a chain was given. */
const firstGivenMs = (chain: readonly ChainRow[]): number =>
  Math.min(
    ...(chain.some(({ channel }) => channel !== "default") ? chain.filter(({ channel }) => channel !== "default") : chain).map(
      ({ at_ms }) => at_ms,
    ),
  );

/** @throws WindowRatingError WR7028 */
export const viewReceipt = async (tx: Tx, code: string, policy: RatingPolicy): Promise<ReceiptView> => {
  const chain = await readChain(tx, code);
  const [newest] = chain as [ChainRow];
  return {
    subject: newest.subject,
    itemName: newest.item_name,
    ratings: chain.map((row, index) => ({
      level: row.level,
      channel: row.channel,
      atMs: row.at_ms,
      reasonsVersion: row.reasons_version,
      reasonCodes: row.reason_codes === null || row.reason_codes === "" ? [] : row.reason_codes.split(","),
      comment: row.comment,
      isEffective: index === 0 && row.standing !== "beside",
    })),
    correctUntilMs: policy.correctWithinMs === null ? null : firstGivenMs(chain) + policy.correctWithinMs,
  };
};

/** `POST /api/v1/receipts/{code}/corrections`. */
export const correctionSchema = z.strictObject({
  /** The same key again is the same correction, so that a page may be sent twice. */
  key: z.string().regex(/^[\w-]{16,64}$/, "16 to 64 letters and digits, made by the page"),
  level: levelSchema,
  reasons: z.strictObject({ version: z.string().max(32), codes: reasonCodesSchema }).optional(),
  comment: z
    .string()
    .trim()
    .min(1)
    .max(1000)
    .regex(/^[^\0]*$/, "no NUL")
    .optional(),
});

/**
 * Corrects the rating of a code, within the time that the region gives; both are kept.
 * @throws WindowRatingError WR7028
 */
export const correctByReceipt = async (
  tx: Tx,
  code: string,
  { key, level, reasons, comment }: z.output<typeof correctionSchema>,
  policy: RatingPolicy,
  nowMs: number,
): Promise<Acceptance> => {
  const [newest] = (await readChain(tx, code)) as [ChainRow];
  const subject = subjectOf(newest);
  if (newest.standing === "beside" || subject === undefined)
    return refusal("WR7024", "code", "Another rating counts for this visit; this one is kept as it is");
  return acceptRating(
    tx,
    {
      channel: "web",
      key: `correction ${newest.subject} ${key}`,
      subject,
      level,
      reasons,
      comment,
      atMs: nowMs,
      rater: { named: newest.named, person: newest.person ?? undefined },
      corrects: newest.seq,
      origin: { receipt: true },
    },
    policy,
    nowMs,
  );
};

const subjectOf = ({ subject, case_no, visit_no, subject_no }: ChainRow): Subject | undefined => {
  if (subject === "staff") return case_no === null || visit_no === null ? undefined : { kind: subject, caseNo: case_no, visitNo: visit_no };
  if (subject === "item") return case_no === null ? undefined : { kind: subject, caseNo: case_no };
  if (subject_no === null) return undefined;
  return subject === "theme" ? { kind: subject, themeNo: subject_no } : { kind: subject, subjectNo: subject_no };
};
