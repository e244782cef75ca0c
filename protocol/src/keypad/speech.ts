import type { RequestName, RequestNumbers } from "./description.ts";
import type { FrameValues } from "./framing.ts";
import { Outbox } from "./outbox.ts";
import type { KeypadProtocol } from "./protocol.ts";

/** Puts requests and answers into the frames of a description, and these into the outbox. */
export class Speech {
  readonly outbox: Outbox;
  readonly #protocol: KeypadProtocol;
  readonly #unwritable: (request: RequestName | "reply", why: string) => void;

  constructor(protocol: KeypadProtocol, unwritable: (request: RequestName | "reply", why: string) => void) {
    this.#protocol = protocol;
    this.#unwritable = unwritable;
    this.outbox = new Outbox(protocol.description.pauseMs ?? 0);
  }

  /** @param before frames that go with it, ahead of it */
  ask(name: RequestName, numbers: RequestNumbers | undefined, before: readonly Uint8Array[]): void {
    const frames = this.#protocol.request(name, numbers);
    if (typeof frames === "string") this.#unwritable(name, frames);
    else this.outbox.ask(name, [...before, ...frames], this.#protocol.patienceFor(name));
  }

  /** Answers a press. */
  answer(name: "acknowledge" | "refuse", press: FrameValues): void {
    this.#answer(name, this.#protocol.request(name, {}, press));
  }

  /** Answers a frame that is no press, if it is owed an answer. */
  reply(frame: FrameValues): void {
    const reply = this.#protocol.replyTo(frame);
    if (reply >= 0) this.#answer("reply", this.#protocol.reply(reply, frame));
  }

  #answer(name: RequestName | "reply", frames: readonly Uint8Array[] | string): void {
    if (typeof frames === "string") this.#unwritable(name, frames);
    else this.outbox.answer(frames);
  }
}
