import { CAPABILITIES, type Command, type Message, type PadEvent } from "@window-rating/protocol/pad";
import { requestIdFromBytes, requestIdToBytes } from "@window-rating/protocol/rating";
import { KEYS, type KeyNo } from "../face.ts";
import { CHOSEN_MS, endOf, labelsFor, lampsOf, OWN_LABELS, phaseOf, requestOf, type Showing } from "./display.ts";
import { earliest } from "./earliest.ts";
import type { Front, Trunk } from "./front.ts";
import { Keypad } from "./keypad.ts";
import { PAIRING_KEY_NO } from "./pairing.ts";
import { PROMPTS } from "./prompts.ts";
import type { FirmwareInput } from "./signals.ts";

/** The pairing key is held for this long, milliseconds. */
const PAIRING_HOLD_MS = 5000;

/**
 * Five buttons with lamps. Rules beyond the messages' own:
 * - Only a finger that came after the lamps lit counts; a key held from before must be let go first.
 * - A finger that came in time counts, even if the debounce time ends after the time-out.
 * - `chosen` lasts 0.6 s, then thanks, whether or not a host is there: the pad has the rating and will not lose it.
 */
export class ButtonFront implements Front {
  readonly capabilities = CAPABILITIES.lamps | CAPABILITIES.voice;
  readonly #trunk: Trunk;
  readonly #keypad = new Keypad();
  #showing: Showing = { is: "idle" };
  /** Since when the pairing key has been down, alone and while nothing was shown. */
  #heldSince: number | undefined;

  constructor(trunk: Trunk) {
    this.#trunk = trunk;
  }

  get isAnyStuck(): boolean {
    return this.#keypad.isAnyStuck;
  }

  input(input: Extract<FirmwareInput, { is: "keyDown" | "keyUp" | "touch" }>, at: number): void {
    if (input.is === "touch") return;
    if (input.is === "keyDown") {
      const isAlone = KEYS.every((key) => !this.#keypad.isDown(key));
      const isHold = input.key === PAIRING_KEY_NO && isAlone && this.#showing.is === "idle" && !this.#trunk.isPairing;
      this.#heldSince = isHold ? at : undefined;
      this.#keypad.down(input.key, at);
    } else {
      const since = this.#heldSince;
      this.#heldSince = undefined;
      const isStuck = this.#keypad.isStuck(input.key);
      this.#keypad.up(input.key, at);
      if (since !== undefined && at - since >= PAIRING_HOLD_MS && !isStuck) this.#trunk.askForPairing(at);
    }
  }

  obey(command: Command, at: number): boolean {
    switch (command.type) {
      case "configure":
        this.#keypad.debounceMs = command.debounceMs;
        return true;
      case "openRating":
        this.#openRating(command, at);
        return true;
      case "cancelRating":
        if (this.#showing.is === "inviting" && this.#showing.requestId === requestIdFromBytes(command.requestId)) this.rest();
        return true;
      case "idle":
        this.rest();
        return true;
      default:
        return false;
    }
  }

  due(): number | undefined {
    return earliest(this.#keypad.due(), this.#showingEnds());
  }

  happen(at: number): void {
    const key = this.#keypad.next(at);
    if (key?.is === "counted") this.#pressed(key.key, key.downAt);
    else if (key?.is === "stuck") this.#trunk.note({ type: "keyStuck", key: key.key });
    else if ((this.#showingEnds() ?? Infinity) <= at) this.#moveOn(at);
  }

  kept(event: PadEvent, at: number): void {
    const showing = this.#showing;
    // Another request may have taken the lamps meanwhile.
    if (event.type !== "rated" || showing.is !== "keeping" || showing.requestId !== requestIdFromBytes(event.requestId)) return;
    this.#showing = { is: "chosen", requestId: showing.requestId, labels: showing.labels, key: showing.key, until: at + CHOSEN_MS };
  }

  rest(): void {
    this.#showing = { is: "idle" };
  }

  show(at: number): ReturnType<Front["show"]> {
    const showing = this.#showing;
    return {
      lamps: lampsOf(showing),
      phase: phaseOf(showing),
      requestId: requestOf(showing),
      labels: "labels" in showing ? showing.labels : OWN_LABELS,
      keysDown: KEYS.map((key) => this.#keypad.isDown(key)),
      remainingMs: showing.is === "inviting" ? Math.max(0, showing.endsAt - at) : null,
      screen: null,
    };
  }

  #showingEnds(): number | undefined {
    const end = endOf(this.#showing);
    if (end === undefined || this.#showing.is !== "inviting") return end;
    return Math.max(end, this.#keypad.settlesForPressBefore(end) ?? end);
  }

  /** What is shown has had its time. */
  #moveOn(at: number): void {
    const showing = this.#showing;
    const { thanksMs } = this.#trunk;
    this.rest();
    if (showing.is === "inviting") {
      this.#trunk.enter((eventNo) => ({
        type: "timedOut",
        eventNo,
        requestId: requestIdToBytes(showing.requestId),
        unixMs: this.#trunk.unixMs(at),
        bootCount: this.#trunk.bootCount,
      }));
    } else if (showing.is === "chosen" && thanksMs > 0) {
      this.#showing = { is: "thanks", requestId: showing.requestId, labels: showing.labels, until: at + thanksMs };
      this.#trunk.speak(PROMPTS.thanks.id, at);
    }
  }

  #pressed(key: KeyNo, downAt: number): void {
    const showing = this.#showing;
    if (showing.is === "idle" && key === PAIRING_KEY_NO) this.#trunk.pressForPairing(downAt);
    if (showing.is !== "inviting" || downAt < showing.openedAt) return;
    if (downAt === showing.openedAt && showing.heldBefore.includes(key)) return;
    this.#showing = { is: "keeping", requestId: showing.requestId, labels: showing.labels, key };
    this.#trunk.enter((eventNo) => ({
      type: "rated",
      eventNo,
      requestId: requestIdToBytes(showing.requestId),
      level: key,
      sinceOpenMs: downAt - showing.openedAt,
      unixMs: this.#trunk.unixMs(downAt),
      bootCount: this.#trunk.bootCount,
    }));
  }

  #openRating(command: Message<"openRating">, at: number): void {
    const requestId = requestIdFromBytes(command.requestId);
    if (this.#trunk.wasRated(requestId) || requestOf(this.#showing) === requestId) return;
    const reason = this.#reasonAgainst();
    if (reason !== undefined) return this.#trunk.refuse(command, reason);
    const heldBefore = KEYS.filter((key) => this.#keypad.isDown(key));
    const labels = labelsFor(command.labels);
    this.#heldSince = undefined;
    this.#showing = { is: "inviting", requestId, labels, openedAt: at, endsAt: at + command.timeoutMs, heldBefore };
    this.#trunk.speak(command.voice, at);
  }

  /** Why no rating can be taken now. With one key stuck the citizen could not give every level, so none is asked for. */
  #reasonAgainst(): Message<"refused">["reason"] | undefined {
    if (this.#trunk.isFaulty) return "fault";
    if (this.#trunk.isFull) return "storeFull";
    if (this.#keypad.isAnyStuck) return "keyStuck";
    return undefined;
  }
}
