import type { Insertable, Selectable } from "kysely";
import type { CaseTable, VisitTable } from "../database/case-tables.ts";
import type { RatingPolicy } from "../ratings/policy.ts";
import type { Tx } from "../ratings/rating-rows.ts";
import { batchFault, type Refusal, refusal } from "../ratings/rules.ts";
import { shareEarlierRating } from "../ratings/sharing.ts";
import type { CaseReport } from "./report.ts";

/** A clock may be off, but not by more than a day. */
const FUTURE_LIMIT_MS = 86_400_000;

/** Who tells, and when. */
export interface Telling {
  /** As it stands in the tables: "system 3", "import 12". */
  readonly toldBy: string;
  readonly nowMs: number;
  readonly policy: RatingPolicy;
}

/**
 * Brings case, visit, theme and batch to what a report says. A newer report goes before an older one; an older one fills gaps only.
 * What a rating was bound to is never contradicted (I5): such a report is refused.
 * @returns "applied", or "older" if something newer is known, or a refusal; nothing was written then
 */
export const applyReport = async (tx: Tx, report: CaseReport, telling: Telling): Promise<"applied" | "older" | Refusal> => {
  const { caseNo, visit } = report;
  const future = fieldInFuture(report, telling.nowMs);
  if (future !== undefined) return refusal("WR7001", future, "more than a day in the future by central's clock");
  const known = await tx.selectFrom("cases").selectAll().where("case_no", "=", caseNo).forUpdate().executeTakeFirst();
  if (known !== undefined && known.item_code !== report.itemCode)
    return refusal("WR7035", "itemCode", `The case is known with item ${known.item_code}`);
  const knownVisit =
    visit === undefined
      ? undefined
      : await tx
          .selectFrom("visits")
          .selectAll()
          .where("case_no", "=", caseNo)
          .where("visit_no", "=", visit.visitNo)
          .forUpdate()
          .executeTakeFirst();
  const fault = contradiction(report, known, knownVisit) ?? (await batchContradiction(tx, report));
  if (fault !== undefined) return fault;

  await writeCase(tx, report, telling, known);
  if (visit !== undefined) await writeVisit(tx, report, visit, telling, knownVisit);
  if (report.contact !== undefined) await writeContact(tx, caseNo, report.contact, telling.nowMs);
  const { themeNo } = report;
  if (themeNo !== undefined) await writeTheme(tx, themeNo, report.themeName ?? null, telling);
  await shareEarlierRating(tx, { batchNo: visit?.batchNo, themeNo }, telling.policy, telling.nowMs);
  const newest = Math.max(known?.told_at_ms ?? 0, knownVisit?.told_at_ms ?? 0);
  return newest > report.reportedAt ? "older" : "applied";
};

const fieldInFuture = ({ reportedAt, acceptedAt, completedAt, visit }: CaseReport, nowMs: number): string | undefined => {
  const times = { reportedAt, acceptedAt, completedAt, "visit.endedAt": visit?.endedAt };
  return Object.entries(times).find(([, ms]) => ms !== undefined && ms > nowMs + FUTURE_LIMIT_MS)?.[0];
};

const contradiction = (
  { visit, themeNo }: CaseReport,
  known: Selectable<CaseTable> | undefined,
  knownVisit: Selectable<VisitTable> | undefined,
): Refusal | undefined => {
  const differs = (one: string | null | undefined, other: string | undefined): boolean =>
    one != null && other !== undefined && one !== other;
  if (differs(known?.theme_no, themeNo)) return refusal("WR7035", "themeNo", `The case is known in theme ${known?.theme_no}`);
  if (differs(knownVisit?.batch_no, visit?.batchNo))
    return refusal("WR7035", "visit.batchNo", `The visit is known in batch ${knownVisit?.batch_no}`);
  if (knownVisit?.staff_rating == null) return undefined;
  if (differs(knownVisit.staff_no, visit?.staffNo))
    return refusal("WR7035", "visit.staffNo", `The visit was rated with clerk ${knownVisit.staff_no}`);
  if (differs(knownVisit.window_no, visit?.windowNo)) {
    return refusal("WR7035", "visit.windowNo", `The visit was rated with window ${knownVisit.window_no}`);
  }
  return undefined;
};

