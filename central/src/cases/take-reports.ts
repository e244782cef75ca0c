import { createHash } from "node:crypto";
import type { CentralDatabase } from "../database/tables.ts";
import { inTransaction } from "../database/transaction.ts";
import type { RatingPolicy } from "../ratings/policy.ts";
import type { Tx } from "../ratings/rating-rows.ts";
import type { Refusal } from "../ratings/rules.ts";
import type { Page } from "../reading/page.ts";
import { firstFault, keepRefused, type ReadKept, rawText, readRefused, retakeRefused } from "../registry/refused-reports.ts";
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

/** Keeps what was refused, whole. */
const setAside = async (tx: Tx, caller: Caller, entry: unknown, refusal: Refusal, nowMs: number): Promise<ReportAnswer> => {
  const { code, field, detail } = refusal;
  const content = rawText(entry);
  const fingerprint = createHash("sha256").update(`${code}\n${field}\n${content}`).digest("hex");
  const { refusedNo } = await keepRefused(tx, caller, { kind: "case", refusal, content, fingerprint, nowMs });
  return { answer: "refused", code, field, detail, refusedNo };
};

const sentIn: ReadKept<unknown> = ({ content }) => JSON.parse(content ?? "null") as unknown;

/** Refused reports of a business system that were not taken since, newest first. */
export const readRefusedCases = (db: CentralDatabase, caller: Caller, page: Page) => readRefused(db, "case", caller, page, sentIn);

/**
 * Takes a refused report again, as it was sent.
 * @throws WindowRatingError WR7012 if this system has no such refused report
 */
export const retakeReport = (
  db: CentralDatabase,
  caller: Caller,
  refusedNo: number,
  nowMs: number,
  policy: RatingPolicy,
): Promise<ReportAnswer> =>
  retakeRefused(db, { kind: "case", caller, refusedNo, nowMs }, sentIn, async (entry) => {
    const [answer] = (await takeReports(db, caller, [entry], nowMs, policy)) as [ReportAnswer];
    return answer;
  });
