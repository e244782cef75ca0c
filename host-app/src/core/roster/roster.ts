import type { ReasonList } from "@window-rating/protocol/reasons";
import type { SitePolicy } from "@window-rating/protocol/sync";
import type { Logger } from "pino";
import type { Clock } from "../clock.ts";
import type { Identity } from "../identity/identity.ts";
import type { Timers } from "../sync/sender.ts";
import type { AskDown } from "./down-request.ts";
import { keepRoster, readRoster } from "./roster-file.ts";
import { applyDown, type RosteredClerk, type RosterState } from "./roster-state.ts";

export interface RosterOptions {
  readonly dataDir: string;
  /** Null: this PC has no central, and the roster stays as it is on disk. */
  readonly centralUrl: string | null;
  readonly identity: Pick<Identity, "windowPcId" | "enrolment">;
  readonly ask: AskDown;
  readonly clock: Clock;
  readonly timers: Timers;
  /** 0 ≤ x < 1 */
  readonly random: () => number;
  readonly logger: Pick<Logger, "info" | "warn">;
}

/** What `window-host status` tells of it. */
export interface RosterStatus {
  readonly version: number;
  readonly clerks: number;
  readonly items: number;
  /** Null before the first answer of central ever. */
  readonly reasonsVersion: string | null;
  readonly siteVersion: number | null;
  readonly region: string | null;
  /** Wall clock of central's last answer in this run; null before. */
  readonly lastAnswerMs: number | null;
  readonly cause?: string;
}

const EVERY_MS = 60_000;
const LONGEST_PAUSE_MS = 600_000;
const REQUEST_TIMEOUT_MS = 30_000;

/**
 * Clerks, items, reasons and policy as central keeps them. It asks once a minute, which costs a few hundred bytes while nothing
 * changes; every change is on disk before it is used, and without central the last one stays in use.
 */
export class Roster {
  readonly #options: RosterOptions;
  readonly #listeners = new Set<() => void>();
  #state: RosterState;
  #etag = "";
  #timer: unknown = null;
  #failures = 0;
  #cause: string | undefined;
  #lastAnswerMs: number | null = null;
  #abort: AbortController | null = null;
  #flight: Promise<void> = Promise.resolve();
  #isRunning = false;

  constructor(options: RosterOptions) {
    this.#options = options;
    this.#state = readRoster(options.dataDir, (why) =>
      options.logger.warn({ why }, "the roster on disk cannot be used and is fetched anew"),
    );
  }

  /** A clerk as central tells of them; undefined if it has not told of this number. */
  clerk(staffNo: string): RosteredClerk | undefined {
    return Object.hasOwn(this.#state.clerks, staffNo) ? this.#state.clerks[staffNo] : undefined;
  }

  itemName(itemCode: string): string | undefined {
    return Object.hasOwn(this.#state.items, itemCode) ? this.#state.items[itemCode] : undefined;
  }

  /** Code and name of every item that central has told of. */
  get items(): Iterable<readonly [string, string]> {
    return Object.entries(this.#state.items);
  }

  get reasons(): ReasonList | null {
    return this.#state.reasons;
  }

  get site(): SitePolicy | null {
    return this.#state.site;
  }

  /** The static code of a window (一窗一码), if central has made one. */
  windowCode(windowNo: string): string | undefined {
    const { windowCodes } = this.#state;
    return Object.hasOwn(windowCodes, windowNo) ? windowCodes[windowNo] : undefined;
  }

  /** The listener is called after each change. Returns the function that ends it. */
  onChange(listener: () => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  status(): RosterStatus {
    const { version, clerks, items, reasons, site } = this.#state;
    return {
      version,
      clerks: Object.keys(clerks).length,
      items: Object.keys(items).length,
      reasonsVersion: reasons?.version ?? null,
      siteVersion: site?.version ?? null,
      region: site?.region ?? null,
      lastAnswerMs: this.#lastAnswerMs,
      ...(this.#cause === undefined ? {} : { cause: this.#cause }),
    };
  }

  start(): void {
    if (this.#isRunning || this.#options.centralUrl === null) return;
    this.#isRunning = true;
    this.#askIn(0);
  }

  /** Nothing is asked or written afterwards. */
  async stop(): Promise<void> {
    this.#isRunning = false;
    this.#options.timers.clearTimeout(this.#timer);
    this.#abort?.abort();
    await this.#flight;
  }

  #askIn(ms: number): void {
    if (!this.#isRunning) return;
    this.#timer = this.#options.timers.setTimeout(() => {
      this.#flight = this.#turn();
    }, ms);
  }

  async #turn(): Promise<void> {
    const { identity, centralUrl, ask, timers, clock, random } = this.#options;
    const enrolment = identity.enrolment();
    if (centralUrl === null || enrolment === null) {
      this.#cause = "this window PC is not enrolled";
      return this.#askIn(EVERY_MS);
    }
    const abort = new AbortController();
    this.#abort = abort;
    const timeout = timers.setTimeout(() => abort.abort(), REQUEST_TIMEOUT_MS);
    const { version, reasons } = this.#state;
    const question = {
      centralUrl,
      windowPcId: identity.windowPcId,
      token: enrolment.token,
      since: version,
      reasons: reasons?.version ?? "",
    };
    const reply = await ask({ ...question, etag: this.#etag, signal: abort.signal });
    timers.clearTimeout(timeout);
    if (!this.#isRunning) return;
    if (reply.is === "failed" || reply.is === "unknown") {
      this.#failures += 1;
      this.#cause = reply.why;
      const longest = Math.min(LONGEST_PAUSE_MS, EVERY_MS * 2 ** Math.min(this.#failures - 1, 8));
      return this.#askIn(longest * (0.5 + random() / 2));
    }
    this.#failures = 0;
    this.#cause = undefined;
    this.#lastAnswerMs = clock.wallMs();
    if (reply.is === "changed") this.#take(reply.answer, reply.etag);
    // A hall's PCs were switched on together; they need not ask together.
    this.#askIn(this.#state.isWhole ? EVERY_MS * (0.75 + random() / 2) : 0);
  }

  #take(answer: Parameters<typeof applyDown>[1], etag: string): void {
    const { dataDir, logger } = this.#options;
    const before = this.#state;
    const next = applyDown(before, answer);
    if (JSON.stringify(next) === JSON.stringify(before)) {
      // The same answer to the same question: from now on its tag spares it.
      this.#etag = etag;
      return;
    }
    try {
      keepRoster(dataDir, next);
    } catch (error) {
      // Used only if it is on disk: after a restart this PC must not know less than it showed.
      logger.warn({ err: error }, "the roster cannot be kept");
      this.#cause = `the roster cannot be written: ${error instanceof Error ? error.message : String(error)}`;
      return;
    }
    this.#state = next;
    this.#etag = "";
    const { version, clerks, items, siteVersion } = this.status();
    logger.info({ version, clerks, items, siteVersion }, "the roster has changed");
    for (const listener of this.#listeners) listener();
  }
}
