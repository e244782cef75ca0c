import type { ClerkOnDuty } from "@window-rating/protocol/desk";
import { WindowRatingError } from "@window-rating/protocol/error";
import type { Clock } from "../clock.ts";
import type { CaseBook, SignInWay } from "../store/case-book.ts";
import type { Store } from "../store/store.ts";

export interface DutyOptions {
  readonly store: Store;
  readonly cases: CaseBook;
  readonly clock: Clock;
  /** After so long without anything happening everybody is signed out; 0: never. */
  readonly idleMs: () => number;
  /** Whether a citizen is asked for a rating now. */
  readonly isAsking: () => boolean;
  /** Who is on duty has changed, and it is on disk. */
  readonly changed: () => void;
  readonly notice: (error: WindowRatingError) => void;
}

/** So many clerks sit at one window at most. */
const SEATS = 2;

/** Again after a write that failed. */
const AGAIN_MS = 60_000;

/** Who is signed in at a window, and for how long nothing happened there. */
export class Duty {
  readonly #options: DutyOptions;
  /** On the monotonic clock: a wall clock that jumps signs nobody out (I11). Undefined: nothing has happened in this run. */
  #movedAt: number | undefined;
  #timer: NodeJS.Timeout | undefined;

  constructor(options: DutyOptions) {
    this.#options = options;
  }

  get clerks(): readonly ClerkOnDuty[] {
    return this.#options.cases.onDuty();
  }

  /** Takes up who was signed in when the program ended: a PC that stood still over night signs them out at once. */
  start(): void {
    const { cases, clock } = this.#options;
    const lastMs = cases.lastMovedMs();
    const idleFor = lastMs === null ? 0 : Math.max(0, clock.wallMs() - lastMs);
    this.#movedAt ??= clock.monotonicMs() - idleFor;
    this.watch();
  }

  stop(): void {
    clearTimeout(this.#timer);
  }

  /**
   * A clerk signs in; a change of shift is one step, on disk at once or not at all.
   * @param beside whoever is there stays
   * @throws WR5024
   */
  enter(clerk: ClerkOnDuty, way: SignInWay, beside: boolean, caller: string): void {
    const { store, cases, clock, changed } = this.#options;
    this.moved();
    const there = this.clerks;
    const isThere = there.some(({ staffNo, name }) => staffNo === clerk.staffNo && name === clerk.name);
    if (isThere && (beside || there.length === 1)) return;
    const others = there.filter(({ staffNo }) => staffNo !== clerk.staffNo);
    if (beside && others.length >= SEATS)
      throw new WindowRatingError("WR5024", others.map(({ staffNo, name }) => `${staffNo} ${name}`).join(", "));
    store.write(() => {
      const now = clock.wallMs();
      // Who takes over from someone signs in anew, by whatever name; who sits down beside someone does not push them out.
      cases.signOut(beside ? clerk.staffNo : undefined, "shift", now);
      cases.signIn(clerk, way, caller, now);
    });
    changed();
    this.watch();
  }

  /** @param staffNo undefined: everybody */
  leave(staffNo: string | undefined): void {
    const { store, cases, clock, changed } = this.#options;
    if (!store.write(() => cases.signOut(staffNo, "asked", clock.wallMs()))) return;
    changed();
    this.watch();
  }

  /** Something happened. */
  moved(): void {
    this.#movedAt = this.#options.clock.monotonicMs();
    this.watch();
  }

  /** Milliseconds until everybody is signed out if nothing happens; null: they are not, or not now. */
  get signOutInMs(): number | null {
    const { idleMs, isAsking, clock } = this.#options;
    const limit = idleMs();
    if (limit === 0 || this.clerks.length === 0 || isAsking()) return null;
    const now = clock.monotonicMs();
    return Math.max(0, Math.ceil((this.#movedAt ?? now) + limit - now));
  }

  /** Looks whether it is time, now or later; to be called when a rating was opened or has ended, too. */
  watch(): void {
    clearTimeout(this.#timer);
    const left = this.signOutInMs;
    if (left === null) return;
    if (left > 0) {
      this.#timer = setTimeout(() => this.watch(), left).unref();
      return;
    }
    this.#signOutIdle();
  }

  #signOutIdle(): void {
    const { store, cases, clock, changed, notice } = this.#options;
    const gone = this.clerks.map(({ staffNo }) => staffNo).join(", ");
    const open = cases.open();
    try {
      store.write(() => cases.signOut(undefined, "idle", clock.wallMs()));
    } catch (error) {
      if (!(error instanceof WindowRatingError)) throw error;
      notice(error);
      this.#timer = setTimeout(() => this.watch(), AGAIN_MS).unref();
      return;
    }
    changed();
    const kept = open === undefined ? "no case was in progress" : `case ${open.caseNo} visit ${open.visitNo} is kept in progress`;
    notice(new WindowRatingError("WR5029", `clerk ${gone}: ${kept}`));
  }
}
