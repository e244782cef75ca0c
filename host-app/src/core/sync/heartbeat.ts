import {
  HEARTBEAT_MS,
  type HeartbeatAnswer,
  type HeartbeatRequest,
  heartbeatAnswerSchema,
  type WindowPcStatus,
} from "@window-rating/protocol/sync";
import type { Logger } from "pino";
import type { Clock } from "../clock.ts";
import type { Identity } from "../identity/identity.ts";
import { jsonOf } from "./answer-text.ts";
import { centralEndpoint, type Exchange, type Transport } from "./exchange.ts";
import type { Timers } from "./sender.ts";

export interface HeartbeatOptions {
  readonly identity: Pick<Identity, "windowPcId" | "enrolment">;
  readonly centralUrl: string;
  readonly clock: Clock;
  /** 0 ≤ x < 1 */
  readonly random: () => number;
  readonly timers: Timers;
  /** The heartbeat's own from now on: stop() closes it. */
  readonly transport: Transport;
  /** How this PC is now; throws if that cannot be said. */
  readonly status: () => WindowPcStatus;
  /** Any text that changes when central should hear of it soon: a pad came or went, a clerk signed in. Asked for every few seconds. */
  readonly mark: () => string;
  /** Told which entries central refused and has taken since. */
  readonly onTakenSince: (entries: NonNullable<HeartbeatAnswer["takenSince"]>) => void;
  readonly logger: Pick<Logger, "debug" | "info" | "warn">;
}

/** Tells central how this window PC is: every minute, and soon after something changed. */
export interface Heartbeat {
  start(): void;
  /** Nothing is sent afterwards. */
  stop(): Promise<void>;
}

/** The first one comes a little after the start, each PC's at another moment: a whole hall is switched on at once. */
const FIRST_WITHIN_MS = 5_000;
/** So often it looks whether something changed. */
const LOOK_MS = 2_000;
/** Heartbeats are never closer than this, however often a loose plug comes and goes. */
const APART_MS = 10_000;
/** A central of before this knows no heartbeats; it may have been brought up to date after so long. */
const UNKNOWN_FOR_MS = 3_600_000;
const REQUEST_TIMEOUT_MS = 15_000;

export const createHeartbeat = (options: HeartbeatOptions): Heartbeat => new PcHeartbeat(options);

/**
 * Nothing hangs on a heartbeat: one that fails is not sent again, the next one says more. What stands in the way of sending is for the
 * sender of entries to find and to tell.
 */
class PcHeartbeat implements Heartbeat {
  readonly #options: HeartbeatOptions;
  readonly #endpoint: URL;
  #isRunning = false;
  #timer: unknown = null;
  #dueMs = Number.POSITIVE_INFINITY;
  #sentMs = Number.NEGATIVE_INFINITY;
  /** What was true when central was last told. */
  #toldMark = "";
  /** Central does not know heartbeats: until then, not even a change is told. */
  #silentUntilMs = Number.NEGATIVE_INFINITY;
  #abort: AbortController | null = null;
  #flight: Promise<void> = Promise.resolve();

  constructor(options: HeartbeatOptions) {
    this.#options = options;
    this.#endpoint = centralEndpoint(options.centralUrl, "/sync/v1/heartbeats");
  }

  start(): void {
    if (this.#isRunning) return;
    this.#isRunning = true;
    this.#dueMs = this.#now() + this.#options.random() * FIRST_WITHIN_MS;
    this.#look();
  }

  async stop(): Promise<void> {
    this.#isRunning = false;
    this.#options.timers.clearTimeout(this.#timer);
    this.#abort?.abort();
    await this.#flight;
    this.#options.transport.close();
  }

  #now(): number {
    return this.#options.clock.monotonicMs();
  }

  /** Beats if it is time, or something changed and the last one was long enough ago; looks again soon in any case. */
  #look(): void {
    if (!this.#isRunning) return;
    const { mark, timers } = this.#options;
    const nowMs = this.#now();
    const isChanged = nowMs - this.#sentMs >= APART_MS && this.#toldMark !== "" && mark() !== this.#toldMark;
    if (nowMs >= this.#silentUntilMs && (nowMs >= this.#dueMs || isChanged)) {
      this.#flight = this.#beat();
      return;
    }
    const nextMs = Math.min(nowMs + LOOK_MS, Math.max(this.#dueMs, this.#silentUntilMs));
    this.#timer = timers.setTimeout(() => this.#look(), Math.max(1, Math.ceil(nextMs - nowMs)));
  }

  async #beat(): Promise<void> {
    const { identity, mark, random } = this.#options;
    this.#sentMs = this.#now();
    // A minute, a little more or less: a thousand PCs that began together spread by and by.
    this.#dueMs = this.#sentMs + HEARTBEAT_MS * (0.95 + random() / 10);
    const enrolment = identity.enrolment();
    this.#toldMark = mark();
    const text = enrolment === null ? undefined : this.#text();
    if (enrolment !== null && text !== undefined) this.#conclude(await this.#post(enrolment.token, text));
    this.#look();
  }

  #conclude(exchange: Exchange): void {
    const { logger } = this.#options;
    if (exchange.is === "answer" && (exchange.status === 404 || exchange.status === 405)) {
      this.#silentUntilMs = this.#now() + UNKNOWN_FOR_MS;
      logger.info({ status: exchange.status }, "this central knows no heartbeats yet; asking again in an hour");
    } else if (exchange.is !== "answer" || exchange.status >= 300) {
      logger.debug({ exchange: exchange.is }, "a heartbeat did not reach central");
    } else this.#hear(exchange.text);
  }

  #hear(answer: string): void {
    const { logger, onTakenSince } = this.#options;
    const { takenSince = [] } = heartbeatAnswerSchema.safeParse(jsonOf(answer)).data ?? {};
    if (takenSince.length === 0) return;
    logger.info({ entries: takenSince.length }, "central has taken entries that it refused before; sending them again");
    try {
      onTakenSince(takenSince);
    } catch (error) {
      logger.warn({ err: error }, "what central has taken since cannot be sent again now");
    }
  }

  #text(): string | undefined {
    const { identity, clock, status, logger } = this.#options;
    try {
      const heartbeat: HeartbeatRequest = { windowPcId: identity.windowPcId, sentAtMs: clock.wallMs(), status: status() };
      return JSON.stringify(heartbeat);
    } catch (error) {
      logger.warn({ err: error }, "this PC cannot say how it is");
      return undefined;
    }
  }

  async #post(token: string, text: string): Promise<Exchange> {
    const { timers, transport } = this.#options;
    const abort = new AbortController();
    this.#abort = abort;
    const timeout = timers.setTimeout(() => abort.abort(), REQUEST_TIMEOUT_MS);
    const exchange = await transport.post({ url: this.#endpoint, token, text, signal: abort.signal });
    timers.clearTimeout(timeout);
    this.#abort = null;
    return exchange;
  }
}
