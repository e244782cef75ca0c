import type { RecordedMessage, RecordedTalk } from "./recorded-messages.ts";
import type { Side } from "./recording.ts";

/**
 * How fast a recording is played: at its own pace, but never on to the next citizen before this one has answered as the recorded one had;
 * or as soon as the other side has said what it said before.
 */
export type Pace = "recorded" | "fast";

/** What becomes of an invitation, as a pad says it. */
const ANSWERS: ReadonlySet<string> = new Set(["rated", "touchRated", "timedOut"]);

const answersIn = (counts: ReadonlyMap<string, number>): number => [...ANSWERS].reduce((sum, type) => sum + (counts.get(type) ?? 0), 0);

/** After this long nobody waits any more for the other side to say what it said in the recording, milliseconds. */
export const PATIENCE_MS = 10_000;

/**
 * Whose turn it is: goes through what was said, and tells when the next message of the side that is played may be said. The other side
 * is live and never says exactly the same again: it is waited for until it has said as many messages of each kind as it had by then.
 */
export class Cue {
  readonly #own: readonly RecordedMessage[];
  /** For each own message: how many of which kind the other side had said before it. */
  readonly #before: readonly ReadonlyMap<string, number>[];
  readonly #said = new Map<string, number>();
  readonly #readyAt: number;
  /** Answers of citizens in the whole recording. */
  readonly #answers: number;
  #next = 0;

  /** @param skips kinds of own messages that are not played: they follow from what the other side does */
  constructor(talk: RecordedTalk, side: Side, skips: ReadonlySet<string>) {
    const own: RecordedMessage[] = [];
    const before: ReadonlyMap<string, number>[] = [];
    const counts = new Map<string, number>();
    for (const recorded of talk.messages) {
      const { type } = recorded.message;
      if (recorded.from !== side) counts.set(type, (counts.get(type) ?? 0) + 1);
      else if (!skips.has(type)) {
        own.push(recorded);
        before.push(new Map(counts));
      }
    }
    this.#own = own;
    this.#answers = answersIn(counts);
    this.#before = before;
    this.#readyAt = talk.readyAt;
  }

  get length(): number {
    return this.#own.length;
  }

  /** How many were played. */
  get played(): number {
    return this.#next;
  }

  get isOver(): boolean {
    return this.#next >= this.#own.length;
  }

  /** The other side has said something. */
  heard(type: string): void {
    this.#said.set(type, (this.#said.get(type) ?? 0) + 1);
  }

  /** The next message, without taking it. */
  peek(): RecordedMessage | undefined {
    return this.#own[this.#next];
  }

  take(): void {
    this.#next++;
  }

  /** Whether citizens have answered as often as in the whole recording. */
  get hasAllAnswers(): boolean {
    return answersIn(this.#said) >= this.#answers;
  }

  /** Whether citizens have answered as often as they had before the next message: today's may be slower than those of the recording. */
  get hasAnswersBefore(): boolean {
    const wanted = this.#before[this.#next];
    return wanted === undefined || answersIn(this.#said) >= answersIn(wanted);
  }

  /** When the next message is due at the recorded pace, milliseconds after the session was ready. */
  get dueAfter(): number {
    return Math.max(0, (this.peek()?.at ?? 0) - this.#readyAt);
  }

  /** Whether the other side has said what it had said before the next message. */
  get isAnswered(): boolean {
    const wanted = this.#before[this.#next];
    return wanted === undefined || [...wanted].every(([type, count]) => (this.#said.get(type) ?? 0) >= count);
  }
}
