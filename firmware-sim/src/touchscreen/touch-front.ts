import { type ContactKey, sealContact } from "@window-rating/protocol/contact";
import { ASK, CAPABILITIES, type Command, type Message, type PadEvent } from "@window-rating/protocol/pad";
import { type RequestId, requestIdFromBytes, requestIdToBytes } from "@window-rating/protocol/rating";
import type { PadPhase } from "../face.ts";
import { DARK } from "../firmware/display.ts";
import { earliest } from "../firmware/earliest.ts";
import type { Front, Trunk } from "../firmware/front.ts";
import { PROMPTS } from "../firmware/prompts.ts";
import type { FirmwareInput } from "../firmware/signals.ts";
import {
  type Answering,
  asksMore,
  type Choice,
  chooseLevel,
  findMistake,
  goBack,
  offeredReasons,
  open,
  type Question,
  showCode,
  stir,
  toggleReason,
} from "./answering.ts";
import type { Assets } from "./assets.ts";
import { Backdrop } from "./backdrop.ts";
import { reasonListOf, reasonText } from "./reason-list.ts";
import type { Asked, Scene, Touch, Written } from "./screen.ts";
import { readWritten, usableKey } from "./seal.ts";

/** What a frame must carry so that the longest answer fits, bytes. */
const LEAST_FRAME = 1024;
const NOTHING_WRITTEN: Written = { words: "", name: "", phone: "" };
const NOTHING_SEALED = { sealed: new Uint8Array(0), sealedFor: new Uint8Array(8) };
const NO_KEYS_DOWN = [false, false, false, false, false];

type Showing =
  | { readonly is: "backdrop" }
  | { readonly is: "asking"; readonly answering: Answering }
  /** The answer is on its way into the store: nothing is to be seen of that yet (I2). */
  | { readonly is: "keeping"; readonly answering: Answering }
  | { readonly is: "thanks"; readonly requestId: RequestId; readonly until: number };

/**
 * A touchscreen (protocol/SPEC.md, section 12). Rules beyond the messages' own:
 * - A touch that names another request than the one on the screen does nothing.
 * - A level that was touched counts, however the request ends: confirmed, by its time, or because something else is shown. Words and
 *   contact count only when confirmed.
 * - What a citizen writes is in no state: it comes with the confirming touch, goes into the seal, and is gone.
 */
export class TouchFront implements Front {
  readonly capabilities =
    CAPABILITIES.voice |
    CAPABILITIES.screen |
    CAPABILITIES.touch |
    CAPABILITIES.reasons |
    CAPABILITIES.wordsAndContact |
    CAPABILITIES.qrCodes;
  readonly isAnyStuck = false;
  readonly #trunk: Trunk;
  readonly #assets: Assets;
  readonly #backdrop: Backdrop;
  #showing: Showing = { is: "backdrop" };
  #contactKey: ContactKey | undefined;

  constructor(trunk: Trunk, assets: Assets) {
    this.#trunk = trunk;
    this.#assets = assets;
    this.#backdrop = new Backdrop(assets);
  }

  input(input: Extract<FirmwareInput, { is: "keyDown" | "keyUp" | "touch" }>, at: number): void {
    if (input.is === "touch") return this.#touched(input.touch, at);
    // A pad with number keys beside its screen: 1–5 choose a level.
    const { answering } = this;
    if (input.is === "keyDown" && answering !== undefined) {
      this.#touched({ do: "level", requestId: answering.question.requestId, level: input.key }, at);
    }
  }

