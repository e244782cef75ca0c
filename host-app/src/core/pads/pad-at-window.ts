import type { PadState, RecoveryEvent } from "@window-rating/protocol/desk";
import { type ErrorCode, WindowRatingError } from "@window-rating/protocol/error";
import { type Command, type HelloAnswer, isEvent, MESSAGES, type Message, type PadEvent, type Report } from "@window-rating/protocol/pad";
import { type RequestId, requestIdFromBytes, requestIdToBytes } from "@window-rating/protocol/rating";
import type { PadOrigin } from "@window-rating/protocol/sync";
import type { Clock } from "../clock.ts";
import type { PadEventRecord, Press } from "../store/request-book.ts";
import type { PadListener, PadOnLine } from "./pad-line.ts";
import { PadScreen, type PadScreenOptions } from "./pad-screen.ts";
import { touchAnswerOf } from "./touch-answer.ts";
import type { Invitation, WindowPad, WindowPadListener } from "./window-pad.ts";

/** How a pad is set up when it becomes ready. */
export interface PadSetup {
  readonly debounceMs: number;
  readonly volume: number;
  readonly brightness: number;
  readonly thanksMs: number;
}

export interface PadAtWindowOptions {
  readonly clock: Pick<Clock, "wallMs">;
  readonly setup: PadSetup;
  readonly screen: Omit<PadScreenOptions, "send">;
  /** Gives a command to the pad; false if it is away. */
  readonly send: (command: Command) => boolean;
  readonly state: () => PadState;
  readonly window: () => WindowPadListener;
}

/** Voice prompt of the invitation; the pad's profile lists them. */
const INVITE_PROMPT = 2;

const OPENINGS = [MESSAGES.openRating.id, MESSAGES.openTouchRating.id] as readonly number[];

type Reason = Message<"refused">["reason"];
/** Reasons for which a request is not over: the pad is asked again after a status by which it could take it. */
type Hold = Extract<Reason, "notReady" | "storeFull" | "keyStuck" | "fault">;

/** What people are told while a pad holds a request back; undefined: nothing, for they see a pairing or an update themselves. */
const TOLD: Readonly<Record<Hold, { readonly code: ErrorCode; readonly detail: string } | undefined>> = {
  notReady: undefined,
  storeFull: { code: "WR1060", detail: "it hands over what it keeps; the citizen is asked as soon as there is room" },
  keyStuck: { code: "WR1061", detail: "the citizen is asked as soon as it is let go" },
  fault: { code: "WR1062", detail: "the citizen is asked as soon as it can again" },
};

/** More refusals of one request than a key that sticks and comes free, or a store that is full and is emptied, can give while it lives. */
const MOST_REFUSALS = 30;

const STORE_FULL_BIT = 1 << 0;
const KEY_STUCK_BIT = 1 << 2;

const holdOf = (reason: Reason): Hold | undefined =>
  reason === "notReady" || reason === "storeFull" || reason === "keyStuck" || reason === "fault" ? reason : undefined;

/** Whether a pad that held a request back could take it by now. A store that is damaged in part keeps its bit for ever, and takes ratings. */
const mayTake = (hold: Hold, { phase, faults, pendingEvents }: Message<"status">, eventCapacity: number): boolean => {
  if (phase !== "idle" && phase !== "paused") return false;
  if (hold === "storeFull") return (faults & STORE_FULL_BIT) === 0 && pendingEvents < eventCapacity;
  return hold !== "keyStuck" || (faults & KEY_STUCK_BIT) === 0;
};

/** A pad that speaks the pad protocol: what its window wants as commands, what it reports as what a window knows. */
export class PadAtWindow implements WindowPad, PadListener {
  readonly tellsTimeOut = true;
  readonly screen: PadScreen;
  readonly #options: PadAtWindowOptions;
  /** Why the pad shows nothing that it is told to show; undefined: it does. */
  #hold: Hold | undefined;
  /** How often the pad refused the request that it refused last, and for which reasons people were told. */
  #refusals: { readonly of: RequestId | undefined; times: number; readonly told: Set<Hold> } = { of: undefined, times: 0, told: new Set() };
  /** Events that the pad can keep. */
  #eventCapacity = Number.POSITIVE_INFINITY;

  constructor(options: PadAtWindowOptions) {
    this.#options = options;
    this.screen = new PadScreen({ ...options.screen, send: options.send });
  }

  get state(): PadState {
    const state = this.#options.state();
    const told = this.#hold === undefined ? undefined : TOLD[this.#hold];
    // What the line itself says goes first: a pad that is away holds nothing.
    if (told === undefined || state.connection !== "ready" || state.cause !== undefined) return state;
    return { ...state, cause: new WindowRatingError(told.code, told.detail).message };
  }

  get showsCodes(): boolean {
    return this.screen.showsCodes;
  }

