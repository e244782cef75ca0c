import { type Command, LARGEST_CHUNK, type Message, type Report } from "./messages.ts";
import { isSameFile, offerOf, type TransferFile } from "./transfer-file.ts";

/** What is chunk around its data, in the payload: transfer (2), offset (4), length (2). */
const CHUNK_HEAD = 8;
/** What a frame is longer on the wire than its payload: header and checksum (10), stuffing, two delimiters; counter and tag (12) if secured. */
const FRAME_AROUND = 28;
/** A rating that is opened waits behind the bytes under way: no longer than this, milliseconds of the line. */
const LINE_TIME = 200;
/** Chunks shorter than this are mostly frame. */
const SHORTEST_CHUNK = 32;
/** A pad that says nothing for this long when it must answer has failed; room to erase a flash for the largest file. */
const ANSWER_WITHIN = 60_000;
/** How often a pad may want bytes anew in one session without coming further. */
const MOST_REPEATS = 8;
/** A file whose hash was wrong is sent again this often: what was kept of it before a cut may have been damaged. */
const MOST_RETRIES = 1;

export type TransferOutcome = Message<"transferEnded">["outcome"] | "no-answer" | "withdrawn";

export type HostTransferInput =
  /** The session may be used. `largestPayload`: bytes of payload that fit a frame of it. `bytesPerSecond`: as in the constructor, if the line is another. */
  | { readonly is: "ready"; readonly largestPayload: number; readonly window: number; readonly bytesPerSecond?: number }
  | { readonly is: "lost" }
  /** Bring this file to the pad, behind those that wait. It takes the place of one of the same name. */
  | { readonly is: "put"; readonly file: TransferFile; readonly bytes: Uint8Array }
  | { readonly is: "withdraw"; readonly file: TransferFile }
  /** A citizen is asked, or is not any more: nothing of a file goes meanwhile. */
  | { readonly is: "hold"; readonly held: boolean }
  | { readonly is: "report"; readonly message: Report }
  /** The link has moved on. @param unacknowledged messages given to it that the pad does not have yet */
  | { readonly is: "flow"; readonly unacknowledged: number }
  | { readonly is: "time" };

export type HostTransferEffect =
  | { readonly is: "send"; readonly message: Command }
  /** So many bytes of the file are known to be on the pad, or on the way. */
  | { readonly is: "progress"; readonly file: TransferFile; readonly done: number }
  | { readonly is: "ended"; readonly file: TransferFile; readonly outcome: TransferOutcome };

interface Waiting {
  readonly file: TransferFile;
  readonly bytes: Uint8Array;
  retries: number;
}

interface Current extends Waiting {
  readonly transfer: number;
  /** Where the next chunk begins; undefined until the pad has said what it wants. */
  next: number | undefined;
  furthest: number;
  repeats: number;
  answerBy: number;
}

/**
 * The host's part of transfers: one file after the other, over any number of sessions. A pure state machine beside the session.
 *
 * Ratings go first: no chunk is sent while a citizen is asked, and never more than LINE_TIME of bytes are under way, so that a rating
 * that is opened meanwhile waits no longer than that.
 */
export class HostTransfer {
  readonly #bytesPerSecond: number;
  readonly #queue: Waiting[] = [];
  #limits: { readonly largestPayload: number; readonly window: number; readonly bytesPerSecond?: number } | undefined;
  #current: Current | undefined;
  #transfer = 0;
  #isHeld = false;
  #unacknowledged = 0;

  /** @param bytesPerSecond what the line carries: a tenth of its baud rate; Infinity where there is no such rate (TCP, USB CDC) */
  constructor(bytesPerSecond: number) {
    this.#bytesPerSecond = bytesPerSecond;
  }

