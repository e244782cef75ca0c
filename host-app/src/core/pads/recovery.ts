import type { RecoveryEvent } from "@window-rating/protocol/desk";
import { WindowRatingError } from "@window-rating/protocol/error";
import type { Fault } from "./fault.ts";

/** Sending again and resynchronising are done by the link and the frame reader; they are told here. */
type Rung = Exclude<RecoveryEvent["rung"], "well">;

export interface RecoveryLimits {
  /** So many sessions may be lost within `lostWithinMs` before the port is opened anew. */
  readonly sessionsLost: number;
  readonly lostWithinMs: number;
  /** So many times in a row is the port opened anew before the pad is reset, or given up. */
  readonly reopens: number;
  readonly softResets: number;
  /** An open port without a ready pad is let go after this long. */
  readonly patienceMs: number;
  /** The same when a session was lost: the pad knows this PC already, and answers at once if it is still there. */
  readonly patienceAfterSessionMs: number;
  /** The same after the pad was given up: the port is left alone, so that a pad that comes back finds it open. */
  readonly restingMs: number;
  /** A line that was ready this long has its whole ladder before it again. */
  readonly steadyAfterMs: number;
  /** Sending again and resynchronising are told at most this often. */
  readonly tellEveryMs: number;
}

export const RECOVERY_LIMITS: RecoveryLimits = {
  sessionsLost: 5,
  lostWithinMs: 60_000,
  reopens: 4,
  softResets: 2,
  patienceMs: 3500,
  patienceAfterSessionMs: 1500,
  restingMs: 30_000,
  steadyAfterMs: 10_000,
  tellEveryMs: 10_000,
};

export type RecoveryInput =
  /** The link sent frames again. */
  | { readonly is: "resent"; readonly times: number }
  /** Bytes were thrown away up to the next delimiter. */
  | { readonly is: "discarded"; readonly times: number }
  | { readonly is: "session-lost"; readonly fault: Fault }
  /** The port has been open for `patienceMs` and no pad is ready. */
  | { readonly is: "mute"; readonly fault: Fault; readonly canSoftReset: boolean }
  /** What answers is not what belongs here: the port is let go. */
  | { readonly is: "refused"; readonly fault: Fault }
  /** The port is closed or could not be opened. */
  | { readonly is: "gone"; readonly fault: Fault }
  /** A fault that no rung mends: it is shown. */
  | { readonly is: "faulty"; readonly fault: Fault }
  /** The pad is ready. */
  | { readonly is: "well" };

export type RecoveryEffect =
  | { readonly is: "tell"; readonly event: RecoveryEvent }
  /** Let the port go and open it again; `rest` = not before `restingMs`. */
  | { readonly is: "reopen"; readonly rest: boolean }
  | { readonly is: "soft-reset" };

interface Tally {
  times: number;
  toldAt: number;
}

/**
 * Decides what to try when a line is in trouble, and when to stop trying: resend, resync, new session, reopen, soft reset, give up.
 * A port that is gone is waited for without limit, for waiting harms nobody. A pure state machine: inputs and monotonic milliseconds in,
 * effects out.
 */
export class Recovery {
  readonly #limits: RecoveryLimits;
  readonly #resent: Tally = { times: 0, toldAt: Number.NEGATIVE_INFINITY };
  readonly #discarded: Tally = { times: 0, toldAt: Number.NEGATIVE_INFINITY };
  #lostAt: number[] = [];
  #reopens = 0;
  #softResets = 0;
  #givenUp = false;
  #wellSince: number | undefined;
  #last: RecoveryEvent | undefined;
  #effects: RecoveryEffect[] = [];

  constructor(limits: RecoveryLimits = RECOVERY_LIMITS) {
    this.#limits = limits;
  }

  /** No rung is left: the line is only watched. */
  get hasGivenUp(): boolean {
    return this.#givenUp && this.#wellSince === undefined;
  }

  /** How long an open port may stay without a ready pad, milliseconds. */
  get patienceMs(): number {
    return this.#givenUp ? this.#limits.restingMs : this.#limits.patienceMs;
  }

  get patienceAfterSessionMs(): number {
    return this.#givenUp ? this.#limits.restingMs : this.#limits.patienceAfterSessionMs;
  }

