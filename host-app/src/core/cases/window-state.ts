import type { DeskState } from "@window-rating/protocol/desk";
import type { CaseBook } from "../store/case-book.ts";
import type { RatingRequest } from "../store/request-book.ts";

/** What a window is doing, as the desk may know it: never what level a citizen gave. */
export const windowState = (
  windowNo: string,
  cases: Pick<CaseBook, "open" | "clerkOnDuty" | "pausing">,
  newest: RatingRequest | undefined,
): Omit<DeskState, "pad" | "queue"> => ({
  windowNo,
  pause: cases.pausing(),
  clerk: cases.clerkOnDuty(),
  openCase: caseView(cases),
  request: newest === undefined ? null : requestView(newest),
});

const caseView = (cases: Pick<CaseBook, "open">): DeskState["openCase"] => {
  const open = cases.open();
  if (open === undefined) return null;
  const { caseNo, visitNo, itemCode, itemName } = open;
  return { caseNo, visitNo, itemCode, itemName };
};

const requestView = ({ binding, state }: RatingRequest): NonNullable<DeskState["request"]> => {
  const { requestId, caseNo, visitNo, staffNo } = binding;
  return { requestId, caseNo, visitNo, staffNo, state };
};
