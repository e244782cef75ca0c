import { WindowRatingError } from "@window-rating/protocol/error";
import type { Entry } from "@window-rating/protocol/sync";
import type { Logger } from "pino";
import type { Clock } from "../clock.ts";
import type { Identity } from "../identity/identity.ts";
import { writeBatch } from "./batch-request.ts";
import { CentralClock } from "./central-clock.ts";
import { centralEndpoint, type Exchange, type Transport } from "./exchange.ts";
import type { BatchLimits, Outbox } from "./outbox.ts";
import { DEFAULT_SEND_LIMITS, type SendLimits, SendPlan, type Step } from "./send-plan.ts";
import { type Cause, causeOf, judge, TOO_LARGE, tooLargeRefusal, type Verdict } from "./verdict.ts";

/** Timers in the manner of the global ones, so that a test can own the time. */
export interface Timers {
  setTimeout(run: () => void, ms: number): unknown;
  clearTimeout(timer: unknown): void;
}

export interface SenderOptions {
  readonly outbox: Outbox;
  readonly identity: Pick<Identity, "windowPcId" | "enrolment">;
  readonly centralUrl: string;
  readonly clock: Clock;
  /** 0 ≤ x < 1 */
  readonly random: () => number;
  readonly timers: Timers;
  /** The sender's own from now on: stop() closes it. */
  readonly transport: Transport;
  /** Any text that changes when this machine's network does. */
  readonly networkFingerprint: () => string;
  readonly limits?: Partial<SendLimits>;
  readonly logger: Pick<Logger, "debug" | "info" | "warn" | "error">;
}

export interface SenderState {
  /** Wall clock of the last answer of central; null before the first. */
  readonly lastSyncMs: number | null;
  /** Wall clock, by the clock of now; null if no try is planned: all is sent, one is under way, or nobody is enrolled. */
  readonly nextTryMs: number | null;
  /** Why entries wait; null if nothing stands in their way. */
  readonly cause: Cause | null;
  /** Central's clock minus this one; null before the first answer. */
  readonly offsetMs: number | null;
  /** Entries that central confirmed, and refused, since the start. */
  readonly sent: number;
  readonly refused: number;
  /** Central has every entry up to this number; null before the first answer. */
  readonly highestGapless: number | null;
}

export interface Sender {
  start(): void;
  /** Ends within 2 s: an answer that is on its way is waited for and taken in. Touches nothing afterwards. */
  stop(): Promise<void>;
  /** Tries now, whatever it waits for; also, as at each start, what was too large for the way. */
  poke(): void;
  state(): SenderState;
  /** The listener is called after each change of the state. Returns the function that ends it. */
  onChange(listener: () => void): () => void;
}

/** How often, while nothing can be sent, network and enrolment are looked at: one call of the system each. */
const WATCH_EVERY_MS = 2000;
/** What stop() grants a request under way, and then its end. */
const FINISH_WITHIN_MS = 1500;
const ABORT_WITHIN_MS = 400;

/** Sends the outbox to central, one batch at a time, for as long as it lives. */
export const createSender = (options: SenderOptions): Sender => new OutboxSender(options);

class OutboxSender implements Sender {
  readonly #options: SenderOptions;
  readonly #limits: SendLimits;
  readonly #plan: SendPlan;
  readonly #endpoint: URL;
  readonly #centralClock = new CentralClock();
  readonly #listeners = new Set<() => void>();

  #life: "new" | "running" | "stopping" | "over" = "new";
  #stopping: Promise<void> | null = null;
  #flight: { readonly abort: AbortController; readonly landed: Promise<void> } | null = null;
  #wakeTimer: unknown = null;
  #wakeAtMs = Number.POSITIVE_INFINITY;
  #watchTimer: unknown = null;
  #network = "";
  #token: string | undefined;
  #stopListening: () => void = () => {};

  #nextTryMonotonicMs: number | null = null;
  #lastSyncMs: number | null = null;
  #cause: Cause | null = null;
  #sent = 0;
  #refused = 0;
  #highestGapless: number | null = null;

  constructor(options: SenderOptions) {
    this.#options = options;
    this.#limits = { ...DEFAULT_SEND_LIMITS, ...options.limits };
    this.#plan = new SendPlan(this.#limits, options.random);
    this.#endpoint = centralEndpoint(options.centralUrl, "/sync/v1/batches");
  }

