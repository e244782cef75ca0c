import type { Level } from "@window-rating/protocol/rating";

/**
 * By which way a rating came. `pad` and `browser-pad` through a window PC; `dynamic-qr` one person, one case; `static-qr` one window,
 * matched by window and time; `hotline` a key pressed on the phone; `phone-visit` asked by a person; `paper` typed by somebody else;
 * `terminal` a self-service machine; `message` a message with a level that was left on a message board (000 一: 留言评价); `opinion-box` a
 * slip out of the opinion box and `complaint-desk` told at the desk for what could not be done in one visit (002 5.1: 意见箱,
 * “跑一次没办成”投诉代办台), both typed by somebody else; `system` another system; `import` a file; `default` set by the rules when nobody rated.
 */
export const CHANNELS = [
  "pad",
  "browser-pad",
  "dynamic-qr",
  "static-qr",
  "web",
  "sms",
  "hotline",
  "phone-visit",
  "paper",
  "terminal",
  "message",
  "opinion-box",
  "complaint-desk",
  "system",
  "import",
  "default",
] as const;
export type Channel = (typeof CHANNELS)[number];

/** Given at the counter or beside it, where a clerk may be near. An import never is, whatever its file says. */
const ON_SITE: ReadonlySet<Channel> = new Set(["pad", "browser-pad", "paper", "terminal"]);
export const isGivenOnSite = (channel: Channel): boolean => ON_SITE.has(channel);

/** Given by a person at all; never to be mixed with what the rules set (I10). */
export const isGiven = (channel: Channel): boolean => channel !== "default";

/**
 * Bound to one person or phone and out of the clerk's sight: only such a channel may correct what was given at the counter.
 * Whoever walks past can scan a static code, so it is none.
 */
const PRIVATE: ReadonlySet<Channel> = new Set(["dynamic-qr", "web", "sms", "hotline", "phone-visit"]);
export const isPrivate = (channel: Channel): boolean => PRIVATE.has(channel);

/** What is rated. */
export type Subject =
  /** The clerk of a visit (一次一评). */
  | { readonly kind: "staff"; readonly caseNo: string; readonly visitNo: number }
  /** The item of a completed case (一事一评). */
  | { readonly kind: "item"; readonly caseNo: string }
  /** Several linked cases as a whole (主题式, 一件事). */
  | { readonly kind: "theme"; readonly themeNo: string }
  /** A place as a whole; by some regions' rules once a person and day. */
  | { readonly kind: DailyKind; readonly subjectNo: string }
  /** A window, by its static code: kept and counted for nobody, until it is known whose visit it was. */
  | { readonly kind: "window"; readonly subjectNo: string };
export type SubjectKind = Subject["kind"];
export type DailyKind = "hall" | "agency" | "platform";

/**
 * `first`: the first that counts for its subject. `correction`: counts instead of the one it supersedes. `beside`: kept, and counts for
 * nobody.
 */
export type Standing = "first" | "correction" | "beside";

/** What the channel itself vouches for about the visit, for cases that nobody has told central of. */
export interface Service {
  readonly itemCode: string;
  readonly itemName: string;
  readonly windowNo?: string | undefined;
  readonly staffNo?: string | undefined;
  readonly clerkName?: string | undefined;
  readonly endedAtMs: number;
  /** True if the case itself is completed (办结). */
  readonly completed: boolean;
}

/** One rating as a channel hands it in. */
export interface Submission {
  readonly channel: Channel;
  /**
   * Names this submission within its channel: nonce of a QR code, id of an SMS, row of a file. The same key again is the same rating,
   * however often it comes.
   */
  readonly key: string;
  readonly subject: Subject;
  readonly level: Level;
  readonly reasons?: { readonly version: string; readonly codes: readonly string[] } | undefined;
  readonly comment?: string | undefined;
  /** True if words of the citizen are among what is sealed in `rater.contact`. */
  readonly hasWords?: boolean | undefined;
  /** When the citizen rated, Unix milliseconds by central's clock. */
  readonly atMs: number;
  readonly rater?:
    | {
        /** `verified`: the channel has proof of who it is (log-on, the phone on file). */
        readonly named: "no" | "claimed" | "verified";
        /** Keyed hash of phone, account or paper; needed where one person rates once a day. */
        readonly person?: string | undefined;
        /** Words, name and phone, sealed for central and for the rating with this channel and key. */
        readonly contact?: string | undefined;
      }
    | undefined;
  readonly service?: Service | undefined;
  /** Staff number of whoever typed it in, for what a citizen did not type. */
  readonly typedBy?: string | undefined;
  /** The rating that this one corrects, found by its receipt code; `acceptRating` then asks no policy for a second rating. */
  readonly corrects?: number | undefined;
  readonly importNo?: number | undefined;
  /** What else the channel knows of where it came from; kept as JSON. No number, name or address of a person. */
  readonly origin?: Readonly<Record<string, string | number | boolean | null>> | undefined;
}
