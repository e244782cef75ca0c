import { CAPABILITIES, type Command, type Message, type PadEvent } from "@window-rating/protocol/pad";
import { KEYS, type KeyNo } from "../face.ts";
import { DARK, onlyLamp } from "./display.ts";
import { earliest } from "./earliest.ts";
import type { Front, Trunk } from "./front.ts";
import { PROMPTS } from "./prompts.ts";
import type { FirmwareInput } from "./signals.ts";

type TestPart = Message<"selfTest">["part"];

/** Lamps are lit one after the other, each for so long, milliseconds. */
const LAMP_MS = 500;
/** A field of the screen that was touched counts as down for so long, milliseconds. */
const TAP_MS = 80;

const NEEDS = { lamps: CAPABILITIES.lamps, keys: 0, voice: CAPABILITIES.voice, screen: CAPABILITIES.screen, store: 0 };

/**
 * The front of a pad, and over it the tests for a person who looks on. A test begins only while nothing is asked, gives way to a rating,
 * and what is pressed in it chooses nothing: the front beneath shows nothing then that a press could answer.
 */
export class TestingFront implements Front {
  readonly #trunk: Trunk;
  readonly #front: Front;
  #test: { readonly part: TestPart; readonly startedAt: number; readonly until: number } | undefined;
  #lampAt = 0;
  #tap: { readonly key: KeyNo; readonly until: number } | undefined;

  constructor(trunk: Trunk, front: Front) {
    this.#trunk = trunk;
    this.#front = front;
  }

  get capabilities(): number {
    return this.#front.capabilities | CAPABILITIES.selfTest;
  }

  get isAnyStuck(): boolean {
    return this.#front.isAnyStuck;
  }

  get isTesting(): boolean {
    return this.#test !== undefined;
  }

  input(input: Extract<FirmwareInput, { is: "keyDown" | "keyUp" | "touch" }>, at: number): void {
    if (input.is !== "touch" || input.touch.do !== "testKey") return this.#front.input(input, at);
    if (this.#test?.part === "keys") this.#tap = { key: input.touch.key, until: at + TAP_MS };
  }

  obey(command: Command, at: number): boolean {
    if (command.type === "selfTest") {
      this.#tryPart(command, at);
      return true;
    }
    if (command.type === "openRating" || command.type === "openTouchRating") this.#end();
    return this.#front.obey(command, at);
  }

  due(): number | undefined {
    const lampAt = this.#test?.part === "lamps" ? this.#lampAt : undefined;
    return earliest(this.#front.due(), this.#test?.until, this.#tap?.until, lampAt);
  }

  happen(at: number): void {
    if ((this.#front.due() ?? Infinity) <= at) this.#front.happen(at);
    else if ((this.#test?.until ?? Infinity) <= at) this.#end();
    else if ((this.#tap?.until ?? Infinity) <= at) this.#tap = undefined;
    else this.#lampAt += LAMP_MS;
  }

  kept(event: PadEvent, at: number): void {
    this.#front.kept(event, at);
  }

  rest(): void {
    this.#front.rest();
  }

  show(at: number): ReturnType<Front["show"]> {
    const shown = this.#front.show(at);
    const test = this.#test;
    if (test === undefined) return shown;
    const place = (Math.floor((at - test.startedAt) / LAMP_MS) % KEYS.length) + 1;
    return {
      ...shown,
      phase: "testing",
      lamps: test.part === "lamps" ? onlyLamp(place as KeyNo, "code") : DARK,
      keysDown: this.#tap === undefined ? shown.keysDown : KEYS.map((key) => key === this.#tap?.key),
    };
  }

  #tryPart(command: Message<"selfTest">, at: number): void {
    const { part, durationMs } = command;
    if (durationMs === 0) return this.#end();
    const { phase } = this.#front.show(at);
    const isAtRest = (phase === "idle" || phase === "paused") && !this.#trunk.isPairing && !this.#trunk.isFaulty;
    if (!isAtRest) return this.#trunk.refuse(command, "notReady");
    if ((this.capabilities & NEEDS[part]) !== NEEDS[part]) return this.#trunk.refuse(command, "unsupported");
    if (part === "store") {
      const detail = this.#trunk.isFull ? "the event store is full" : "the event store has room and can be written";
      return this.#trunk.tell({ type: "selfTested", part, outcome: this.#trunk.isFull ? "failed" : "passed", detail });
    }
    this.#test = { part, startedAt: at, until: at + durationMs };
    this.#lampAt = at + LAMP_MS;
    if (part === "voice") this.#trunk.speak(PROMPTS.welcome.id, at);
    this.#trunk.tell({ type: "selfTested", part, outcome: "toBeSeen", detail: "" });
  }

  #end(): void {
    this.#test = undefined;
    this.#tap = undefined;
  }
}
