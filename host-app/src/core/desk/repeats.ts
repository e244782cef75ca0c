import { createHash } from "node:crypto";
import { WindowRatingError } from "@window-rating/protocol/error";

/** Names one request, so that sending it again is the same request. */
export const REPEAT_HEADER = "Idempotency-Key";
const KEY = /^[\x21-\x7e]{1,128}$/;

/** Remembered for so long, and of so many; over that the oldest are forgotten. What they did stays done by the case's own number. */
const REMEMBERED_MS = 600_000;
const REMEMBERED = 1000;

interface Remembered {
  readonly content: string;
  readonly answer: Promise<unknown>;
  readonly at: number;
}

/** Against requests that are sent twice: by a network that lost the answer, a double click, or somebody who recorded one. */
export class Repeats {
  readonly #known = new Map<string, Remembered>();

  /**
   * Runs once for each key of a caller; a repeat gets the first answer, also while that is still under way. What was refused changed
   * nothing, so it may be tried again.
   * @param content what was asked, whole
   * @throws WR5003 for a key of another form, WR5035 if the key stands for other content; whatever `run` throws
   */
  once(caller: string, key: string, content: readonly unknown[], now: number, run: () => Promise<unknown>): Promise<unknown> {
    if (!KEY.test(key)) throw new WindowRatingError("WR5003", `${REPEAT_HEADER}: 1 to 128 visible ASCII characters`);
    const name = `${caller} ${key}`;
    const hash = createHash("sha256").update(JSON.stringify(content)).digest("hex");
    const known = this.#known.get(name);
    if (known !== undefined && now - known.at < REMEMBERED_MS) {
      if (known.content !== hash) throw new WindowRatingError("WR5035", "this Idempotency-Key came with another request before");
      return known.answer;
    }
    const answer = run();
    const remembered = { content: hash, answer, at: now };
    this.#known.delete(name);
    this.#known.set(name, remembered);
    answer.catch(() => {
      if (this.#known.get(name) === remembered) this.#known.delete(name);
    });
    for (const [oldest, { at }] of this.#known) {
      if (this.#known.size <= REMEMBERED && now - at < REMEMBERED_MS) break;
      this.#known.delete(oldest);
    }
    return answer;
  }
}
