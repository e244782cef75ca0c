import type { Level, RequestId } from "@window-rating/protocol/rating";
import type { KeyNo } from "../key-no.ts";

/** What a citizen does on the screen. Whatever answers names the request that was seen: a finger that comes late must not answer the next one (I3). */
export type Touch =
  | { readonly do: "level"; readonly requestId: RequestId; readonly level: Level }
  /** Chooses a reason, or takes the choice back. */
  | { readonly do: "reason"; readonly requestId: RequestId; readonly code: number }
  | { readonly do: "back"; readonly requestId: RequestId }
  | { readonly do: "confirm"; readonly requestId: RequestId; readonly written: Written }
  /** Typing or scrolling: the citizen is still there. */
  | { readonly do: "stir"; readonly requestId: RequestId }
  | { readonly do: "look"; readonly look: Partial<Look> }
  /** In the settings, where no citizen gets: the pad is to be paired. */
  | { readonly do: "pair" }
  /** The button of a pairing that waits for a person to say that the PC has the code. */
  | { readonly do: "pairPress" }
  /** A field of a test that is shown. */
  | { readonly do: "testKey"; readonly key: KeyNo };

/** What a citizen wrote, as it was typed; each empty if nothing was. It goes into the seal and nowhere else. */
export interface Written {
  readonly words: string;
  readonly name: string;
  readonly phone: string;
}

/** How the screen looks; the citizen may change it for the time of one rating. */
export interface Look {
  /** BCP 47. */
  readonly language: string;
  readonly contrast: "normal" | "high";
  readonly textSize: "normal" | "large";
}

/** The card of the clerk; stars and emblem stand on the idle screen only. */
export interface Card {
  readonly staffNo: string;
  readonly name: string;
  readonly title: string;
  /** Name of an asset that the pad has. */
  readonly photo: string | null;
  readonly stars: number;
  readonly partyEmblem: boolean;
}

/** What a rating request asks. */
export interface Asked {
  readonly requestId: RequestId;
  readonly itemName: string;
  readonly caseNo: string;
  readonly caseQr: string | null;
  /** Words of the five options, level 1 first, in the language shown. */
  readonly labels: readonly string[];
  /** The card as it was when the request was opened, without what grades the clerk. */
  readonly card: Pick<Card, "staffNo" | "name" | "title" | "photo"> | null;
}

/** A reason of the level that was touched. */
export interface OfferedReason {
  readonly code: number;
  readonly text: string;
  readonly isChosen: boolean;
}

export type Scene =
  | {
      readonly is: "idle";
      readonly card: Card | null;
      readonly notice: string | null;
      readonly windowQr: string | null;
      /** Asset with that code as a picture. */
      readonly windowQrPicture: string | null;
    }
  /** Its text; null = the pad's own words. */
  | { readonly is: "paused"; readonly text: string | null }
  | ({ readonly is: "options" } & Asked)
  | ({
      readonly is: "details";
      readonly level: Level;
      readonly reasons: readonly OfferedReason[];
      readonly asksWords: boolean;
      readonly asksContact: boolean;
      /** Why the answer could not be taken as it was written. */
      readonly mistake: keyof Written | null;
    } & Asked)
  | { readonly is: "thanks" };

/** Everything a touchscreen shows. Nothing of what a citizen writes is ever in it. */
export interface ScreenShow {
  readonly scene: Scene;
  readonly look: Look;
  /** Languages to choose from, by their own names. */
  readonly languages: readonly { readonly tag: string; readonly name: string }[];
  /** The pad's own words in the language shown, and in the second language, by key. */
  readonly texts: Readonly<Record<string, string>>;
  readonly secondTexts: Readonly<Record<string, string>> | null;
  /** Words for the levels in the second language, level 1 first. */
  readonly secondLevels: readonly string[] | null;
  /** Asset with the recording of a prompt in the language shown, by the number of the prompt. */
  readonly recordings: Readonly<Record<string, string>>;
  readonly hall: string;
  readonly window: string;
  /** Name of an asset that the pad has. */
  readonly logo: string | null;
}
