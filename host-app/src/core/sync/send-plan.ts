import { BATCH_LIMITS, type Entry } from "@window-rating/protocol/sync";
import { backOffMs } from "./back-off.ts";
import { HeldEntries } from "./held-entries.ts";
import type { BatchLimits } from "./outbox.ts";
import type { Outcome } from "./verdict.ts";

export interface SendLimits {
  /** Of one request; `bytes` counts the whole of it. */
  readonly batch: BatchLimits;
  /** For one whole exchange; a slow answer that keeps trickling does not get more. */
  readonly requestTimeoutMs: number;
  /** Window of the first pause after a failure; it doubles with each further one. */
  readonly baseDelayMs: number;
  /** Longest pause between two tries. */
  readonly maxDelayMs: number;
  /** While central is away a new entry starts a try, but not more often than this. */
  readonly newEntryEveryMs: number;
  /** The most that a `Retry-After` is believed. */
  readonly maxRetryAfterMs: number;
}

export const DEFAULT_SEND_LIMITS: SendLimits = {
  batch: { entries: 200, bytes: BATCH_LIMITS.bytes },
  requestTimeoutMs: 30_000,
  baseDelayMs: 1000,
  maxDelayMs: 60_000,
  newEntryEveryMs: 5000,
  maxRetryAfterMs: 3_600_000,
};

/** What to do now. Times are monotonic milliseconds. */
export type Step =
  /** Not enrolled: nobody to send to. */
  | { readonly do: "stop" }
  /** Nothing is left to send. */
  | { readonly do: "rest" }
  | { readonly do: "wait"; readonly untilMs: number }
  /** One batch; without entries it only asks whether central answers. */
  | { readonly do: "send"; readonly entries: readonly Entry[] };

interface Wait {
  readonly untilMs: number;
  /** Only a back-off is cut short by good news; what central asked for is kept. */
  readonly why: "back-off" | "asked" | "not-known";
}

/** A batch that was made smaller grows again after this many good ones. */
const GROW_AFTER = 4;

/**
 * Decides what the sender does next and when, from what came of the tries before. Pure: the time, the draws and the entries
 * are handed in. There is never a last try.
 */
export class SendPlan {
  readonly #limits: SendLimits;
  readonly #random: () => number;
  readonly #held = new HeldEntries();
  #wait: Wait | null = null;
  /** A held entry has just had its turn in vain. */
  #othersFirst = false;
  /** Tries that failed in a row. */
  #failures = 0;
  /** Most entries of the next batch. */
  #size: number;
  #goodInRow = 0;
  #triedAtMs = Number.NEGATIVE_INFINITY;
  /** At the start, and when somebody asks, central is spoken to even with nothing to send: enrolment and clock show at once. */
  #greet = true;

  /** @param random 0 ≤ x < 1 */
  constructor(limits: SendLimits, random: () => number) {
    this.#limits = limits;
    this.#random = random;
    this.#size = limits.batch.entries;
  }

