import { WindowRatingError } from "@window-rating/protocol/error";
import { windowNoSchema } from "@window-rating/protocol/rating";
import { z } from "zod";
import type { Tx } from "../ratings/rating-rows.ts";
import { readStaticCode, staticCode } from "./code.ts";
import type { ChannelKeys } from "./keys.ts";

/** What a code that hangs on a wall stands for. */
const placeSchema = z.strictObject({ kind: z.enum(["window", "hall"]), subjectNo: windowNoSchema });
export type Place = z.output<typeof placeSchema>;

/** `POST /admin/v1/qr/places`. */
export const placeRequestSchema = placeSchema.extend({ renew: z.boolean().default(false) });

/**
 * The code of a window or hall, the same whenever it is printed.
 * @param renew true takes the one before back, should it have been copied or hung elsewhere
 */
export const codeOfPlace = async (
  tx: Tx,
  keys: ChannelKeys,
  { kind, subjectNo }: Place,
  renew: boolean,
  nowMs: number,
): Promise<string> => {
  const valid = () =>
    tx
      .selectFrom("static_codes")
      .select("code_no")
      .where("kind", "=", kind)
      .where("subject_no", "=", subjectNo)
      .where("revoked_at_ms", "is", null);
  const known = await valid().forUpdate().executeTakeFirst();
  if (known !== undefined && !renew) return staticCode(keys, known.code_no);
  if (known !== undefined)
    await tx.updateTable("static_codes").set({ revoked_at_ms: nowMs }).where("code_no", "=", known.code_no).execute();
  const { code_no } = await tx
    .insertInto("static_codes")
    .values({ kind, subject_no: subjectNo, made_at_ms: nowMs, revoked_at_ms: null })
    .returning("code_no")
    .executeTakeFirstOrThrow();
  return staticCode(keys, code_no);
};

/** A code that was scanned. */
export interface ScannedPlace extends Place {
  readonly codeNo: number;
}

/** @throws WindowRatingError WR7040 for a forged code and one that was taken back: the same for both */
export const openPlace = async (tx: Tx, keys: ChannelKeys, text: string): Promise<ScannedPlace> => {
  const codeNo = readStaticCode(keys, text);
  const row =
    codeNo === undefined
      ? undefined
      : await tx
          .selectFrom("static_codes")
          .select(["code_no", "kind", "subject_no"])
          .where("code_no", "=", codeNo)
          .where("revoked_at_ms", "is", null)
          .executeTakeFirst();
  if (row === undefined) throw new WindowRatingError("WR7040", "No code that was made here reads like this");
  return { codeNo: row.code_no, kind: row.kind, subjectNo: row.subject_no };
};
