import { WindowRatingError } from "@window-rating/protocol/error";
import type { HandlersOf } from "../../messages/exchange.ts";
import type { AnswerOf } from "../../messages/requests.ts";
import type { Caller, WindowDesk } from "../cases/window-desk.ts";
import type { PairingDesk } from "../desk/pairing-desk.ts";
import type { PreferenceBook } from "./preference-book.ts";

/** What is known of the site besides its windows. */
export interface SiteLists {
  /** What a paper form offers. */
  paper(): AnswerOf<"paper.lists">;
  /** Items whose code or name holds the text; not more than `most`. */
  findItems(text: string, most: number): AnswerOf<"items.find">["items"];
}

/** How a strip takes part when a business system asks to be paired. */
export interface StripPairing {
  readonly desk: Pick<PairingDesk, "waiting" | "confirm" | "refuse" | "subscribe">;
  /** The site lets signed-in clerks decide; else the strip only tells. */
  readonly mayDecide: boolean;
}

export interface StripParts {
  readonly desk: WindowDesk;
  readonly pairing?: StripPairing | undefined;
  readonly lists: SiteLists;
  readonly preferences: PreferenceBook;
}

/** As many as a list on the strip has room for. */
const ITEMS_SHOWN = 20;

/** Who signed in shows on the record of what the strip does; until somebody has, the strip itself does. */
const callerOf = (desk: WindowDesk): Caller => {
  const { clerk } = desk.state();
  return { name: clerk === null ? "strip" : `strip, clerk ${clerk.staffNo}` };
};

/** @throws WR5038 where clerks may not decide, WR5004 while none is signed in */
const pairingDeskFor = (desk: WindowDesk, pairing: StripPairing | undefined): StripPairing["desk"] => {
  if (pairing?.mayDecide !== true) throw new WindowRatingError("WR5038", "this site has IT staff decide which system is paired");
  if (desk.state().clerk === null) throw new WindowRatingError("WR5004", "nobody is signed in at this window");
  return pairing.desk;
};

/** What the core does for a strip, for its window and no other. */
export const stripHandlers = ({ desk, lists, preferences, pairing }: StripParts): HandlersOf<"strip"> => {
  const caller = (): Caller => callerOf(desk);
  const owner = (): string => {
    const { clerk } = desk.state();
    return clerk === null ? `window ${desk.windowNo}` : `clerk ${clerk.staffNo}`;
  };
  const done = {};
  return {
    "clerk.signInWithPin": async (who) => {
      await desk.signInWithPin(who, caller());
      return done;
    },
    "clerk.signInWithCard": async (who) => {
      await desk.signInWithCard(who, caller());
      return done;
    },
    "clerk.signOut": (who) => {
      desk.signOut(who, caller());
      return done;
    },
    "clerk.changePin": async (change) => {
      await desk.changePin(change, caller());
      return done;
    },
    "clerk.setPinWithCode": async (change) => {
      await desk.setPinWithCode(change, caller());
      return done;
    },
    "clerk.stay": () => {
      desk.stay(caller());
      return done;
    },
    "clerk.totals": (whose) => desk.ownTotals(whose),
    "case.start": (visit) => {
      desk.startCase(visit, caller());
      return done;
    },
    "case.end": ({ caseNo, ...how }) => desk.endCase(caseNo, { ...how, trigger: "manual" }, caller()),
    "case.endBatch": (batch) => desk.endBatch({ ...batch, trigger: "manual" }, caller()),
    "case.endTheme": (theme) => desk.endTheme({ ...theme, trigger: "manual" }, caller()),
    "case.cancel": ({ caseNo, ...which }) => {
      // Whoever passes by, or has just signed out, takes nobody's invitation back: it is on the record who did.
      if (desk.state().clerk === null) throw new WindowRatingError("WR5004", "nobody is signed in at this window");
      desk.cancelCase(caseNo, which, caller());
      return done;
    },
    "case.inviteAgain": ({ caseNo, ...which }) => desk.inviteAgain(caseNo, { ...which, trigger: "manual" }, caller()),
    "paper.enter": async (form) => {
      await desk.enterPaper(form, caller());
      return done;
    },
    "paper.lists": () => lists.paper(),
    "items.find": ({ text }) => ({ items: lists.findItems(text, ITEMS_SHOWN) }),
    "pairing.confirm": ({ code }) => {
      pairingDeskFor(desk, pairing).confirm(code);
      return done;
    },
    "pairing.refuse": ({ code }) => {
      pairingDeskFor(desk, pairing).refuse(code);
      return done;
    },
    "window.pause": (how) => {
      desk.pause(how, caller());
      return done;
    },
    "window.resume": () => {
      desk.resume(caller());
      return done;
    },
    "preferences.read": () => preferences.of(owner()),
    "preferences.save": (liked) => {
      preferences.keep(owner(), liked);
      return done;
    },
  };
};
