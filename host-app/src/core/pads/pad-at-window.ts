import type { PadState, RecoveryEvent } from "@window-rating/protocol/desk";
import { WindowRatingError } from "@window-rating/protocol/error";
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

/** A pad that speaks the pad protocol: what its window wants as commands, what it reports as what a window knows. */
export class PadAtWindow implements WindowPad, PadListener {
  readonly tellsTimeOut = true;
  readonly screen: PadScreen;
  readonly #options: PadAtWindowOptions;
  /** The pad is busy with itself, and did not take what it was to show. */
  #isBusy = false;

  constructor(options: PadAtWindowOptions) {
    this.#options = options;
    this.screen = new PadScreen({ ...options.screen, send: options.send });
  }

  get state(): PadState {
    return this.#options.state();
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

  ready(pad: PadOnLine, { capabilities }: Pick<HelloAnswer, "capabilities">): void {
    const { send, clock, setup, screen, window } = this.#options;
    send({ type: "configure", ...setup, language: screen.setup.languages[0] ?? "zh-CN" });
    send({ type: "setTime", unixMs: clock.wallMs() });
    this.screen.ready(capabilities, pad.secured);
    window().ready();
  }

  lost(): void {
    this.#isBusy = false;
    this.stateChanged();
  }

  recovered(event: RecoveryEvent): void {
    this.#options.window().recovered(event);
  }

  stateChanged(): void {
    this.#options.window().stateChanged();
  }

  report(pad: PadOnLine, message: Report): void {
    const window = this.#options.window();
    if (isEvent(message)) this.#event(pad, message);
    else if (message.type === "status") this.#status(message);
    else if (message.type === "refused") {
      const { command, reason } = message;
      // A pairing or an update is shown: the request waits, and is shown when the pad is free again.
      if (reason === "notReady" && OPENINGS.includes(command)) this.#isBusy = true;
      else window.refused(requestIdFromBytes(message.requestId), new WindowRatingError("WR1007", `command ${command}: ${reason}`));
    }
  }

  #status({ phase, requestId }: Message<"status">): void {
    const window = this.#options.window();
    if (phase === "inviting" || phase === "answering") window.shown(requestIdFromBytes(requestId));
    if (!this.#isBusy || (phase !== "idle" && phase !== "paused")) return;
    this.#isBusy = false;
    window.ready();
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
