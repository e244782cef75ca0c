import type { Level, RequestId } from "@window-rating/protocol/rating";
import type { ReasonList } from "./reason-list.ts";
import type { Card, Written } from "./screen.ts";

/** What a rating request asks; nothing of it changes while it is open, but that its code may come late. */
export interface Question {
  readonly requestId: RequestId;
  /** How long the citizen may do nothing, milliseconds. */
  readonly timeoutMs: number;
  /** Words for the levels as the request gives them, level 1 first; missing or empty = the language's own. */
  readonly labels: readonly string[];
  readonly itemName: string;
  readonly caseNo: string;
  readonly caseQr: string;
  readonly card: Card | null;
  /** Undefined = no reasons are asked for. */
  readonly reasonList: ReasonList | undefined;
  readonly asksWords: boolean;
  readonly asksContact: boolean;
  /** Asked by openRating: answered by `rated`. */
  readonly isPlain: boolean;
}

/**
 * A rating on its way: options while no level is touched, details afterwards. Times are whole milliseconds of the pad's clock. Nothing
 * that a citizen writes is in it.
 */
export interface Answering {
  readonly question: Question;
  readonly openedAt: number;
  /** When the time is over, if the screen is not touched before. */
  readonly endsAt: number;
  readonly chosen: Choice | undefined;
}

/** The level that was touched, and what goes with it. */
export interface Choice {
  readonly level: Level;
  readonly at: number;
  readonly reasons: ReadonlySet<number>;
  readonly mistake: keyof Written | null;
}

/** The options come on the screen. */
export const open = (question: Question, at: number): Answering => ({
  question,
  openedAt: at,
  endsAt: at + question.timeoutMs,
  chosen: undefined,
});

/** The code of the request has come. Nothing else changes: neither what is chosen nor the time. */
export const showCode = (answering: Answering, caseQr: string): Answering => ({
  ...answering,
  question: { ...answering.question, caseQr },
});

/** The citizen is still there. */
export const stir = (answering: Answering, at: number): Answering => ({ ...answering, endsAt: at + answering.question.timeoutMs });

/** Only the options take a level: on the details screen a finger that comes late changes nothing. */
export const chooseLevel = (answering: Answering, level: Level, at: number): Answering =>
  answering.chosen === undefined ? stir({ ...answering, chosen: { level, at, reasons: new Set(), mistake: null } }, at) : answering;

/** Chooses a reason of the level touched, or takes the choice back; another code changes nothing. */
export const toggleReason = (answering: Answering, code: number, at: number): Answering => {
  const { chosen, question } = answering;
  if (chosen === undefined || !offeredReasons(question, chosen.level).some((reason) => reason.code === code)) return answering;
  const reasons = new Set(chosen.reasons);
  if (!reasons.delete(code)) reasons.add(code);
  return stir({ ...answering, chosen: { ...chosen, reasons } }, at);
};

/** Back to the options; the reasons are forgotten. */
export const goBack = (answering: Answering, at: number): Answering => stir({ ...answering, chosen: undefined }, at);

/** What was written cannot be taken as it is. */
export const findMistake = (answering: Answering, mistake: keyof Written, at: number): Answering =>
  answering.chosen === undefined ? answering : stir({ ...answering, chosen: { ...answering.chosen, mistake } }, at);

export const offeredReasons = ({ reasonList }: Question, level: Level): ReturnType<ReasonList["reasonsOf"]> =>
  reasonList?.reasonsOf(level) ?? [];

/** Whether anything is asked beyond this level; if not, the touch itself is the answer. */
export const asksMore = (question: Question, level: Level): boolean =>
  question.asksWords || question.asksContact || offeredReasons(question, level).length > 0;
