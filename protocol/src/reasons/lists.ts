import { isLevel, type Level } from "../level.ts";
import { CODES_2019, LIST_2020 } from "./list-2020.ts";
import type { Reason, ReasonList } from "./schemas.ts";

const levelOf = (code: string): Level => {
  const level = Number(code[0]);
  if (!isLevel(level)) throw new RangeError(`${code} is no code of a reason`);
  return level;
};

/** The list of 2020, in force; 国家标准 GB/T 39734 is thought to hold the same, which is not confirmed. */
export const REASONS_2020: ReasonList = {
  version: "2020",
  inForce: true,
  reasons: LIST_2020.map(([code, zh, en]) => ({ code, level: levelOf(code), text: { zh, en } })),
};

/** The retired list of 2019: codes alone. */
export const REASONS_2019: ReasonList = {
  version: "2019",
  inForce: false,
  reasons: CODES_2019.map((code) => ({ code, level: levelOf(code), text: null })),
};

/** Every list this program carries, newest first. */
export const REASON_LISTS: readonly ReasonList[] = [REASONS_2020, REASONS_2019];

/** What is offered beside a level, in the order of the list; nothing of it is ever pre-selected (I10). */
export const reasonsOf = (list: ReasonList, level: Level): Reason[] =>
  list.reasons.filter((reason) => reason.level === level && reason.text !== null);

/** The first code that is not an option of this level in this list; undefined if all are. */
export const strayReason = (list: ReasonList, level: Level, codes: readonly string[]): string | undefined =>
  codes.find((code) => !list.reasons.some((reason) => reason.code === code && reason.level === level));
