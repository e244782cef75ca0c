import { randomBytes } from "node:crypto";
import type { KeypadProfile } from "@window-rating/device-profiles";
import {
  FrameCutter,
  hexOf,
  type KeypadEffect,
  type KeypadInput,
  KeypadProtocol,
  KeypadReader,
  type KeypadReading,
  KeypadSession,
  readingText,
  type SideRequest,
} from "@window-rating/protocol/keypad";
import { newRequestId, type RequestId } from "@window-rating/protocol/rating";
import type { Clock } from "../clock.ts";

/** One line of a trial: bytes that came or went with their reading, or what the window PC makes of them. */
export interface TrialLine {
  /** Milliseconds since the trial began. */
  readonly atMs: number;
  readonly is: "in" | "out" | "note";
  /** In hexadecimal; null for a note. */
  readonly bytes: string | null;
  readonly text: string;
  /** Of bytes that came: what they are. */
  readonly reading?: KeypadReading["is"];
  /** Of a press: name of the key, and its level if it has one. */
  readonly key?: string;
  readonly level?: number;
}

/** What a person at the keyboard can send, by letter. */
export const TRIAL_LETTERS = {
  s: "start a rating: light the keys",
  c: "cancel it",
  l: "lamps on and off",
  v: "speak the next prompt",
  b: "beep",
  t: "show the next number of stars",
  p: "pause",
  r: "resume",
} as const;
export type TrialLetter = keyof typeof TRIAL_LETTERS;

const RATING_MS = 30_000;
const ALL_LAMPS = 0b11111;

export interface TrialOptions {
  readonly profile: KeypadProfile;
  readonly clock: Clock;
  readonly write: (bytes: Uint8Array) => void;
  readonly tell: (line: TrialLine) => void;
}

/** Tries a profile at its pad: every byte beside its reading, and the window PC's own session with the pad, which stores nothing. */
export class KeypadTrial {
  readonly #options: TrialOptions;
  readonly #protocol: KeypadProtocol;
  readonly #session: KeypadSession;
  readonly #reader: KeypadReader;
  readonly #beganAt: number;
  /** Presses of each key that came as right frames, by name. */
  readonly presses = new Map<string, number>();
  /** Runs of bytes that were thrown away, by reason. */
  readonly rejected = new Map<string, number>();
  #request: RequestId | undefined;
  #lamps = 0;
  #turn = 0;
  #timer: NodeJS.Timeout | undefined;

  constructor(options: TrialOptions) {
    this.#options = options;
    this.#protocol = KeypadProtocol.of(options.profile.keypad);
    this.#session = new KeypadSession(this.#protocol);
    this.#reader = new KeypadReader(this.#protocol);
    this.#beganAt = options.clock.monotonicMs();
  }

  opened(): void {
    this.#step({ is: "opened" });
  }

  bytes(bytes: Uint8Array): void {
    this.#show(this.#reader.push(bytes, this.#now));
    this.#step({ is: "bytes", bytes });
  }

  /** The trial is over. */
  closed(): void {
    this.#show(this.#reader.time(Number.MAX_SAFE_INTEGER));
    clearTimeout(this.#timer);
  }

  press(letter: TrialLetter): void {
    switch (letter) {
      case "s":
        return this.#start();
      case "c":
        return this.#cancel();
      case "l":
        this.#lamps ^= ALL_LAMPS;
        return this.#ask("lamps", { lamps: this.#lamps });
      case "v": {
        const { prompts } = this.#options.profile.voice;
        return this.#ask("voice", { prompt: prompts[this.#turn++ % Math.max(1, prompts.length)] ?? 1 });
      }
      case "b":
        return this.#ask("beep", { count: 1 });
      case "t":
        return this.#ask("stars", { level: (this.#turn++ % 5) + 1 });
      case "p":
        return this.#ask("pause");
      case "r":
        return this.#ask("resume");
    }
  }

  get #now(): number {
    return this.#options.clock.monotonicMs();
  }

  #start(): void {
    this.#request = newRequestId(this.#options.clock.wallMs(), randomBytes(10));
    if (!this.#protocol.knows("startRating")) this.#note("the profile has no startRating: the keys are taken to be always ready");
    this.#step({ is: "startRating", requestId: this.#request, timeoutMs: RATING_MS });
  }

