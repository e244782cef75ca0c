import { FrameCutter, type KeypadKey, type KeypadProtocol, type RequestName, type RequestNumbers } from "@window-rating/protocol/keypad";
import { earliest } from "../firmware/earliest.ts";
import { promptOf } from "../firmware/prompts.ts";
import { DebouncedKeys } from "./debounced-keys.ts";
import { PressRepeater } from "./press-repeater.ts";

export type KeypadFirmwareInput =
  | { readonly is: "powerOn" | "time" }
  | { readonly is: "bytes"; readonly bytes: Uint8Array }
  | { readonly is: "keyDown" | "keyUp"; readonly key: KeypadKey };

export type KeypadFirmwareEffect =
  | { readonly is: "write"; readonly bytes: Uint8Array }
  /** Something that `show` tells has changed. */
  | { readonly is: "face" };

/** What can be seen and heard of a pad of another maker. All times are milliseconds of its own clock. */
export interface KeypadShow {
  readonly phase: "idle" | "inviting" | "chosen" | "thanks" | "paused";
  /** How often it was lit since power came on. */
  readonly invitations: number;
  /** The key that was pressed last, while it stands. */
  readonly chosen: KeypadKey | null;
  readonly remainingMs: number | null;
  /** Lamps that the host set, as bits, 1 = lamp 1. */
  readonly lamps: number;
  readonly stars: number;
  readonly spoken: { readonly id: number; readonly zh: string; readonly en: string; readonly at: number } | null;
  /** Whether the host was heard since power came on; null if it has nothing to say to such a pad. */
  readonly heardHost: boolean | null;
}

type Showing = { readonly phase: KeypadShow["phase"]; readonly until: number; readonly chosen: KeypadKey | null };

/** How long the thanks stand, and a press to which no answer belongs. */
const THANKS_MS = 2000;
/** A press that is not answered stands so long; the pad may well go on sending it. */
const CHOSEN_MS = 10_000;
const FOREVER = Number.POSITIVE_INFINITY;

/**
 * The pad's end of any keypad description, as dull as such pads are: it lights up when told, sends what is pressed, says thank you when
 * answered, and keeps nothing. A pure state machine. Never throws on bytes.
 */
export class KeypadFirmware {
  readonly #protocol: KeypadProtocol;
  readonly #cutter: FrameCutter;
  readonly #prompts: readonly number[];
  readonly #keys = new DebouncedKeys();
  readonly #repeater: PressRepeater;
  /** The host cannot light it: it takes presses at any time. */
  readonly #isAlwaysReady: boolean;
  #showing: Showing = { phase: "idle", until: FOREVER, chosen: null };
  #isAsked = false;
  /** When the time to press is over; it runs on while something else is shown. */
  #askedUntil = FOREVER;
  #invitations = 0;
  #lamps = 0;
  #stars = 0;
  #spoken: KeypadShow["spoken"] = null;
  #heardHost = false;
  #keepAliveAt = FOREVER;
  #effects: KeypadFirmwareEffect[] = [];
  #now = 0;

  /** @param prompts numbers of the prompts that it can speak */
  constructor(protocol: KeypadProtocol, prompts: readonly number[]) {
    this.#protocol = protocol;
    this.#prompts = prompts;
    this.#cutter = new FrameCutter(protocol.toPad);
    this.#repeater = new PressRepeater(protocol.description.repeat);
    this.#isAlwaysReady = !protocol.knows("startRating");
  }

