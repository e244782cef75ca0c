import type {
  CancelCase,
  ChangePin,
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
  SetPinWithCode,
  SignIn,
  SignInWithCard,
  SignInWithPin,
  SignOut,
  StartCase,
} from "@window-rating/protocol/desk";
import { WindowRatingError } from "@window-rating/protocol/error";
import type { Caller, WindowDesk } from "../cases/window-desk.ts";

/** A desk in memory, for tests: keeps the rules of a case, has no pad and no disk, and writes down what was asked of it. */
export class FakeWindowDesk implements WindowDesk {
  readonly asked: { readonly verb: string; readonly caller: string; readonly what: unknown }[] = [];
  readonly windowNo: string;
  /** Thrown by the next verb. */
  failure: Error | null = null;
  /** Put into every answer and event, as a mistake of a programmer would. */
  leak: Record<string, unknown> = {};
  /** What the verbs that check a PIN find; any other PIN is wrong. */
  pin = "294817";
  #clerk: { staffNo: string; name: string } | null = null;
  #openCase: StartCase | null = null;
  #pause: Pause | null = null;
  #request: DeskState["request"] = null;
  readonly #listeners = new Set<(event: DeskEvent) => void>();

  constructor(windowNo = "3") {
    this.windowNo = windowNo;
  }

  signIn(clerk: SignIn, caller: Caller): void {
    this.#ask("signIn", caller, clerk);
    this.#clerk = { staffNo: clerk.staffNo, name: clerk.name };
    this.#changed();
  }

  async signInWithPin(who: SignInWithPin, caller: Caller): Promise<void> {
    this.#ask("signInWithPin", caller, who);
    this.#checkPin(who.pin);
    this.#clerk = { staffNo: who.staffNo, name: `clerk ${who.staffNo}` };
    this.#changed();
  }

  async signInWithCard(who: SignInWithCard, caller: Caller): Promise<void> {
    this.#ask("signInWithCard", caller, who);
    this.#clerk = { staffNo: who.card, name: `card ${who.card}` };
    this.#changed();
  }

  signOut(who: SignOut, caller: Caller): void {
    this.#ask("signOut", caller, who);
    this.#clerk = null;
    this.#changed();
  }

  async changePin(change: ChangePin, caller: Caller): Promise<void> {
    this.#ask("changePin", caller, change);
    this.#checkPin(change.pin);
    this.pin = change.newPin;
  }

  async setPinWithCode(change: SetPinWithCode, caller: Caller): Promise<void> {
    this.#ask("setPinWithCode", caller, change);
    this.pin = change.newPin;
  }

  stay(caller: Caller): void {
    this.#ask("stay", caller, null);
  }

  ownTotals(whose: OwnTotalsRequest): OwnTotals {
    this.#ask("ownTotals", { name: "" }, whose);
    return { pools: [], pending: true, ...this.leak };
  }

