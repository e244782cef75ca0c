import type {
  CancelCase,
  ChangePin,
  ClerkOnDuty,
  DeskEvent,
  DeskState,
  EndBatch,
  EndCase,
  EndCaseAnswer,
  EndTheme,
  InviteAgain,
  Notice,
  OwnTotals,
  OwnTotalsRequest,
  PaperForm,
  Pause,
  RecoveryEvent,
  RequestState,
  SetPinWithCode,
  SignIn,
  SignInWithCard,
  SignInWithPin,
  SignOut,
  StartCase,
} from "@window-rating/protocol/desk";
import { WindowRatingError } from "@window-rating/protocol/error";
import type { ClerkAction } from "@window-rating/protocol/keypad";
import type { RequestId } from "@window-rating/protocol/rating";
import type { Logger } from "pino";
import type { Credentials } from "../clerks/credentials.ts";
import { Duty } from "../clerks/duty.ts";
import { ownTotals, POOL, POOLS_SHOWN } from "../clerks/own-totals.ts";
import type { Clock } from "../clock.ts";
import type { CaseCodes } from "../codes/case-code.ts";
import type { WindowPad, WindowPadListener } from "../pads/window-pad.ts";
import { PaperDesk, type PaperDeskOptions } from "../ratings/paper-desk.ts";
import type { CaseBook, SignInWay } from "../store/case-book.ts";
import type { OwnRatings } from "../store/own-ratings.ts";
import type { PadEventRecord, Press, PressOutcome, RatingRequest, RequestBook } from "../store/request-book.ts";
import type { Store } from "../store/store.ts";
import { Invitations } from "./invitations.ts";
import { noticeOf } from "./press-notice.ts";
import { Serving } from "./serving.ts";
import type { Caller, WindowDesk } from "./window-desk.ts";
import type { WindowSettings } from "./window-settings.ts";
import { windowState } from "./window-state.ts";

export interface WindowOptions extends Pick<PaperDeskOptions, "papers" | "reasons" | "contactKey"> {
  readonly store: Store;
  readonly cases: CaseBook;
  readonly requests: RequestBook;
  readonly credentials: Credentials;
  readonly ratings: OwnRatings;
  readonly clock: Clock;
  readonly random: (length: number) => Uint8Array;
  readonly settings: WindowSettings;
  /** The official name of a clerk, if central has told it. */
  readonly clerkName: (staffNo: string) => string | undefined;
  /** The name that IT staff gave at this PC. */
  readonly givenName: (staffNo: string) => string | undefined;
  readonly logger: Logger;
  readonly pad: () => WindowPad;
  readonly codes: CaseCodes;
  /** Tells the window that serves a request that it changed at this window's pad; false if no such window is served. */
  readonly tellWindow: (windowNo: string, requestId: RequestId) => boolean;
  readonly queue: () => DeskState["queue"];
}

/** One window: its clerks, its case, its rating request, and the pad that shows it. */
export class Window implements WindowDesk, WindowPadListener {
  readonly #options: WindowOptions;
  readonly #listeners = new Set<(event: DeskEvent) => void>();
  readonly #invitations: Invitations;
  readonly #duty: Duty;
  readonly #serving: Serving;
  readonly #papers: PaperDesk;

