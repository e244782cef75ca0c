import { WindowRatingError } from "@window-rating/protocol/error";
import type { Visit } from "../store/case-book.ts";

type Visits = readonly [Visit, Visit, ...Visit[]];

/** @throws WR5025 unless these are two cases or more */
const refuseFew = (kind: string, visits: readonly Visit[]): Visits => {
  const [first, second, ...others] = visits;
  if (first === undefined || second === undefined)
    throw new WindowRatingError("WR5025", `a ${kind} has two or more cases, not ${visits.length}`);
  const twice = visits.find(({ caseNo }, index) => visits.findIndex((one) => one.caseNo === caseNo) !== index);
  if (twice !== undefined) throw new WindowRatingError("WR5025", `case ${twice.caseNo} stands twice in the ${kind}`);
  return [first, second, ...others];
};

/** One window submission of the same item with two or more pieces (001 二(三)1). @throws WR5025 */
export const refuseNoBatch = (visits: readonly Visit[]): Visits => {
  const batch = refuseFew("batch", visits);
  const other = batch.find(({ itemCode }) => itemCode !== batch[0].itemCode);
  if (other !== undefined)
    throw new WindowRatingError(
      "WR5025",
      `a batch is of one item: case ${batch[0].caseNo} is of ${batch[0].itemCode}, case ${other.caseNo} of ${other.itemCode}`,
    );
  return batch;
};

/** Two or more cases of one life event, of whatever items (001 二(三)1). @throws WR5025 */
export const refuseNoTheme = (visits: readonly Visit[]): Visits => refuseFew("theme", visits);