  startCase(visit: StartCase, caller: Caller): void {
    this.#ask("startCase", caller, visit);
    if (this.#clerk === null) throw new WindowRatingError("WR5004", "nobody is signed in at this window");
    if (this.#openCase !== null) throw new WindowRatingError("WR5007", `case ${this.#openCase.caseNo} is open`);
    this.#openCase = visit;
    this.#changed();
  }

  endCase(caseNo: string, how: EndCase, caller: Caller): EndCaseAnswer {
    this.#ask("endCase", caller, { caseNo, ...how });
    if (this.#clerk === null) throw new WindowRatingError("WR5004", "nobody is signed in at this window");
    if (this.#request?.caseNo === caseNo) throw new WindowRatingError("WR5006", `case ${caseNo} has ended`);
    if (this.#openCase?.caseNo !== caseNo) throw new WindowRatingError("WR5005", `case ${caseNo} was not started`);
    return this.#open({ caseNo, visitNo: how.visitNo }, 1);
  }

  endBatch(batch: EndBatch, caller: Caller): EndCaseAnswer {
    this.#ask("endBatch", caller, batch);
    return this.#endTogether(batch.cases);
  }

  endTheme(theme: EndTheme, caller: Caller): EndCaseAnswer {
    this.#ask("endTheme", caller, theme);
    return this.#endTogether(theme.cases);
  }

  inviteAgain(caseNo: string, which: InviteAgain, caller: Caller): EndCaseAnswer {
    this.#ask("inviteAgain", caller, { caseNo, ...which });
    if (this.#request?.caseNo !== caseNo || this.#request.isAgain) throw new WindowRatingError("WR5026", `case ${caseNo}`);
    return this.#open({ caseNo, visitNo: which.visitNo }, 1, true);
  }

  async enterPaper(form: PaperForm, caller: Caller): Promise<void> {
    this.#ask("enterPaper", caller, form);
  }

  cancelCase(caseNo: string, which: CancelCase, caller: Caller): void {
    this.#ask("cancelCase", caller, { caseNo, ...which });
    if (this.#openCase?.caseNo !== caseNo) throw new WindowRatingError("WR5009", `case ${caseNo} is not open`);
    this.#openCase = null;
    this.#changed();
  }

  pause(how: Pause, caller: Caller): void {
    this.#ask("pause", caller, how);
    this.#pause = how;
    this.#changed();
  }

  resume(caller: Caller): void {
    this.#ask("resume", caller, null);
    this.#pause = null;
    this.#changed();
  }

  showNotice(what: Notice, caller: Caller): void {
    this.#ask("showNotice", caller, what);
  }

  state(): DeskState {
    return {
      windowNo: this.windowNo,
      clerk: this.#clerk,
      clerks: this.#clerk === null ? [] : [this.#clerk],
      signOutInMs: null,
      allows: { manualTrigger: true, ownTotals: false },
      openCase: this.#openCase,
      pause: this.#pause,
      request: this.#request,
      pad: { connection: "ready", model: "generic/five-button", ...this.leak },
      queue: { waiting: 0, oldestMs: null, setAside: 0, lastSyncMs: null },
      ...this.leak,
    };
  }

  subscribe(listener: (event: DeskEvent) => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  tell(event: DeskEvent): void {
    for (const listener of this.#listeners) listener(event);
  }

  #endTogether(cases: EndBatch["cases"]): EndCaseAnswer {
    const [first] = cases;
    if (first === undefined || cases.length < 2) throw new WindowRatingError("WR5025", `${cases.length} cases`);
    return this.#open(first, cases.length);
  }

  #open({ caseNo, visitNo }: { caseNo: string; visitNo: number }, cases: number, isAgain = false): EndCaseAnswer {
    if (this.#clerk === null) throw new WindowRatingError("WR5004", "nobody is signed in at this window");
    this.#openCase = null;
    const requestId = "01890000-0000-7000-8000-000000000001";
    const { staffNo } = this.#clerk;
    this.#request = {
      requestId,
      caseNo,
      visitNo,
      staffNo,
      state: "waiting",
      cases,
      isAgain,
      canInviteAgain: false,
      itemName: "身份证补领（样例）",
      code: null,
      ...this.leak,
    };
    this.tell({ event: "request", windowNo: this.windowNo, requestId, caseNo, visitNo, state: "waiting", ...this.leak });
    return { requestId, state: "waiting", expiresInMs: 120_000, ...this.leak };
  }

  #checkPin(pin: string): void {
    if (pin !== this.pin) throw new WindowRatingError("WR5019", "staff number and PIN do not belong together");
  }

  #changed(): void {
    this.tell({ event: "state", state: this.state() });
  }

  #ask(verb: string, caller: Caller, what: unknown): void {
    this.asked.push({ verb, caller: caller.name, what });
    const { failure } = this;
    this.failure = null;
    if (failure !== null) throw failure;
  }
}
