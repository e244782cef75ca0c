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

/** Who calls a verb: the name of a pairing, or of the person at this PC. It goes on the record (I12). */
export interface Caller {
  readonly name: string;
}

/**
 * The verbs of one window, whoever calls them (desk API, the clerk's strip, the demo).
 * Every verb either has its effect on disk when it returns, or throws a WindowRatingError (WR4xxx, WR5xxx) and changed nothing.
 * Verbs that hash or seal something return a promise, so that no pad waits for that.
 */
export interface WindowDesk {
  readonly windowNo: string;
  /** The caller vouches for who it is. Changes the shift in one step, unless it is `beside`. @throws WR5024 */
  signIn(clerk: SignIn, caller: Caller): void;
  /** @throws WR5019, WR5020, WR5022, WR5023, WR5024 */
  signInWithPin(who: SignInWithPin, caller: Caller): Promise<void>;
  /** @throws WR5019, WR5020, WR5022, WR5023, WR5024, WR5032 */
  signInWithCard(who: SignInWithCard, caller: Caller): Promise<void>;
  /** A case in progress stays. */
  signOut(who: SignOut, caller: Caller): void;
  /** @throws WR5019, WR5020, WR5021 */
  changePin(change: ChangePin, caller: Caller): Promise<void>;
  /** The first PIN, or a new one for a forgotten one. @throws WR5019, WR5020, WR5021 */
  setPinWithCode(change: SetPinWithCode, caller: Caller): Promise<void>;
  /** Somebody is there: the time after which they are signed out begins anew. */
  stay(caller: Caller): void;
  /** A clerk's own ratings, late and pooled. @throws WR5018, WR5030 */
  ownTotals(whose: OwnTotalsRequest): OwnTotals;
  /** @throws WR5004, WR5006, WR5007 */
  startCase(visit: StartCase, caller: Caller): void;
  /** Opens the rating. @throws WR5004, WR5005, WR5006, WR5008, WR5018 */
  endCase(caseNo: string, how: EndCase, caller: Caller): EndCaseAnswer;
  /** Cases of one item, one rating. @throws WR5004, WR5006, WR5007, WR5008, WR5018, WR5025 */
  endBatch(batch: EndBatch, caller: Caller): EndCaseAnswer;
  /** Cases of one life event, one rating. @throws WR5004, WR5006, WR5007, WR5008, WR5018, WR5025 */
  endTheme(theme: EndTheme, caller: Caller): EndCaseAnswer;
  /** Any case of a batch or theme stands for all of it. @throws WR5009 */
  cancelCase(caseNo: string, which: CancelCase, caller: Caller): void;
  /** Asks the citizen once more. @throws WR5005, WR5008, WR5026 */
  inviteAgain(caseNo: string, which: InviteAgain, caller: Caller): EndCaseAnswer;
  /** A paper form, typed in by another clerk than the one it rates. @throws WR5003, WR5004, WR5027, WR5028, WR5031 */
  enterPaper(form: PaperForm, caller: Caller): Promise<void>;
  /** The window pauses, with this text or another. */
  pause(how: Pause, caller: Caller): void;
  resume(caller: Caller): void;
  /** Fleeting: shown by a pad that is there, and by one that comes back while this PC runs. */
  showNotice(what: Notice, caller: Caller): void;
  state(): DeskState;
  /** The listener is called after each change is on disk. Returns the function that ends it. */
  subscribe(listener: (event: DeskEvent) => void): () => void;
}
