import type {
  CancelCase,
  DeskEvent,
  DeskState,
  EndCase,
  EndCaseAnswer,
  Notice,
  Pause,
  SignIn,
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
  #clerk: SignIn | null = null;
  #openCase: StartCase | null = null;
  #pause: Pause | null = null;
  #request: DeskState["request"] = null;
  readonly #listeners = new Set<(event: DeskEvent) => void>();

  constructor(windowNo = "3") {
    this.windowNo = windowNo;
  }

  signIn(clerk: SignIn, caller: Caller): void {
    this.#ask("signIn", caller, clerk);
    this.#clerk = clerk;
    this.#changed();
  }

  signOut(caller: Caller): void {
    this.#ask("signOut", caller, null);
    this.#clerk = null;
    this.#changed();
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
    this.#openCase = null;
    const requestId = "01890000-0000-7000-8000-000000000001";
    this.#request = { requestId, caseNo, visitNo: how.visitNo, staffNo: this.#clerk.staffNo, state: "waiting", ...this.leak };
    this.tell({ event: "request", windowNo: this.windowNo, requestId, caseNo, visitNo: how.visitNo, state: "waiting", ...this.leak });
    return { requestId, state: "waiting", expiresInMs: 120_000, ...this.leak };
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
