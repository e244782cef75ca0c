import type { Message } from "@window-rating/protocol/pad";

const NO_REQUEST = "00".repeat(16);
const textOf = (requestId: Uint8Array): string => Buffer.from(requestId).toString("hex");

/** The requests of a recording and those of today: the first asked for here stands for the first asked for there, and so on. */
export class RequestMap {
  readonly #recorded: string[] = [];
  readonly #live: Uint8Array[] = [];

  /** @param messages all that was said, in order */
  constructor(messages: readonly Message[]) {
    for (const message of messages) {
      if (!isAsking(message)) continue;
      const id = textOf(message.requestId);
      if (!this.#recorded.includes(id)) this.#recorded.push(id);
    }
  }

  /** How many requests there are in the recording. */
  get count(): number {
    return this.#recorded.length;
  }

  /** A request was asked for today. */
  asked(requestId: Uint8Array): void {
    if (!this.#live.some((known) => textOf(known) === textOf(requestId))) this.#live.push(requestId.slice());
  }

  /** The message with today's request; undefined while that has not been asked for. */
  today<Name extends Message>(message: Name): Name | undefined {
    if (!("requestId" in message)) return message;
    const id = textOf(message.requestId as Uint8Array);
    if (id === NO_REQUEST) return message;
    const place = this.#recorded.indexOf(id);
    // Of before the recording: nobody knows it today.
    if (place < 0) return message;
    const requestId = this.#live[place];
    return requestId === undefined ? undefined : { ...message, requestId };
  }
}

export const isAsking = (message: Message): message is Message<"openRating"> | Message<"openTouchRating"> =>
  message.type === "openRating" || message.type === "openTouchRating";
