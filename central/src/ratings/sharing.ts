import type { RatingPolicy } from "./policy.ts";
import { insertRatingRows, nextSeqs, type RatingRow, submissionId, type Tx } from "./rating-rows.ts";
import { isCompleted } from "./rules.ts";
import { readEffective } from "./subjects.ts";

/** A rating that may be valid for more than its own case. */
export interface SharedRating {
  readonly row: RatingRow & { readonly seq: number };
  readonly batchNo: string | null;
  readonly themeNo: string | null;
}

interface Target {
  readonly case_no: string;
  readonly visit_no: number | null;
  readonly window_no: string | null;
  readonly staff_no: string | null;
  readonly clerk_name: string | null;
  readonly item_code: string;
  readonly item_name: string;
  readonly completed_at_ms: number | null;
  readonly rating: number | null;
}

/**
 * Makes a rating valid for the other visits of its batch, or the other cases of its theme, that have no given one of their own (001
 * 二(三)1), and for the item of its own completed case where clerk and item are rated in one (002 5.2). Each gets a row that names the
 * rating it was made from.
 * @returns for how many other cases or visits
 */
export const shareRating = async (
  tx: Tx,
  { row, batchNo, themeNo }: SharedRating,
  policy: RatingPolicy,
  nowMs: number,
): Promise<number> => {
  if (row.standing === "beside" || row.channel === "import") return 0;
  const targets = [
    ...(policy.pressRates === "staff-and-item" ? await itemOfVisit(tx, row, nowMs) : []),
    ...(await targetsOf(
      tx,
      row,
      { batchNo: policy.batch === "shared" ? batchNo : null, themeNo: policy.theme === "shared" ? themeNo : null },
      nowMs,
    )),
  ];
  const free: (Target & { readonly supersedes: number | null })[] = [];
  for (const target of targets) {
    // Who types a form in makes no rating of one's own visits with it.
    if (row.typed_by != null && target.staff_no === row.typed_by) continue;
    const effective = await readEffective(tx, target.rating);
    if (effective?.sharedFrom === row.seq) continue;
    const isReplaceable =
      effective === null || effective.sharedFrom !== null || (effective.channel === "default" && row.channel !== "default");
    if (isReplaceable) free.push({ ...target, supersedes: effective?.seq ?? null });
  }
  if (free.length === 0) return 0;
  const seqs = await nextSeqs(tx, free.length);
  await insertRatingRows(
    tx,
    free.map(({ supersedes, ...target }, index): RatingRow => {
      const seq = seqs[index] as number;
      return {
        ...row,
        seq,
        request_id: submissionId("shared", `${row.seq} ${target.case_no} ${target.visit_no ?? ""}`),
        // Its entry and window PC stand with the rating it was made from, so that each is counted once.
        entry_id: null,
        window_pc_id: null,
        case_no: target.case_no,
        visit_no: target.visit_no,
        case_completed: isCompleted(target.completed_at_ms, nowMs),
        item_code: target.item_code,
        item_name: target.item_name,
        window_no: target.window_no,
        staff_no: target.staff_no,
        clerk_name: target.clerk_name,
        subject: target.visit_no === null ? "item" : "staff",
        subject_no: null,
        standing: supersedes === null ? "first" : "correction",
        supersedes,
        shared_from: row.seq,
      };
    }),
  );
  for (const [index, { case_no, visit_no }] of free.entries()) {
    const seq = seqs[index] as number;
    if (visit_no === null) await tx.updateTable("cases").set({ item_rating: seq }).where("case_no", "=", case_no).execute();
    else
      await tx.updateTable("visits").set({ staff_rating: seq }).where("case_no", "=", case_no).where("visit_no", "=", visit_no).execute();
  }
  return free.filter(({ case_no }) => case_no !== row.case_no).length;
};

