import type { KeypadDescription } from "./description.ts";

/** How a press was answered. */
export type PressAnswer = "acknowledge" | "refuse";

interface Remembered {
  lastAt: number;
  answer: PressAnswer | undefined;
}

/** Remembers the last press of each key, so that one press that is sent again and again counts once, and gets the same answer each time. */
export class PressMemory {
  readonly #withinMs: number;
  readonly #keys = new Map<string, Remembered>();

  constructor(repeat: KeypadDescription["repeat"]) {
    this.#withinMs = repeat.is === "never" ? 0 : repeat.withinMs;
  }

  /** Takes note of a frame of a key. @returns whether it repeats the press before: each repeat makes the next one a repeat as well */
  isRepeat(key: string, now: number): boolean {
    const last = this.#keys.get(key);
    if (last !== undefined && now - last.lastAt < this.#withinMs) {
      last.lastAt = now;
      return true;
    }
    this.#keys.set(key, { lastAt: now, answer: undefined });
    return false;
  }

  settle(key: string, answer: PressAnswer): void {
    const last = this.#keys.get(key);
    if (last !== undefined) last.answer = answer;
  }

  /** How the last press of a key was answered; undefined if it was not. */
  answerTo(key: string): PressAnswer | undefined {
    return this.#keys.get(key)?.answer;
  }
}
