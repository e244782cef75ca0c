import type { SignIn } from "@window-rating/protocol/desk";
import { ASK, CAPABILITIES, type Capability, type Command, type Message } from "@window-rating/protocol/pad";
import { requestIdToBytes } from "@window-rating/protocol/rating";
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
  /** Text of the one-window QR code; empty: none. */
  readonly windowQr: string;
  /** Version of the list of reasons; empty: none are asked for. */
  readonly reasons: string;
  readonly words: boolean;
  readonly contact: boolean;
  readonly partyEmblem: boolean;
}

/** What is known of a clerk beside number and name. */
export interface ClerkGrade {
  readonly title: string;
  readonly stars: number;
}

export interface PadScreenOptions {
  readonly setup: ScreenSetup;
  readonly send: (command: Command) => boolean;
  /** Central's key for what citizens write; undefined as long as there is none. */
  readonly contactKey: () => { readonly keyId: Uint8Array; readonly publicKey: Uint8Array } | undefined;
  /** Words for levels 1 to 5 that are not the usual ones; see level-labels.ts. */
  readonly labels: () => readonly string[];
  readonly gradeOf: (staffNo: string) => ClerkGrade | undefined;
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
  #card: Message<"staffCard"> = NOBODY;
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
    this.#options.send(this.#configuration());
    this.tellKey();
    this.#options.send(this.#card);
  }

  /** Tells the pad central's key, unless it has it: central may have told it, or another one, since the session began. */
  tellKey(): void {
    const key = this.#options.contactKey();
    if (key === undefined || !this.#mayWrite) return;
    const text = Buffer.from(key.publicKey).toString("hex");
    if (text !== this.#toldKey && this.#options.send({ type: "contactKey", ...key })) this.#toldKey = text;
  }

  clerk(clerk: SignIn | null): void {
    this.#card = clerk === null ? NOBODY : this.#cardOf(clerk);
    this.#tell(this.#card);
  }

  pause(text: string): void {
    this.#tell({ type: "pause", text: cutToBytes(text, 120) });
  }

  notice(text: string, durationMs: number): void {
    this.#tell({ type: "notice", text: cutToBytes(text, 200), durationMs });
  }

  invitation({ requestId, timeoutMs, caseNo, itemName, caseQr }: Invitation): Message<"openTouchRating"> {
    const { setup } = this.#options;
    return {
      type: "openTouchRating",
      requestId: requestIdToBytes(requestId),
      timeoutMs,
      voice: INVITE_PROMPT,
      labels: this.#options.labels(),
      itemName: cutToBytes(itemName, 200),
      caseNo: cutToBytes(caseNo, 64),
      reasonList: setup.reasons,
      ask: this.#ask(),
      // Half an address leads nowhere.
      caseQr: this.showsCodes && Buffer.byteLength(caseQr) <= 255 ? caseQr : "",
    };
  }

  #ask(): number {
    const { setup } = this.#options;
    const mayWrite = this.#mayWrite && this.#options.contactKey() !== undefined;
    return (
      (setup.reasons !== "" && this.#can("reasons") ? ASK.reasons : 0) |
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

  #tell(message: Command): void {
    if (this.#can("screen")) this.#options.send(message);
  }

  #cardOf({ staffNo, name }: SignIn): Message<"staffCard"> {
    const { setup, gradeOf, hasAsset } = this.#options;
    const grade = gradeOf(staffNo);
    const photo = `photo/${staffNo}`;
    return {
      type: "staffCard",
      staffNo: cutToBytes(staffNo, 32),
      name: cutToBytes(name, 64),
      title: cutToBytes(grade?.title ?? "", 64),
      photo: hasAsset(photo) ? photo : "",
      stars: grade?.stars ?? 0,
      partyEmblem: setup.partyEmblem,
    };
  }

  #configuration(): Message<"configureScreen"> {
    const { setup, hasAsset } = this.#options;
    const { contrast, textSize, languages, windowQr } = setup;
    return {
      type: "configureScreen",
      contrast,
      textSize,
      languages: languages.slice(0, 8).map((tag) => cutToBytes(tag, 16)),
      logo: hasAsset("logo") ? "logo" : "",
      windowQr: Buffer.byteLength(windowQr) <= 255 ? windowQr : "",
      windowQrPicture: hasAsset("qr/window") ? "qr/window" : "",
      hall: cutToBytes(setup.hall, 96),
      window: cutToBytes(setup.window, 32),
    };
  }
}