  start(): void {
    if (this.#life !== "new") return;
    this.#life = "running";
    this.#network = this.#options.networkFingerprint();
    this.#sendTooLargeAgain();
    this.#stopListening = this.#options.outbox.onAppended(() => {
      this.#plan.appended(this.#now());
      this.#wake();
    });
    this.#wake();
  }

  stop(): Promise<void> {
    this.#stopping ??= this.#end();
    return this.#stopping;
  }

  poke(): void {
    this.#sendTooLargeAgain();
    this.#plan.poke();
    this.#wake();
  }

  state(): SenderState {
    const { clock } = this.#options;
    const [wallMs, nowMs] = [clock.wallMs(), clock.monotonicMs()];
    return {
      lastSyncMs: this.#lastSyncMs,
      nextTryMs: this.#nextTryMonotonicMs === null ? null : Math.round(wallMs + Math.max(0, this.#nextTryMonotonicMs - nowMs)),
      cause: this.#cause,
      offsetMs: this.#centralClock.offsetMs(wallMs, nowMs),
      sent: this.#sent,
      refused: this.#refused,
      highestGapless: this.#highestGapless,
    };
  }

  onChange(listener: () => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  #now(): number {
    return this.#options.clock.monotonicMs();
  }

  /** Looks again at what to do, in a turn of its own: whoever has just committed an entry has a pad to tell first. */
  #wake(atMs = this.#now()): void {
    if (this.#life !== "running" || this.#flight !== null || this.#wakeAtMs <= atMs) return;
    this.#options.timers.clearTimeout(this.#wakeTimer);
    this.#wakeAtMs = atMs;
    this.#wakeTimer = this.#options.timers.setTimeout(
      () => {
        this.#wakeAtMs = Number.POSITIVE_INFINITY;
        this.#step();
      },
      Math.max(0, Math.ceil(atMs - this.#now())),
    );
  }

  #step(): void {
    if (this.#life !== "running" || this.#flight !== null) return;
    const enrolment = this.#options.identity.enrolment();
    const step = this.#nextStep(enrolment !== null);
    this.#nextTryMonotonicMs = step.do === "wait" ? step.untilMs : null;
    if (step.do === "stop") this.#say(causeOf("WR6003", `this window PC (${this.#options.identity.windowPcId}) is not known to central`));
    if (step.do === "stop" || step.do === "wait") this.#watch();
    if (step.do === "wait") this.#wake(step.untilMs);
    if (step.do === "send" && enrolment !== null) {
      const abort = new AbortController();
      this.#token = enrolment.token;
      this.#flight = { abort, landed: this.#fly(step.entries, enrolment.token, abort) };
    }
    this.#changed();
  }

  #nextStep(enrolled: boolean): Step {
    const oldest = (limits: BatchLimits) => this.#options.outbox.next(limits);
    try {
      return this.#plan.next(this.#now(), enrolled, oldest);
    } catch (error) {
      this.#outboxFailed(error);
      return this.#plan.next(this.#now(), enrolled, () => []);
    }
  }

  async #fly(waiting: readonly Entry[], token: string, abort: AbortController): Promise<void> {
    const { clock, identity, timers, transport } = this.#options;
    const { text, entries } = writeBatch(identity.windowPcId, clock.wallMs(), waiting, this.#limits.batch.bytes);
    const timer = timers.setTimeout(() => abort.abort(), this.#limits.requestTimeoutMs);
    const sentMs = this.#now();
    const exchange = await transport.post({ url: this.#endpoint, token, text, signal: abort.signal });
    timers.clearTimeout(timer);
    if (this.#life === "over") return;
    this.#land(entries, exchange, sentMs);
    this.#flight = null;
    this.#wake();
    this.#changed();
  }

  /** Takes in how an exchange ended. */
  #land(entries: readonly Entry[], exchange: Exchange, sentMs: number): void {
    const { clock } = this.#options;
    const nowMs = this.#now();
    const verdict = judge(entries, exchange, this.#limits.requestTimeoutMs, clock.wallMs());
    if (verdict.answer !== null) this.#heard(verdict.answer, sentMs, nowMs);
    if (verdict.strange > 0)
      this.#options.logger.warn({ strange: verdict.strange, sent: entries.length }, "central gave answers that match no entry sent");
    try {
      this.#settle(verdict, entries);
    } catch (error) {
      return this.#outboxFailed(error);
    }
    this.#plan.conclude(verdict.outcome, entries, nowMs);
    this.#say(verdict.cause);
  }

  #heard(answer: NonNullable<Verdict["answer"]>, sentMs: number, nowMs: number): void {
    const { clock, logger } = this.#options;
    this.#lastSyncMs = clock.wallMs();
    this.#centralClock.measure(answer.centralTimeMs, sentMs, nowMs);
    if (this.#highestGapless !== null && answer.highestGapless < this.#highestGapless) {
      logger.error(
        { had: this.#highestGapless, has: answer.highestGapless },
        "central has fewer entries than it confirmed; was an old backup put back there?",
      );
    }
    this.#highestGapless = answer.highestGapless;
  }

  /** @throws whatever the outbox throws */
  #settle(verdict: Verdict, entries: readonly Entry[]): void {
    const { clock, logger, outbox } = this.#options;
    const [first] = entries;
    const stuck = verdict.outcome.is === "too-large" && entries.length === 1 && first !== undefined;
    const refused = stuck ? [tooLargeRefusal(first, verdict.cause)] : verdict.refused;
    if (verdict.confirmed.length > 0) outbox.confirm(verdict.confirmed);
    this.#sent += verdict.confirmed.length;
    if (refused.length > 0) outbox.setAside(refused, clock.wallMs());
    this.#refused += refused.length;
    for (const { number, code, detail } of refused) logger.warn({ number, code, detail }, "entry refused and set aside");
  }

  #outboxFailed(error: unknown): void {
    this.#plan.storeFailed(this.#now());
    this.#options.logger.error({ err: error }, "the outbox cannot be used");
    const known = error instanceof WindowRatingError;
    this.#say(known ? causeOf(error.code, error.detail) : causeOf("WR6009", error instanceof Error ? error.message : String(error)));
  }

  /** Keeps the cause, and logs it when it is another than before. */
  #say(cause: Cause | null): void {
    const before = this.#cause;
    this.#cause = cause;
    if (cause?.text === before?.text) return;
    const { logger } = this.#options;
    if (cause === null) logger.info({ after: before?.code }, "central takes entries again");
    else logger.warn({ code: cause.code }, cause.text);
  }

  /** While nothing can be sent: a network that comes back, or an enrolment made meanwhile, starts a try at once. */
  #watch(): void {
    const { identity, networkFingerprint, timers } = this.#options;
    if (this.#watchTimer !== null) return;
    this.#watchTimer = timers.setTimeout(() => {
      this.#watchTimer = null;
      if (this.#life !== "running" || this.#flight !== null) return;
      const network = networkFingerprint();
      const networkChanged = network !== this.#network;
      const enrolled = identity.enrolment()?.token !== this.#token;
      this.#network = network;
      if (networkChanged) this.#plan.networkChanged();
      if (enrolled) this.#plan.poke();
      if (networkChanged || enrolled) this.#step();
      else this.#watch();
    }, WATCH_EVERY_MS);
  }

  /** Central has never seen these and cannot take them again; whatever stood in the way may let them through by now. */
  #sendTooLargeAgain(): void {
    const { outbox } = this.#options;
    try {
      outbox.sendAgain(
        outbox
          .listSetAside()
          .filter(({ code }) => code === TOO_LARGE)
          .map(({ entry }) => entry),
      );
    } catch (error) {
      this.#options.logger.error({ err: error }, "the outbox cannot be used");
    }
  }

  #changed(): void {
    for (const listener of this.#listeners) {
      try {
        listener();
      } catch (error) {
        this.#options.logger.error({ err: error }, "a listener of the sender failed");
      }
    }
  }

  async #end(): Promise<void> {
    const { timers, transport } = this.#options;
    this.#life = "stopping";
    this.#stopListening();
    timers.clearTimeout(this.#wakeTimer);
    timers.clearTimeout(this.#watchTimer);
    this.#nextTryMonotonicMs = null;
    const flight = this.#flight;
    if (flight !== null && !(await this.#endsWithin(flight.landed, FINISH_WITHIN_MS))) {
      flight.abort.abort();
      await this.#endsWithin(flight.landed, ABORT_WITHIN_MS);
    }
    this.#life = "over";
    transport.close();
  }

  async #endsWithin(landed: Promise<void>, ms: number): Promise<boolean> {
    const { timers } = this.#options;
    const { promise: late, resolve } = Promise.withResolvers<false>();
    const timer = timers.setTimeout(() => resolve(false), ms);
    const inTime = await Promise.race([landed.then(() => true), late]);
    timers.clearTimeout(timer);
    return inTime;
  }
}
