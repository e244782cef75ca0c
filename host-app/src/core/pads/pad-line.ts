import type { PadState } from "@window-rating/protocol/desk";
import { WindowRatingError } from "@window-rating/protocol/error";
import {
  type Command,
  HostSession,
  type HostSessionEffect,
  type Report,
  type SessionCounters,
  versionRefusal,
} from "@window-rating/protocol/pad";
import { type PadOrigin, padOriginSchema } from "@window-rating/protocol/sync";
import type { Logger } from "pino";
import type { Clock } from "../clock.ts";
import type { OpenPort, PortOpener } from "./pad-port.ts";

/** The pad that is ready: who it says it is, and how it is reached. An event adds its own number. */
export type PadOnLine = Omit<PadOrigin, "eventNo">;
const padOnLineSchema = padOriginSchema.omit({ eventNo: true });

export interface PadListener {
  ready(pad: PadOnLine): void;
  /** Called in the turn in which the bytes came, so that an answer goes out at once. */
  report(pad: PadOnLine, message: Report): void;
  lost(): void;
  /** The state to be shown has changed. */
  stateChanged(): void;
}

/** A port that stays open without a session this long is opened anew: its name may lead to another device by now. */
const REOPEN_AFTER_MS = 3500;
const FIRST_DELAY_MS = 100;
const LAST_DELAY_MS = 2000;
/** So many bad frames without a good one, and what is there is no pad of ours. */
const FOREIGN_AFTER_FAULTS = 8;

interface Open {
  readonly port: OpenPort;
  readonly openedAt: number;
  readonly framesBefore: number;
  readonly faultsBefore: number;
}

/**
 * One pad on one line: opens the port, speaks the session, and begins anew whatever breaks, for as long as it runs.
 * The only place of the host that holds a port.
 */
export class PadLine {
  readonly #open: PortOpener;
  readonly #session: HostSession;
  readonly #clock: Clock;
  readonly #log: Logger;
  readonly #listener: PadListener;
  readonly #wanted: string | null;
  #current: Open | undefined;
  #pad: PadOnLine | undefined;
  #failure: WindowRatingError | undefined;
  #running = false;
  #opening: Promise<void> = Promise.resolve();
  #delay = FIRST_DELAY_MS;
  #retry: NodeJS.Timeout | undefined;
  #timer: NodeJS.Timeout | undefined;
  #timerAt = Number.POSITIVE_INFINITY;
  #firmware: string | undefined;
  readonly #unusableLogged = new Set<string>();

  constructor(options: {
    open: PortOpener;
    clock: Clock;
    random: (length: number) => Uint8Array;
    logger: Logger;
    listener: PadListener;
    /** Serial number of the only pad to be used; null takes any. */
    serialNumber?: string | null;
  }) {
    this.#open = options.open;
    this.#clock = options.clock;
    this.#log = options.logger;
    this.#listener = options.listener;
    this.#wanted = options.serialNumber ?? null;
    this.#session = new HostSession({ random: options.random });
  }

  get counters(): SessionCounters {
    return this.#session.counters;
  }

  get roundTrips(): readonly number[] {
    return this.#session.roundTrips;
  }

  get pad(): PadOnLine | undefined {
    return this.#pad;
  }

  get firmware(): string | undefined {
    return this.#firmware;
  }

  get state(): PadState {
    const cause = this.#failure === undefined ? {} : { cause: this.#failure.message };
    const port = this.#current === undefined ? {} : { port: this.#current.port.name };
    if (this.#pad !== undefined) {
      const { model, serialNumber, secured } = this.#pad;
      return { connection: "ready", model, serialNumber, secured, ...port };
    }
    if (this.#failure !== undefined) return { connection: this.#failure.code === "WR3001" ? "absent" : "failed", ...cause, ...port };
    return { connection: "connecting", ...port };
  }

  start(): void {
    this.#running = true;
    this.#opening = this.#tryOpen();
  }

  /** Says goodbye to the pad and lets the port go. */
  async stop(): Promise<void> {
    this.#running = false;
    clearTimeout(this.#retry);
    await this.#opening;
    this.#step({ is: "close" });
    clearTimeout(this.#timer);
    const port = this.#current?.port;
    this.#current = undefined;
    await port?.close();
  }

  /** Sends a command if the pad is ready; else drops it. @returns whether it was given to the link */
  send(message: Command): boolean {
    if (this.#pad === undefined) return false;
    this.#step({ is: "send", message });
    return true;
  }

  async #tryOpen(): Promise<void> {
    try {
      const port = await this.#open({
        bytes: (chunk) => {
          this.#step({ is: "bytes", bytes: chunk });
          this.#step({ is: "settle" });
        },
        closed: (cause) => this.#closed(cause),
      });
      const { frames, faults } = this.#session.counters;
      this.#current = { port, openedAt: this.#clock.monotonicMs(), framesBefore: frames, faultsBefore: total(faults) };
      this.#log.info({ port: port.name }, "port opened");
      this.#step({ is: "opened" });
      this.#listener.stateChanged();
    } catch (error) {
      this.#fail(error instanceof WindowRatingError ? error : new WindowRatingError("WR3005", String(error), error));
      this.#openLater();
    }
  }

  #openLater(): void {
    if (!this.#running) return;
    clearTimeout(this.#retry);
    this.#retry = setTimeout(() => {
      this.#opening = this.#tryOpen();
    }, this.#delay);
    this.#delay = Math.min(LAST_DELAY_MS, this.#delay * 2);
  }

  #closed(cause: Error | undefined): void {
    if (this.#current === undefined) return;
    this.#current = undefined;
    this.#step({ is: "close" });
    this.#fail(
      cause instanceof WindowRatingError ? cause : new WindowRatingError("WR3005", "the port was closed from the other side", cause),
    );
    this.#openLater();
  }

