import { WindowRatingError } from "@window-rating/protocol/error";
import type { z } from "zod";
import type { CentralDatabase } from "../database/tables.ts";
import type { Tx } from "../ratings/rating-rows.ts";
import { type Refusal, refusal } from "../ratings/rules.ts";
import { cutPage, type Page } from "../reading/page.ts";
import type { Caller } from "./systems.ts";

/** What business systems report: cases and ratings. Each is kept in its own way when it is refused, and taken again in the same one. */
export type ReportKind = "case" | "rating";

/** What a schema found wrong first, as field and reason. */
export const firstFault = (error: z.ZodError): Refusal => {
  const [issue] = error.issues;
  const unknownKey = issue?.code === "unrecognized_keys" ? issue.keys[0] : undefined;
  const field = [...(issue?.path ?? []), ...(unknownKey === undefined ? [] : [unknownKey])].map(String).join(".");
  return refusal("WR7001", plain(field) || "entry", plain(issue?.message ?? "not valid"));
};

/** One short line that any column and screen can hold. */
const plain = (text: string): string => text.replace(/\p{Cc}/gu, "?").slice(0, 200);

/**
 * What was sent as JSON text; an escaped NUL stays escaped in it, which is what a column keeps.
 * @throws WindowRatingError WR7001 if it is nested too deeply to be kept
 */
export const rawText = (sent: unknown): string => {
  try {
    return JSON.stringify(sent);
  } catch (error) {
    throw new WindowRatingError("WR7001", "entries: an entry is nested too deeply", error);
  }
};

interface Refused {
  readonly kind: ReportKind;
  readonly refusal: Refusal;
  /** As it was sent; null where that is sealed apart. */
  readonly content: string | null;
  /** Equal for the same report refused for the same reason. */
  readonly fingerprint: string;
  readonly nowMs: number;
}

/** Keeps what was refused, once however often it is sent. @returns its number, and whether it is new */
export const keepRefused = async (
  tx: Tx,
  { systemNo }: Caller,
  { kind, refusal: { code, field, detail }, content, fingerprint, nowMs }: Refused,
): Promise<{ readonly refusedNo: number; readonly isNew: boolean }> => {
  const made = await tx
    .insertInto("refused_reports")
    .values({ system_no: systemNo, kind, code, field, detail, content, fingerprint, received_at_ms: nowMs })
    .onConflict((conflict) => conflict.doNothing())
    .returning("seq")
    .executeTakeFirst();
  if (made !== undefined) return { refusedNo: made.seq, isNew: true };
  const known = await tx
    .selectFrom("refused_reports")
    .select("seq")
    .where("system_no", "=", systemNo)
    .where("fingerprint", "=", fingerprint)
    .executeTakeFirstOrThrow();
  return { refusedNo: known.seq, isNew: false };
};

/** Refused reports of a system with what is sealed of them, if anything is. */
const refusedOf = (db: CentralDatabase, kind: ReportKind, { systemNo }: Caller) =>
  db
    .selectFrom("refused_reports as refused")
    .leftJoin("retaken_reports as retaken", "retaken.refused", "refused.seq")
    .leftJoin("sealed_texts as kept", (join) => join.onRef("kept.subject_no", "=", "refused.seq").on("kept.kind", "=", "refused"))
    .select(["refused.seq", "code", "field", "detail", "content", "sealed", "received_at_ms as receivedAtMs"])
    .where("system_no", "=", systemNo)
    .where("refused.kind", "=", kind);

/** A refused report as it is kept: open, or sealed. */
export interface KeptReport {
  readonly seq: number;
  readonly content: string | null;
  readonly sealed: string | null;
}
/** Reads what was sent out of what is kept. */
export type ReadKept<Sent> = (kept: KeptReport) => Sent;

/** Refused reports of a system that were not taken since, newest first. */
export const readRefused = async <Sent>(db: CentralDatabase, kind: ReportKind, caller: Caller, page: Page, read: ReadKept<Sent>) => {
  const rows = await refusedOf(db, kind, caller)
    .where("retaken.refused", "is", null)
    .$if(page.after !== undefined, (select) => select.where("refused.seq", "<", page.after as number))
    .orderBy("refused.seq", "desc")
    .limit(page.limit + 1)
    .execute();
  const { rows: kept, next } = cutPage(rows, page.limit);
  return {
    refused: kept.map(({ content, sealed, ...row }) => {
      const { seq, ...shown } = row;
      return { refusedNo: seq, ...shown, entry: read({ seq, content, sealed }) };
    }),
    next,
  };
};

/**
 * Takes a refused report again, as it was sent: what stood in its way may be known or corrected now. That it was refused stays on record.
 * @param take by which it would be taken if it came now; the same report again must be a duplicate there
 * @throws WindowRatingError WR7012 if this system has no such refused report
 */
export const retakeRefused = async <Sent, Answer extends { readonly answer: string }>(
  db: CentralDatabase,
  {
    kind,
    caller,
    refusedNo,
    nowMs,
  }: { readonly kind: ReportKind; readonly caller: Caller; readonly refusedNo: number; readonly nowMs: number },
  read: ReadKept<Sent>,
  take: (sent: Sent) => Promise<Answer>,
): Promise<Answer> => {
  const kept = await refusedOf(db, kind, caller).where("refused.seq", "=", refusedNo).executeTakeFirst();
  if (kept === undefined) throw new WindowRatingError("WR7012", `There is no refused ${kind} ${refusedNo} of this system`);
  const answer = await take(read(kept));
  if (answer.answer !== "refused") {
    await db
      .insertInto("retaken_reports")
      .values({ refused: refusedNo, outcome: answer.answer, retaken_at_ms: nowMs })
      .onConflict((conflict) => conflict.doNothing())
      .execute();
  }
  return answer;
};
