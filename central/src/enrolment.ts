import { createHash, randomBytes, randomInt, timingSafeEqual } from "node:crypto";
import { WindowRatingError } from "@window-rating/protocol/error";
import { windowNoSchema } from "@window-rating/protocol/rating";
import { type EnrolmentAnswer, type EnrolmentRequest, enrolmentRequestSchema, windowPcIdFromDigest } from "@window-rating/protocol/sync";
import { sql } from "kysely";
import { z } from "zod";
import { PLANNED_ONCE } from "./database/planned-statements.ts";
import type { CentralDatabase } from "./database/tables.ts";
import { inTransaction } from "./database/transaction.ts";
import type { Sender } from "./intake/batch.ts";

export interface EnrolmentCode {
  /** e.g. "K7QF-3M2X-9TPA"; central keeps only its hash. */
  readonly code: string;
  readonly windowNo: string;
  readonly expiresAtMs: number;
}

export const DEFAULT_VALID_MINUTES = 60;
/** A week: a code that lies about longer is found by the wrong people. */
export const MAX_VALID_MINUTES = 10_080;

/** No column can keep a NUL, and no window is called by a control character. */
const plainWindowNoSchema = windowNoSchema.regex(/^\P{Cc}+$/u, "no control characters");

export const plainEnrolmentSchema = enrolmentRequestSchema.extend({ windowNo: plainWindowNoSchema.optional() });

export const codeRequestSchema = z.strictObject({
  windowNo: plainWindowNoSchema,
  validMinutes: z.number().int().min(1).max(MAX_VALID_MINUTES).default(DEFAULT_VALID_MINUTES),
});

/** Crockford's base 32: no I, L, O or U, which people misread. 12 of them are 60 bits. */
const ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ";

const newCode = (): string => {
  const letters = Array.from({ length: 12 }, () => ALPHABET[randomInt(ALPHABET.length)]).join("");
  return `${letters.slice(0, 4)}-${letters.slice(4, 8)}-${letters.slice(8)}`;
};

const sha256 = (text: string): string => createHash("sha256").update(text).digest("hex");

/** A code may be typed in lower case and without its dashes. */
const codeHash = (code: string): string => sha256(code.toUpperCase().replace(/[^0-9A-Z]/g, ""));

/** Makes a code with which one window PC can enrol for one window, once, until it expires. */
export const makeEnrolmentCode = async (
  db: CentralDatabase,
  windowNo: string,
  validMinutes: number,
  nowMs: number,
): Promise<EnrolmentCode> => {
  const made = { code: newCode(), windowNo, expiresAtMs: nowMs + validMinutes * 60_000 };
  await db
    .insertInto("enrolment_codes")
    .values({ code_hash: codeHash(made.code), window_no: windowNo, expires_at_ms: made.expiresAtMs })
    .execute();
  return made;
};

/**
 * Enrols a window PC. A code works for one PC; that PC may send it again until it expires, because the answer with its token
 * may have been lost on the way. A PC that was enrolled before keeps its chain and gets a new token.
 * @throws WindowRatingError WR7003
 */
export const enrol = (db: CentralDatabase, request: EnrolmentRequest, nowMs: number): Promise<EnrolmentAnswer> =>
  inTransaction(db, async (transaction) => {
    const windowPcId = windowPcIdFromDigest(createHash("sha256").update(Buffer.from(request.publicKey, "hex")).digest("hex"));
    const token = randomBytes(32).toString("base64url");
    const code = await transaction
      .selectFrom("enrolment_codes")
      .select("window_no")
      .where("code_hash", "=", codeHash(request.code))
      .executeTakeFirst();
    if (code === undefined) throw noSuchCode();
    const pc = {
      window_no: code.window_no,
      public_key: request.publicKey,
      token_hash: sha256(token),
      enrolled_at_ms: nowMs,
      retired_at_ms: null,
    };
    await transaction
      .insertInto("window_pcs")
      .values({ window_pc_id: windowPcId, ...pc })
      .onConflict((conflict) => conflict.column("window_pc_id").doUpdateSet(pc))
      .execute();
    // One statement decides a race of two PCs with one code: the second waits for the first and finds the code used.
    const used = await transaction
      .updateTable("enrolment_codes")
      .set({ used_at_ms: nowMs, window_pc_id: windowPcId })
      .where("code_hash", "=", codeHash(request.code))
      .where("expires_at_ms", ">", nowMs)
      .where((column) => column.or([column("window_pc_id", "is", null), column("window_pc_id", "=", windowPcId)]))
      .returning("window_no")
      .executeTakeFirst();
    if (used === undefined) throw noSuchCode();
    if (request.windowNo !== undefined && used.window_no !== request.windowNo)
      throw new WindowRatingError("WR7003", `The code is for another window than ${request.windowNo}`);
    return { windowPcId, token, centralTimeMs: nowMs };
  });

const noSuchCode = () => new WindowRatingError("WR7003", "The code is unknown, expired or used by another window PC");

/**
 * The window PC that a batch comes from.
 * @throws WindowRatingError WR7002, the same for an unknown id and a wrong token
 */
export const authenticate = async (db: CentralDatabase, windowPcId: string, token: string): Promise<Sender> => {
  // Asked before every batch: planned once, as its statements are.
  const { rows } = await sql<Sender & { readonly tokenHash: string }>`${sql.raw(PLANNED_ONCE)}
    select window_pc_id as "windowPcId", window_no as "windowNo", public_key as "publicKey", token_hash as "tokenHash"
    from window_pcs where window_pc_id = ${windowPcId}::uuid`.execute(db);
  const [pc] = rows;
  const isRight = timingSafeEqual(Buffer.from(sha256(token)), Buffer.from(pc?.tokenHash ?? sha256("")));
  if (pc === undefined || !isRight) throw new WindowRatingError("WR7002", "No enrolled window PC has this id and token");
  return { windowPcId: pc.windowPcId, windowNo: pc.windowNo, publicKey: pc.publicKey };
};