  /** Files that are not on the pad yet, the one under way first. */
  get waiting(): readonly TransferFile[] {
    return [...(this.#current === undefined ? [] : [this.#current]), ...this.#queue].map(({ file }) => file);
  }

  /** When `time` must be given; undefined = nothing is awaited. */
  deadline(): number | undefined {
    return this.#limits === undefined || this.#isHeld ? undefined : this.#current?.answerBy;
  }

  step(input: HostTransferInput, now: number): readonly HostTransferEffect[] {
    switch (input.is) {
      case "ready":
        this.#limits = input;
        this.#unacknowledged = 0;
        return this.#advance(now);
      case "lost":
        this.#limits = undefined;
        this.#requeue();
        return [];
      case "put":
        return [...this.#put(input.file, input.bytes), ...this.#advance(now)];
      case "withdraw":
        return [...this.#withdraw(input.file), ...this.#advance(now)];
      case "hold":
        this.#isHeld = input.held;
        // What the pad owes was not asked of it meanwhile.
        if (this.#current !== undefined) this.#current.answerBy = now + ANSWER_WITHIN;
        return this.#advance(now);
      case "report":
        return [...this.#report(input.message, now), ...this.#advance(now)];
      case "flow":
        this.#unacknowledged = input.unacknowledged;
        return this.#advance(now);
      case "time":
        if ((this.deadline() ?? Number.POSITIVE_INFINITY) > now) return [];
        return [...this.#end("no-answer"), ...this.#advance(now)];
    }
  }

  #put(file: TransferFile, bytes: Uint8Array): readonly HostTransferEffect[] {
    const older = this.waiting.filter((waiting) => isSamePlace(waiting, file));
    if (older.some((waiting) => isSameFile(waiting, file))) return [];
    const effects = older.flatMap((waiting) => this.#withdraw(waiting));
    this.#queue.push({ file, bytes, retries: 0 });
    return effects;
  }

  #withdraw(file: TransferFile): readonly HostTransferEffect[] {
    const current = this.#current;
    if (current !== undefined && isSameFile(current.file, file)) {
      return [{ is: "send", message: { type: "endTransfer", transfer: current.transfer } }, ...this.#end("withdrawn")];
    }
    const place = this.#queue.findIndex((waiting) => isSameFile(waiting.file, file));
    if (place < 0) return [];
    this.#queue.splice(place, 1);
    return [{ is: "ended", file, outcome: "withdrawn" }];
  }

  #report(message: Report, now: number): readonly HostTransferEffect[] {
    const current = this.#current;
    if (current === undefined || !("transfer" in message) || message.transfer !== current.transfer) return [];
    if (message.type === "transferEnded") return this.#answered(current, message.outcome);
    return message.type === "wanted" ? this.#wanted(current, message.offset, now) : [];
  }

  #answered(current: Current, outcome: TransferOutcome): readonly HostTransferEffect[] {
    if (outcome !== "wrongHash" || current.retries >= MOST_RETRIES) return this.#end(outcome);
    current.retries++;
    this.#requeue();
    return [];
  }

  #wanted(current: Current, offset: number, now: number): readonly HostTransferEffect[] {
    const { file, transfer } = current;
    const isFurther = offset > current.furthest || current.next === undefined;
    current.repeats = isFurther ? 0 : current.repeats + 1;
    if (offset > file.size || current.repeats > MOST_REPEATS) {
      return [{ is: "send", message: { type: "endTransfer", transfer } }, ...this.#end("no-answer")];
    }
    current.furthest = Math.max(current.furthest, offset);
    current.next = offset;
    current.answerBy = now + ANSWER_WITHIN;
    return [{ is: "progress", file, done: offset }];
  }

  /** Sends what may be sent now. */
  #advance(now: number): readonly HostTransferEffect[] {
    const limits = this.#limits;
    if (limits === undefined || this.#isHeld) return [];
    if (this.#current === undefined) return this.#offerNext(now);
    const effects: HostTransferEffect[] = [];
    const { length, count } = chunksFor(limits, limits.bytesPerSecond ?? this.#bytesPerSecond);
    for (let message = this.#nextChunk(length); message !== undefined && this.#unacknowledged < count; message = this.#nextChunk(length)) {
      const end = message.offset + message.data.length;
      this.#current.next = end;
      this.#current.answerBy = now + ANSWER_WITHIN;
      this.#unacknowledged++;
      effects.push({ is: "send", message }, { is: "progress", file: this.#current.file, done: end });
    }
    return effects;
  }

  #nextChunk(length: number): Message<"chunk"> | undefined {
    const current = this.#current;
    if (current?.next === undefined || current.next >= current.file.size) return undefined;
    const data = current.bytes.subarray(current.next, current.next + length);
    return { type: "chunk", transfer: current.transfer, offset: current.next, data };
  }

  #offerNext(now: number): readonly HostTransferEffect[] {
    const next = this.#queue.shift();
    if (next === undefined) return [];
    this.#transfer = (this.#transfer % 0xffff) + 1;
    const current = { ...next, transfer: this.#transfer, next: undefined, furthest: 0, repeats: 0, answerBy: now + ANSWER_WITHIN };
    this.#current = current;
    this.#unacknowledged++;
    return [{ is: "send", message: offerOf(next.file, current.transfer) }];
  }

  /** The file under way is offered again before any other: the pad has a part of it. */
  #requeue(): void {
    const current = this.#current;
    this.#current = undefined;
    if (current !== undefined) this.#queue.unshift({ file: current.file, bytes: current.bytes, retries: current.retries });
  }

  #end(outcome: TransferOutcome): readonly HostTransferEffect[] {
    const current = this.#current;
    this.#current = undefined;
    return current === undefined ? [] : [{ is: "ended", file: current.file, outcome }];
  }
}

/** Whether the newer takes the place of the older: a pad has one asset of a name, and one image to install. */
const isSamePlace = (one: TransferFile, other: TransferFile): boolean =>
  one.is === "asset" ? other.is === "asset" && one.name === other.name : other.is === "firmware";

/** How long chunks are, and how many are under way at most, so that the line is never idle and nobody waits long behind them. */
const chunksFor = ({ largestPayload, window }: { readonly largestPayload: number; readonly window: number }, bytesPerSecond: number) => {
  const longest = Math.min(largestPayload - CHUNK_HEAD, LARGEST_CHUNK);
  const budget = (bytesPerSecond * LINE_TIME) / 1000;
  const share = Math.floor(budget / Math.min(window, 2)) - FRAME_AROUND - CHUNK_HEAD;
  const length = Math.min(longest, Math.max(SHORTEST_CHUNK, share));
  const count = Math.max(1, Math.min(window, Math.floor(budget / (length + CHUNK_HEAD + FRAME_AROUND))));
  return { length, count };
};
