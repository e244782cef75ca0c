import { WindowRatingError } from "@window-rating/protocol/error";
import type { Level } from "@window-rating/protocol/rating";
import type { Acceptance } from "../ratings/accept.ts";
import type { Tx } from "../ratings/rating-rows.ts";
import { issueReceipt } from "../ratings/receipts.ts";
import type { Refusal } from "../ratings/rules.ts";

/** What a page shows after a rating was sent. */
export interface Sent {
  readonly is: "sent";
  /** What was kept: of a form that was sent twice, the level of the first time. */
  readonly level: Level;
  /** Null if the page was loaded again and again; the codes shown before stay good. */
  readonly receipt: string | null;
  readonly isRepeated: boolean;
}

/** Whoever loads the page of thanks again gets a further code, for central knows no earlier one; so many, and no more. */
const RECEIPTS_AT_MOST = 5;

/**
 * What to show for an acceptance. A form whose answer was lost on the way is sent again, and must look as it would have the first time.
 * @param form nonce of the form that came with it
 * @throws WindowRatingError WR7042 if it was another form that was accepted
 */
export const sentOf = async (tx: Tx, acceptance: Acceptance, level: Level, form: string, nowMs: number): Promise<Sent | Refusal> => {
  if (acceptance.is === "refused") return acceptance;
  if (acceptance.is === "accepted") return { is: "sent", level, receipt: acceptance.receipt, isRepeated: false };
  const { seq } = acceptance;
  const kept = await tx.selectFrom("ratings").select(["level", "origin"]).where("seq", "=", seq).executeTakeFirstOrThrow();
  const origin = JSON.parse(kept.origin ?? "{}") as { readonly form?: string };
  if (origin.form !== form) throw new WindowRatingError("WR7042", "It was rated with this code before");
  const { issued } = await tx
    .selectFrom("receipts")
    .select((row) => row.fn.countAll<number>().as("issued"))
    .where("rating", "=", seq)
    .executeTakeFirstOrThrow();
  const receipt = Number(issued) < RECEIPTS_AT_MOST ? await issueReceipt(tx, seq, nowMs) : null;
  return { is: "sent", level: kept.level, receipt, isRepeated: true };
};
