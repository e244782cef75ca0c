import type { ErrorCode } from "@window-rating/protocol/error";
import { isBadReview, isSameStaff, type Level } from "@window-rating/protocol/rating";
import { strayReason } from "@window-rating/protocol/reasons";
import type { RatingPolicy } from "./policy.ts";
import { type Channel, isGiven, isGivenOnSite, isPrivate, type Standing, type SubjectKind, type Submission } from "./submission.ts";

/** Why a rating is not taken: the field at fault, and a sentence for whoever sent it. */
export interface Refusal {
  readonly is: "refused";
  readonly code: ErrorCode;
  readonly field: string;
  readonly detail: string;
}

export const refusal = (code: ErrorCode, field: string, detail: string): Refusal => ({ is: "refused", code, field, detail });

/** The rating that counts for a subject now. */
export interface Effective {
  readonly seq: number;
  readonly channel: Channel;
  /** When the first rating of its chain of corrections was given. */
  readonly firstAtMs: number;
  /** The rating of a whole batch or theme that is valid here too; null if it was given for this very subject. */
  readonly sharedFrom: number | null;
}

/** Where a rating goes. */
export interface Place {
  readonly is: "place";
  readonly standing: Standing;
  readonly supersedes: number | null;
}

/** It is the rating that counts from now on. */
export const isEffective = ({ standing }: Place): boolean => standing !== "beside";

const place = (standing: Standing, supersedes: number | null = null): Place => ({ is: "place", standing, supersedes });

/** Who rates a case by these is known from the case itself: the applicant at the counter, or the phone on file. */
const NAMED_BY_CASE: ReadonlySet<Channel> = new Set(["pad", "browser-pad", "terminal", "dynamic-qr", "sms", "hotline"]);
/** No citizen chose these ways, so no region opens or closes them. */
const ALWAYS_OPEN: ReadonlySet<Channel> = new Set(["import", "default"]);
const TYPED: ReadonlySet<Channel> = new Set(["paper", "phone-visit", "opinion-box", "complaint-desk"]);

/** What is rated within a case. Of a hall, an agency, a platform or a window no case says who is rating. */
const OF_A_CASE: ReadonlySet<SubjectKind> = new Set(["staff", "item", "theme"]);

/** Whether whoever rates this by this channel must give name and phone. */
export const needsRealName = (channel: Channel, subject: SubjectKind, { realName, realNameOn = [] }: RatingPolicy): boolean =>
  realNameOn.includes(channel) ||
  (realName === "mandatory" && !ALWAYS_OPEN.has(channel) && !(NAMED_BY_CASE.has(channel) && OF_A_CASE.has(subject)));

/** How a page asks for the name that it does not need: as the region's document has it, or not at all. */
export const nameInvitation = ({ realName }: RatingPolicy, level: Level): "encouraged" | "visits" | undefined => {
  if (realName === "encouraged") return "encouraged";
  return realName === "visits" && isBadReview(level) ? "visits" : undefined;
};

/** What to say of a channel that the site has closed. */
export const closedFault = (channel: Channel, { channels }: RatingPolicy): Refusal | undefined =>
  ALWAYS_OPEN.has(channel) || (channels?.includes(channel) ?? true)
    ? undefined
    : refusal("WR7026", "channel", `This region takes no ratings by ${channel}`);

/** What is wrong with a submission by itself, whatever central knows of its subject; undefined: nothing. */
export const faultOf = (submission: Submission, policy: RatingPolicy): Refusal | undefined => {
  const { channel, level, rater, reasons, comment } = submission;
  const closed = closedFault(channel, policy);
  if (closed !== undefined) return closed;
  if (TYPED.has(channel) && submission.typedBy === undefined)
    return refusal("WR7001", "typedBy", `A rating by ${channel} names who typed it in`);
  if (needsRealName(channel, submission.subject.kind, policy) && (rater?.named ?? "no") === "no")
    return refusal("WR7022", "rater.named", "This region takes ratings with a real name only");
  if (reasons !== undefined) {
    const list = policy.reasonLists.find(({ version }) => version === reasons.version);
    if (list === undefined) return refusal("WR7025", "reasons.version", `There is no list ${reasons.version} in force`);
    const stray = strayReason(list, level, reasons.codes);
    if (stray !== undefined) return refusal("WR7025", "reasons.codes", `${stray} is no reason of level ${level} in list ${list.version}`);
  }
  const isExplained = (reasons?.codes.length ?? 0) > 0 || (comment ?? "") !== "" || submission.hasWords === true;
  if (policy.badNeedsReason && isGiven(channel) && channel !== "pad" && isBadReview(level) && !isExplained) {
    return refusal("WR7025", "reasons", "A bad review needs a reason or a text");
  }
  return undefined;
};

/** Whether it comes too late for a visit or item that nobody has rated; what was rated is corrected within a time of its own. */
export const supplementFault = (
  { channel, atMs }: Submission,
  { effective, servedAtMs }: { readonly effective: Effective | null; readonly servedAtMs: number | null },
  { supplementUntilMs }: RatingPolicy,
): Refusal | undefined => {
  if (servedAtMs === null || ALWAYS_OPEN.has(channel) || isGivenOnSite(channel)) return undefined;
  if (effective !== null && !ALWAYS_OPEN.has(effective.channel)) return undefined;
  const untilMs = supplementUntilMs?.(servedAtMs) ?? Number.POSITIVE_INFINITY;
  return atMs > untilMs ? refusal("WR7024", "atMs", `It could be rated until ${new Date(untilMs).toISOString()}`) : undefined;
};