  #cancel(): void {
    if (this.#request === undefined) return this.#note("no rating is open; s starts one");
    this.#step({ is: "endRating", requestId: this.#request, because: "cancelled" });
    this.#request = undefined;
  }

  #ask(request: SideRequest, numbers: Record<string, number> = {}): void {
    if (!this.#protocol.knows(request)) return this.#note(`the profile has no request ${request}`);
    if (!this.#session.isAlive) return this.#note("the pad does not answer yet: nothing was sent");
    this.#step({ is: "ask", request, numbers });
  }

  #step(input: KeypadInput): void {
    const effects = this.#session.step(input, this.#now);
    for (const effect of effects) {
      if (effect.is !== "write") continue;
      this.#options.write(effect.bytes);
      this.#line({ is: "out", bytes: hexOf(effect.bytes), text: this.#requestText(effect.bytes) });
    }
    for (const effect of effects) this.#carryOut(effect);
    this.#arm();
  }

  #carryOut(effect: KeypadEffect): void {
    switch (effect.is) {
      case "write":
      case "rejected":
      case "unknown":
        // Shown already, beside their bytes.
        return;
      case "alive":
        return this.#note(effect.proven ? "the pad is there" : "the port is open; such a pad does not say that it is there");
      case "lost":
        return this.#note(effect.cause === "silence" ? "the pad fell silent" : "the pad does not answer");
      case "shown":
        return this.#note("the pad is lit: a press counts now, after the guard interval");
      case "pressed":
        this.#note(
          `counts: level ${effect.level} by key "${effect.key}", ${Math.round(effect.sinceOpenMs)} ms after the start${effect.again ? ", sent again" : ""}`,
        );
        return this.#step({ is: "stored", requestId: effect.requestId });
      case "action":
        return this.#note(`the clerk asks for ${effect.action}: told to the business system`);
      case "discarded":
        return this.#note(`does not count: ${DISCARD_WORDS[effect.because]}`);
      case "unanswered":
        return this.#note(`${effect.request} was not answered`);
      case "unwritable":
        return this.#note(`${effect.request} cannot be sent: ${effect.why}`);
    }
  }

  #show(readings: readonly KeypadReading[]): void {
    for (const reading of readings) {
      const about = { is: "in", bytes: hexOf(reading.bytes), text: readingText(this.#protocol, reading), reading: reading.is } as const;
      if (reading.is === "rejected") this.rejected.set(reading.reason, (this.rejected.get(reading.reason) ?? 0) + 1);
      if (reading.is !== "key") {
        this.#line(about);
        continue;
      }
      const { key, level } = reading.key;
      this.presses.set(key, (this.presses.get(key) ?? 0) + 1);
      this.#line({ ...about, key, ...(level === undefined ? {} : { level }) });
    }
  }

  /** Which request a frame of ours is. */
  #requestText(bytes: Uint8Array): string {
    const cutter = new FrameCutter(this.#protocol.toPad);
    const cuts = [...cutter.push(bytes, 0), ...cutter.time(Number.MAX_SAFE_INTEGER)];
    const named = cuts.flatMap((cut) => (cut.is === "frame" ? this.#protocol.requestsOf(cut.values) : []));
    const [first] = named;
    if (first === undefined) return "reply";
    const numbers = Object.entries(first.numbers).map(([name, value]) => `${name} ${value}`);
    return [[...new Set(named.map(({ name }) => name))].join(" or "), ...numbers].join(", ");
  }

  #note(text: string): void {
    this.#line({ is: "note", bytes: null, text });
  }

  #line(line: Omit<TrialLine, "atMs">): void {
    this.#options.tell({ atMs: Math.round(this.#now - this.#beganAt), ...line });
  }

  #arm(): void {
    clearTimeout(this.#timer);
    const deadlines = [this.#session.deadline(), this.#reader.deadline()].filter((at) => at !== undefined);
    if (deadlines.length === 0) return;
    this.#timer = setTimeout(
      () => {
        this.#show(this.#reader.time(this.#now));
        this.#step({ is: "time" });
      },
      Math.max(0, Math.ceil(Math.min(...deadlines) - this.#now)),
    );
  }
}

const DISCARD_WORDS = {
  "no-request": "no rating is open; s starts one",
  guard: "it came in the guard interval around a change of case",
  repeat: "it is the same press, sent again",
  "already-pressed": "this rating was given already",
  "means-nothing": "the key stands for no level",
  "case-changed": "the case changed while the press was held back",
} as const;
