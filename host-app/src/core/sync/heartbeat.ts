import { HEARTBEAT_MS, type HeartbeatRequest, type WindowPcStatus } from "@window-rating/protocol/sync";
import type { Logger } from "pino";
import type { Clock } from "../clock.ts";
import type { Identity } from "../identity/identity.ts";
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
  readonly logger: Pick<Logger, "debug" | "info" | "warn">;
}

/** Tells central how this window PC is: every minute, and soon after something changed. */
export interface Heartbeat {
  start(): void;
  /** A pad or a clerk came or went. */
  changed(): void;
  /** Nothing is sent afterwards. */
  stop(): Promise<void>;
}

/** The first one comes a little after the start, each PC's at another moment: a whole hall is switched on at once. */
const FIRST_WITHIN_MS = 5_000;
/** A change waits so long for the next one; and heartbeats are never closer than this, however often a loose plug comes and goes. */
const SETTLE_MS = 1_000;
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
  /** Central does not know heartbeats: until then, not even a change is told. */
  #silentUntilMs = Number.NEGATIVE_INFINITY;
  /** Something changed while one was on its way. */
  #isOutdated = false;
  #abort: AbortController | null = null;
  #flight: Promise<void> = Promise.resolve();

  constructor(options: HeartbeatOptions) {
    this.#options = options;
    this.#endpoint = centralEndpoint(options.centralUrl, "/sync/v1/heartbeats");
  }

  start(): void {
    if (this.#isRunning) return;
    this.#isRunning = true;
    this.#plan(this.#now() + this.#options.random() * FIRST_WITHIN_MS);
  }

  changed(): void {
    this.#isOutdated = this.#abort !== null;
    const soonestMs = this.#soonestMs();
    if (!this.#isOutdated && soonestMs < this.#dueMs) this.#plan(soonestMs);
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

  #soonestMs(): number {
    return Math.max(this.#now() + SETTLE_MS, this.#sentMs + APART_MS, this.#silentUntilMs);
  }

  #plan(atMs: number): void {
    const { timers } = this.#options;
    if (!this.#isRunning) return;
    timers.clearTimeout(this.#timer);
    this.#dueMs = atMs;
    this.#timer = timers.setTimeout(
      () => {
        this.#flight = this.#beat();
      },
      Math.max(0, Math.ceil(atMs - this.#now())),
    );
  }

  async #beat(): Promise<void> {
    const { identity, logger } = this.#options;
    this.#dueMs = Number.POSITIVE_INFINITY;
    this.#sentMs = this.#now();
    const enrolment = identity.enrolment();
    const text = enrolment === null ? undefined : this.#text();
    if (enrolment === null || text === undefined) return this.#plan(this.#nextMs());
    const exchange = await this.#post(enrolment.token, text);
    if (!this.#isRunning) return;
    if (exchange.is === "answer" && (exchange.status === 404 || exchange.status === 405)) {
      this.#silentUntilMs = this.#now() + UNKNOWN_FOR_MS;
      logger.info({ status: exchange.status }, "this central knows no heartbeats yet; asking again in an hour");
      return this.#plan(this.#silentUntilMs);
    }
    if (exchange.is !== "answer" || exchange.status >= 300) logger.debug({ exchange: exchange.is }, "a heartbeat did not reach central");
    this.#plan(this.#isOutdated ? this.#soonestMs() : this.#nextMs());
    this.#isOutdated = false;
  }

  /** A minute, a tenth more or less: a thousand PCs that began together spread by and by. */
  #nextMs(): number {
    return this.#now() + HEARTBEAT_MS * (0.95 + this.#options.random() / 10);
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
