import type { EntryBody, PaperBody, RatingBody } from "@window-rating/protocol/sync";
import type { RatingPolicy } from "../ratings/policy.ts";
import { faultOf, typistFault } from "../ratings/rules.ts";
import type { Channel, Submission } from "../ratings/submission.ts";
import type { Refusal } from "./checked-entry.ts";

/** What a citizen gave through a window PC: by a press, or on a paper form that somebody typed in there. */
export type GivenRating = RatingBody | PaperBody;

export const isGiven = (body: EntryBody | null): body is GivenRating => body?.kind === "rating" || body?.kind === "paper";

/** Id of the rating: of a press its request, which it answers; of a form its own, for a press may still answer the request. */
export const ratingIdOf = (body: GivenRating): string => (body.kind === "paper" ? body.formId : body.binding.requestId);

export const channelOf = (body: GivenRating): Channel => {
  if (body.kind === "paper") return "paper";
  return body.origin.model.includes("browser") ? "browser-pad" : "pad";
};

/** As the rules of all channels look at it. */
export const submissionOf = (body: GivenRating): Submission => {
  const { caseNo, visitNo } = body.binding;
  const press = {
    channel: body.kind === "paper" ? "paper" : "pad",
    key: ratingIdOf(body),
    subject: { kind: "staff", caseNo, visitNo },
    level: body.level,
    atMs: body.committedAt.wallMs,
  } as const;
  if (body.kind === "rating") return press;
  return {
    ...press,
    typedBy: body.typedBy,
    rater: { named: body.named ? "claimed" : "no" },
    // Whether a bad review is explained is not asked: that a form came back refused would tell its window how bad it was.
    hasWords: true,
  };
};

/** What the region's rules have against a paper form, whatever else is known of its visit; a press was taken where it was given. */
export const paperFault = (body: GivenRating, policy: RatingPolicy): Refusal | undefined => {
  if (body.kind === "rating") return undefined;
  const submission = submissionOf(body);
  const fault = faultOf(submission, policy) ?? typistFault(submission, body.binding.staffNo);
  return fault === undefined ? undefined : { code: fault.code, detail: `${fault.field}: ${fault.detail}` };
};
