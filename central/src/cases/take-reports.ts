import { createHash } from "node:crypto";
import { WindowRatingError } from "@window-rating/protocol/error";
import type { z } from "zod";
import type { CentralDatabase } from "../database/tables.ts";
import { inTransaction } from "../database/transaction.ts";
import type { RatingPolicy } from "../ratings/policy.ts";
import type { Tx } from "../ratings/rating-rows.ts";
import { type Refusal, refusal } from "../ratings/rules.ts";
import { cutPage, type Page } from "../reading/page.ts";
import type { Caller } from "../registry/systems.ts";
import { type CaseReport, caseReportSchema, type ReportAnswer } from "./report.ts";
import { applyReport, type Telling } from "./state.ts";

/**
 * Takes reports of a business system, all in one transaction. The same report again is a duplicate; a refused one is kept whole with
 * field and reason and holds up no other.
 * @param entries as they came out of the JSON of the request
 * @returns one answer for each, in the order sent
 */
export const takeReports = (
  db: CentralDatabase,
  caller: Caller,
  entries: readonly unknown[],
  nowMs: number,
  policy: RatingPolicy,
): Promise<ReportAnswer[]> =>
  inTransaction(db, async (tx) => {
    const parsed = entries.map((entry) => ({ entry, report: parseReport(entry) }));
    const answers = new Map<number, ReportAnswer>();
    // In the order of their keys, so that two requests about the same cases wait for each other instead of blocking each other.
    const order = parsed
      .map((_, index) => index)
      .sort((one, other) => (keyOf(parsed[one]?.report) < keyOf(parsed[other]?.report) ? -1 : 1));
    for (const index of order) {
      const { entry, report } = parsed[index] as (typeof parsed)[number];
      const telling: Telling = { toldBy: `system ${caller.systemNo}`, nowMs, policy };
      answers.set(
        index,
        "is" in report ? await setAside(tx, caller, entry, report, nowMs) : await takeReport(tx, caller, entry, report, telling),
      );
    }
    return entries.map((_, index) => answers.get(index) as ReportAnswer);
  });

const keyOf = (report: CaseReport | Refusal | undefined): string =>
  report === undefined || "is" in report
    ? ""
    : `${report.caseNo}\n${String(report.visit?.visitNo ?? 0).padStart(2, "0")}\n${report.reportedAt}`;

const parseReport = (entry: unknown): CaseReport | Refusal => {
  const parsed = caseReportSchema.safeParse(entry);
  return parsed.success ? parsed.data : firstFault(parsed.error);
};

const firstFault = (error: z.ZodError): Refusal => {
  const issue = error.issues[0];
  const unknownKey = issue?.code === "unrecognized_keys" ? issue.keys[0] : undefined;
  const field = [...(issue?.path ?? []), ...(unknownKey === undefined ? [] : [unknownKey])].map(String).join(".");
  return refusal("WR7001", plain(field) || "entry", plain(issue?.message ?? "not valid"));
};

/** One short line that any column and screen can hold. */
const plain = (text: string): string => text.replace(/\p{Cc}/gu, "?").slice(0, 200);

const takeReport = async (tx: Tx, caller: Caller, entry: unknown, report: CaseReport, telling: Telling): Promise<ReportAnswer> => {
  const { caseNo } = report;
  const visitNo = report.visit?.visitNo ?? null;
  const content = JSON.stringify(report);
  const fingerprint = createHash("sha256").update(content).digest("hex");
  const before = await tx
    .selectFrom("case_reports")
    .select("seq")
    .where("system_no", "=", caller.systemNo)
    .where("fingerprint", "=", fingerprint)
    .executeTakeFirst();
  if (before !== undefined) return { answer: "duplicate", caseNo, visitNo };
  const outcome = await applyReport(tx, report, telling);
  if (typeof outcome === "object") return setAside(tx, caller, entry, outcome, telling.nowMs);
  const row = {
    system_no: caller.systemNo,
    case_no: caseNo,
    visit_no: visitNo,
    fingerprint,
    content,
    outcome,
    received_at_ms: telling.nowMs,
  };
  await tx.insertInto("case_reports").values(row).execute();
  return { answer: outcome === "applied" ? "taken" : "older", caseNo, visitNo };
};