  step(input: RecoveryInput, now: number): RecoveryEffect[] {
    this.#effects = [];
    if (input.is !== "resent" && input.is !== "discarded") this.#forgetIfSteady(now);
    switch (input.is) {
      case "resent":
        this.#count(this.#resent, "resend", input.times, now, "sent again");
        break;
      case "discarded":
        this.#count(this.#discarded, "resync", input.times, now, "thrown away as damaged; the next delimiter begins anew");
        break;
      case "session-lost":
        this.#sessionLost(input.fault, now);
        break;
      case "mute":
        this.#wellSince = undefined;
        this.#mute(input.fault, input.canSoftReset);
        break;
      case "refused":
        this.#wellSince = undefined;
        this.#refused(input.fault);
        break;
      case "gone":
        this.#wellSince = undefined;
        this.#tellOnce("reopen", input.fault);
        break;
      case "faulty":
        this.#tellOnce("give-up", input.fault);
        break;
      case "well":
        this.#well(now);
        break;
    }
    return this.#effects;
  }

  #sessionLost(fault: Fault, now: number): void {
    this.#wellSince = undefined;
    const { sessionsLost, lostWithinMs, reopens } = this.#limits;
    this.#lostAt = [...this.#lostAt.filter((at) => now - at < lostWithinMs), now];
    this.#tell("new-session", fault);
    if (this.#lostAt.length <= sessionsLost || this.#givenUp) return;
    this.#lostAt = [];
    if (this.#reopens < reopens) this.#reopen(fault);
    else this.#giveUp(fault);
  }

  #mute(fault: Fault, canSoftReset: boolean): void {
    const { reopens, softResets } = this.#limits;
    if (this.#givenUp) this.#effects.push({ is: "reopen", rest: false });
    else if (this.#reopens < reopens) this.#reopen(fault);
    else if (canSoftReset && this.#softResets < softResets) {
      this.#softResets++;
      this.#tell("soft-reset", fault);
      this.#effects.push({ is: "soft-reset" });
    } else {
      this.#giveUp(fault);
      this.#effects.push({ is: "reopen", rest: false });
    }
  }

  /** Another device is no reason to reset anything; asking it for ever would disturb it. */
  #refused(fault: Fault): void {
    if (this.#givenUp) this.#effects.push({ is: "reopen", rest: true });
    else if (this.#reopens < this.#limits.reopens) this.#reopen(fault);
    else {
      this.#giveUp(fault);
      this.#effects.push({ is: "reopen", rest: true });
    }
  }

  #reopen(fault: Fault): void {
    this.#reopens++;
    this.#tell("reopen", fault);
    this.#effects.push({ is: "reopen", rest: false });
  }

  #giveUp(fault: Fault): void {
    this.#givenUp = true;
    const tried = this.#softResets === 0 ? "" : ` and ${this.#softResets} resets`;
    const error = new WindowRatingError("WR3006", `after ${this.#reopens} reopenings${tried}: ${fault.error.code} ${fault.error.detail}`);
    this.#tell("give-up", { side: fault.side, error });
  }

  #well(now: number): void {
    this.#wellSince = now;
    if (this.#last === undefined || this.#last.rung === "well") return;
    this.#push({ rung: "well", side: null, code: null, text: "the pad is ready" });
  }

  #forgetIfSteady(now: number): void {
    if (this.#wellSince === undefined || now - this.#wellSince < this.#limits.steadyAfterMs) return;
    this.#lostAt = [];
    this.#reopens = 0;
    this.#softResets = 0;
    this.#givenUp = false;
  }

  #count(tally: Tally, rung: Rung, times: number, now: number, what: string): void {
    tally.times += times;
    if (now - tally.toldAt < this.#limits.tellEveryMs) return;
    tally.toldAt = now;
    // Not the last word on how the line is: it may be well all the while.
    this.#effects.push({ is: "tell", event: { rung, side: null, code: null, text: `frames ${what}: ${tally.times}` } });
    tally.times = 0;
  }

  #tellOnce(rung: Rung, fault: Fault): void {
    if (this.#last?.rung !== rung || this.#last.text !== fault.error.detail) this.#tell(rung, fault);
  }

  #tell(rung: Rung, { side, error }: Fault): void {
    this.#push({ rung, side, code: error.code, text: error.detail });
  }

  #push(event: RecoveryEvent): void {
    this.#last = event;
    this.#effects.push({ is: "tell", event });
  }
}