  open(invitation: Invitation): boolean {
    if (this.screen.isTouch) {
      this.screen.tellKey();
      return this.#options.send(this.screen.invitation(invitation));
    }
    const { requestId, timeoutMs } = invitation;
    return this.#options.send({
      type: "openRating",
      requestId: requestIdToBytes(requestId),
      timeoutMs,
      voice: INVITE_PROMPT,
      labels: this.#options.screen.labels(),
    });
  }

  end(requestId: RequestId): void {
    this.#options.send({ type: "cancelRating", requestId: requestIdToBytes(requestId) });
  }

  idle(): void {
    this.#options.send({ type: "idle" });
  }

  ready(pad: PadOnLine, { capabilities, eventCapacity }: Pick<HelloAnswer, "capabilities" | "eventCapacity">): void {
    this.#hold = undefined;
    this.#eventCapacity = eventCapacity;
    const { send, clock, setup, screen, window } = this.#options;
    send({ type: "configure", ...setup, language: screen.setup.languages[0] ?? "zh-CN" });
    send({ type: "setTime", unixMs: clock.wallMs() });
    this.screen.ready(capabilities, pad.secured);
    window().ready();
  }

  lost(): void {
    this.#hold = undefined;
    this.stateChanged();
  }

  recovered(event: RecoveryEvent): void {
    this.#options.window().recovered(event);
  }

  stateChanged(): void {
    this.#options.window().stateChanged();
  }

  report(pad: PadOnLine, message: Report): void {
    if (isEvent(message)) this.#event(pad, message);
    else if (message.type === "status") this.#status(message);
    else if (message.type === "refused") this.#refused(message);
  }

  #refused({ command, reason, requestId: bytes }: Message<"refused">): void {
    const window = this.#options.window();
    const requestId = requestIdFromBytes(bytes);
    const hold = OPENINGS.includes(command) ? holdOf(reason) : undefined;
    if (requestId !== this.#refusals.of) this.#refusals = { of: requestId, times: 0, told: new Set() };
    const refusals = this.#refusals;
    refusals.times++;
    // The word of a pad that says again and again that it could, and then does not, is worth nothing.
    if (hold === undefined || refusals.times > MOST_REFUSALS)
      return window.refused(requestId, new WindowRatingError("WR1007", `command ${command}: ${reason}`));
    this.#holdBack(hold);
    const told = TOLD[hold];
    if (told === undefined || refusals.told.has(hold)) return;
    refusals.told.add(hold);
    window.notice(new WindowRatingError(told.code, told.detail));
  }

  /** What was to be shown waits for a status that says otherwise, as long as the request lives (SPEC section 7, refusals). */
  #holdBack(hold: Hold): void {
    if (this.#hold === hold) return;
    this.#hold = hold;
    this.#options.window().stateChanged();
  }

  #status(status: Message<"status">): void {
    const window = this.#options.window();
    const { phase, requestId } = status;
    const isShown = phase === "inviting" || phase === "answering";
    if (isShown) window.shown(requestIdFromBytes(requestId));
    // A pad whose store fails puts out whatever it shows, and refuses nothing by that.
    else if (phase === "fault") this.#holdBack("fault");
    const hold = this.#hold;
    if (hold === undefined || !(isShown || mayTake(hold, status, this.#eventCapacity))) return;
    this.#hold = undefined;
    window.stateChanged();
    if (!isShown) window.ready();
  }

  #event(pad: PadOnLine, event: PadEvent): void {
    const origin: PadOrigin = {
      ...pad,
      eventNo: event.eventNo,
      bootCount: "bootCount" in event ? event.bootCount : pad.bootCount,
    };
    const acknowledge = (): void => void this.#options.send({ type: "stored", eventNo: event.eventNo });
    const window = this.#options.window();
    if (event.type === "rated" || event.type === "touchRated") window.pressed(pressOf(event, origin), acknowledge);
    else window.happened(recordOf(event, origin), acknowledge);
  }
}

const pressOf = (event: Message<"rated" | "touchRated">, origin: PadOrigin): Press => {
  const { level, sinceOpenMs, unixMs } = event;
  const requestId = requestIdFromBytes(event.requestId);
  const press = { requestId, level, time: { sinceOpenMs, padWallMs: unixMs === 0 ? null : unixMs }, origin };
  return event.type === "rated" ? press : { ...press, answer: touchAnswerOf(event) };
};

const recordOf = (event: Exclude<PadEvent, Message<"rated" | "touchRated">>, origin: PadOrigin): PadEventRecord => {
  const { type, eventNo: _, ...content } = event;
  if (event.type === "timedOut") {
    const requestId = requestIdFromBytes(event.requestId);
    return { origin, kind: type, requestId, content: JSON.stringify({ ...content, requestId }), said: undefined };
  }
  return { origin, kind: type, requestId: null, content: JSON.stringify(content), said: saidBy(event) };
};

/** What people should know of an event; undefined if it is ordinary. */
const saidBy = (event: Exclude<PadEvent, Message<"rated" | "touchRated">>): string | undefined => {
  switch (event.type) {
    case "timedOut":
    case "booted":
      return undefined;
    case "keyStuck":
      return `key ${event.key} is held down`;
    case "fault":
      return `${event.code} ${event.detail}`;
    case "updated":
      return event.outcome === "kept" ? undefined : `the new firmware was taken back, ${event.version} runs`;
    default:
      return event.type;
  }
};
