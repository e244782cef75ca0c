import { isSameStaff } from "@window-rating/protocol/rating";
import { sql } from "kysely";
import type { RatingPolicy } from "./policy.ts";
import type { RatingRow, Tx } from "./rating-rows.ts";
import { chinaDay, type Effective, isCompleted, type Refusal, refusal, themeFault } from "./rules.ts";
import type { Channel, Submission } from "./submission.ts";

/** A subject, locked until the transaction ends, with what central knows of it. */
export interface OpenSubject {
  readonly is: "open";
  readonly effective: Effective | null;
  /** The clerk whose visit it is; of a case, whoever typed its form in, if that is one of those who served it. */
  readonly staffNo: string | null;
  /** Of a visit, when it ended; of a case that was served at a window, when it was completed or its last visit ended, what is later. */
  readonly servedAtMs: number | null;
  /** What a rating row copies of it. */
  readonly bound: Pick<
    RatingRow,
    "case_no" | "visit_no" | "case_completed" | "item_code" | "item_name" | "staff_no" | "clerk_name" | "window_no"
  >;
  readonly subjectNo: string | null;
  readonly batchNo: string | null;
  readonly themeNo: string | null;
  /** Makes a rating the one that counts for the subject. */
  point(seq: number): Promise<void>;
}

const NOTHING_BOUND: OpenSubject["bound"] = {
  case_no: null,
  visit_no: null,
  case_completed: null,
  item_code: null,
  item_name: null,
  staff_no: null,
  clerk_name: null,
  window_no: null,
};

/** What may be rated again and again: every rating is a first one. */
const NEVER_RATED: OpenSubject = {
  is: "open",
  effective: null,
  staffNo: null,
  servedAtMs: null,
  bound: NOTHING_BOUND,
  subjectNo: null,
  batchNo: null,
  themeNo: null,
  point: () => Promise.resolve(),
};

/**
 * Finds and locks what a submission rates; a visit that nobody has told of is made if the channel vouches for it.
 * @returns a refusal if there is no such subject or it cannot be rated yet
 */
export const openSubject = (tx: Tx, submission: Submission, policy: RatingPolicy, nowMs: number): Promise<OpenSubject | Refusal> => {
  const { subject } = submission;
  switch (subject.kind) {
    case "staff":
      return openVisit(tx, submission, subject, nowMs);
    case "item":
      return openCase(tx, submission, subject.caseNo, nowMs);
    case "theme":
      return openTheme(tx, subject.themeNo, nowMs);
    case "window":
      return openWindow(tx, submission, subject.subjectNo);
    default:
      if (!policy.daily.includes(subject.kind)) return Promise.resolve({ ...NEVER_RATED, subjectNo: subject.subjectNo });
      return openDaily(tx, submission, subject.kind, subject.subjectNo);
  }
};

/** The rating with this number, as the rules look at it. */
export const readEffective = async (tx: Tx, seq: number | null): Promise<Effective | null> => {
  if (seq === null) return null;
  // Along the corrections back to the first one given: the time to correct runs from it.
  const { rows } = await sql<{ seq: number; channel: Channel; shared_from: number | null; first_at_ms: number }>`
    with recursive chain as (
      select seq, channel, shared_from, supersedes, at_ms from ratings where seq = ${seq}
      union all
      select earlier.seq, earlier.channel, earlier.shared_from, earlier.supersedes, earlier.at_ms
      from ratings earlier join chain on earlier.seq = chain.supersedes)
    select seq, channel, shared_from,
      coalesce((select min(at_ms) from chain where channel not in ('default', 'import')), at_ms) as first_at_ms
    from chain where seq = ${seq}`.execute(tx);
  const [row] = rows;
  return row === undefined ? null : { seq: row.seq, channel: row.channel, firstAtMs: row.first_at_ms, sharedFrom: row.shared_from };
};

