import { WindowRatingError } from "@window-rating/protocol/error";
import { CAPABILITIES, declarationOf, type Message } from "@window-rating/protocol/pad";
import type { PadLine, PadWatcher } from "./pad-line.ts";

/** A line of a pad's own log. */
export interface PadLogLine {
  readonly number: number;
  readonly text: string;
}

export interface PadLogPage {
  readonly lines: readonly PadLogLine[];
  /** Where to read on; null: there is no more. */
  readonly next: number | null;
}

/** A pad that answers at all answers by then, milliseconds; whoever asks over the desk API waits a little longer. */
const ANSWER_WITHIN_MS = 3000;
const READ_LOG = declarationOf("readLog").id;

/** Reads the log that the pad of a line keeps of itself, a page at a time and one reader after the other. */
export class PadLogReader {
  readonly #line: Pick<PadLine, "met" | "pad" | "send" | "watchers">;
  #last: Promise<unknown> = Promise.resolve();

  constructor(line: Pick<PadLine, "met" | "pad" | "send" | "watchers">) {
    this.#line = line;
  }

  /** The first lines from this number on. @throws WR1055 if no pad is here, or it tells none */
  page(from: number): Promise<PadLogPage> {
    const page = this.#last.then(() => this.#ask(from));
    this.#last = page.catch(() => undefined);
    return page;
  }

  async #ask(from: number): Promise<PadLogPage> {
    const { met, pad, watchers } = this.#line;
    if (met === undefined || pad === undefined) throw new WindowRatingError("WR1055", "no pad answers here that may be used");
    if ((met.capabilities & CAPABILITIES.log) === 0) throw new WindowRatingError("WR1055", `${met.model} keeps no log of itself`);
    let stop = (): void => undefined;
    try {
      return await new Promise((resolve, reject) => {
        const fail = (why: string): void => reject(new WindowRatingError("WR1055", why));
        const timer = setTimeout(() => fail(`the pad did not answer within ${ANSWER_WITHIN_MS} ms`), ANSWER_WITHIN_MS);
        const watcher: PadWatcher = {
          report: (message) => {
            if (message.type === "logLines") resolve(pageOf(message, from));
            else if (message.type === "refused" && message.command === READ_LOG) fail(`the pad refused it: ${message.reason}`);
            else return false;
            return true;
          },
          sending: () => undefined,
          lost: () => fail("the pad went away meanwhile"),
        };
        stop = () => {
          clearTimeout(timer);
          watchers.delete(watcher);
        };
        watchers.add(watcher);
        if (!this.#line.send({ type: "readLog", from })) fail("the pad has just gone away");
      });
    } finally {
      stop();
    }
  }
}

const pageOf = ({ from: first, count, text }: Message<"logLines">, asked: number): PadLogPage => {
  const lines = text.split("\n").slice(0, count);
  const next = first + count;
  return {
    lines: lines.map((line, index) => ({ number: first + index, text: harmless(line) })),
    // A pad that tells the same lines again and again would be read for ever.
    next: count === 0 || next <= asked ? null : next,
  };
};

/**
 * A line as people may read it. Control characters would command a terminal. And no log of a pad tells of a citizen (protocol/SPEC.md,
 * logLines); one of another maker that names keys or levels all the same is not made a way to see what somebody chose.
 */
const harmless = (line: string): string =>
  line
    .replace(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/gu, "?")
    .replace(/(key|button|level|rated|rating|score|按键|等级|评价)([^\p{L}\d]{0,3})[1-5](?!\d)/giu, "$1$2?");
