import type { PadState, RecoveryEvent, SignIn } from "@window-rating/protocol/desk";
import type { WindowRatingError } from "@window-rating/protocol/error";
import type { ClerkAction } from "@window-rating/protocol/keypad";
import type { RequestId } from "@window-rating/protocol/rating";
import type { PadEventRecord, Press } from "../store/request-book.ts";

/** Invites the citizen to rate. */
export interface Invitation {
  readonly requestId: RequestId;
  /** How long the pad invites. */
  readonly timeoutMs: number;
  readonly caseNo: string;
  readonly visitNo: number;
  readonly itemName: string;
  /** Text of the one-case QR code; empty: none, or none yet. */
  readonly caseQr: string;
}

/** The screen of a pad, besides what is to be rated. Nothing is lost by telling a pad that is away, or has no screen. */
export interface WindowScreen {
  /** Who sits at the window; null: nobody. */
  clerk(clerk: SignIn | null): void;
  /** Shows that the window pauses, instead of the idle screen, until `WindowPad.idle` or a rating is opened. */
  pause(text: string): void;
  /** A line of text on the idle screen; empty takes it away. @param durationMs 0 = until the next one */
  notice(text: string, durationMs: number): void;
  /** What the site says of clerks, codes and reasons may be another now. */
  siteChanged(): void;
}

/** The pad of a window as the window uses it, whatever the pad speaks. */
export interface WindowPad {
  readonly state: PadState;
  /** Whether the pad itself tells that nobody pressed in time; else the window reckons it. */
  readonly tellsTimeOut: boolean;
  /** Whether it draws the one-case QR code of a request. */
  readonly showsCodes?: boolean;
  readonly screen?: WindowScreen;
  /** Shows a request, in the place of whatever is shown. One that is shown already, or was pressed, changes nothing (I4). @returns false if the pad is away */
  open(invitation: Invitation): boolean;
  /** The request is over without a rating. */
  end(requestId: RequestId, because: "cancelled" | "timed-out"): void;
  /** Nothing is to be rated. */
  idle(): void;
  /** Whether the window pauses now, for a pad that keeps it in mind by itself and shows it whenever nothing is rated. */
  pausing?(isPausing: boolean): void;
}

/** What a pad tells its window. Each call is made in the turn in which the bytes came. */
export interface WindowPadListener {
  /** The pad may be used: it is to be shown what there is to rate. */
  ready(): void;
  /** `WindowPad.state` has changed. */
  stateChanged(): void;
  /** A rung of the recovery ladder was taken, a fault was found, or the line is well again. */
  recovered(event: RecoveryEvent): void;
  /** The pad shows this request. */
  shown(requestId: RequestId): void;
  /** The pad will not show this request. */
  refused(requestId: RequestId, why: WindowRatingError): void;
  /** A citizen pressed. `acknowledge` is called as soon as the press is on disk (I1); if it is not called, the press was not kept. */
  pressed(press: Press, acknowledge: () => void): void;
  /** Something else that the pad keeps until it is acknowledged. */
  happened(event: PadEventRecord, acknowledge: () => void): void;
  /** The clerk asks for something with a key of the pad. */
  asked(action: ClerkAction, key: string): void;
  /** Something that people should know. */
  notice(error: WindowRatingError): void;
}