/** A form typed by the clerk it rates is no rating (domain 3.4): somebody else types it. */
export const typistFault = ({ typedBy }: Submission, ratedStaffNo: string | null): Refusal | undefined =>
  typedBy !== undefined && ratedStaffNo !== null && isSameStaff(typedBy, ratedStaffNo)
    ? refusal("WR7001", "typedBy", "The clerk who is rated does not type the form in")
    : undefined;

/**
 * Where a rating goes when its subject has one already. One staff rating a visit, one item rating a completed case (001 二(三)1), one
 * overall rating a person and day (002 5.2): what comes second is refused, corrects the first, or is kept beside it.
 * @param effective the rating that counts now; null if there is none
 */
export const placeOf = (submission: Submission, effective: Effective | null, policy: RatingPolicy): Place | Refusal => {
  const { channel, atMs, corrects } = submission;
  if (submission.subject.kind === "window") return placeOfWindow(submission, effective, policy);
  if (effective === null) return place("first");
  // "A given rating that arrives before the default wins."
  if (channel === "default") return refusal("WR7020", "subject", "There is a rating already");
  if (effective.channel === "default")
    return policy.replacesDefault || channel === "import" ? place("correction", effective.seq) : place("beside");
  // What a file says of the past never pushes aside what was given here, nor the other way round.
  if (channel === "import") return place("beside");
  if (effective.channel === "import") return place("correction", effective.seq);
  // One's own rating of a case goes before the overall one of its theme (001: 也可以对关联的事项分别评价).
  if (effective.sharedFrom !== null && corrects === undefined && submission.subject.kind === "item")
    return place("correction", effective.seq);
  if (corrects === undefined && policy.second === "refuse")
    return refusal("WR7020", "subject", "There is a rating already, and this region takes one");
  if (corrects === undefined && !isPrivate(channel)) return place("beside");
  return lateFault(atMs, effective, policy) ?? place("correction", effective.seq);
};

const lateFault = (atMs: number, { firstAtMs }: Effective, { correctWithinMs }: RatingPolicy): Refusal | undefined => {
  const endsMs = correctWithinMs === null ? Number.POSITIVE_INFINITY : firstAtMs + correctWithinMs;
  return atMs > endsMs ? refusal("WR7024", "atMs", `It could be corrected until ${new Date(endsMs).toISOString()}`) : undefined;
};

/** Of whose visit it is nothing is known yet, so it stands beside. @param corrected the one that its receipt code names, if any */
const placeOfWindow = ({ atMs }: Submission, corrected: Effective | null, policy: RatingPolicy): Place | Refusal =>
  corrected === null ? place("beside") : (lateFault(atMs, corrected, policy) ?? place("beside", corrected.seq));

/** A clock of a business system may be ahead by so much, as one that tells when a citizen rated. */
export const CLOCK_AHEAD_MS = 10 * 60_000;

/** Whether a case is completed: once the instant that it was told with has come. What is planned for tomorrow is not done. */
export const isCompleted = (completedAtMs: number | null, nowMs: number): boolean =>
  completedAtMs !== null && completedAtMs <= nowMs + CLOCK_AHEAD_MS;

/** What one window submission must be to count as a batch: two or more of one item (001 二(三)1). */
export const batchFault = (visits: readonly { readonly itemCode: string; readonly windowNo: string | null }[]): Refusal | undefined => {
  if (visits.length < 2) return refusal("WR7027", "batchNo", "A batch has two or more cases");
  if (new Set(visits.map(({ itemCode }) => itemCode)).size > 1)
    return refusal("WR7027", "itemCode", "The cases of a batch are of one item");
  if (new Set(visits.map(({ windowNo }) => windowNo)).size > 1) return refusal("WR7027", "windowNo", "A batch is handed in at one window");
  return undefined;
};

/** Whether a theme can be rated as a whole now. */
export const themeFault = (cases: readonly { readonly caseNo: string; readonly isCompleted: boolean }[]): Refusal | undefined => {
  if (cases.length < 2) return refusal("WR7027", "subject.themeNo", "A theme has two or more cases");
  const open = cases.find(({ isCompleted }) => !isCompleted);
  return open === undefined ? undefined : refusal("WR7023", "subject.themeNo", `Case ${open.caseNo} of the theme is not completed`);
};

const CHINA_OFFSET_MS = 8 * 3_600_000;

const DAY_MS = 86_400_000;
let lastDay = { number: Number.NaN, text: "" };

/** Day in China (UTC+8, no summer time), yyyy-mm-dd, whatever zone the process runs in. Most questions are about the same day. */
export const chinaDay = (unixMs: number): string => {
  const number = Math.floor((unixMs + CHINA_OFFSET_MS) / DAY_MS);
  if (number !== lastDay.number) lastDay = { number, text: new Date(number * DAY_MS).toISOString().slice(0, 10) };
  return lastDay.text;
};