/** Keeps what was refused, once however often it is sent. */
const setAside = async (
  tx: Tx,
  { systemNo }: Caller,
  entry: unknown,
  { code, field, detail }: Refusal,
  nowMs: number,
): Promise<ReportAnswer> => {
  const content = rawText(entry);
  const fingerprint = createHash("sha256").update(`${code}\n${field}\n${content}`).digest("hex");
  const row = { system_no: systemNo, kind: "case" as const, code, field, detail, content, fingerprint, received_at_ms: nowMs };
  const kept =
    (await tx
      .insertInto("refused_reports")
      .values(row)
      .onConflict((conflict) => conflict.doNothing())
      .returning("seq")
      .executeTakeFirst()) ??
    (await tx
      .selectFrom("refused_reports")
      .select("seq")
      .where("system_no", "=", systemNo)
      .where("fingerprint", "=", fingerprint)
      .executeTakeFirstOrThrow());
  return { answer: "refused", code, field, detail, refusedNo: kept.seq };
};

const rawText = (entry: unknown): string => {
  try {
    // An escaped NUL stays escaped in JSON text, which is what the column keeps.
    return JSON.stringify(entry);
  } catch (error) {
    throw new WindowRatingError("WR7001", "entries: an entry is nested too deeply", error);
  }
};

/** Refused reports of a business system that were not taken since, newest first. */
export const readRefused = async (db: CentralDatabase, { systemNo }: Caller, page: Page) => {
  const rows = await db
    .selectFrom("refused_reports as refused")
    .leftJoin("retaken_reports as retaken", "retaken.refused", "refused.seq")
    .select(["refused.seq", "code", "field", "detail", "content", "received_at_ms as receivedAtMs"])
    .where("system_no", "=", systemNo)
    .where("kind", "=", "case")
    .where("retaken.refused", "is", null)
    .$if(page.after !== undefined, (select) => select.where("refused.seq", "<", page.after as number))
    .orderBy("refused.seq", "desc")
    .limit(page.limit + 1)
    .execute();
  const cut = cutPage(rows, page.limit);
  return {
    refused: cut.rows.map(({ seq, content, ...row }) => ({ refusedNo: seq, ...row, entry: JSON.parse(content ?? "null") as unknown })),
    next: cut.next,
  };
};

/**
 * Takes a refused report again, as it was sent: what stood in its way may be known or corrected now.
 * @throws WindowRatingError WR7012 if this system has no such refused report
 */
export const retakeReport = async (
  db: CentralDatabase,
  caller: Caller,
  refusedNo: number,
  nowMs: number,
  policy: RatingPolicy,
): Promise<ReportAnswer> => {
  const kept = await db
    .selectFrom("refused_reports")
    .leftJoin("retaken_reports as retaken", "retaken.refused", "refused_reports.seq")
    .select(["content", "retaken.outcome"])
    .where("seq", "=", refusedNo)
    .where("kind", "=", "case")
    .where("system_no", "=", caller.systemNo)
    .executeTakeFirst();
  if (kept === undefined) throw new WindowRatingError("WR7012", `There is no refused report ${refusedNo} of this system`);
  const [answer] = (await takeReports(db, caller, [JSON.parse(kept.content ?? "null")], nowMs, policy)) as [ReportAnswer];
  if (answer.answer !== "refused" && kept.outcome === null) {
    await db
      .insertInto("retaken_reports")
      .values({ refused: refusedNo, outcome: answer.answer, retaken_at_ms: nowMs })
      .onConflict((conflict) => conflict.doNothing())
      .execute();
  }
  return answer;
};