/** Writes what the channel vouches for, unless it is known. */
const vouch = async (tx: Tx, { channel, service, atMs, importNo }: Submission, caseNo: string, visitNo: number | null): Promise<void> => {
  if (service === undefined) return;
  const told = { told_by: importNo === undefined ? channel : `import ${importNo}`, told_at_ms: service.endedAtMs, received_at_ms: atMs };
  await tx
    .insertInto("cases")
    .values({
      case_no: caseNo,
      item_code: service.itemCode,
      item_name: service.itemName,
      completed_at_ms: service.completed ? service.endedAtMs : null,
      ...told,
    })
    .onConflict((conflict) => conflict.doNothing())
    .execute();
  if (visitNo === null) return;
  const { windowNo, staffNo, clerkName, endedAtMs } = service;
  await tx
    .insertInto("visits")
    .values({
      case_no: caseNo,
      visit_no: visitNo,
      window_no: windowNo ?? null,
      staff_no: staffNo ?? null,
      clerk_name: clerkName ?? null,
      ended_at_ms: endedAtMs,
      ...told,
    })
    .onConflict((conflict) => conflict.doNothing())
    .execute();
};

const openVisit = async (
  tx: Tx,
  submission: Submission,
  { caseNo, visitNo }: Extract<Submission["subject"], { kind: "staff" }>,
  nowMs: number,
): Promise<OpenSubject | Refusal> => {
  await vouch(tx, submission, caseNo, visitNo);
  const visit = await tx
    .selectFrom("visits")
    .selectAll()
    .where("case_no", "=", caseNo)
    .where("visit_no", "=", visitNo)
    .forUpdate()
    .executeTakeFirst();
  if (visit === undefined) return refusal("WR7021", "subject.caseNo", `Visit ${visitNo} of case ${caseNo} is not known`);
  const itsCase = await tx.selectFrom("cases").selectAll().where("case_no", "=", caseNo).executeTakeFirst();
  return {
    is: "open",
    effective: await readEffective(tx, visit.staff_rating),
    staffNo: visit.staff_no,
    servedAtMs: visit.ended_at_ms,
    bound: {
      case_no: caseNo,
      visit_no: visitNo,
      case_completed: itsCase === undefined ? null : isCompleted(itsCase.completed_at_ms, nowMs),
      item_code: itsCase?.item_code ?? null,
      item_name: itsCase?.item_name ?? null,
      staff_no: visit.staff_no,
      clerk_name: visit.clerk_name,
      window_no: visit.window_no,
    },
    subjectNo: null,
    batchNo: visit.batch_no,
    themeNo: null,
    async point(seq) {
      await tx.updateTable("visits").set({ staff_rating: seq }).where("case_no", "=", caseNo).where("visit_no", "=", visitNo).execute();
    },
  };
};

const openCase = async (tx: Tx, submission: Submission, caseNo: string, nowMs: number): Promise<OpenSubject | Refusal> => {
  await vouch(tx, submission, caseNo, null);
  const found = await tx.selectFrom("cases").selectAll().where("case_no", "=", caseNo).forUpdate().executeTakeFirst();
  if (found === undefined) return refusal("WR7021", "subject.caseNo", `Case ${caseNo} is not known`);
  if (!isCompleted(found.completed_at_ms, nowMs)) return refusal("WR7023", "subject.caseNo", `Case ${caseNo} is not completed`);
  const visits = await tx
    .selectFrom("visits")
    .select(["batch_no", "window_no", "ended_at_ms"])
    .where("case_no", "=", caseNo)
    .orderBy("visit_no", "desc")
    .execute();
  return {
    is: "open",
    effective: await readEffective(tx, found.item_rating),
    staffNo: await servedBy(tx, caseNo, submission.typedBy),
    servedAtMs: servedAtMsOf(
      found.completed_at_ms,
      visits.map(({ ended_at_ms }) => ended_at_ms),
    ),
    bound: {
      ...{ ...NOTHING_BOUND, case_no: caseNo, case_completed: true, item_code: found.item_code, item_name: found.item_name },
      // Where it was served last: there its item's rating is listed and counted, by whatever way it comes.
      window_no: visits.find(({ window_no }) => window_no !== null)?.window_no ?? null,
    },
    subjectNo: null,
    batchNo: visits.find(({ batch_no }) => batch_no !== null)?.batch_no ?? null,
    themeNo: found.theme_no,
    async point(seq) {
      await tx.updateTable("cases").set({ item_rating: seq }).where("case_no", "=", caseNo).execute();
    },
  };
};