/** The visits that are known of the batch, with this one, must be of one item at one window. */
const batchContradiction = async (tx: Tx, { caseNo, itemCode, visit }: CaseReport): Promise<Refusal | undefined> => {
  if (visit?.batchNo === undefined) return undefined;
  const others = await tx
    .selectFrom("visits")
    .innerJoin("cases", "cases.case_no", "visits.case_no")
    .select(["cases.item_code as itemCode", "visits.window_no as windowNo"])
    .where("visits.batch_no", "=", visit.batchNo)
    .where("visits.case_no", "<>", caseNo)
    .execute();
  // Of one alone it cannot be said yet; the others are still to come.
  if (others.length === 0) return undefined;
  const windows = others.map(({ windowNo }) => windowNo).filter((no) => no !== null);
  const here = { itemCode, windowNo: visit.windowNo ?? windows[0] ?? null };
  return batchFault([here, ...others.map((one) => ({ ...one, windowNo: one.windowNo ?? here.windowNo }))]);
};

/** What is told now and what is known, field by field: the newer of them first. */
const merged = <Row extends object>(known: Row | undefined, told: Row, isNewer: boolean): Row => {
  if (known === undefined) return told;
  const [first, second] = isNewer ? [told, known] : [known, told];
  return Object.fromEntries(Object.keys(told).map((key) => [key, first[key as keyof Row] ?? second[key as keyof Row]])) as Row;
};

const writeCase = async (
  tx: Tx,
  report: CaseReport,
  { toldBy, nowMs }: Telling,
  known: Selectable<CaseTable> | undefined,
): Promise<void> => {
  const told = {
    item_name: report.itemName,
    agency_code: report.agencyCode ?? null,
    theme_no: report.themeNo ?? null,
    online: report.online ?? null,
    accepted_at_ms: report.acceptedAt ?? null,
    completed_at_ms: report.completedAt ?? null,
    told_by: toldBy,
    told_at_ms: report.reportedAt,
  } satisfies Partial<Insertable<CaseTable>>;
  if (known === undefined) {
    const row = { case_no: report.caseNo, item_code: report.itemCode, ...told, item_rating: null, received_at_ms: nowMs };
    // Should another transaction be first, this one meets its key and runs again.
    await tx.insertInto("cases").values(row).execute();
    return;
  }
  await tx
    .updateTable("cases")
    .set(merged(pick(known, told), told, report.reportedAt >= known.told_at_ms))
    .where("case_no", "=", report.caseNo)
    .execute();
};

const writeVisit = async (
  tx: Tx,
  { caseNo, reportedAt }: CaseReport,
  visit: NonNullable<CaseReport["visit"]>,
  { toldBy, nowMs }: Telling,
  known: Selectable<VisitTable> | undefined,
): Promise<void> => {
  const told = {
    window_no: visit.windowNo ?? null,
    staff_no: visit.staffNo ?? null,
    clerk_name: visit.clerkName ?? null,
    batch_no: visit.batchNo ?? null,
    ended_at_ms: visit.endedAt ?? null,
    told_by: toldBy,
    told_at_ms: reportedAt,
  } satisfies Partial<Insertable<VisitTable>>;
  if (known === undefined) {
    const row = { case_no: caseNo, visit_no: visit.visitNo, ...told, staff_rating: null, received_at_ms: nowMs };
    await tx.insertInto("visits").values(row).execute();
    return;
  }
  await tx
    .updateTable("visits")
    .set(merged(pick(known, told), told, reportedAt >= known.told_at_ms))
    .where("case_no", "=", caseNo)
    .where("visit_no", "=", visit.visitNo)
    .execute();
};

const pick = <Part extends object>(row: Part, part: Part): Part =>
  Object.fromEntries(Object.keys(part).map((key) => [key, row[key as keyof Part]])) as Part;

const writeTheme = async (tx: Tx, themeNo: string, name: string | null, { toldBy, nowMs }: Telling): Promise<void> => {
  await tx
    .insertInto("themes")
    .values({ theme_no: themeNo, name, rating: null, told_by: toldBy, received_at_ms: nowMs })
    .onConflict((conflict) =>
      conflict.column("theme_no").doUpdateSet((column) => ({ name: column.fn.coalesce("excluded.name", "themes.name") })),
    )
    .execute();
};

const writeContact = async (tx: Tx, caseNo: string, sealed: string, nowMs: number): Promise<void> => {
  await tx
    .insertInto("case_contacts")
    .values({ case_no: caseNo, sealed, received_at_ms: nowMs })
    .onConflict((conflict) => conflict.column("case_no").doUpdateSet({ sealed, received_at_ms: nowMs }))
    .execute();
};
