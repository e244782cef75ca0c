import type { RequestId } from "../../rating.ts";
import { hexOf } from "../byte-text.ts";
import type { KeypadDescription } from "../description.ts";
import { KeypadProtocol } from "../protocol.ts";
import { KeypadSession } from "../session.ts";
import type { KeypadEffect, KeypadInput } from "../session-signals.ts";
import { bytesOf } from "./hex.ts";

export const REQUEST_A = "00000000-0000-7000-8000-00000000000a" as RequestId;
export const REQUEST_B = "00000000-0000-7000-8000-00000000000b" as RequestId;

/** A session with a clock of its own that stops at every deadline. */
export class SessionBench {
  now = 0;
  readonly session: KeypadSession;
  readonly #effects: KeypadEffect[] = [];

  constructor(description: KeypadDescription) {
    this.session = new KeypadSession(KeypadProtocol.of(description));
  }

  give(input: KeypadInput): this {
    this.#effects.push(...this.session.step(input, this.now));
    return this;
  }

  bytes(text: string): this {
    return this.give({ is: "bytes", bytes: bytesOf(text) });
  }

  start(requestId: RequestId = REQUEST_A, timeoutMs = 30_000): this {
    return this.give({ is: "startRating", requestId, timeoutMs });
  }

  wait(ms: number): this {
    const end = this.now + ms;
    for (let due = this.session.deadline(); due !== undefined && due <= end; due = this.session.deadline()) {
      // A deadline that time does not move would make its driver spin.
      if (due < this.now) throw new Error(`deadline ${due} had passed at ${this.now}`);
      const before = due;
      this.now = due;
      this.give({ is: "time" });
      if (this.session.deadline() === before) throw new Error(`deadline ${before} stands still`);
    }
    this.now = end;
    return this;
  }

  /** What came out since the last time this was asked, in short. */
  take(): string[] {
    return this.#effects.splice(0).map(inShort);
  }
}

const inShort = (effect: KeypadEffect): string => {
  switch (effect.is) {
    case "write":
      return `write ${hexOf(effect.bytes)}`;
    case "alive":
      return effect.proven ? "alive" : "alive?";
    case "lost":
      return `lost ${effect.cause}`;
    case "shown":
      return `shown ${effect.requestId.at(-1)}`;
    case "pressed":
      return `pressed ${effect.requestId.at(-1)} level ${effect.level} after ${effect.sinceOpenMs}${effect.again ? " again" : ""}`;
    case "action":
      return effect.action;
    case "discarded":
      return `discarded ${effect.key} ${effect.because}`;
    case "unanswered":
      return `unanswered ${effect.request}`;
    case "unwritable":
      return `unwritable ${effect.request}: ${effect.why}`;
    case "unknown":
      return `unknown ${hexOf(effect.bytes)}`;
    case "rejected":
      return `rejected ${effect.reason}`;
  }
};
