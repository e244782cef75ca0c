import type { SignIn } from "@window-rating/protocol/desk";
import { ASK, CAPABILITIES, type Capability, type Command, type Message } from "@window-rating/protocol/pad";
import { requestIdToBytes } from "@window-rating/protocol/rating";
import type { WindowCodeShown } from "../codes/window-code.ts";
import { cutToBytes } from "./byte-text.ts";
import type { Invitation, WindowScreen } from "./window-pad.ts";

/** How the screens of a site look, and what they ask. */
export interface ScreenSetup {
  readonly contrast: "normal" | "high";
  readonly textSize: "normal" | "large";
  /** BCP 47; the first one is shown first. */
  readonly languages: readonly string[];
  readonly hall: string;
  readonly window: string;
  readonly words: boolean;
  readonly contact: boolean;
}

/** What is known of a clerk beside number and name. */
export interface ClerkGrade {
  readonly title: string;
  readonly stars: number;
  /** Of this very clerk: nobody is called a party member who was not said to be one. */
  readonly partyMember: boolean;
}

export interface PadScreenOptions {
  readonly setup: ScreenSetup;
  readonly send: (command: Command) => boolean;
  /** Central's key for what citizens write; undefined as long as there is none. */
  readonly contactKey: () => { readonly keyId: Uint8Array; readonly publicKey: Uint8Array } | undefined;
  /** Words for levels 1 to 5 that are not the usual ones; see level-labels.ts. */
  readonly labels: () => readonly string[];
  readonly gradeOf: (staffNo: string) => ClerkGrade | undefined;
  /** Version of the list of reasons; empty: none are asked for. */
  readonly reasons: () => string;
  /** The one-window QR code, for a pad that draws codes or not. */
  readonly windowCode: (drawsCodes: boolean) => WindowCodeShown;
  /** Whether pads are given an asset of this name. */
  readonly hasAsset: (name: string) => boolean;
}

/** Voice prompt of the invitation; the pad's profile lists them. */
const INVITE_PROMPT = 2;
const NOBODY: Message<"staffCard"> = { type: "staffCard", staffNo: "", name: "", title: "", photo: "", stars: 0, partyEmblem: false };

/** The screen of a pad. What it was told is said again in each session, for a pad forgets it with its power. */
export class PadScreen implements WindowScreen {
  readonly #options: PadScreenOptions;
  #capabilities = 0;
  #isSecured = false;
  #clerk: SignIn | null = null;
  /** What the pad was told in this session, to say only what has changed. */
  #told = { configuration: "", card: "" };
  /** Public key of central that the pad was told in this session. */
  #toldKey = "";

  constructor(options: PadScreenOptions) {
    this.#options = options;
  }

  get isTouch(): boolean {
    return this.#can("touch");
  }

  get showsCodes(): boolean {
    return this.isTouch && this.#can("qrCodes");
  }

  /** A session stands that may be used. */
  ready(capabilities: number, isSecured: boolean): void {
    this.#capabilities = capabilities;
    this.#isSecured = isSecured;
    this.#toldKey = "";
    if (!this.#can("screen")) return;
    this.#told = { configuration: "", card: "" };
    this.#tellConfiguration();
    this.tellKey();
    this.#tellCard();
  }

  /** Tells the pad central's key, unless it has it: central may have told it, or another one, since the session began. */
  tellKey(): void {
    const key = this.#options.contactKey();
    if (key === undefined || !this.#mayWrite) return;
    const text = Buffer.from(key.publicKey).toString("hex");
    if (text !== this.#toldKey && this.#options.send({ type: "contactKey", ...key })) this.#toldKey = text;
  }

  clerk(clerk: SignIn | null): void {
    this.#clerk = clerk;
    this.#tellCard();
  }

  /** Central, or the folder of assets, may say otherwise than before. What is asked already is asked to its end as it began. */
  siteChanged(): void {
    this.tellKey();
    this.#tellConfiguration();
    this.#tellCard();
  }

  pause(text: string): void {
    this.#tell({ type: "pause", text: cutToBytes(text, 120) });
  }

  notice(text: string, durationMs: number): void {
    this.#tell({ type: "notice", text: cutToBytes(text, 200), durationMs });
  }

  invitation({ requestId, timeoutMs, caseNo, itemName, caseQr }: Invitation): Message<"openTouchRating"> {
    return {
      type: "openTouchRating",
      requestId: requestIdToBytes(requestId),
      timeoutMs,
      voice: INVITE_PROMPT,
      labels: this.#options.labels(),
      itemName: cutToBytes(itemName, 200),
      caseNo: cutToBytes(caseNo, 64),
      reasonList: this.#options.reasons(),
      ask: this.#ask(),
      // Half an address leads nowhere.
      caseQr: this.showsCodes && Buffer.byteLength(caseQr) <= 255 ? caseQr : "",
    };
  }

  #ask(): number {
    const { setup, reasons } = this.#options;
    const mayWrite = this.#mayWrite && this.#options.contactKey() !== undefined;
    return (
      (reasons() !== "" && this.#can("reasons") ? ASK.reasons : 0) |
      (setup.words && mayWrite ? ASK.words : 0) |
      (setup.contact && mayWrite ? ASK.contact : 0)
    );
  }

  /** What a citizen writes may only go over a line on which both sides have proved who they are (I9). */
  get #mayWrite(): boolean {
    return this.#isSecured && this.#can("wordsAndContact");
  }

  #can(capability: Capability): boolean {
    return (this.#capabilities & CAPABILITIES[capability]) !== 0;
  }

  #tell(message: Command): boolean {
    return this.#can("screen") && this.#options.send(message);
  }

  #tellConfiguration(): void {
    const configuration = this.#configuration();
    const text = JSON.stringify(configuration);
    if (text !== this.#told.configuration && this.#tell(configuration)) this.#told.configuration = text;
  }

  #tellCard(): void {
    const card = this.#clerk === null ? NOBODY : this.#cardOf(this.#clerk);
    const text = JSON.stringify(card);
    if (text !== this.#told.card && this.#tell(card)) this.#told.card = text;
  }

  #cardOf({ staffNo, name }: SignIn): Message<"staffCard"> {
    const { gradeOf, hasAsset } = this.#options;
    const grade = gradeOf(staffNo);
    const photo = `photo/${staffNo}`;
    return {
      type: "staffCard",
      staffNo: cutToBytes(staffNo, 32),
      name: cutToBytes(name, 64),
      title: cutToBytes(grade?.title ?? "", 64),
      photo: hasAsset(photo) ? photo : "",
      stars: grade?.stars ?? 0,
      partyEmblem: grade?.partyMember ?? false,
    };
  }

  #configuration(): Message<"configureScreen"> {
    const { setup, hasAsset } = this.#options;
    const { contrast, textSize, languages } = setup;
    const { text, picture } = this.#options.windowCode(this.showsCodes);
    return {
      type: "configureScreen",
      contrast,
      textSize,
      languages: languages.slice(0, 8).map((tag) => cutToBytes(tag, 16)),
      logo: hasAsset("logo") ? "logo" : "",
      windowQr: text,
      windowQrPicture: picture,
      hall: cutToBytes(setup.hall, 96),
      window: cutToBytes(setup.window, 32),
    };
  }
}
