import type {
  CancelCase,
  DeskEvent,
  DeskState,
  EndCase,
  EndCaseAnswer,
  Notice,
  Pause,
  RecoveryEvent,
  RequestState,
  SignIn,
  StartCase,
} from "@window-rating/protocol/desk";
import { WindowRatingError } from "@window-rating/protocol/error";
import type { ClerkAction } from "@window-rating/protocol/keypad";
import { type Binding, newRequestId, type RequestId } from "@window-rating/protocol/rating";
import type { Logger } from "pino";
import { type Clock, momentOf } from "../clock.ts";
import type { WindowPad, WindowPadListener } from "../pads/window-pad.ts";
import { remainingOf, TIMEOUT_GRACE_MS } from "../ratings/request-life.ts";
import type { CaseBook, CaseRow } from "../store/case-book.ts";
import {
  type PadEventRecord,
  type Press,
  type PressOutcome,
  type RatingRequest,
  type RequestBook,
  timesOf,
} from "../store/request-book.ts";
import type { Store } from "../store/store.ts";
import { noticeOf } from "./press-notice.ts";
import type { Caller, WindowDesk } from "./window-desk.ts";
import { windowState } from "./window-state.ts";

export interface WindowSettings {
  readonly windowNo: string;
  readonly timeoutMs: number;
  readonly waitMs: number;
  readonly manualTrigger: boolean;
}

export interface WindowOptions {
  readonly store: Store;
  readonly cases: CaseBook;
  readonly requests: RequestBook;
  readonly clock: Clock;
  readonly random: (length: number) => Uint8Array;
  readonly settings: WindowSettings;
  /** The official name of a clerk, if central has told it. */
  readonly clerkName?: (staffNo: string) => string | undefined;
  readonly logger: Logger;
  readonly pad: () => WindowPad;
  /** Tells the window that serves a request that it changed at this window's pad; false if no such window is served. */
  readonly tellWindow: (windowNo: string, requestId: RequestId) => boolean;
  readonly queue: () => DeskState["queue"];
}

/** One window: its clerk, its case, its rating request, and the pad that shows it. */
export class Window implements WindowDesk, WindowPadListener {
  readonly #options: WindowOptions;
  readonly #listeners = new Set<(event: DeskEvent) => void>();
  #timer: NodeJS.Timeout | undefined;

  constructor(options: WindowOptions) {
    this.#options = options;
  }

  get windowNo(): string {
    return this.#options.settings.windowNo;
  }

  /** Takes up what an earlier run left: a request that is still alive, or that ended meanwhile. */
  start(): void {
    this.#watch();
  }

