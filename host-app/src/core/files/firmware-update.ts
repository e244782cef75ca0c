import { WindowRatingError } from "@window-rating/protocol/error";
import type { Command, FirmwareImage, Message, TransferOutcome } from "@window-rating/protocol/pad";

/** A pad that is at work is asked again this often, milliseconds. */
const ASK_AGAIN_MS = 5000;
/** A pad must have told how it came out by then: three trials of a minute, and what a restart takes. */
const TOLD_WITHIN_MS = 300_000;

/** Where an update is. */
export type UpdateState =
  | { readonly is: "sending"; readonly version: string }
  /** It is on the pad, which installs it when nothing is shown and no event waits. */
  | { readonly is: "waiting"; readonly version: string }
  /** The pad starts with it. */
  | { readonly is: "trial"; readonly version: string }
  | { readonly is: "kept"; readonly version: string }
  /** `outcome`: of a file that the pad did not take. */
  | { readonly is: "failed"; readonly version: string; readonly why: WindowRatingError; readonly outcome?: TransferOutcome };

/** One update of one pad, from the first byte to the pad's word that it keeps it. Pure: what happened and the time in, a command out. */
export class FirmwareUpdate {
  readonly image: FirmwareImage;
  #state: UpdateState;
  #askAt: number | undefined;
  /** The pad was told to install it, and has not refused. */
  #isTold = false;
  #toldBy = Number.POSITIVE_INFINITY;

  constructor(image: FirmwareImage) {
    this.image = image;
    this.#state = { is: "sending", version: image.version };
  }

  get state(): UpdateState {
    return this.#state;
  }

  get isOver(): boolean {
    return this.#state.is === "kept" || this.#state.is === "failed";
  }

  /** @param isReady there is a session, so that the pad can be asked */
  deadline(isReady: boolean): number {
    if (this.#askAt !== undefined) return isReady ? this.#askAt : Number.POSITIVE_INFINITY;
    return this.#toldBy;
  }

  /** The transfer has ended. */
  sent(outcome: TransferOutcome, now: number): void {
    if (this.#state.is !== "sending") return;
    if (outcome !== "complete") return this.#fail(new WindowRatingError("WR1032", `firmware ${this.image.version}: ${outcome}`), outcome);
    this.#state = { is: "waiting", version: this.image.version };
    this.#askAt = now;
  }

  /** There is a session, and time has passed. @returns what is to be sent now */
  next(now: number): Command | undefined {
    if (this.#state.is === "waiting" && this.#askAt !== undefined && now >= this.#askAt) {
      this.#askAt = now + ASK_AGAIN_MS;
      this.#isTold = true;
      return { type: "installFirmware", hash: this.image.hash };
    }
    return undefined;
  }

  /** Time has passed: a pad that has not told by now never will. */
  time(now: number): void {
    if (now >= this.#toldBy) {
      this.#fail(new WindowRatingError("WR1033", `firmware ${this.image.version}: the pad has not told how it came out`));
    }
  }

  /** The pad does not install it. */
  refused(reason: Message<"refused">["reason"]): void {
    this.#isTold = false;
    if (this.#state.is !== "waiting" || reason === "notReady") return;
    this.#fail(new WindowRatingError("WR1007", `installFirmware: ${reason}`));
  }

  /** The session is lost: after the command that means that the pad starts anew. */
  lost(now: number): void {
    if (this.#state.is !== "waiting" || !this.#isTold) return;
    this.#state = { is: "trial", version: this.image.version };
    this.#askAt = undefined;
    this.#toldBy = now + TOLD_WITHIN_MS;
  }

  told({ outcome, version }: Message<"updated">): void {
    if (this.isOver || this.#state.is === "sending") return;
    if (outcome === "kept" && version === this.image.version) {
      this.#state = { is: "kept", version };
      this.#askAt = undefined;
      this.#toldBy = Number.POSITIVE_INFINITY;
    } else if (outcome === "rolledBack") {
      this.#fail(new WindowRatingError("WR1033", `firmware ${this.image.version} was tried and taken back; ${version} runs`));
    }
  }

  #fail(why: WindowRatingError, outcome?: TransferOutcome): void {
    this.#state = { is: "failed", version: this.image.version, why, ...(outcome === undefined ? {} : { outcome }) };
    this.#askAt = undefined;
    this.#toldBy = Number.POSITIVE_INFINITY;
  }
}
