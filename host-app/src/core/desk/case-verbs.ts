import {
  cancelCaseSchema,
  endBatchSchema,
  endCaseAnswerSchema,
  endCaseSchema,
  endThemeSchema,
  inviteAgainSchema,
  noticeSchema,
  paperFormSchema,
  pauseSchema,
  resumeSchema,
  startCaseSchema,
} from "@window-rating/protocol/desk";
import { WindowRatingError } from "@window-rating/protocol/error";
import type { Trigger } from "@window-rating/protocol/rating";
import { done, type Verb, windowVerb } from "./verb.ts";

/** The record says by which way a case was ended (I12): what came by this one cannot claim to have come by another. @throws WR5003 */
const ownWay = <Body extends { readonly trigger: Trigger }>(body: Body): Body => {
  if (body.trigger === "push" || body.trigger === "link")
    throw new WindowRatingError("WR5003", `body.trigger: what comes by the desk API is no ${body.trigger}`);
  return body;
};

/** What is done with the cases of a window, and with the window itself. */
export const CASE_VERBS: readonly Verb[] = [
  windowVerb({
    method: "POST",
    path: "/desk/v1/cases",
    access: "paired",
    summary: "Start a case, or one more visit of it; repeating it with the same content changes nothing",
    body: startCaseSchema,
    answer: done,
    errors: ["WR5004", "WR5006", "WR5007", "WR5018", "WR4003"],
    handle: (desk, { body, caller }) => {
      desk.startCase(body, caller);
      return {};
    },
  }),
  windowVerb({
    method: "POST",
    path: "/desk/v1/cases/{caseNo}/end",
    access: "paired",
    summary: "End the case: this, and nothing else, asks the citizen for a rating; answers when that is on disk and waits for no pad",
    body: endCaseSchema,
    answer: endCaseAnswerSchema,
    errors: ["WR5004", "WR5005", "WR5006", "WR5008", "WR5018", "WR4003"],
    handle: (desk, { caseNo, body, caller }) => desk.endCase(caseNo, ownWay(body), caller),
  }),
  windowVerb({
    method: "POST",
    path: "/desk/v1/batches/end",
    access: "paired",
    summary: "End two or more cases of one item that were handed in together (批量): one rating for all of them",
    body: endBatchSchema,
    answer: endCaseAnswerSchema,
    errors: ["WR5004", "WR5006", "WR5007", "WR5008", "WR5018", "WR5025", "WR4003"],
    handle: (desk, { body, caller }) => desk.endBatch(ownWay(body), caller),
  }),
  windowVerb({
    method: "POST",
    path: "/desk/v1/themes/end",
    access: "paired",
    summary: "End the cases of one life event (主题式, 一件事): one overall rating",
    body: endThemeSchema,
    answer: endCaseAnswerSchema,
    errors: ["WR5004", "WR5006", "WR5007", "WR5008", "WR5018", "WR5025", "WR4003"],
    handle: (desk, { body, caller }) => desk.endTheme(ownWay(body), caller),
  }),
  windowVerb({
    method: "POST",
    path: "/desk/v1/cases/{caseNo}/cancel",
    access: "paired",
    summary: "Close the case without a rating, or take the invitation on the pad back",
    body: cancelCaseSchema,
    answer: done,
    errors: ["WR5009", "WR4003"],
    handle: (desk, { caseNo, body, caller }) => {
      desk.cancelCase(caseNo, body, caller);
      return {};
    },
  }),
  windowVerb({
    method: "POST",
    path: "/desk/v1/cases/{caseNo}/invite-again",
    access: "paired",
    summary: "Ask the citizen once more, once: right after nobody rated, before the next case begins",
    body: inviteAgainSchema,
    answer: endCaseAnswerSchema,
    errors: ["WR5005", "WR5008", "WR5026", "WR4003"],
    handle: (desk, { caseNo, body, caller }) => desk.inviteAgain(caseNo, ownWay(body), caller),
  }),
  windowVerb({
    method: "POST",
    path: "/desk/v1/paper-forms",
    access: "paired",
    summary: "A paper form (评价表), typed in by another clerk than the one it rates; it is never counted as a press",
    body: paperFormSchema,
    answer: done,
    errors: ["WR5004", "WR5005", "WR5027", "WR5028", "WR5031", "WR4003"],
    handle: async (desk, { body, caller }) => {
      await desk.enterPaper(body, caller);
      return {};
    },
  }),
  windowVerb({
    method: "POST",
    path: "/desk/v1/pause",
    access: "paired",
    summary: "The window pauses (暂停服务): a pad with a screen shows it while nothing is rated; cases go on as before",
    body: pauseSchema,
    answer: done,
    errors: ["WR4003"],
    handle: (desk, { body, caller }) => {
      desk.pause(body, caller);
      return {};
    },
  }),
  windowVerb({
    method: "POST",
    path: "/desk/v1/resume",
    access: "paired",
    summary: "The window goes on; if it does not pause nothing changes",
    body: resumeSchema,
    answer: done,
    errors: ["WR4003"],
    handle: (desk, { caller }) => {
      desk.resume(caller);
      return {};
    },
  }),
  windowVerb({
    method: "POST",
    path: "/desk/v1/notice",
    access: "paired",
    summary: "A line of text on the idle screen of the pad, never over a rating; one without an end also after a restart",
    body: noticeSchema,
    answer: done,
    errors: [],
    handle: (desk, { body, caller }) => {
      desk.showNotice(body, caller);
      return {};
    },
  }),
];