  obey(command: Command, at: number): boolean {
    switch (command.type) {
      case "configure":
        return true;
      case "openRating":
      case "openTouchRating":
        this.#open(command, at);
        return true;
      case "cancelRating":
        if (this.answering?.question.requestId === requestIdFromBytes(command.requestId)) this.#leave(at);
        return true;
      case "idle":
        this.#leave(at);
        this.#backdrop.endPause();
        return true;
      case "contactKey":
        // A key that came over a line where nobody has proved who they are is nobody's key.
        if (this.#trunk.isPaired) this.#contactKey = usableKey(command, (length) => this.#trunk.random(length));
        return true;
      default:
        return this.#backdrop.obey(command, at);
    }
  }

  due(): number | undefined {
    const showing = this.#showing;
    const end = showing.is === "asking" ? showing.answering.endsAt : showing.is === "thanks" ? showing.until : undefined;
    return earliest(end, this.#backdrop.due());
  }

  happen(at: number): void {
    const showing = this.#showing;
    if (showing.is === "asking" && showing.answering.endsAt <= at) this.#timeIsUp(showing.answering, at);
    else if (showing.is === "thanks" && showing.until <= at) this.rest();
    else this.#backdrop.happen(at);
  }

  kept(event: PadEvent, at: number): void {
    const showing = this.#showing;
    if (showing.is !== "keeping" || !("requestId" in event)) return;
    const { requestId } = showing.answering.question;
    if (requestId !== requestIdFromBytes(event.requestId)) return;
    const { thanksMs } = this.#trunk;
    if (thanksMs === 0) return this.rest();
    this.#showing = { is: "thanks", requestId, until: at + thanksMs };
    this.#trunk.speak(PROMPTS.thanks.id, at);
  }

  rest(): void {
    this.#showing = { is: "backdrop" };
    this.#backdrop.resetLook();
  }

  show(at: number): ReturnType<Front["show"]> {
    const showing = this.#showing;
    const { answering } = this;
    return {
      lamps: DARK,
      phase: this.#phase(),
      requestId: answering?.question.requestId ?? (showing.is === "thanks" ? showing.requestId : null),
      labels: this.#backdrop.labels(answering?.question.labels ?? []),
      keysDown: NO_KEYS_DOWN,
      remainingMs: answering === undefined ? null : Math.max(0, answering.endsAt - at),
      screen: this.#backdrop.show(this.#scene()),
    };
  }

  /** The rating that is on the screen. */
  get answering(): Answering | undefined {
    return this.#showing.is === "asking" || this.#showing.is === "keeping" ? this.#showing.answering : undefined;
  }

  // ——— what comes from the host ———

  #open(command: Message<"openRating" | "openTouchRating">, at: number): void {
    const requestId = requestIdFromBytes(command.requestId);
    const showing = this.#showing;
    if (this.#trunk.wasRated(requestId)) return;
    if (this.answering?.question.requestId === requestId) return this.#renew(command);
    if (showing.is === "asking" && showing.answering.chosen !== undefined) this.#leave(at);
    const reason = this.#trunk.isFaulty ? "fault" : this.#trunk.isFull ? "storeFull" : undefined;
    if (reason !== undefined) return this.#trunk.refuse(command, reason);
    if (showing.is === "asking" || showing.is === "thanks") this.#backdrop.resetLook();
    this.#backdrop.endPause();
    this.#backdrop.holdLook();
    this.#showing = { is: "asking", answering: open(this.#questionOf(command, requestId), at) };
    this.#trunk.speak(command.voice, at);
  }

  /** The request that is shown goes on as it is; only its code may have come since. */
  #renew(command: Message<"openRating" | "openTouchRating">): void {
    const showing = this.#showing;
    if (showing.is === "asking" && command.type === "openTouchRating" && command.caseQr !== "")
      this.#ask(showCode(showing.answering, command.caseQr));
  }

  #questionOf(command: Message<"openRating" | "openTouchRating">, requestId: RequestId): Question {
    const { timeoutMs, labels } = command;
    const common = { requestId, timeoutMs, labels, card: this.#backdrop.card };
    if (command.type === "openRating") {
      const nothing = { itemName: "", caseNo: "", caseQr: "", reasonList: undefined, asksWords: false, asksContact: false };
      return { ...common, ...nothing, isPlain: true };
    }
    const { ask, reasonList, itemName, caseNo, caseQr } = command;
    const canSeal = this.#trunk.isPaired && this.#contactKey !== undefined && this.#trunk.maxFrame >= LEAST_FRAME;
    return {
      ...common,
      ...{ itemName, caseNo, caseQr, isPlain: false },
      reasonList: (ask & ASK.reasons) === 0 ? undefined : reasonListOf(reasonList, this.#assets),
      asksWords: canSeal && (ask & ASK.words) !== 0,
      asksContact: canSeal && (ask & ASK.contact) !== 0,
    };
  }

  /** Something else is to be shown, or nothing: a level that was touched counts all the same, as by the end of its time. */
  #leave(at: number): void {
    const showing = this.#showing;
    if (showing.is === "asking" && showing.answering.chosen !== undefined)
      this.#enter(showing.answering, showing.answering.chosen, "timeUp", at);
    this.rest();
  }

  // ——— what the citizen does ———

  #touched(touch: Touch, at: number): void {
    const showing = this.#showing;
    if (touch.do === "look") return this.#changeLook(touch, at);
    // The trunk has taken it.
    if (touch.do === "testKey") return;
    if (touch.do === "pairPress") return this.#trunk.pressForPairing(at);
    if (touch.do === "pair") {
      if (showing.is === "backdrop") this.#trunk.askForPairing(at);
      return;
    }
    if (showing.is !== "asking" || showing.answering.question.requestId !== touch.requestId) return;
    const { answering } = showing;
    switch (touch.do) {
      case "level": {
        const next = chooseLevel(answering, touch.level, at);
        if (next.chosen !== undefined && answering.chosen === undefined && !asksMore(next.question, touch.level))
          this.#confirm(next, NOTHING_WRITTEN, at);
        else this.#ask(next);
        return;
      }
      case "reason":
        return this.#ask(toggleReason(answering, touch.code, at));
      case "back":
        return this.#ask(goBack(answering, at));
      case "stir":
        return this.#ask(stir(answering, at));
      case "confirm":
        return this.#confirm(answering, touch.written, at);
    }
  }

