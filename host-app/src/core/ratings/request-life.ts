import type { RequestState } from "@window-rating/protocol/desk";
import type { NotRatedReason } from "@window-rating/protocol/rating";
import type { Circumstance } from "@window-rating/protocol/sync";

/** True while the pad shows the request, or shall show it. */
export const isAlive = (state: RequestState): boolean => state === "waiting" || state === "shown";

/** After these nobody answered, and nobody took the question back: the citizen may be asked once more. */
export const INVITED_AGAIN_AFTER: readonly RequestState[] = ["timed-out", "expired", "refused-by-pad"];

/** What a rating means for a request in this state; undefined if it has one already (I4). */
export const circumstanceOf = (state: RequestState): Circumstance | undefined => {
  switch (state) {
    case "waiting":
    case "shown":
    case "refused-by-pad":
      return "in-time";
    case "timed-out":
    case "expired":
      return "after-timeout";
    case "cancelled":
      return "after-cancel";
    case "superseded":
      return "after-next-case";
    case "rated":
      return undefined;
  }
};

/** How long a request may still live, or why it has ended by itself. */
export type Remaining = { readonly is: "alive"; readonly ms: number } | { readonly is: "over"; readonly reason: NotRatedReason };

/** The pad tells of its own time-out; only if it says nothing for this long behind it does the host say so, milliseconds. */
export const TIMEOUT_GRACE_MS = 5000;

export interface RequestTimes {
  readonly state: RequestState;
  /** How long the pad invites, milliseconds. */
  readonly timeoutMs: number;
  /** How long the request may wait for a pad that is away, milliseconds. */
  readonly waitMs: number;
  /** Milliseconds since the request opened; undefined if no clock can tell. */
  readonly openFor: number | undefined;
  /** Milliseconds since the pad showed it; undefined if it did not, or no clock can tell. */
  readonly shownFor: number | undefined;
  /** How long after its time the pad may still tell of it itself, milliseconds. */
  readonly graceMs: number;
}

/** Whether a request that is waiting or shown still goes on. A request whose age no clock can tell is over: its citizen has left. */
export const remainingOf = (request: RequestTimes): Remaining => {
  const { state, openFor, shownFor, graceMs } = request;
  if (state === "waiting") {
    const ms = openFor === undefined ? 0 : request.waitMs + request.timeoutMs - openFor;
    return ms > 0 ? { is: "alive", ms } : { is: "over", reason: "expired" };
  }
  const ms = shownFor === undefined ? 0 : request.timeoutMs + graceMs - shownFor;
  return ms > 0 ? { is: "alive", ms } : { is: "over", reason: "timed-out" };
};
