import { WindowRatingError } from "@window-rating/protocol/error";
import { type CivilDate, dateAt, endOf } from "../calendar/civil-date.ts";
import type { Explanation } from "./explain.ts";

/** Who set a date that the document leaves open, or asked for an extension, when, and why. */
export interface DateSetting {
  readonly by: string;
  /** Unix milliseconds. */
  readonly atMs: number;
  readonly reason: string;
  /** Who approved it, where the document has an extension approved. */
  readonly approvedBy?: string;
}

/**
 * One step of one case, as the rules gave it when it was opened. It keeps the version of pack and calendar and the reading that it was
 * computed under, within its explanation. A change is a further revision; what was is never altered.
 */
export interface PolicyStep {
  /** UUID */
  readonly stepId: string;
  /** 1, 2, … */
  readonly revision: number;
  /** What the step belongs to, e.g. "case 2022-0301-7" or "review 12". */
  readonly subject: string;
  /** Unix milliseconds; null while a person must still set the date. */
  readonly dueMs: number | null;
  /** Set where a person set the date, or asked for the extension whose limit the rules give. */
  readonly dateSetting: DateSetting | null;
  readonly closedAtMs: number | null;
  readonly explanation: Explanation;
}

const refuse = (detail: string): WindowRatingError => new WindowRatingError("WR7107", detail);

/**
 * @param extension who asks for the extension that the step is, where the rules give its limit; null for any other step
 * @throws WindowRatingError WR7107 if the region has no such step, or gives no such extension now
 */
export const openStep = (stepId: string, subject: string, explanation: Explanation, extension: DateSetting | null = null): PolicyStep => {
  const { dueMs, ask, region, rule } = explanation;
  if (dueMs === null && !ask) throw refuse(`${region} has no step ${rule}`);
  const step: PolicyStep = { stepId, revision: 1, subject, dueMs, dateSetting: null, closedAtMs: null, explanation };
  // Of one without a number it is asked when its date is set.
  if (explanation.extension === null || dueMs === null) return step;
  if (extension === null) {
    const { approvalBy } = explanation.extension;
    if (approvalBy !== null) throw refuse(`${approvalBy} approves an extension: who asks, why, and who approved it go on the record`);
    return step;
  }
  requireExtension(step, explanation.extension.tellBefore, dateAt(dueMs - 1), extension);
  return { ...step, dateSetting: extension };
};

/**
 * What the document asks of who goes beyond a limit: asked in time, for longer than the limit, approved where somebody approves. How far it
 * may go stands in the rule itself: a cap makes it a date of the rules, and where there is none a person sets it.
 * @param before the day before which it is asked; null where the document does not say
 */
const requireExtension = (
  { explanation: { extension } }: PolicyStep,
  before: CivilDate | null,
  dueDate: CivilDate,
  { by, atMs, reason, approvedBy = "" }: DateSetting,
): void => {
  if (extension === null) return;
  const { base, approvalBy } = extension;
  if (by.trim() === "" || reason.trim() === "") throw refuse("Who asks for an extension, and why, goes on the record");
  if (before !== null && dateAt(atMs) >= before) throw refuse(`An extension is asked before ${before}, the day on which the step is due`);
  if (base !== null && dueDate <= base.slice(0, dueDate.length))
    throw refuse(`${dueDate} is not beyond ${base}, the limit without extension`);
  if (approvalBy !== null && approvedBy.trim() === "") throw refuse(`${approvalBy} approves an extension: name who did`);
};

export const isWaitingForDate = ({ dueMs, closedAtMs }: PolicyStep): boolean => dueMs === null && closedAtMs === null;

/**
 * A person sets the date that the document leaves open, or sets it anew: due at 24:00 of that day.
 * @throws WindowRatingError WR7107 for a closed step, one whose date the rules give, a day before the event, nobody's name, or an
 * extension that is not asked as the document has it
 */
export const setDate = (step: PolicyStep, dueDate: CivilDate, setting: DateSetting): PolicyStep => {
  const { explanation } = step;
  if (step.closedAtMs !== null) throw refuse(`Step ${step.stepId} is closed`);
  if (!explanation.ask) throw refuse(`The rules give the date of step ${step.stepId}: ${explanation.due}`);
  if (setting.by.trim() === "") throw refuse("Nobody is named who sets the date");
  if (endOf(dueDate) < Date.parse(explanation.at)) throw refuse(`${dueDate} is before the event of ${explanation.at}`);
  if (dueDate < dateAt(setting.atMs)) throw refuse(`${dueDate} was over when the date was set`);
  const before = explanation.extension?.tellBefore ?? null;
  // What was extended once is the limit that is extended now.
  requireExtension(step, before === null || step.dueMs === null ? before : dateAt(step.dueMs - 1), dueDate, setting);
  return { ...step, revision: step.revision + 1, dueMs: endOf(dueDate), dateSetting: setting };
};

/** @throws WindowRatingError WR7107 for a step that is closed already */
export const closeStep = (step: PolicyStep, closedAtMs: number): PolicyStep => {
  if (step.closedAtMs !== null) throw refuse(`Step ${step.stepId} is closed`);
  return { ...step, revision: step.revision + 1, closedAtMs };
};

/** Whether two explanations were computed under the same version of everything. */
const isSameBasis = (one: Explanation, other: Explanation): boolean =>
  one.pack.hash === other.pack.hash && one.calendar.version === other.calendar.version && one.reading === other.reading;

/**
 * The step after a change of pack, reading or calendar. A closed step stays as it is, the very same object; a date that a person set
 * stays while the rules still give none.
 * @param explanation the same question, answered anew
 */
export const recompute = (step: PolicyStep, explanation: Explanation): PolicyStep => {
  if (step.closedAtMs !== null || isSameBasis(step.explanation, explanation)) return step;
  if (explanation.dueMs === null && !explanation.ask) throw refuse(`${explanation.region} has no step ${explanation.rule} any more`);
  const isStillOpen = explanation.ask && step.explanation.ask;
  const isOfRules = !explanation.ask && !step.explanation.ask;
  const kept = isStillOpen
    ? { dueMs: step.dueMs, dateSetting: step.dateSetting }
    : { dueMs: explanation.dueMs, dateSetting: isOfRules ? step.dateSetting : null };
  return { ...step, ...kept, revision: step.revision + 1, explanation };
};