  /** @param oldest reads the oldest waiting entries; called only when something may be sent */
  next(nowMs: number, enrolled: boolean, oldest: (limits: BatchLimits) => readonly Entry[]): Step {
    if (!enrolled) return { do: "stop" };
    if (this.#wait !== null && nowMs < this.#wait.untilMs) return { do: "wait", untilMs: this.#wait.untilMs };
    const waiting = oldest({ entries: this.#size + this.#held.count, bytes: this.#limits.batch.bytes + this.#held.bytes });
    this.#held.keepOnly(new Set(waiting.map(({ number }) => number)));
    const free = waiting.filter(({ number }) => !this.#held.has(number)).slice(0, this.#size);
    const due = waiting.find(({ number }) => this.#held.isDue(number, nowMs));
    if (due !== undefined && (free.length === 0 || !this.#othersFirst)) return { do: "send", entries: [due] };
    if (free.length > 0 || this.#greet) return { do: "send", entries: free };
    const dueMs = this.#held.nextDueMs();
    return dueMs === null ? { do: "rest" } : { do: "wait", untilMs: dueMs };
  }

  /** A try ended. @param sent what was in it */
  conclude(outcome: Outcome, sent: readonly Entry[], nowMs: number): void {
    this.#triedAtMs = nowMs;
    this.#wait = null;
    this.#othersFirst = false;
    switch (outcome.is) {
      case "answered":
        return this.#good();
      case "too-large":
        // An answer, and a quick one: half of the batch goes at once. One entry alone has been set aside.
        return sent.length === 0 ? this.#fail(nowMs, null) : this.#shrink(sent);
      case "not-known":
        this.#wait = { untilMs: nowMs + this.#limits.maxDelayMs * (0.5 + this.#random() / 2), why: "not-known" };
        return;
      case "unsettled":
      case "timed-out":
      case "cut":
        return this.#suspect(sent, nowMs, null);
      case "failed":
        return this.#suspect(sent, nowMs, outcome.afterMs);
      case "busy":
      case "nonsense":
        return this.#fail(nowMs, outcome.afterMs);
      case "unreachable":
        return this.#fail(nowMs, null);
    }
  }

  /** The outbox itself failed: what central took is told again later. */
  storeFailed(nowMs: number): void {
    this.#triedAtMs = nowMs;
    this.#fail(nowMs, null);
  }

  /** An entry was put into the outbox. */
  appended(nowMs: number): void {
    if (this.#wait?.why !== "back-off") return;
    const untilMs = Math.max(nowMs, this.#triedAtMs + this.#limits.newEntryEveryMs);
    if (untilMs < this.#wait.untilMs) this.#wait = { untilMs, why: "back-off" };
  }

  /** The network of this PC is not what it was. */
  networkChanged(): void {
    if (this.#wait === null || this.#wait.why === "back-off") this.#startAfresh();
  }

  /** Somebody asks for a try now, whatever central asked for. */
  poke(): void {
    this.#startAfresh();
    this.#greet = true;
  }

  #startAfresh(): void {
    this.#wait = null;
    this.#failures = 0;
    this.#held.release();
  }

  #good(): void {
    this.#failures = 0;
    this.#greet = false;
    this.#goodInRow++;
    if (this.#goodInRow < GROW_AFTER) return;
    this.#goodInRow = 0;
    this.#size = Math.min(this.#limits.batch.entries, this.#size * 2);
  }

  #fail(nowMs: number, askedMs: number | null): void {
    this.#failures++;
    const { baseDelayMs, maxDelayMs, maxRetryAfterMs } = this.#limits;
    if (askedMs === null) {
      const pauseMs = backOffMs(this.#failures, { baseMs: baseDelayMs, maxMs: maxDelayMs }, this.#random());
      this.#wait = { untilMs: nowMs + pauseMs, why: "back-off" };
      return;
    }
    // A little later than asked, and each PC at another moment, for central told all of them the same.
    const least = Math.min(maxRetryAfterMs, Math.max(baseDelayMs, askedMs));
    this.#wait = { untilMs: nowMs + least * (1 + this.#random() / 4), why: "asked" };
  }

  /** Something in the batch may be what central fails at: smaller batches find it, and alone it no longer holds up others. */
  #suspect(sent: readonly Entry[], nowMs: number, askedMs: number | null): void {
    const [only] = sent;
    if (sent.length !== 1 || only === undefined) {
      this.#shrink(sent);
      return this.#fail(nowMs, askedMs);
    }
    const again = this.#held.has(only.number);
    this.#othersFirst = again;
    this.#held.hold(only.number, Buffer.byteLength(only.body) + 512, nowMs, (times) => this.#holdMs(times));
    // If others came through since, it was this entry, and they need not wait for it.
    if (!again || this.#failures > 0 || askedMs !== null) this.#fail(nowMs, askedMs);
  }

  #holdMs(times: number): number {
    const { baseDelayMs, maxDelayMs } = this.#limits;
    return backOffMs(times + 3, { baseMs: baseDelayMs, maxMs: maxDelayMs }, this.#random());
  }

  #shrink(sent: readonly Entry[]): void {
    if (sent.length === 0) return;
    this.#goodInRow = 0;
    this.#size = Math.max(1, Math.floor(Math.min(this.#size, sent.length) / 2));
  }
}
