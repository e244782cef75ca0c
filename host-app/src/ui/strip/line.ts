import type { DeskState } from "@window-rating/protocol/desk";
import type { Standing } from "../../messages/client.ts";
import { causeSentence } from "../words/sentence.ts";
import type { Translate } from "../words/words.ts";

/** good: ratings go their way. look: they do, but a person should look at something. stop: nobody can rate here now. */
export type Tone = "good" | "look" | "stop";

export interface Line {
  readonly tone: Tone;
  /** The one thing that matters now. */
  readonly main: string;
  /** Pad, queue, sync and cause, in this order. */
  readonly details: readonly string[];
}

export interface LineAbout {
  readonly standing: Standing;
  /** undefined before the first one has come; the last one known while the connection is lost. */
  readonly state: DeskState | undefined;
  /** Code of what keeps this PC from serving its windows. */
  readonly outOfOrder?: string | null;
  /** How long ago the state was told, milliseconds. */
  readonly sinceMs: number;
  readonly t: Translate;
  readonly language: string;
}

/** An entry that waits longer than this wants a look, milliseconds: central was not reached for a while. */
const LONG_WAIT_MS = 3_600_000;

/** The strip's one honest line. What is not known is not said: a lost connection is said first, and nothing old as if it were new. */
export const lineOf = (about: LineAbout): Line => {
  const { standing, state, outOfOrder = null, t } = about;
  if (standing === "refused") return { tone: "stop", main: t("line.refused"), details: [] };
  if (outOfOrder !== null && standing === "connected")
    return { tone: "stop", main: t("line.damaged", { code: outOfOrder }), details: [t("line.damagedText")] };
  if (state === undefined) return { tone: "look", main: t("line.connecting"), details: [] };
  if (standing !== "connected") return { tone: "stop", main: t("line.lost"), details: [] };
  const main = mainOf(state, t);
  // What stands in front already is not said twice.
  return { tone: toneOf(state), main, details: detailsOf(about, state).filter((detail) => detail !== main) };
};

const isAway = ({ connection }: DeskState["pad"]): boolean => connection === "absent" || connection === "failed";

const toneOf = ({ pad, queue, clerk, pause }: DeskState): Tone => {
  if (isAway(pad)) return "stop";
  // It is there, and shows nobody anything: a key is held down, or its store takes nothing.
  if (pad.connection === "ready" && pad.cause !== undefined) return "stop";
  const isBehind = queue.setAside > 0 || queue.cause !== undefined || (queue.oldestMs ?? 0) > LONG_WAIT_MS;
  return isBehind || pad.connection === "connecting" || clerk === null || pause !== null ? "look" : "good";
};

const mainOf = (state: DeskState, t: Translate): string => {
  const { pad, request, openCase, clerk, pause } = state;
  const isAlive = request?.state === "waiting" || request?.state === "shown";
  if (isAlive) return requestOf(state, t);
  if (pad.connection === "absent") return t("line.padAbsent");
  if (pad.connection === "failed") return t("line.padFailed");
  if (openCase !== null) return inProgress(openCase, t);
  if (clerk === null) return t("line.signIn");
  if (pause !== null) return pauseWords(pause, t);
  return request === null ? t("line.idle") : requestOf(state, t);
};

const inProgress = ({ caseNo, itemName, visitNo }: NonNullable<DeskState["openCase"]>, t: Translate): string => {
  const visit = visitNo > 1 ? ` · ${t("line.visit", { visitNo })}` : "";
  return t("line.inProgress", { caseNo, itemName }) + visit;
};

const pauseWords = ({ text }: NonNullable<DeskState["pause"]>, t: Translate): string =>
  text === "" ? t("line.paused") : t("line.pausedText", { text });

/** What became of the newest rating request: that a rating came, never which. */
const requestOf = ({ request, pad }: DeskState, t: Translate): string => {
  if (request === null) return "";
  const { caseNo } = request;
  const sentence = (): string => {
    switch (request.state) {
      case "waiting":
        return pad.connection === "ready" && pad.cause === undefined ? t("line.waiting", { caseNo }) : t("line.waitingForPad", { caseNo });
      case "shown":
        // It may be dark, and whatever is pressed comes when it is back.
        if (isAway(pad)) return t("line.waitingForPad", { caseNo });
        return request.isAgain ? t("line.shownAgain", { caseNo }) : t("line.shown", { caseNo });
      case "rated":
        return t("line.rated", { caseNo });
      case "timed-out":
        return t("line.timedOut", { caseNo });
      case "expired":
        return t("line.expired", { caseNo });
      case "cancelled":
        return t("line.cancelled", { caseNo });
      case "superseded":
        return t("line.superseded", { caseNo });
      case "refused-by-pad":
        return t("line.refusedByPad", { caseNo });
    }
  };
  return request.cases > 1 ? `${sentence()} ${t("line.severalCases", { count: request.cases })}` : sentence();
};