  step(input: KeypadFirmwareInput, now: number): KeypadFirmwareEffect[] {
    this.#effects = [];
    this.#now = now;
    switch (input.is) {
      case "powerOn":
        this.#rest();
        this.#keepAliveAt = now;
        this.#sendIfAny(this.#protocol.startedFrame());
        this.#changed();
        break;
      case "bytes":
        for (const cut of this.#cutter.push(input.bytes, now)) if (cut.is === "frame") this.#hear(cut.values, cut.bytes);
        break;
      case "keyDown":
        this.#keys.down(input.key, now);
        this.#changed();
        break;
      case "keyUp":
        this.#keys.up(input.key);
        this.#repeater.letGo(input.key);
        this.#changed();
        break;
      case "time":
        break;
    }
    this.#time();
    return this.#effects;
  }

  /** When `time` must be given next; undefined = not before other input. */
  deadline(): number | undefined {
    const times = [
      this.#cutter.deadline(),
      this.#keys.due(),
      this.#repeater.due(),
      this.#showing.until,
      this.#askedUntil,
      this.#keepAliveAt,
    ];
    const first = earliest(...times);
    return first === FOREVER ? undefined : first;
  }

  show(now: number): KeypadShow {
    const { phase, chosen } = this.#showing;
    return {
      phase,
      chosen,
      invitations: this.#invitations,
      remainingMs: phase === "inviting" && this.#askedUntil !== FOREVER ? Math.max(0, this.#askedUntil - now) : null,
      lamps: this.#lamps,
      stars: this.#stars,
      spoken: this.#spoken,
      heardHost: Object.keys(this.#protocol.description.requests).length === 0 ? null : this.#heardHost,
    };
  }

  isDown(key: KeypadKey): boolean {
    return this.#keys.isDown(key);
  }

  // ——— time ———

  #time(): void {
    for (const cut of this.#cutter.time(this.#now)) if (cut.is === "frame") this.#hear(cut.values, cut.bytes);
    for (let key = this.#keys.next(this.#now); key !== undefined; key = this.#keys.next(this.#now)) this.#press(key);
    for (const key of this.#repeater.take(this.#now)) this.#write(this.#protocol.keyFrame(key));
    if (this.#now >= this.#askedUntil || this.#now >= this.#showing.until) this.#rest();
    const { keepAlive } = this.#protocol.description;
    if (this.#now < this.#keepAliveAt) return;
    this.#keepAliveAt = keepAlive.from === "pad" ? this.#now + keepAlive.everyMs : FOREVER;
    this.#sendIfAny(this.#protocol.keepAliveFrame());
  }

  // ——— fingers ———

  #press(key: KeypadKey): void {
    const isClerks = key.action !== undefined;
    if (!isClerks && !this.#isAlwaysReady && this.#showing.phase !== "inviting") return;
    this.#write(this.#protocol.keyFrame(key));
    if (key.acknowledge !== false) this.#repeater.pressed(key, this.#now);
    if (isClerks) return;
    const isAnswered = this.#protocol.knows("acknowledge");
    this.#show("chosen", this.#now + (isAnswered ? CHOSEN_MS : THANKS_MS), key);
  }

  // ——— the host ———

  #hear(values: Parameters<KeypadProtocol["requestsOf"]>[0], bytes: Uint8Array): void {
    const requests = this.#protocol.requestsOf(values);
    // An echo may look like another request: it is an answer if it answers what was pressed.
    const answer = this.#takeAnswer(bytes);
    const request = requests.find(({ name }) => (answer === undefined ? name !== "acknowledge" && name !== "refuse" : name === answer));
    if (request === undefined) return;
    if (!this.#heardHost) this.#changed();
    this.#heardHost = true;
    this.#obey(request.name, request.numbers);
    this.#sendIfAny(this.#protocol.answerFrame(request.name));
  }

  #takeAnswer(bytes: Uint8Array): "acknowledge" | "refuse" | undefined {
    for (const key of this.#repeater.awaiting(this.#showing.chosen)) {
      const [pressed] = new FrameCutter(this.#protocol.fromPad).push(this.#protocol.keyFrame(key), 0);
      if (pressed?.is !== "frame") continue;
      for (const name of ["acknowledge", "refuse"] as const) {
        const frames = this.#protocol.request(name, {}, pressed.values);
        const last = typeof frames === "string" ? undefined : frames.at(-1);
        if (last === undefined || !isSame(last, bytes)) continue;
        this.#repeater.answered(key);
        return name;
      }
    }
    return undefined;
  }

  #obey(name: RequestName, numbers: RequestNumbers): void {
    switch (name) {
      case "startRating":
        this.#repeater.clear();
        this.#isAsked = true;
        this.#invitations++;
        this.#askedUntil = (numbers.seconds ?? 0) > 0 ? this.#now + (numbers.seconds ?? 0) * 1000 : FOREVER;
        return this.#show("inviting");
      case "cancel":
      case "idle":
      case "resume":
        this.#repeater.clear();
        return this.#rest();
      case "pause":
        return this.#show("paused");
      case "acknowledge":
        if (this.#showing.phase !== "chosen") return;
        this.#isAsked = false;
        this.#askedUntil = FOREVER;
        return this.#show("thanks", this.#now + THANKS_MS);
      case "refuse":
        if (this.#showing.phase === "chosen") this.#show(this.#isAsked || this.#isAlwaysReady ? "inviting" : "idle");
        return;
      case "lamps":
        this.#lamps = numbers.lamps ?? 0;
        return this.#changed();
      case "stars":
        this.#stars = numbers.level ?? 0;
        return this.#changed();
      case "voice":
        return this.#speak(numbers.prompt ?? 0);
      case "beep":
        this.#spoken = { id: 0, zh: "嘀", en: "beep", at: this.#now };
        return this.#changed();
      case "hello":
      case "keepAlive":
    }
  }

  #speak(prompt: number): void {
    if (!this.#prompts.includes(prompt)) return;
    const { zh, en } = promptOf(prompt) ?? { zh: `第 ${prompt} 句`, en: `prompt ${prompt}` };
    this.#spoken = { id: prompt, zh, en, at: this.#now };
    this.#changed();
  }

  /** Nothing to press, unless the host cannot say so. */
  #rest(): void {
    this.#isAsked = false;
    this.#askedUntil = FOREVER;
    this.#lamps = 0;
    this.#show(this.#isAlwaysReady ? "inviting" : "idle");
  }

  #show(phase: Showing["phase"], until = FOREVER, chosen: KeypadKey | null = null): void {
    this.#showing = { phase, until, chosen };
    this.#changed();
  }

  #sendIfAny(frame: Uint8Array | undefined): void {
    if (frame !== undefined) this.#write(frame);
  }

  #write(bytes: Uint8Array): void {
    this.#effects.push({ is: "write", bytes });
  }

  #changed(): void {
    this.#effects.push({ is: "face" });
  }
}

const isSame = (one: Uint8Array, other: Uint8Array): boolean =>
  one.length === other.length && one.every((byte, index) => byte === other[index]);