const itemOfVisit = async (tx: Tx, { subject, case_no }: RatingRow, nowMs: number): Promise<Target[]> => {
  if (subject !== "staff" || case_no == null) return [];
  const { item_rating, ...found } = await tx
    .selectFrom("cases")
    .select(["case_no", "item_code", "item_name", "completed_at_ms", "item_rating"])
    .where("case_no", "=", case_no)
    .forUpdate()
    .executeTakeFirstOrThrow();
  if (!isCompleted(found.completed_at_ms, nowMs)) return [];
  return [{ ...found, visit_no: null, window_no: null, staff_no: null, clerk_name: null, rating: item_rating }];
};

const targetsOf = async (
  tx: Tx,
  row: RatingRow,
  { batchNo, themeNo }: { readonly batchNo: string | null; readonly themeNo: string | null },
  nowMs: number,
): Promise<Target[]> => {
  if (row.subject === "theme" && themeNo !== null) return casesOfTheme(tx, themeNo);
  if (batchNo === null || (row.subject !== "staff" && row.subject !== "item")) return [];
  const others = await tx
    .selectFrom("visits")
    .innerJoin("cases", "cases.case_no", "visits.case_no")
    .select([
      "visits.case_no",
      "visits.visit_no",
      "visits.window_no",
      "visits.staff_no",
      "visits.clerk_name",
      "visits.staff_rating",
      "cases.item_code",
      "cases.item_name",
      "cases.completed_at_ms",
      "cases.item_rating",
    ])
    .where("visits.batch_no", "=", batchNo)
    .where("visits.case_no", "<>", row.case_no ?? "")
    // Always in the same order, so that two ratings of one batch wait for each other instead of blocking each other.
    .orderBy("visits.case_no")
    .orderBy("visits.visit_no")
    .forUpdate()
    .execute();
  const ofSameItem = others.filter(({ item_code }) => item_code === row.item_code);
  if (row.subject === "staff") return ofSameItem.map(({ staff_rating, item_rating: _, ...one }) => ({ ...one, rating: staff_rating }));
  return ofSameItem
    .filter(({ completed_at_ms }) => isCompleted(completed_at_ms, nowMs))
    .map(({ staff_rating: _, item_rating, ...one }) => ({
      ...one,
      visit_no: null,
      window_no: null,
      staff_no: null,
      clerk_name: null,
      rating: item_rating,
    }));
};

const casesOfTheme = async (tx: Tx, themeNo: string): Promise<Target[]> => {
  const cases = await tx
    .selectFrom("cases")
    .select(["case_no", "item_code", "item_name", "completed_at_ms", "item_rating"])
    .where("theme_no", "=", themeNo)
    .orderBy("case_no")
    .forUpdate()
    .execute();
  return cases.map(({ item_rating, ...one }) => ({
    ...one,
    visit_no: null,
    window_no: null,
    staff_no: null,
    clerk_name: null,
    rating: item_rating,
  }));
};

/** Shares what a batch or theme was rated with before all of its cases were told of; called when one is told of. */
export const shareEarlierRating = async (
  tx: Tx,
  group: { readonly batchNo?: string | undefined; readonly themeNo?: string | undefined },
  policy: RatingPolicy,
  nowMs: number,
): Promise<void> => {
  const { batchNo = null, themeNo = null } = group;
  const rated: (number | null | undefined)[] = [];
  if (batchNo !== null && policy.batch === "shared") {
    const visits = await tx
      .selectFrom("visits")
      .select("staff_rating")
      .where("batch_no", "=", batchNo)
      .where("staff_rating", "is not", null)
      .execute();
    rated.push(...visits.map(({ staff_rating }) => staff_rating));
  }
  if (themeNo !== null && policy.theme === "shared") {
    rated.push((await tx.selectFrom("themes").select("rating").where("theme_no", "=", themeNo).executeTakeFirst())?.rating);
  }
  const seqs = rated.filter((seq) => seq != null);
  if (seqs.length === 0) return;
  const given = await tx
    .selectFrom("ratings")
    .selectAll()
    .where("seq", "in", seqs)
    .where("shared_from", "is", null)
    .where("channel", "not in", ["default", "import"])
    .orderBy("seq")
    .limit(1)
    .executeTakeFirst();
  if (given !== undefined) await shareRating(tx, { row: given, batchNo, themeNo }, policy, nowMs);
};
