import type { RequestState } from "@window-rating/protocol/desk";
import { WindowRatingError } from "@window-rating/protocol/error";
import type { RequestId } from "@window-rating/protocol/rating";
import { type Clock, momentOf } from "../clock.ts";
import type { CaseCodes } from "../codes/case-code.ts";
import type { WindowPad } from "../pads/window-pad.ts";
import { remainingOf, TIMEOUT_GRACE_MS } from "../ratings/request-life.ts";
import type { CaseBook } from "../store/case-book.ts";
import { type RatingRequest, type RequestBook, timesOf } from "../store/request-book.ts";

export interface InvitationsOptions {
  readonly windowNo: string;
  /** How long the pad invites, milliseconds. */
  readonly timeoutMs: () => number;
  readonly cases: CaseBook;
  readonly requests: RequestBook;
  readonly clock: Clock;
  readonly pad: () => WindowPad;
  readonly codes: CaseCodes;
  /** A request is in another state, on disk. */
  readonly told: (request: RatingRequest, state: RequestState) => void;
  readonly notice: (error: WindowRatingError) => void;
}

/** The request that is alive at a window, and what its pad shows: a rating, who sits there, a pause, or nothing. */
export class Invitations {
  readonly #options: InvitationsOptions;
  #timer: NodeJS.Timeout | undefined;
  /** Whose card the pad was given last. */
  #card: string | undefined;

  constructor(options: InvitationsOptions) {
    this.#options = options;
  }

  /** The request that is waiting or shown. */
  get alive(): RatingRequest | undefined {
    return this.#options.requests.alive(this.#options.windowNo);
  }

  stop(): void {
    clearTimeout(this.#timer);
  }

  /** The pad may be used: it is told all that it is to show. */
  ready(): void {
    this.#card = undefined;
    this.#tellPausing();
    this.showCard();
    this.#showNotice();
    if (this.#show()) return;
    this.#options.pad().idle();
    this.#showPause();
  }

  /** A request was opened, for the first time or again. @param before the one it superseded */
  opened(requestId: RequestId, before: RatingRequest | undefined): void {
    const { told } = this.#options;
    // The clerk's card goes before the rating, so that it is that clerk's when the citizen looks.
    this.showCard();
    // The pad replaces what it shows: the request before needs no cancelling there.
    this.#show();
    if (before !== undefined) told(before, "superseded");
    this.#askForCode(requestId);
    this.watch();
    this.#tell(requestId);
  }

  /** The code of a request has come: a pad that can show it is told the request again, which changes nothing else there. */
  codeChanged(requestId: RequestId): void {
    const { pad, codes, clock } = this.#options;
    const request = this.alive;
    if (request?.binding.requestId !== requestId || codes.of(request.binding) === null || pad().showsCodes !== true) return;
    // A pad that may have given up by now would begin anew.
    const sinceMs = clock.monotonicMs() - (request.again?.at ?? request.openedAt).monotonicMs;
    if (sinceMs < request.timeoutMs / 2) this.#show();
  }

  /** A request was taken back. */
  cancelled(requestId: RequestId): void {
    this.#options.pad().end(requestId, "cancelled");
    this.changed(requestId);
  }

  /** A request of this window has changed, at whichever pad. */
  changed(requestId: RequestId): void {
    this.#showPause();
    this.showCard();
    this.watch();
    this.#tell(requestId);
  }

  /** Nothing is to be rated: the pad rests, or shows that the window pauses. A rating that is shown goes on. */
  rest(): void {
    this.#tellPausing();
    if (this.alive !== undefined) return;
    this.#options.pad().idle();
    this.#showPause();
  }

  /**
   * Who sits at the window; while a rating is open whoever is rated, whatever the shift did meanwhile. Of two the pad shows neither until it
   * is known who served.
   */
  showCard(): void {
    const { cases, pad } = this.#options;
    const rated = this.alive?.binding;
    const onDuty = cases.onDuty();
    const [only] = onDuty;
    const clerk =
      rated === undefined ? (only !== undefined && onDuty.length === 1 ? only : null) : { staffNo: rated.staffNo, name: rated.clerkName };
    const card = JSON.stringify(clerk);
    if (card === this.#card) return;
    this.#card = card;
    pad().screen?.clerk(clerk);
  }

  /** Ends the request that is alive when its time is over, now or later. */
  watch(): void {
    clearTimeout(this.#timer);
    const request = this.alive;
    if (request === undefined) return;
    const remaining = this.#remaining(request);
    if (remaining.is === "alive") {
      this.#timer = setTimeout(() => this.watch(), remaining.ms);
      return;
    }
    const { requestId } = request.binding;
    try {
      // The pad first: a press that it held back until now counts for this request, and rates it.
      this.#options.pad().end(requestId, "timed-out");
      if (this.#options.requests.end(requestId, remaining.reason)) this.changed(requestId);
    } catch (error) {
      if (!(error instanceof WindowRatingError)) throw error;
      this.#options.notice(error);
      this.#timer = setTimeout(() => this.watch(), 1000);
    }
  }

  /** Lights the pad for the request that is alive. A pad that shows it already, or holds its rating, changes nothing (I4). */
  #show(): boolean {
    const { pad, timeoutMs, codes } = this.#options;
    const request = this.alive;
    if (request === undefined) return false;
    const remaining = this.#remaining(request);
    if (remaining.is === "over") return false;
    const { requestId, caseNo, visitNo, itemName, group } = request.binding;
    return pad().open({
      requestId,
      timeoutMs: Math.max(1000, Math.min(timeoutMs(), remaining.ms)),
      caseNo,
      visitNo,
      itemName: group?.kind === "theme" ? group.name : itemName,
      caseQr: codes.of(request.binding)?.text ?? "",
    });
  }

  #askForCode(requestId: RequestId): void {
    const request = this.#options.requests.find(requestId);
    if (request !== undefined) this.#options.codes.opened(request.binding, request.openedAt);
  }

  /** One that has an end is not begun anew by a session that was lost. */
  #showNotice(): void {
    const { pad, cases } = this.#options;
    const text = cases.standingNotice();
    if (text !== undefined) pad().screen?.notice(text, 0);
  }

  #tellPausing(): void {
    const { pad, cases } = this.#options;
    pad().pausing?.(cases.pausing() !== null);
  }

  /** A rating that was shown has ended the pause on the pad, not that of the window. */
  #showPause(): void {
    const { pad, cases } = this.#options;
    const pause = cases.pausing();
    if (pause !== null && this.alive === undefined) pad().screen?.pause(pause.text);
  }

  #remaining(request: RatingRequest): ReturnType<typeof remainingOf> {
    const { pad, clock } = this.#options;
    return remainingOf({ ...timesOf(request, momentOf(clock)), graceMs: pad().tellsTimeOut ? TIMEOUT_GRACE_MS : 0 });
  }

  #tell(requestId: RequestId): void {
    const request = this.#options.requests.find(requestId);
    if (request !== undefined) this.#options.told(request, request.state);
  }
}
