import type { DeskEvent, DeskState } from "@window-rating/protocol/desk";
import type { Reply, ScreenClient, Standing } from "../../messages/client.ts";
import type { Refusal } from "../../messages/envelope.ts";
import type { EventOf } from "../../messages/events.ts";
import { DEFAULT_PREFERENCES, type Preferences, type StripAction } from "../../messages/preferences.ts";
import type { AnswerOf, BodyOf, RequestOf } from "../../messages/requests.ts";
import { causeSentence, sentenceOf } from "../words/sentence.ts";
import { words } from "../words/words.ts";
import { type Hindrance, possibilities } from "./actions.ts";

/** What was just done or refused, for a moment, in the words of the screen. */
export interface Message {
  readonly is: "done" | "refused";
  readonly text: string;
  readonly number: number;
  /** What it says cannot be done, and why: said for as long as that is so. */
  readonly about?: { readonly action: StripAction; readonly hindrance: Hindrance };
}

export interface StripSnapshot {
  readonly standing: Standing;
  readonly windowNo: string | null;
  readonly state: DeskState | undefined;
  /** Code of what keeps this PC from serving its windows; null: nothing does. */
  readonly outOfOrder: string | null;
  /** When the state came, by the page's own clock, milliseconds. */
  readonly stateAtMs: number;
  readonly preferences: Preferences;
  readonly message: Message | null;
  /** The business system that asks to be paired, until its time is over. */
  readonly pairing: Pairing | null;
}

type Pairing = EventOf<"pairing"> & { readonly waiting: object };

export interface ModelOptions {
  /** The page's own clock, milliseconds. */
  readonly now: () => number;
  readonly reload: () => void;
  readonly later: (act: () => void, ms: number) => void;
}

type StripClient = ScreenClient<"strip">;

/** What was done is said for so long, milliseconds; what was refused until the clerk does something else, or so long after the window went on. */
const DONE_FOR_MS = 8000;

/** Asking is activity, too; but nobody need be told more often than this, milliseconds. */
const STAY_EVERY_MS = 20_000;

/** Another case, another request or another clerk; that a clerk was signed out may be what the message is about. */
const hasGoneOn = (before: DeskState | undefined, { clerk, openCase, request }: DeskState): boolean =>
  (openCase !== null && (openCase.caseNo !== before?.openCase?.caseNo || openCase.visitNo !== before.openCase.visitNo)) ||
  request?.requestId !== before?.request?.requestId ||
  (clerk !== null && clerk.staffNo !== before?.clerk?.staffNo);

