import type { RecoveryEvent } from "@window-rating/protocol/desk";
import { WindowRatingError } from "@window-rating/protocol/error";
import type { Logger } from "pino";
import type { Clock } from "../clock.ts";
import { diagnose, type Fault, faultOf, type LineEvidence } from "./fault.ts";
import type { LineTap } from "./line-tap.ts";
import type { OpenPort, PortOpener } from "./pad-port.ts";
import { RECOVERY_LIMITS, Recovery, type RecoveryInput, type RecoveryLimits } from "./recovery.ts";

/** Who speaks on the port: the pad protocol, or that of another maker's pad. */
export interface PortUser {
  /** The port is open; `write` of its PortLife reaches it. */
  opened(port: OpenPort): void;
  bytes(chunk: Uint8Array): void;
  /** The port is let go (`write` still reaches it: say goodbye) or is gone already. What was begun on it is over. */
  leaving(): void;
  /** What was seen since `opened`; the port counts its bytes itself. */
  evidence(): Omit<LineEvidence, "port" | "bytes" | "lineErrors">;
  /** A rung of the recovery ladder was taken, or the line is well again. */
  recovered(event: RecoveryEvent): void;
  /** `failure`, `port` or `isGivenUp` has changed. */
  stateChanged(): void;
}

/** A rung that was taken, and when. */
export interface PastRecovery extends RecoveryEvent {
  /** Unix milliseconds. */
  readonly atMs: number;
}

interface Open {
  readonly port: OpenPort;
  /** A pad must be ready by then, monotonic milliseconds. */
  readyBy: number;
  bytes: number;
  lineErrors: number;
}

const FIRST_DELAY_MS = 100;
const LAST_DELAY_MS = 2000;
const EVENTS_KEPT = 50;

/**
 * The life of one port, whatever is spoken on it: opens it, opens it again whatever breaks, and takes the rungs of the recovery ladder,
 * for as long as it runs. The only place of the host that holds a port.
 */
export class PortLife {
  readonly #open: PortOpener;
  readonly #clock: Clock;
  readonly #log: Logger;
  readonly #user: PortUser;
  readonly #recovery: Recovery;
  readonly #limits: RecoveryLimits;
  #current: Open | undefined;
  #isWell = false;
  #isRunning = false;
  #failure: WindowRatingError | undefined;
  #events: PastRecovery[] = [];
  #opening: Promise<void> = Promise.resolve();
  #delay = FIRST_DELAY_MS;
  #retry: NodeJS.Timeout | undefined;
  #patience: NodeJS.Timeout | undefined;
  #taps: readonly LineTap[] = [];

  constructor(options: { open: PortOpener; clock: Clock; logger: Logger; user: PortUser; limits?: RecoveryLimits }) {
    this.#open = options.open;
    this.#clock = options.clock;
    this.#log = options.logger;
    this.#user = options.user;
    this.#limits = options.limits ?? RECOVERY_LIMITS;
    this.#recovery = new Recovery(this.#limits);
  }

  /** The port that is open. */
  get port(): OpenPort | undefined {
    return this.#current?.port;
  }

  /** Why no pad is ready; undefined if one is, or nothing has failed yet. */
  get failure(): WindowRatingError | undefined {
    return this.#failure;
  }

  /** Every rung was tried; the port is only watched. */
  get hasGivenUp(): boolean {
    return this.#recovery.hasGivenUp;
  }

  /** The newest rungs taken, oldest first. */
  get events(): readonly PastRecovery[] {
    return this.#events;
  }

  start(): void {
    this.#isRunning = true;
    this.#opening = this.#tryOpen();
  }

