import type { Level, RequestId } from "../rating.ts";
import type { ClerkAction, Rejection, RequestName, RequestNumbers } from "./description.ts";
import type { Fault } from "./frame-cutter.ts";

export type KeypadInput =
  | { readonly is: "opened" | "closed" | "time" }
  | { readonly is: "bytes"; readonly bytes: Uint8Array }
  /** A case ended: lights the pad. Takes the place of the request before; the same one again changes nothing. */
  | { readonly is: "startRating"; readonly requestId: RequestId; readonly timeoutMs: number }
  /** The request is over without a rating. Of `timed-out` a press that is still held back counts, of `cancelled` it does not. */
  | { readonly is: "endRating"; readonly requestId: RequestId; readonly because: "cancelled" | "timed-out" }
  /** The rating of this request is on disk (I1): only now may the pad say thank you. */
  | { readonly is: "stored"; readonly requestId: RequestId }
  /** The window pauses, or goes on: shown whenever nothing is rated, for as long as it holds. */
  | { readonly is: "pause" | "resume" }
  /** Who sits there has so many stars; 0: none, or nobody sits there. */
  | { readonly is: "clerk"; readonly stars: number }
  /** Lights the keys for whoever tries the pad, although nobody is asked: what is pressed is thrown away. Not while a citizen rates. */
  | { readonly is: "light"; readonly seconds: number }
  /** The end of that. */
  | { readonly is: "darken" }
  /** Anything else the pad can do; dropped if it cannot, or is away. */
  | { readonly is: "ask"; readonly request: SideRequest; readonly numbers?: RequestNumbers };

export type SideRequest = Extract<RequestName, "lamps" | "voice" | "stars" | "beep" | "pause" | "resume">;

/** Why a press counts for nobody. */
export type DiscardReason = "no-request" | "guard" | "repeat" | "already-pressed" | "means-nothing" | "case-changed";

export type KeypadEffect =
  | { readonly is: "write"; readonly bytes: Uint8Array }
  /** The pad may be used. `proven`: it was heard; false: such a pad never says that it is there. */
  | { readonly is: "alive"; readonly proven: boolean }
  | { readonly is: "lost"; readonly cause: "silence" | "no-answer" | "closed" }
  /** The pad was told to light up, and said so if it says so. */
  | { readonly is: "shown"; readonly requestId: RequestId }
  /**
   * The first press for the open request. To be answered with `stored`. `again`: the pad sent it once more because it was not
   * answered; storing it twice must change nothing (I4).
   */
  | {
      readonly is: "pressed";
      readonly requestId: RequestId;
      readonly level: Level;
      readonly key: string;
      readonly sinceOpenMs: number;
      readonly again: boolean;
    }
  | { readonly is: "action"; readonly action: ClerkAction; readonly key: string }
  | { readonly is: "discarded"; readonly key: string; readonly because: DiscardReason }
  /** A request that the pad must answer was never answered. */
  | { readonly is: "unanswered"; readonly request: RequestName }
  /** A request that cannot be written with these values. */
  | { readonly is: "unwritable"; readonly request: RequestName | "reply"; readonly why: string }
  /** A right frame that the description does not know. */
  | { readonly is: "unknown"; readonly bytes: Uint8Array }
  | { readonly is: "rejected"; readonly reason: Rejection; readonly bytes: Uint8Array; readonly fault: Fault };

export const noCounts = (rejected: KeypadCounters["rejected"]): KeypadCounters => ({
  frames: 0,
  pressed: 0,
  actions: 0,
  unknown: 0,
  unanswered: 0,
  discarded: { "no-request": 0, guard: 0, repeat: 0, "already-pressed": 0, "means-nothing": 0, "case-changed": 0 },
  rejected,
});

/** Counts since the session was made. */
export interface KeypadCounters {
  frames: number;
  pressed: number;
  actions: number;
  unknown: number;
  unanswered: number;
  readonly discarded: Record<DiscardReason, number>;
  /** Bytes thrown away. */
  readonly rejected: Readonly<Record<Rejection, number>>;
}
