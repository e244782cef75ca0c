import type { DeskState } from "@window-rating/protocol/desk";
import type { CaseCodes } from "../codes/case-code.ts";
import type { CaseBook } from "../store/case-book.ts";
import type { RatingRequest } from "../store/request-book.ts";

/** What a window is doing, as the desk may know it: never what level a citizen gave. */
export const windowState = (
  windowNo: string,
  cases: Pick<CaseBook, "open" | "onDuty" | "pausing">,
  newest: RatingRequest | undefined,
  canInviteAgain: boolean,
  codes: CaseCodes,
): Pick<DeskState, "windowNo" | "pause" | "clerk" | "clerks" | "openCase" | "request"> => {
  const clerks = cases.onDuty();
  return {
    windowNo,
    pause: cases.pausing(),
    clerk: clerks.at(-1) ?? null,
    clerks,
    openCase: caseView(cases),
    request: newest === undefined ? null : requestView(newest, canInviteAgain, codes),
  };
};

const caseView = (cases: Pick<CaseBook, "open">): DeskState["openCase"] => {
  const open = cases.open();
  if (open === undefined) return null;
  const { caseNo, visitNo, itemCode, itemName, servedBy } = open;
  return { caseNo, visitNo, itemCode, itemName, ...(servedBy === null ? {} : { staffNo: servedBy.staffNo }) };
};

const requestView = (
  { binding, state, again }: RatingRequest,
  canInviteAgain: boolean,
  codes: CaseCodes,
): NonNullable<DeskState["request"]> => {
  const { requestId, caseNo, visitNo, staffNo, itemName, group } = binding;
  const cases = 1 + (group?.others.length ?? 0);
  const why = codes.whyNone(binding);
  return {
    ...{ requestId, caseNo, visitNo, staffNo, itemName, state, cases, isAgain: again !== null, canInviteAgain },
    code: codes.of(binding),
    ...(why === undefined ? {} : { whyNoCode: why }),
  };
};