/** What the strip knows: all of it told by the core, nothing kept by the page. */
export class StripModel {
  readonly #client: StripClient;
  readonly #now: () => number;
  readonly #listeners = new Set<() => void>();
  #snapshot: StripSnapshot = {
    standing: "connecting",
    windowNo: null,
    state: undefined,
    outOfOrder: null,
    stateAtMs: 0,
    preferences: DEFAULT_PREFERENCES,
    message: null,
    pairing: null,
  };
  #messages = 0;
  #stayedAtMs = Number.NEGATIVE_INFINITY;
  #build: string | undefined;
  /** Called when window-host serves other screens than these. */
  readonly #reload: () => void;
  readonly #later: (act: () => void, ms: number) => void;

  constructor(client: StripClient, { now, reload, later }: ModelOptions) {
    this.#client = client;
    this.#now = now;
    this.#reload = reload;
    this.#later = later;
    client.watch((standing) => this.#change({ standing }));
    client.on("welcome", (told) => this.#welcome(told));
    client.on("desk", (event) => this.#hear(event));
    client.on("pairing", (told) => this.#hearOfPairing(told));
  }

  readonly subscribe = (listener: () => void): (() => void) => {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  };

  readonly snapshot = (): StripSnapshot => this.#snapshot;

  ask<Name extends RequestOf<"strip">>(name: Name, body: BodyOf<Name>): Promise<Reply<Name>> {
    return this.#client.ask(name, body);
  }

  /**
   * Asks, and says what came of it.
   * @returns the answer; undefined if it was refused, which was said
   */
  async act<Name extends RequestOf<"strip">>(name: Name, body: BodyOf<Name>, done: string | null): Promise<AnswerOf<Name> | undefined> {
    const reply = await this.#client.ask(name, body);
    if (reply.is === "refused") {
      this.refused(reply.error);
      return undefined;
    }
    if (done !== null) this.say("done", done);
    return reply.body;
  }

  refused({ code, title, detail, advice, facts }: Refusal): void {
    this.say("refused", sentenceOf(code, `${code} ${title}: ${detail}. ${advice}`, words.language, facts));
  }

  say(is: Message["is"], text: string, about?: Message["about"]): void {
    const number = ++this.#messages;
    this.#change({ message: { is, text, number, ...(about && { about }) } });
    if (is === "done") this.#later(() => this.#snapshot.message?.number === number && this.hush(), DONE_FOR_MS);
  }

  hush(): void {
    if (this.#snapshot.message !== null) this.#change({ message: null });
  }

  /** Somebody pressed a key or a button here. */
  stay(): void {
    const now = this.#now();
    const { state, standing } = this.#snapshot;
    if (standing !== "connected" || state?.clerk == null || now - this.#stayedAtMs < STAY_EVERY_MS) return;
    this.#stayedAtMs = now;
    void this.#client.ask("clerk.stay", {});
  }

  async keepPreferences(preferences: Preferences): Promise<boolean> {
    const kept = await this.act("preferences.save", preferences, null);
    if (kept === undefined) return false;
    await this.#use(preferences);
    // In the language that was chosen.
    this.say("done", words.t("settings.saved"));
    return true;
  }

  #welcome({ windowNo, build, outOfOrder }: EventOf<"welcome">): void {
    this.#change({ windowNo, outOfOrder: outOfOrder ?? null, ...(outOfOrder === undefined ? {} : { state: undefined }) });
    if (this.#build !== undefined && this.#build !== build) this.#reload();
    this.#build = build;
    void this.#readPreferences();
  }

  #hear(event: DeskEvent): void {
    switch (event.event) {
      case "state": {
        const before = this.#snapshot.state;
        this.#change({ state: event.state, stateAtMs: this.#now() });
        this.#outlive(event.state);
        this.#letGo(before, event.state);
        if (event.state.clerk?.staffNo !== before?.clerk?.staffNo) void this.#readPreferences();
        return;
      }
      case "notice":
        return this.say("refused", sentenceOf(event.code, event.text, words.language));
      case "clerk-key":
        return this.say("done", words.t("padKey", { action: words.t(`padActions.${event.action}`) }));
      // The state that follows says it.
      case "request":
      case "recovery":
        return;
    }
  }

  /** "Invited" is said no longer when the citizen has answered, or has not: the line says that now. */
  #outlive({ request }: DeskState): void {
    if (request === null || request.state === "waiting" || request.state === "shown") return;
    const { caseNo } = request;
    const invited = [words.t("endCase.ended", { caseNo }), words.t("invite.done", { caseNo })];
    if (invited.includes(this.#snapshot.message?.text ?? "")) this.hush();
  }

  /** What was refused is no news when the window has gone on: "no case" would stand beside a case, and hide what is behind the line. */
  #letGo(before: DeskState | undefined, state: DeskState): void {
    const { standing, message } = this.#snapshot;
    if (message?.is !== "refused") return;
    const { number, about, text } = message;
    // The pad is sound again; that it was not has been told with the same words.
    const cause = before?.pad.cause;
    if (cause !== undefined && cause !== state.pad.cause && text === causeSentence(cause, words.language)) return this.hush();
    if (about !== undefined && possibilities(standing, state)[about.action] !== about.hindrance) return this.hush();
    if (hasGoneOn(before, state)) this.#later(() => this.#snapshot.message?.number === number && this.hush(), DONE_FOR_MS);
  }

  #hearOfPairing({ waiting, mayDecide }: EventOf<"pairing">): void {
    const pairing = waiting === null ? null : { waiting, mayDecide };
    this.#change({ pairing });
    if (pairing !== null)
      this.#later(() => this.#snapshot.pairing === pairing && this.#change({ pairing: null }), pairing.waiting.expiresInMs);
  }

  async #readPreferences(): Promise<void> {
    const reply = await this.#client.ask("preferences.read", {});
    if (reply.is === "answer") await this.#use(reply.body);
  }

  async #use(preferences: Preferences): Promise<void> {
    if (words.language !== preferences.language) await words.changeLanguage(preferences.language);
    this.#change({ preferences });
  }

  #change(changes: Partial<StripSnapshot>): void {
    this.#snapshot = { ...this.#snapshot, ...changes };
    for (const listener of this.#listeners) listener();
  }
}