const detailsOf = ({ t, language, sinceMs }: LineAbout, state: DeskState): string[] => {
  const { pad, queue, openCase, request, clerk, clerks, pause } = state;
  const isAlive = request?.state === "waiting" || request?.state === "shown";
  const details: string[] = [];
  if (state.signOutInMs !== null && state.signOutInMs - sinceMs < SIGN_OUT_SOON_MS) {
    details.push(t("line.signOutSoon", { seconds: Math.max(0, Math.ceil((state.signOutInMs - sinceMs) / 1000)) }));
  }
  // Whatever the line tells of instead: somebody has to sign in, or to go on with the service.
  if (clerk === null) details.push(t("line.signIn"));
  if (pause !== null) details.push(pauseWords(pause, t));
  details.push(padWords(pad, t));
  if (pad.cause !== undefined) details.push(causeSentence(pad.cause, language));
  // The shift has changed since: the press is not about whoever sits here now.
  if (isAlive && !clerks.some(({ staffNo }) => staffNo === request.staffNo))
    details.push(t("line.countsFor", { staffNo: request.staffNo }));
  // The pad that is away stands in front of it: a clerk must learn all the same that nobody could rate.
  if (request !== null && !isAlive && openCase === null && isAway(pad)) details.push(requestOf(state, t));
  if (openCase !== null) details.push(isAlive ? t("line.otherCase", { caseNo: openCase.caseNo }) : inProgress(openCase, t));
  details.push(
    queue.waiting === 0
      ? t("line.queueEmpty")
      : t("line.queueWaiting", { count: queue.waiting, age: ageWords((queue.oldestMs ?? 0) + sinceMs, t) }),
  );
  if (queue.setAside > 0) details.push(t("line.setAside", { count: queue.setAside }));
  details.push(queue.lastSyncMs === null ? t("line.neverSynced") : t("line.lastSync", { time: clockTime(queue.lastSyncMs, language) }));
  if (queue.cause !== undefined) details.push(causeSentence(queue.cause, language));
  return details;
};

/** Said this long before, milliseconds: time enough to press a key. */
export const SIGN_OUT_SOON_MS = 60_000;

const padWords = ({ connection }: DeskState["pad"], t: Translate): string => {
  switch (connection) {
    case "ready":
      return t("line.padReady");
    case "connecting":
      return t("line.padConnecting");
    case "absent":
      return t("line.padAbsent");
    case "failed":
      return t("line.padFailed");
  }
};

/** "40 秒", "12 分钟", "3 小时", "2 天" */
export const ageWords = (ms: number, t: Translate): string => {
  const seconds = Math.max(0, Math.round(ms / 1000));
  if (seconds < 120) return t("age.seconds", { count: seconds });
  if (seconds < 7200) return t("age.minutes", { count: Math.round(seconds / 60) });
  if (seconds < 172_800) return t("age.hours", { count: Math.round(seconds / 3600) });
  return t("age.days", { count: Math.round(seconds / 86_400) });
};

/** Time of day here, with the day if it was another than today's. */
export const clockTime = (unixMs: number, language: string, now = new Date()): string => {
  const moment = new Date(unixMs);
  const isToday = moment.toDateString() === now.toDateString();
  return moment.toLocaleString(language, {
    ...(isToday ? {} : { month: "short", day: "numeric" }),
    hour: "2-digit",
    minute: "2-digit",
    hour12: false,
  });
};

/** Day and time with the year, as paper needs it that is kept: 2026年11月28日 21:47. */
export const dateTime = (unixMs: number, language: string): string =>
  new Date(unixMs).toLocaleString(language, {
    year: "numeric",
    month: "long",
    day: "numeric",
    hour: "2-digit",
    minute: "2-digit",
    hour12: false,
  });

/** Why a case has no code, from the core's English words. */
export const whyNoCode = (why: string, t: Translate): string => {
  if (/^central (cannot be reached|did not answer)/.test(why)) return t("why.noCodeUnreachable");
  return /not enrolled/.test(why) ? t("why.noCodeNotEnrolled") : t("why.noCodeRefused", { why });
};