/**
 * From when the time to rate an item later runs (004 四(二): 在政务服务窗口办理的服务事项). It cannot be rated before it is completed; what was
 * handled online alone has no such end. Null: online alone.
 */
const servedAtMsOf = (completedAtMs: number | null, endedAtMs: readonly (number | null)[]): number | null => {
  const ended = endedAtMs.filter((ms) => ms !== null);
  return ended.length === 0 ? null : Math.max(completedAtMs ?? 0, ...ended);
};

const openWindow = async (tx: Tx, { corrects }: Submission, windowNo: string): Promise<OpenSubject> => ({
  ...NEVER_RATED,
  effective: await readEffective(tx, corrects ?? null),
  bound: { ...NOTHING_BOUND, window_no: windowNo },
  subjectNo: windowNo,
});

/** @returns the typist again, if that clerk served any visit of the case */
const servedBy = async (tx: Tx, caseNo: string, typedBy: string | undefined): Promise<string | null> => {
  if (typedBy === undefined) return null;
  const visits = await tx.selectFrom("visits").select("staff_no").where("case_no", "=", caseNo).execute();
  return visits.find(({ staff_no }) => staff_no !== null && isSameStaff(staff_no, typedBy))?.staff_no ?? null;
};

const openTheme = async (tx: Tx, themeNo: string, nowMs: number): Promise<OpenSubject | Refusal> => {
  const theme = await tx.selectFrom("themes").select("rating").where("theme_no", "=", themeNo).forUpdate().executeTakeFirst();
  if (theme === undefined) return refusal("WR7021", "subject.themeNo", `Theme ${themeNo} is not known`);
  const cases = await tx
    .selectFrom("cases")
    .select(["case_no", "completed_at_ms"])
    .where("theme_no", "=", themeNo)
    .orderBy("case_no")
    .execute();
  const fault = themeFault(cases.map((one) => ({ caseNo: one.case_no, isCompleted: isCompleted(one.completed_at_ms, nowMs) })));
  if (fault !== undefined) return fault;
  return {
    is: "open",
    effective: await readEffective(tx, theme.rating),
    staffNo: null,
    servedAtMs: null,
    bound: NOTHING_BOUND,
    subjectNo: themeNo,
    batchNo: null,
    themeNo,
    async point(seq) {
      await tx.updateTable("themes").set({ rating: seq }).where("theme_no", "=", themeNo).execute();
    },
  };
};

const openDaily = async (tx: Tx, { rater, atMs }: Submission, kind: string, subjectNo: string): Promise<OpenSubject | Refusal> => {
  const person = rater?.person;
  if (person === undefined) return refusal("WR7022", "rater.person", "One person rates it once a day, so the channel says which person");
  const key = { subject: kind, subject_no: subjectNo, day: chinaDay(atMs), person };
  const known = await tx
    .selectFrom("daily_subjects")
    .select("rating")
    .where("subject", "=", kind)
    .where("subject_no", "=", subjectNo)
    .where("day", "=", key.day)
    .where("person", "=", person)
    .forUpdate()
    .executeTakeFirst();
  return {
    is: "open",
    effective: await readEffective(tx, known?.rating ?? null),
    staffNo: null,
    servedAtMs: null,
    bound: NOTHING_BOUND,
    subjectNo,
    batchNo: null,
    themeNo: null,
    async point(seq) {
      // Where two came at once, the second one meets the key; its transaction runs again and finds the first.
      if (known === undefined)
        await tx
          .insertInto("daily_subjects")
          .values({ ...key, rating: seq })
          .execute();
      else {
        await tx
          .updateTable("daily_subjects")
          .set({ rating: seq })
          .where("subject", "=", kind)
          .where("subject_no", "=", subjectNo)
          .where("day", "=", key.day)
          .where("person", "=", person)
          .execute();
      }
    },
  };
};
