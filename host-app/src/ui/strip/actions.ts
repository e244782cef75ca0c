import type { DeskState } from "@window-rating/protocol/desk";
import type { Standing } from "../../messages/client.ts";
import { STRIP_ACTIONS, type StripAction } from "../../messages/preferences.ts";

/** Why an action cannot be done now; a key of the words. */
export type Hindrance = "notConnected" | "noClerk" | "noCase" | "caseOpen" | "manualOff" | "cannotInvite" | "nothingToCancel" | "noCode";

/** What can be done now: null, or why not. The core decides anyway; this only spares the clerk a refusal. */
export type Possibilities = Readonly<Record<StripAction, Hindrance | null>>;

const everything = (hindrance: Hindrance): Possibilities =>
  Object.fromEntries(STRIP_ACTIONS.map((action) => [action, hindrance])) as Record<StripAction, Hindrance>;

export const possibilities = (standing: Standing, state: DeskState | undefined): Possibilities => {
  if (standing !== "connected" || state === undefined) return everything("notConnected");
  const { clerk, openCase, request, allows } = state;
  const isAlive = request?.state === "waiting" || request?.state === "shown";
  const byHand: Hindrance | null = clerk === null ? "noClerk" : allows.manualTrigger ? null : "manualOff";
  return {
    endCase: byHand ?? (openCase === null ? "noCase" : null),
    startCase: clerk === null ? "noClerk" : openCase === null ? null : "caseOpen",
    cancelCase: clerk === null ? "noClerk" : openCase === null && !isAlive ? "nothingToCancel" : null,
    inviteAgain: byHand ?? (request?.canInviteAgain === true ? null : "cannotInvite"),
    severalCases: byHand,
    pause: null,
    paperForm: clerk === null ? "noClerk" : null,
    code: codeOf(state) === null ? "noCode" : null,
    changeClerk: null,
    signOut: clerk === null ? "noClerk" : null,
    settings: null,
  };
};

/** What the cancel key is about: the invitation on the pad before the case that was started meanwhile. */
export const cancelTarget = ({ openCase, request }: DeskState): { is: "case" | "invitation"; caseNo: string; visitNo: number } | null => {
  if (request !== null && (request.state === "waiting" || request.state === "shown"))
    return { is: "invitation", caseNo: request.caseNo, visitNo: request.visitNo };
  return openCase === null ? null : { is: "case", caseNo: openCase.caseNo, visitNo: openCase.visitNo };
};

/** Who may have served the case that is open: those who sit here, and who started it, if they have left since. */
export const mayHaveServed = ({ clerks, openCase }: DeskState): readonly { readonly staffNo: string; readonly name: string | null }[] => {
  const starter = openCase?.staffNo;
  const hasLeft = starter !== undefined && !clerks.some(({ staffNo }) => staffNo === starter);
  return hasLeft ? [...clerks, { staffNo: starter, name: null }] : clerks;
};

/** The code by which the citizen may rate on the own phone. */
export interface CaseCode {
  readonly caseNo: string;
  readonly itemName: string;
  /** What the QR code holds. */
  readonly text: string;
  readonly untilMs: number | null;
}

export const codeOf = ({ request }: DeskState): CaseCode | null => {
  // Whoever has rated, or was not to be asked, needs none.
  if (request?.code == null || request.state === "rated" || request.state === "cancelled") return null;
  const { caseNo, itemName, code } = request;
  return { caseNo, itemName, text: code.text, untilMs: code.expiresAtMs };
};

/** As people call a clerk: name and number, or the number alone. */
export const clerkText = ({ staffNo, name }: { readonly staffNo: string; readonly name: string | null }): string =>
  name === null ? staffNo : `${name}（${staffNo}）`;
