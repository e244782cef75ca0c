import type { Command, Message } from "@window-rating/protocol/pad";
import { PROMPTS } from "../firmware/prompts.ts";
import type { Assets } from "./assets.ts";
import { HOME_LANGUAGE, homePack, type LanguagePack, packOf, textsOf } from "./language-pack.ts";
import type { Card, Look, ScreenShow } from "./screen.ts";

/** A look that a citizen chose, and no rating followed, is given up after this long, milliseconds. */
const LOOK_HOLDS_MS = 60_000;

const UNCONFIGURED: Omit<Message<"configureScreen">, "type"> = {
  contrast: "normal",
  textSize: "normal",
  languages: [HOME_LANGUAGE, "en"],
  logo: "",
  windowQr: "",
  windowQrPicture: "",
  hall: "",
  window: "",
};

/** What stands on the screen behind and around the ratings: whose window it is, how it looks, pause and notice. */
export class Backdrop {
  readonly #assets: Assets;
  #settings = UNCONFIGURED;
  #card: Card | null = null;
  /** Null = not paused. */
  #pause: { readonly text: string } | null = null;
  #notice: { readonly text: string; readonly until: number | undefined } | null = null;
  #chosenLook: Partial<Look> = {};
  #lookEndsAt: number | undefined;

  constructor(assets: Assets) {
    this.#assets = assets;
  }

  /** @returns false for a command that is not about the backdrop */
  obey(command: Command, at: number): boolean {
    switch (command.type) {
      case "configureScreen":
        this.#settings = command;
        return true;
      case "staffCard":
        this.#card = command.staffNo === "" ? null : cardOf(command);
        return true;
      case "pause":
        this.#pause = { text: command.text };
        return true;
      case "notice":
        this.#notice =
          command.text === "" ? null : { text: command.text, until: command.durationMs === 0 ? undefined : at + command.durationMs };
        return true;
      default:
        return false;
    }
  }

  get card(): Card | null {
    return this.#card === null ? null : { ...this.#card, photo: this.#asset(this.#card.photo ?? "") };
  }

  get isPaused(): boolean {
    return this.#pause !== null;
  }

  endPause(): void {
    this.#pause = null;
  }

  /** The citizen wants it to look otherwise; a language that the pad does not offer changes nothing. */
  change(look: Partial<Look>, at: number): void {
    const { language, ...rest } = look;
    const isOffered = language !== undefined && this.#packs().some(({ tag }) => tag === language);
    this.#chosenLook = { ...this.#chosenLook, ...rest, ...(isOffered ? { language } : {}) };
    this.#lookEndsAt = at + LOOK_HOLDS_MS;
  }

  /** A rating has begun: the look that was chosen holds for as long as that lasts. */
  holdLook(): void {
    this.#lookEndsAt = undefined;
  }

  /** The rating is over. */
  resetLook(): void {
    this.#chosenLook = {};
    this.#lookEndsAt = undefined;
  }

  /** When something of it ends by itself next. */
  due(): number | undefined {
    const ends = [this.#notice?.until, this.#lookEndsAt].filter((end) => end !== undefined);
    return ends.length === 0 ? undefined : Math.min(...ends);
  }

  happen(at: number): void {
    if ((this.#notice?.until ?? Infinity) <= at) this.#notice = null;
    if ((this.#lookEndsAt ?? Infinity) <= at) this.resetLook();
  }

  get look(): Look {
    const { contrast, textSize } = this.#settings;
    return { language: this.#firstPack().tag, contrast, textSize, ...this.#chosenLook };
  }

  /** Words for the levels in the language shown, level 1 first. @param given the request's own, which are in the first language */
  labels(given: readonly string[]): readonly string[] {
    const { language } = this.look;
    const first = this.#firstPack();
    const own = this.#packs().find(({ tag }) => tag === language) ?? first;
    return own.levels.map((word, index) => (language === first.tag ? given[index] || word : word));
  }

  get firstLanguage(): string {
    return this.#firstPack().tag;
  }

  /** The scene that is shown when nothing is asked. */
  scene(): ScreenShow["scene"] {
    if (this.#pause !== null) return { is: "paused", text: this.#pause.text || null };
    const { windowQr, windowQrPicture } = this.#settings;
    return {
      is: "idle",
      card: this.card,
      notice: this.#notice?.text ?? null,
      windowQr: windowQr || null,
      windowQrPicture: this.#asset(windowQrPicture),
    };
  }

  show(scene: ScreenShow["scene"]): ScreenShow {
    const { hall, window, logo } = this.#settings;
    const { look } = this;
    const packs = this.#packs();
    const first = this.#firstPack();
    const shown = packs.find(({ tag }) => tag === look.language) ?? first;
    const second = packs.find(({ tag }) => tag !== shown.tag);
    return {
      scene,
      look,
      languages: packs.map(({ tag, name }) => ({ tag, name })),
      texts: textsOf(shown, first),
      secondTexts: second === undefined ? null : textsOf(second, first),
      secondLevels: second?.levels ?? null,
      recordings: this.#recordings(shown),
      hall,
      window,
      logo: this.#asset(logo),
    };
  }

  /** The packs of the languages to choose from, in their order; a language without a pack is left out. */
  #packs(): readonly LanguagePack[] {
    const packs = this.#settings.languages.map((tag) => packOf(tag, this.#assets)).filter((pack) => pack !== undefined);
    return packs.length === 0 ? [homePack()] : packs;
  }

  #firstPack(): LanguagePack {
    return this.#packs()[0] ?? homePack();
  }

  /** For each prompt the recording that the pack names, or else the asset `voice/<tag>/<prompt>`; a prompt without either is left out. */
  #recordings({ tag, voice }: LanguagePack): ScreenShow["recordings"] {
    const found = Object.values(PROMPTS).flatMap(({ id }) => {
      const name = [voice[id] ?? "", `voice/${tag}/${id}`].find((one) => this.#assets.find(one)?.kind === "wav");
      return name === undefined ? [] : [[id, name] as const];
    });
    return Object.fromEntries(found);
  }

  /** The name of an asset if the pad has it. */
  #asset(name: string): string | null {
    return name !== "" && this.#assets.find(name) !== undefined ? name : null;
  }
}

const cardOf = ({ type: _, photo, ...card }: Message<"staffCard">): Card => ({ ...card, photo: photo || null });