  #changeLook({ look }: Extract<Touch, { do: "look" }>, at: number): void {
    this.#backdrop.change(look, at);
    if (this.#showing.is !== "asking") return;
    this.#backdrop.holdLook();
    this.#ask(stir(this.#showing.answering, at));
  }

  #ask(answering: Answering): void {
    this.#showing = { is: "asking", answering };
  }

  #confirm(answering: Answering, written: Written, at: number): void {
    const { chosen, question } = answering;
    if (chosen === undefined) return;
    const reading = readWritten(written, { words: question.asksWords, contact: question.asksContact });
    if (reading.is === "mistake") return this.#ask(findMistake(answering, reading.field, at));
    const requestId = requestIdToBytes(question.requestId);
    const key = this.#contactKey;
    const sealed =
      reading.is === "nothing" || key === undefined
        ? undefined
        : { sealed: sealContact(reading.contact, key, requestId, (length) => this.#trunk.random(length)), sealedFor: key.keyId };
    this.#showing = { is: "keeping", answering };
    this.#enter(answering, chosen, "confirmed", at, sealed);
  }

  #timeIsUp(answering: Answering, at: number): void {
    const { chosen } = answering;
    if (chosen !== undefined) {
      this.#showing = { is: "keeping", answering };
      return this.#enter(answering, chosen, "timeUp", at);
    }
    this.rest();
    this.#trunk.enter((eventNo) => ({
      type: "timedOut",
      eventNo,
      requestId: requestIdToBytes(answering.question.requestId),
      unixMs: this.#trunk.unixMs(at),
      bootCount: this.#trunk.bootCount,
    }));
  }

  #enter(
    { question, openedAt }: Answering,
    chosen: Choice,
    completed: Message<"touchRated">["completed"],
    at: number,
    { sealed, sealedFor }: Pick<Message<"touchRated">, "sealed" | "sealedFor"> = NOTHING_SEALED,
  ): void {
    const reasons = [...chosen.reasons].sort((one, other) => one - other);
    const { language } = this.#backdrop.look;
    const common = {
      requestId: requestIdToBytes(question.requestId),
      level: chosen.level,
      sinceOpenMs: chosen.at - openedAt,
      unixMs: this.#trunk.unixMs(at),
      bootCount: this.#trunk.bootCount,
    };
    this.#trunk.enter((eventNo) =>
      question.isPlain
        ? { type: "rated", eventNo, ...common }
        : {
            type: "touchRated",
            eventNo,
            ...common,
            ...{ reasons, sealed, sealedFor, completed, language },
            reasonList: reasons.length === 0 ? "" : (question.reasonList?.version ?? ""),
          },
    );
  }

  // ——— what is shown ———

  #phase(): PadPhase {
    const { answering } = this;
    if (answering !== undefined) return answering.chosen === undefined ? "inviting" : "answering";
    if (this.#showing.is === "thanks") return "thanks";
    return this.#backdrop.isPaused ? "paused" : "idle";
  }

  #scene(): Scene {
    if (this.#showing.is === "thanks") return { is: "thanks" };
    const { answering } = this;
    if (answering === undefined) return this.#backdrop.scene();
    const { question, chosen } = answering;
    const asked = this.#asked(question);
    if (chosen === undefined) return { is: "options", ...asked };
    const { language } = this.#backdrop.look;
    return {
      is: "details",
      ...asked,
      level: chosen.level,
      reasons: offeredReasons(question, chosen.level).map((reason) => ({
        code: reason.code,
        text: reasonText(reason, language, this.#backdrop.firstLanguage),
        isChosen: chosen.reasons.has(reason.code),
      })),
      asksWords: question.asksWords,
      asksContact: question.asksContact,
      mistake: chosen.mistake,
    };
  }

  #asked({ requestId, itemName, caseNo, caseQr, labels, card }: Question): Asked {
    return {
      requestId,
      itemName,
      caseNo,
      caseQr: caseQr || null,
      labels: this.#backdrop.labels(labels),
      card: card && { staffNo: card.staffNo, name: card.name, title: card.title, photo: card.photo },
    };
  }
}
