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

/** Who calls a verb: the name of a pairing, or of the person at this PC. It goes on the record (I12). */
export interface Caller {
  readonly name: string;
}

/**
 * The verbs of one window, whoever calls them (desk API, the clerk's strip, the demo).
 * Every verb either has its effect on disk when it returns, or throws a WindowRatingError (WR4xxx, WR5xxx) and changed nothing.
 */
export interface WindowDesk {
  readonly windowNo: string;
  signIn(clerk: SignIn, caller: Caller): void;
  signOut(caller: Caller): void;
  /** @throws WR5004, WR5006, WR5007 */
  startCase(visit: StartCase, caller: Caller): void;
  /** Opens the rating. @throws WR5004, WR5005, WR5006, WR5008 */
  endCase(caseNo: string, how: EndCase, caller: Caller): EndCaseAnswer;
  /** @throws WR5009 */
  cancelCase(caseNo: string, which: CancelCase, caller: Caller): void;
  /** The window pauses, with this text or another. */
  pause(how: Pause, caller: Caller): void;
  resume(caller: Caller): void;
  /** Fleeting: shown by a pad that is there, and by one that comes back while this PC runs. */
  showNotice(what: Notice, caller: Caller): void;
  state(): DeskState;
  /** The listener is called after each change is on disk. Returns the function that ends it. */
  subscribe(listener: (event: DeskEvent) => void): () => void;
}