  #fail(error: WindowRatingError): void {
    if (this.#failure?.message !== error.message) this.#log.warn({ code: error.code }, error.message);
    this.#failure = error;
    this.#listener.stateChanged();
  }

  #step(input: Parameters<HostSession["step"]>[0]): void {
    const effects = this.#session.step(input, this.#clock.monotonicMs());
    // All bytes first: what a report makes us send was encoded later and must leave later.
    for (const effect of effects) if (effect.is === "write") this.#current?.port.write(effect.bytes);
    for (const effect of effects) this.#carryOut(effect);
    this.#arm();
  }

  #carryOut(effect: HostSessionEffect): void {
    switch (effect.is) {
      case "write":
        // Written before.
        return;
      case "report":
        if (this.#pad !== undefined) this.#listener.report(this.#pad, effect.message);
        return;
      case "ready": {
        const { storeId, bootCount } = effect.pad;
        const port = this.#current?.port.kind ?? "memory";
        const said = { model: effect.pad.model, serialNumber: effect.pad.serialNumber, firmware: effect.pad.firmware };
        const named = padOnLineSchema.safeParse({ ...said, storeId, bootCount, secured: effect.secured, port });
        if (!named.success) {
          const wrong = named.error.issues[0]?.path.join(".");
          return this.#leave(new WindowRatingError("WR3004", `what answers has no usable ${wrong}`));
        }
        const { model, serialNumber, firmware } = named.data;
        // A path may lead to the pad of another window by now. Nothing of it is taken or acknowledged: it keeps its ratings for its own host.
        if (this.#wanted !== null && serialNumber !== this.#wanted) {
          return this.#leave(new WindowRatingError("WR3004", `pad ${serialNumber} answers where pad ${this.#wanted} belongs`));
        }
        this.#pad = named.data;
        this.#firmware = firmware;
        this.#failure = undefined;
        this.#delay = FIRST_DELAY_MS;
        this.#log.info({ model, serialNumber, firmware, secured: effect.secured }, "pad ready");
        this.#listener.ready(this.#pad);
        this.#listener.stateChanged();
        return;
      }
      case "lost":
        this.#pad = undefined;
        if (effect.cause !== "closed") this.#fail(new WindowRatingError("WR1006", `the session with the pad ended: ${effect.cause}`));
        this.#listener.lost();
        return;
      case "version-refused":
        this.#fail(versionRefusal(effect.pad));
        return;
      case "unusable": {
        const { decoded } = effect;
        const what = decoded.is === "unknown" ? `unknown message ${decoded.id}` : decoded.why;
        if (this.#unusableLogged.has(what) || this.#unusableLogged.size > 100) return;
        this.#unusableLogged.add(what);
        this.#log.warn({ code: "WR1003", what }, "message ignored; said once");
        return;
      }
      case "rejected":
        this.#log.debug({ fault: effect.fault, version: effect.version }, "bytes thrown away");
    }
  }

  /** Sets the one timer to the next deadline; an earlier one that is set stays and re-arms when it fires. */
  #arm(): void {
    const now = this.#clock.monotonicMs();
    const session = this.#session.deadline() ?? Number.POSITIVE_INFINITY;
    const reopen =
      this.#current !== undefined && this.#pad === undefined ? this.#current.openedAt + REOPEN_AFTER_MS : Number.POSITIVE_INFINITY;
    const at = Math.min(session, reopen);
    if (at === Number.POSITIVE_INFINITY || this.#timerAt <= at) return;
    clearTimeout(this.#timer);
    this.#timerAt = at;
    this.#timer = setTimeout(
      () => {
        this.#timerAt = Number.POSITIVE_INFINITY;
        this.#step({ is: "time" });
        this.#reopenIfMute();
      },
      Math.max(0, Math.ceil(at - now)),
    );
  }

  /** Nobody of ours answers on the open port: says why, lets it go, and opens again. */
  #reopenIfMute(): void {
    const current = this.#current;
    if (current === undefined || this.#pad !== undefined || this.#clock.monotonicMs() - current.openedAt < REOPEN_AFTER_MS) return;
    const { frames, faults } = this.#session.counters;
    const isForeign = frames === current.framesBefore && total(faults) - current.faultsBefore >= FOREIGN_AFTER_FAULTS;
    if (this.#failure?.code !== "WR1004") {
      this.#fail(
        isForeign
          ? new WindowRatingError("WR3004", `${current.port.name} sends what is not the pad protocol`)
          : new WindowRatingError("WR1005", `${current.port.name} is open, but no pad answers`),
      );
    }
    this.#leave(undefined);
  }

  /** Lets the open port go and opens again later. */
  #leave(failure: WindowRatingError | undefined): void {
    const current = this.#current;
    if (current === undefined) return;
    if (failure !== undefined) this.#fail(failure);
    this.#step({ is: "close" });
    this.#current = undefined;
    this.#opening = current.port.close().then(() => this.#openLater());
  }
}

const total = (counts: Readonly<Record<string, number>>): number => Object.values(counts).reduce((sum, count) => sum + count, 0);