  stop(): void {
    clearTimeout(this.#timer);
  }

  signIn(given: SignIn, caller: Caller): void {
    const { store, cases, clock, clerkName } = this.#options;
    // One clerk has one name in all ratings, whatever a business system calls them.
    const clerk = { ...given, name: clerkName?.(given.staffNo) ?? given.name };
    const onDuty = cases.clerkOnDuty();
    if (onDuty?.staffNo === clerk.staffNo && onDuty.name === clerk.name) return;
    store.write(() => cases.signIn(clerk, caller.name, clock.wallMs()));
    this.#options.pad().screen?.clerk(clerk);
    this.stateChanged();
  }

  signOut(_caller: Caller): void {
    const { store, cases, clock } = this.#options;
    if (!store.write(() => cases.signOut(clock.wallMs()))) return;
    this.#options.pad().screen?.clerk(null);
    this.stateChanged();
  }

  pause({ text }: Pause, caller: Caller): void {
    const { store, cases, clock } = this.#options;
    if (cases.pausing()?.text === text) return;
    store.write(() => cases.pause(text, caller.name, clock.wallMs()));
    this.#rest();
    this.stateChanged();
  }

  resume(caller: Caller): void {
    const { store, cases, clock } = this.#options;
    if (!store.write(() => cases.resume(caller.name, clock.wallMs()))) return;
    this.#rest();
    this.stateChanged();
  }

  /** On the idle screen of the pad. */
  showNotice({ text, seconds }: Notice, _caller: Caller): void {
    this.#options.pad().screen?.notice(text, seconds * 1000);
  }

  startCase(visit: StartCase, caller: Caller): void {
    const { store, cases, clock } = this.#options;
    this.#clerk();
    const known = cases.find(visit.caseNo, visit.visitNo);
    const name = nameOf(visit);
    if (known !== undefined) {
      if (known.windowNo !== this.windowNo) throw new WindowRatingError("WR5007", `${name} is at window ${known.windowNo}`);
      if (known.state !== "open") throw new WindowRatingError("WR5006", `${name} is ${known.state}; a further visit has the next visitNo`);
      if (known.itemCode !== visit.itemCode || known.itemName !== visit.itemName) {
        throw new WindowRatingError("WR5007", `${name} is open with item ${known.itemCode} ${known.itemName}`);
      }
      return;
    }
    const open = cases.open();
    if (open !== undefined) throw new WindowRatingError("WR5007", `${nameOf(open)} is open at this window`);
    store.write(() => cases.start(visit, caller.name, clock.wallMs()));
    this.stateChanged();
  }

  endCase(caseNo: string, how: EndCase, caller: Caller): EndCaseAnswer {
    const { store, cases, requests, clock, settings, random } = this.#options;
    const clerk = this.#clerk();
    if (how.trigger === "manual" && !settings.manualTrigger)
      throw new WindowRatingError("WR5008", "this site lets only the business system end a case");
    const visit = this.#visit(caseNo, how.visitNo);
    const name = nameOf({ caseNo, visitNo: how.visitNo });
    if (visit === undefined) throw new WindowRatingError("WR5005", `${name} was never started at this window`);
    if (visit.state === "cancelled") throw new WindowRatingError("WR5005", `${name} was cancelled`);
    if (visit.state === "ended") {
      const request = requests.ofCase(caseNo, how.visitNo);
      throw new WindowRatingError(
        "WR5006",
        `${name} has ended; its request ${request?.binding.requestId ?? ""} is ${request?.state ?? ""}`,
      );
    }
    const openedAt = momentOf(clock);
    const binding: Binding = {
      requestId: newRequestId(openedAt.wallMs, random(10)),
      caseNo,
      visitNo: how.visitNo,
      caseCompleted: how.completed,
      itemCode: visit.itemCode,
      itemName: visit.itemName,
      staffNo: clerk.staffNo,
      clerkName: clerk.name,
      windowNo: this.windowNo,
      trigger: how.trigger,
      triggeredBy: caller.name,
    };
    const before = requests.alive(this.windowNo);
    store.write(() => {
      cases.setState(caseNo, how.visitNo, "ended");
      requests.open(binding, openedAt, settings.timeoutMs, settings.waitMs);
    });
    // The pad replaces what it shows: the request before needs no cancelling there.
    this.#show();
    if (before !== undefined) this.#tell(before, "superseded");
    this.#watch();
    this.#tellNow(binding.requestId);
    return { requestId: binding.requestId, state: "waiting", expiresInMs: settings.timeoutMs + settings.waitMs };
  }

  cancelCase(caseNo: string, { visitNo }: CancelCase, _caller: Caller): void {
    const { store, cases, requests } = this.#options;
    const visit = this.#visit(caseNo, visitNo);
    const name = nameOf({ caseNo, visitNo });
    if (visit === undefined) throw new WindowRatingError("WR5009", `${name} was never started at this window`);
    if (visit.state === "cancelled") return;
    if (visit.state === "open") {
      store.write(() => cases.setState(caseNo, visitNo, "cancelled"));
      this.stateChanged();
      return;
    }
    const request = requests.ofCase(caseNo, visitNo);
    if (request?.state === "cancelled") return;
    if (request === undefined || !requests.end(request.binding.requestId, "cancelled")) {
      throw new WindowRatingError("WR5009", `the request of ${name} is ${request?.state ?? "missing"}`);
    }
    this.#options.pad().end(request.binding.requestId, "cancelled");
    this.#pauseAgain();
    this.#watch();
    this.#tellNow(request.binding.requestId);
  }

  state(): DeskState {
    const { cases, requests, pad, queue } = this.#options;
    return { ...windowState(this.windowNo, cases, requests.newest(this.windowNo)), pad: pad().state, queue: queue() };
  }

  subscribe(listener: (event: DeskEvent) => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  stateChanged(): void {
    if (this.#listeners.size > 0) this.#publish({ event: "state", state: this.state() });
  }

  ready(): void {
    const { pad, cases } = this.#options;
    pad().screen?.clerk(cases.clerkOnDuty());
    if (this.#show()) return;
    pad().idle();
    this.#pauseAgain();
  }

  recovered(event: RecoveryEvent): void {
    this.#publish({ event: "recovery", windowNo: this.windowNo, ...event });
  }

  /** A request of this window has changed, at whichever pad. */
  requestChanged(requestId: RequestId): void {
    this.#pauseAgain();
    this.#watch();
    this.#tellNow(requestId);
  }

  shown(requestId: RequestId): void {
    const { requests } = this.#options;
    const kept = (isNews: boolean): void => {
      if (isNews) this.#changed(requests.find(requestId)?.windowNo, requestId);
    };
    requests.markShown(requestId, { kept, failed: this.#failed });
  }

  refused(requestId: RequestId, why: WindowRatingError): void {
    const { requests } = this.#options;
    try {
      const request = requests.find(requestId);
      if (request !== undefined && requests.end(requestId, "refused-by-pad")) this.#changed(request.windowNo, requestId);
      this.notice(why);
    } catch (error) {
      this.#failed(error);
    }
  }

  pressed(press: Press, acknowledge: () => void): void {
    this.#options.requests.takePress(press, { kept: (outcome) => this.#pressed(press, outcome, acknowledge), failed: this.#failed });
  }

  happened(event: PadEventRecord, acknowledge: () => void): void {
    const { requests } = this.#options;
    let ended: RatingRequest | undefined;
    const end = (): void => {
      const request = event.kind === "timedOut" && event.requestId !== null ? requests.find(event.requestId) : undefined;
      ended = request !== undefined && requests.endInside(request, "timed-out") ? request : undefined;
    };
    const kept = (isNew: boolean): void => {
      acknowledge();
      if (ended !== undefined) this.#changed(ended.windowNo, ended.binding.requestId);
      if (isNew) this.#tellOf(event);
    };
    requests.takeEvent(event, end, { kept, failed: this.#failed });
  }

  asked(action: ClerkAction, key: string): void {
    this.#publish({ event: "clerk-key", windowNo: this.windowNo, action, key });
  }

  notice(error: WindowRatingError): void {
    this.#options.logger.warn({ code: error.code }, error.message);
    this.#publish({ event: "notice", windowNo: this.windowNo, code: error.code, text: error.message });
  }

  /** What the pad was not told to be stored it keeps, and offers again. */
  readonly #failed = (error: unknown): void => {
    if (!(error instanceof WindowRatingError)) throw error;
    this.notice(error);
  };

  #pressed(press: Press, outcome: PressOutcome, acknowledge: () => void): void {
    // Committed (I1): only now may the pad forget it. Everything else can wait until the bytes are out.
    acknowledge();
    if (outcome.is === "rated") return this.#changed(outcome.windowNo, press.requestId);
    const notice = noticeOf(outcome, press);
    if (notice !== undefined) this.notice(notice);
  }

  #tellOf({ origin, kind, content, said }: PadEventRecord): void {
    if (said === undefined) return;
    this.#options.logger.warn({ pad: origin.serialNumber, content }, `pad reports ${kind}`);
    this.notice(new WindowRatingError("WR1008", `pad ${origin.serialNumber}: ${said}`));
  }

  /** Lights the pad for the request that is alive. A pad that shows it already, or holds its rating, changes nothing (I4). */
  #show(): boolean {
    const { requests, pad, settings } = this.#options;
    const request = requests.alive(this.windowNo);
    if (request === undefined) return false;
    const remaining = this.#remaining(request);
    if (remaining.is === "over") return false;
    return pad().open({
      requestId: request.binding.requestId,
      timeoutMs: Math.max(1000, Math.min(settings.timeoutMs, remaining.ms)),
      caseNo: request.binding.caseNo,
      visitNo: request.binding.visitNo,
      itemName: request.binding.itemName,
    });
  }

  /** Nothing is to be rated: the pad rests, or shows that the window pauses. A rating that is shown goes on. */
  #rest(): void {
    const { requests, pad } = this.#options;
    if (requests.alive(this.windowNo) !== undefined) return;
    pad().idle();
    this.#pauseAgain();
  }

  /** A rating that was shown has ended the pause on the pad, not that of the window. */
  #pauseAgain(): void {
    const { requests, pad, cases } = this.#options;
    const pause = cases.pausing();
    if (pause !== null && requests.alive(this.windowNo) === undefined) pad().screen?.pause(pause.text);
  }

  #remaining(request: RatingRequest): ReturnType<typeof remainingOf> {
    const { pad, clock } = this.#options;
    return remainingOf({ ...timesOf(request, momentOf(clock)), graceMs: pad().tellsTimeOut ? TIMEOUT_GRACE_MS : 0 });
  }

  /** Ends the request that is alive when its time is over, now or later. */
  #watch(): void {
    clearTimeout(this.#timer);
    const request = this.#options.requests.alive(this.windowNo);
    if (request === undefined) return;
    const remaining = this.#remaining(request);
    if (remaining.is === "alive") {
      this.#timer = setTimeout(() => this.#watch(), remaining.ms);
      return;
    }
    const { requestId } = request.binding;
    try {
      // The pad first: a press that it held back until now counts for this request, and rates it.
      this.#options.pad().end(requestId, "timed-out");
      if (!this.#options.requests.end(requestId, remaining.reason)) return;
      this.#pauseAgain();
      this.#tellNow(requestId);
    } catch (error) {
      if (!(error instanceof WindowRatingError)) throw error;
      this.notice(error);
      this.#timer = setTimeout(() => this.#watch(), 1000);
    }
  }

  /** A pad that stood at another window still tells of the requests of that one. */
  #changed(windowNo: string | undefined, requestId: RequestId): void {
    if (windowNo === undefined || windowNo === this.windowNo || !this.#options.tellWindow(windowNo, requestId)) {
      this.requestChanged(requestId);
    }
  }

  /** A visit of a case of this window. */
  #visit(caseNo: string, visitNo: number): CaseRow | undefined {
    const visit = this.#options.cases.find(caseNo, visitNo);
    return visit?.windowNo === this.windowNo ? visit : undefined;
  }

  #clerk(): SignIn {
    const clerk = this.#options.cases.clerkOnDuty();
    if (clerk === null) throw new WindowRatingError("WR5004", "nobody is signed in at this window");
    return clerk;
  }

  #tellNow(requestId: RequestId): void {
    const request = this.#options.requests.find(requestId);
    if (request !== undefined && this.#listeners.size > 0) this.#tell(request, request.state);
    this.stateChanged();
  }

  #tell(request: RatingRequest, state: RequestState): void {
    const { requestId, caseNo, visitNo } = request.binding;
    this.#publish({ event: "request", windowNo: this.windowNo, requestId, caseNo, visitNo, state });
  }

  #publish(event: DeskEvent): void {
    for (const listener of this.#listeners) listener(event);
  }
}

const nameOf = ({ caseNo, visitNo }: { caseNo: string; visitNo: number }): string => `case ${caseNo} visit ${visitNo}`;