  constructor(options: WindowOptions) {
    this.#options = options;
    const { store, cases, requests, clock, random, settings, pad, codes, papers, reasons, contactKey } = options;
    const notice = (error: WindowRatingError): void => this.notice(error);
    this.#invitations = new Invitations({
      windowNo: settings.windowNo,
      timeoutMs: () => settings.timeoutMs,
      cases,
      requests,
      clock,
      pad,
      codes,
      told: (request, state) => this.#tell(request, state),
      notice,
    });
    this.#duty = new Duty({
      store,
      cases,
      clock,
      idleMs: () => settings.idleMs,
      isAsking: () => this.#invitations.alive !== undefined,
      changed: () => this.#dutyChanged(),
      notice,
    });
    const changed = (): void => this.stateChanged();
    this.#serving = new Serving({
      ...{ store, cases, requests, papers, clock, random, settings, changed },
      duty: this.#duty,
      invitations: this.#invitations,
    });
    this.#papers = new PaperDesk({
      ...{ store, requests, papers, clock, random, reasons, contactKey },
      onDuty: () => this.#duty.clerks,
    });
  }

  get windowNo(): string {
    return this.#options.settings.windowNo;
  }

  /** Who is signed in; who came last stands last. */
  get clerksOnDuty(): readonly ClerkOnDuty[] {
    return this.#duty.clerks;
  }

  /** Takes up what an earlier run left: a request that is still alive, or that ended meanwhile; clerks who have long gone. */
  start(): void {
    this.#invitations.watch();
    this.#duty.start();
  }

  stop(): void {
    this.#invitations.stop();
    this.#duty.stop();
  }

  signIn({ staffNo, name, beside }: SignIn, caller: Caller): void {
    this.#enter(staffNo, name, "business-system", beside, caller);
  }

  async signInWithPin({ staffNo, pin, beside }: SignInWithPin, caller: Caller): Promise<void> {
    await this.#options.credentials.checkPin(staffNo, pin, this.windowNo);
    this.#enter(staffNo, this.#givenName(staffNo), "pin", beside, caller);
  }

  async signInWithCard({ card, pin, beside }: SignInWithCard, caller: Caller): Promise<void> {
    const staffNo = await this.#options.credentials.checkCard({ card, pin }, this.windowNo);
    this.#enter(staffNo, this.#givenName(staffNo), "card", beside, caller);
  }

  signOut({ staffNo }: SignOut, _caller: Caller): void {
    this.#duty.moved();
    this.#duty.leave(staffNo);
  }

  changePin(change: ChangePin, _caller: Caller): Promise<void> {
    return this.#options.credentials.changePin(change, this.windowNo);
  }

  setPinWithCode(change: SetPinWithCode, _caller: Caller): Promise<void> {
    return this.#options.credentials.setPinWithCode(change, this.windowNo);
  }

  stay(_caller: Caller): void {
    this.#duty.moved();
    this.stateChanged();
  }

  ownTotals({ staffNo }: OwnTotalsRequest): OwnTotals {
    const { settings, ratings, clock } = this.#options;
    if (settings.ownTotals === null) throw new WindowRatingError("WR5030", "this site shows no totals");
    const onDuty = this.#duty.clerks;
    if (staffNo === undefined && onDuty.length > 1) throw new WindowRatingError("WR5018", "two clerks sit at this window: whose totals?");
    const clerk = staffNo === undefined ? onDuty[0] : onDuty.find((one) => one.staffNo === staffNo);
    if (clerk === undefined) throw new WindowRatingError("WR5030", "they are shown to a clerk who is signed in here, and to nobody else");
    // Twice as many as are shown: those of today are not shown yet.
    return ownTotals(ratings.of(clerk.staffNo, POOL, 2 * POOLS_SHOWN), clock.wallMs(), settings.ownTotals.delayHours);
  }

  startCase(visit: StartCase, caller: Caller): void {
    this.#duty.moved();
    this.#serving.start(visit, caller);
  }

  endCase(caseNo: string, how: EndCase, caller: Caller): EndCaseAnswer {
    this.#duty.moved();
    return this.#serving.end(caseNo, how, caller);
  }

  endBatch(batch: EndBatch, caller: Caller): EndCaseAnswer {
    this.#duty.moved();
    return this.#serving.endBatch(batch, caller);
  }

  endTheme(theme: EndTheme, caller: Caller): EndCaseAnswer {
    this.#duty.moved();
    return this.#serving.endTheme(theme, caller);
  }

  cancelCase(caseNo: string, which: CancelCase, _caller: Caller): void {
    this.#duty.moved();
    this.#serving.cancel(caseNo, which);
  }

  inviteAgain(caseNo: string, which: InviteAgain, caller: Caller): EndCaseAnswer {
    this.#duty.moved();
    return this.#serving.inviteAgain(caseNo, which, caller);
  }

  async enterPaper(form: PaperForm, caller: Caller): Promise<void> {
    this.#duty.moved();
    await this.#papers.enter(form, caller.name);
    // Its citizen is invited no more.
    this.stateChanged();
  }

  pause({ text }: Pause, caller: Caller): void {
    const { store, cases, clock } = this.#options;
    this.#duty.moved();
    if (cases.pausing()?.text === text) return;
    store.write(() => cases.pause(text, caller.name, clock.wallMs()));
    this.#invitations.rest();
    this.stateChanged();
  }

  resume(caller: Caller): void {
    const { store, cases, clock } = this.#options;
    this.#duty.moved();
    if (!store.write(() => cases.resume(caller.name, clock.wallMs()))) return;
    this.#invitations.rest();
    this.stateChanged();
  }

  /** On the idle screen of the pad. */
  showNotice({ text, seconds }: Notice, caller: Caller): void {
    const { store, cases, clock, pad } = this.#options;
    this.#duty.moved();
    const standing = seconds === 0 || text === "" ? text : undefined;
    if (cases.standingNotice() !== standing) store.write(() => cases.putUpNotice(standing, caller.name, clock.wallMs()));
    pad().screen?.notice(text, seconds * 1000);
  }

  state(): DeskState {
    const { cases, requests, pad, queue, settings } = this.#options;
    const newest = requests.newest(this.windowNo);
    const canInviteAgain = newest !== undefined && this.#serving.whyNotAgain(newest) === undefined;
    return {
      ...windowState(this.windowNo, cases, newest, canInviteAgain, this.#options.codes),
      signOutInMs: this.#duty.signOutInMs,
      allows: { manualTrigger: settings.manualTrigger, ownTotals: settings.ownTotals !== null },
      pad: pad().state,
      queue: queue(),
    };
  }

  subscribe(listener: (event: DeskEvent) => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  /** Central has decided something else: who sits idle may have less time from now on. */
  siteChanged(): void {
    this.#duty.watch();
    this.#options.pad().screen?.siteChanged();
    this.stateChanged();
  }

  stateChanged(): void {
    if (this.#listeners.size > 0) this.#publish({ event: "state", state: this.state() });
  }

  ready(): void {
    this.#invitations.ready();
  }

  recovered(event: RecoveryEvent): void {
    this.#publish({ event: "recovery", windowNo: this.windowNo, ...event });
  }

  /** The one-case code of a request has come, or will not come. */
  codeChanged(requestId: RequestId): void {
    this.#invitations.codeChanged(requestId);
    this.stateChanged();
  }

  /** A request of this window has changed, at whichever pad. */
  requestChanged(requestId: RequestId): void {
    this.#invitations.changed(requestId);
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
      // A pad that was away tells of the first invitation only now: the second one, which it has not shown yet, goes on.
      if (request === undefined || (request.again !== null && request.state === "waiting")) return;
      ended = requests.endInside(request, "timed-out") ? request : undefined;
    };
    const kept = (isNew: boolean): void => {
      acknowledge();
      if (ended !== undefined) this.#changed(ended.windowNo, ended.binding.requestId);
      if (isNew) this.#tellOf(event);
    };
    requests.takeEvent(event, end, { kept, failed: this.#failed });
  }

  asked(action: ClerkAction, key: string): void {
    this.#duty.moved();
    this.#publish({ event: "clerk-key", windowNo: this.windowNo, action, key });
  }

  notice(error: WindowRatingError): void {
    this.#options.logger.warn({ code: error.code }, error.message);
    this.#publish({ event: "notice", windowNo: this.windowNo, code: error.code, text: error.message });
  }

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

  /** A pad that stood at another window still tells of the requests of that one. */
  #changed(windowNo: string | undefined, requestId: RequestId): void {
    if (windowNo === undefined || windowNo === this.windowNo || !this.#options.tellWindow(windowNo, requestId)) {
      this.requestChanged(requestId);
    }
  }

  /** One clerk has one name in all ratings, whatever a business system or IT staff call them. */
  #enter(staffNo: string, name: string, way: SignInWay, beside: boolean | undefined, caller: Caller): void {
    const official = this.#options.clerkName(staffNo);
    this.#duty.enter({ staffNo, name: official ?? name }, way, beside === true, caller.name);
  }

  /** @throws WR5023 if nobody has ever named the clerk: who left the site keeps a PIN here, and is no clerk any more */
  #givenName(staffNo: string): string {
    const name = this.#options.clerkName(staffNo) ?? this.#options.givenName(staffNo);
    if (name === undefined) throw new WindowRatingError("WR5023", `neither central's roster nor this PC knows clerk ${staffNo}`);
    return name;
  }

  #dutyChanged(): void {
    this.#invitations.showCard();
    this.stateChanged();
  }

  #tell(request: RatingRequest, state: RequestState): void {
    const { requestId, caseNo, visitNo } = request.binding;
    // The citizen has answered, or has left: from now on it counts how long nothing happens.
    if (this.#invitations.alive === undefined) this.#duty.moved();
    else this.#duty.watch();
    this.#publish({ event: "request", windowNo: this.windowNo, requestId, caseNo, visitNo, state });
    // What was superseded is told before what took its place; the state is told with the latter.
    if (state !== "superseded") this.stateChanged();
  }

  #publish(event: DeskEvent): void {
    for (const listener of this.#listeners) listener(event);
  }
}
