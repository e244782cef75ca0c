import type { RatedFact } from "../audit.ts";
import type { Press } from "../fleet/citizens.ts";
import type { HallWindow } from "./hall-window.ts";

/** What both sides of one window say in the end, and what the citizens did. */
export interface WindowEvidence {
  readonly presses: readonly Press[];
  /** The pad's own record. */
  readonly facts: readonly RatedFact[];
  /** Events that the pad still keeps. */
  readonly pending: number;
  readonly pc: Pick<HallWindow, "requests" | "seconds" | "unbound">;
}

/** What must all be 0, whatever went wrong in between. */
export interface Reckoning {
  /** Ratings that the pad has decided and delivered, and the window PC does not have; all that are still on the pad are not lost. */
  readonly lost: number;
  /** Ratings of a request that has one already. */
  readonly doubled: number;
  /** Ratings of another request than the citizen saw, or of another level than a key that was pressed for it. */
  readonly misbound: number;
}

/** Holds what the window PC has against what the pad decided, and that against what fingers did (I2, I3, I4). */
export const reckon = ({ presses, facts, pending, pc }: WindowEvidence): Reckoning => {
  const rated = facts.filter((fact) => fact.is === "rated");
  const missing = rated.filter(({ requestId, level }) => pc.requests.get(requestId)?.level !== level);
  const pressed = new Set(presses.map(({ requestId, key }) => `${requestId} ${key}`));
  const ratedOnPad = new Set(rated.map(({ requestId, level }) => `${requestId} ${level}`));
  const kept = [...pc.requests.values()].filter(({ level }) => level !== undefined).map(({ requestId, level }) => `${requestId} ${level}`);
  return {
    lost: Math.max(0, missing.length - pending),
    doubled: pc.seconds + rated.length - new Set(rated.map(({ requestId }) => requestId)).size,
    misbound:
      pc.unbound +
      [...ratedOnPad].filter((rating) => !pressed.has(rating)).length +
      kept.filter((rating) => !ratedOnPad.has(rating)).length,
  };
};
