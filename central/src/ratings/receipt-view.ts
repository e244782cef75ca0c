import { WindowRatingError } from "@window-rating/protocol/error";
import type { Level } from "@window-rating/protocol/rating";
import { sql } from "kysely";
import type { RatingPolicy } from "./policy.ts";
import type { Tx } from "./rating-rows.ts";
import { readReceiptCode } from "./receipt-code.ts";
import { ratingOfReceipt } from "./receipts.ts";
import type { Channel, Standing, SubjectKind } from "./submission.ts";

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

/** One row of a chain of corrections. */
export interface ChainRow {
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

/**
 * The rating of a code with everything that it corrects and that corrects it, newest first. Of one by a window's static code, whose
 * visit was found since, the rating of the visit.
 * @throws WindowRatingError WR7028
 */
export const readChain = async (tx: Tx, code: string): Promise<readonly [ChainRow, ...ChainRow[]]> => {
  const read = readReceiptCode(code);
  const rating = read === undefined ? undefined : await ratingOfReceipt(tx, read);
  const chain = rating === undefined ? [] : await chainOf(tx, rating);
  const [newest] = chain;
  // The same for a typing error and for a code that was never issued: whoever guesses learns nothing.
  if (newest === undefined) throw new WindowRatingError("WR7028", "No rating has this code");
  const match =
    newest.subject === "window"
      ? await tx.selectFrom("static_matches").select("matched_rating").where("rating", "=", newest.seq).executeTakeFirst()
      : undefined;
  const found = match?.matched_rating == null ? [newest] : await chainOf(tx, match.matched_rating);
  return [...found, ...chain.slice(1)] as [ChainRow, ...ChainRow[]];
};

const chainOf = async (tx: Tx, rating: number): Promise<ChainRow[]> => {
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

/** What the citizen of a chain sees. */
export const viewOf = (chain: readonly [ChainRow, ...ChainRow[]], policy: RatingPolicy): ReceiptView => {
  const [newest] = chain;
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