  /** Lets the port go and opens it no more. */
  async stop(): Promise<void> {
    this.#isRunning = false;
    clearTimeout(this.#retry);
    await this.#opening;
    await this.#letGo();
  }

  write(bytes: Uint8Array): void {
    if (this.#current !== undefined) this.#tapped((tap) => tap.bytes("out", bytes));
    this.#current?.port.write(bytes);
  }

  /** Lets somebody look on at the bytes. @returns what ends it */
  tap(tap: LineTap): () => void {
    this.#taps = [...this.#taps, tap];
    return () => {
      this.#taps = this.#taps.filter((one) => one !== tap);
    };
  }

  /** The pad that belongs here is ready. */
  well(): void {
    this.#isWell = true;
    this.#failure = undefined;
    this.#delay = FIRST_DELAY_MS;
    clearTimeout(this.#patience);
    this.#recover({ is: "well" });
  }

  /** The pad that was ready is so no more; the port is still open. @param why in a word */
  sessionLost(why: string): void {
    if (this.#current === undefined) return;
    const { side, error } = diagnose(this.#evidence(this.#current));
    const fault: Fault = { side, error: new WindowRatingError(error.code, `${error.detail} (${why})`) };
    if (this.#isWell) {
      this.#isWell = false;
      this.#wait(this.#recovery.patienceAfterSessionMs);
    }
    this.show(error.code === "WR1006" ? new WindowRatingError("WR1006", `the session with the pad ended: ${why}`) : fault.error);
    this.#recover({ is: "session-lost", fault });
  }

  /** What answers is not what belongs here: lets the port go. */
  refuse(error: WindowRatingError): void {
    if (this.#current === undefined) return;
    this.show(error);
    this.#recover({ is: "refused", fault: faultOf(error) });
  }

  /** Something is wrong that no rung mends, while the line may be well: it is told, and the line goes on. */
  faulty(error: WindowRatingError): void {
    this.#recover({ is: "faulty", fault: faultOf(error) });
  }

  /** Frames were sent again, or thrown away. */
  count(is: "resent" | "discarded", times: number): void {
    if (times > 0) this.#recover({ is, times });
  }

  /** Says why no pad is ready. The port stays as it is. */
  show(error: WindowRatingError): void {
    if (this.#failure?.message !== error.message) this.#log.warn({ code: error.code }, error.message);
    this.#failure = error;
    this.#user.stateChanged();
  }

  /** Whoever looks on and fails looks on no more; the line does not notice. */
  #tapped(told: (tap: LineTap) => void): void {
    for (const tap of this.#taps) {
      try {
        told(tap);
      } catch (error) {
        this.#taps = this.#taps.filter((one) => one !== tap);
        this.#log.error({ err: error }, "a watch of this line failed");
      }
    }
  }

  async #tryOpen(): Promise<void> {
    try {
      // Held before the opener resolves: a port may be closed in the turn in which it opened.
      let isOver = false;
      const port = await this.#open({
        bytes: (chunk) => {
          if (this.#current !== undefined) this.#current.bytes += chunk.length;
          this.#tapped((tap) => tap.bytes("in", chunk));
          this.#user.bytes(chunk);
        },
        lineErrors: (count) => {
          if (this.#current !== undefined) this.#current.lineErrors += count;
        },
        closed: (cause) => {
          isOver = true;
          this.#closed(cause);
        },
      });
      this.#current = { port, readyBy: 0, bytes: 0, lineErrors: 0 };
      this.#log.info({ port: port.name }, "port opened");
      this.#tapped((tap) => tap.opened(port.name));
      if (isOver) return this.#closed(undefined);
      this.#wait(this.#recovery.patienceMs);
      this.#user.opened(port);
      this.#user.stateChanged();
    } catch (error) {
      const failure = error instanceof WindowRatingError ? error : new WindowRatingError("WR3005", String(error), error);
      this.show(failure);
      this.#recover({ is: "gone", fault: faultOf(failure) });
      this.#openLater(this.#nextDelay());
    }
  }

  #openLater(delayMs: number): void {
    if (!this.#isRunning) return;
    clearTimeout(this.#retry);
    this.#retry = setTimeout(() => {
      this.#opening = this.#tryOpen();
    }, delayMs);
  }

  #nextDelay(): number {
    const delay = this.#delay;
    this.#delay = Math.min(LAST_DELAY_MS, this.#delay * 2);
    return delay;
  }

  #closed(cause: Error | undefined): void {
    if (this.#current === undefined) return;
    this.#current = undefined;
    this.#isWell = false;
    clearTimeout(this.#patience);
    this.#tapped((tap) => tap.closed());
    this.#user.leaving();
    const failure =
      cause instanceof WindowRatingError ? cause : new WindowRatingError("WR3005", "the port was closed from the other side", cause);
    this.show(failure);
    this.#recover({ is: "gone", fault: faultOf(failure) });
    this.#openLater(this.#nextDelay());
  }

  async #letGo(): Promise<void> {
    const current = this.#current;
    if (current === undefined) return;
    clearTimeout(this.#patience);
    this.#isWell = false;
    this.#user.leaving();
    this.#tapped((tap) => tap.closed());
    this.#current = undefined;
    await current.port.close();
  }

  /** Gives the pad on the open port this long to be ready. */
  #wait(ms: number): void {
    const current = this.#current;
    if (current === undefined) return;
    current.readyBy = this.#clock.monotonicMs() + ms;
    this.#watch(current);
  }

  #watch(current: Open): void {
    clearTimeout(this.#patience);
    this.#patience = setTimeout(() => this.#mute(current), Math.max(0, Math.ceil(current.readyBy - this.#clock.monotonicMs())));
  }

  /** Nobody of ours answers on the open port. */
  #mute(current: Open): void {
    if (current !== this.#current || this.#isWell) return;
    if (this.#clock.monotonicMs() < current.readyBy) return this.#watch(current);
    const fault = this.#failure?.code === "WR1004" ? faultOf(this.#failure) : diagnose(this.#evidence(current));
    this.show(fault.error);
    this.#recover({ is: "mute", fault, canSoftReset: current.port.softReset !== undefined });
  }

  #evidence({ port, bytes, lineErrors }: Open): LineEvidence {
    return { ...this.#user.evidence(), port: port.name, bytes, lineErrors };
  }

  #recover(input: RecoveryInput): void {
    for (const effect of this.#recovery.step(input, this.#clock.monotonicMs())) {
      switch (effect.is) {
        case "tell":
          this.#tell(effect.event);
          break;
        case "reopen": {
          const delay = effect.rest ? this.#limits.restingMs : this.#nextDelay();
          this.#opening = this.#letGo().then(() => this.#openLater(delay));
          break;
        }
        case "soft-reset":
          void this.#softReset();
      }
    }
  }

  async #softReset(): Promise<void> {
    const port = this.#current?.port;
    try {
      await port?.softReset?.();
    } catch (error) {
      this.#log.warn({ port: port?.name, err: error }, "the pad could not be reset");
    }
    this.#wait(this.#recovery.patienceMs);
  }

  #tell(event: RecoveryEvent): void {
    this.#events = [...this.#events.slice(1 - EVENTS_KEPT), { ...event, atMs: this.#clock.wallMs() }];
    const { rung, side, code, text } = event;
    if (rung === "resend" || rung === "resync") this.#log.debug({ rung }, text);
    else this.#log.info({ rung, side, code }, text);
    this.#user.recovered(event);
  }
}
