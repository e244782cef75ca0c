import { createHash, randomBytes } from "node:crypto";
import type { Tx } from "./rating-rows.ts";
import { type ReceiptCode, receiptCodeFrom, receiptCodeText } from "./receipt-code.ts";

const hashOf = (code: ReceiptCode): string => createHash("sha256").update(`receipt ${code}`).digest("hex");

/**
 * Issues a code for a rating. A rating may have several: the one given at the counter is not known any more when an SMS wants to name one.
 * @returns the code as it is shown
 */
export const issueReceipt = async (tx: Tx, rating: number, nowMs: number): Promise<string> => {
  const code = receiptCodeFrom(randomBytes(11));
  await tx
    .insertInto("receipts")
    .values({ code_hash: hashOf(code), rating, issued_at_ms: nowMs })
    .execute();
  return receiptCodeText(code);
};

/** The rating that a code was issued for. */
export const ratingOfReceipt = async (tx: Tx, code: ReceiptCode): Promise<number | undefined> => {
  const found = await tx.selectFrom("receipts").select("rating").where("code_hash", "=", hashOf(code)).executeTakeFirst();
  return found?.rating;
};
