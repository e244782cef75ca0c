import type { PadState, RecoveryEvent } from "@window-rating/protocol/desk";
import { WindowRatingError } from "@window-rating/protocol/error";
import {
  type Command,
  DEFAULT_TIMERS,
  type HelloAnswer,
  HostSession,
  type HostSessionEffect,
  keyIdOf,
  LARGEST_MAX_FRAME,
  type LinkTimers,
  type Report,
  type SessionCounters,
  type Trust,
  versionRefusal,
} from "@window-rating/protocol/pad";
import { type PadOrigin, padOriginSchema } from "@window-rating/protocol/sync";
import type { Logger } from "pino";
import type { Clock } from "../clock.ts";
import type { AssetFile } from "../files/asset-file.ts";
import { PadFiles } from "../files/pad-files.ts";
import { distrustOf, type UnpairedPads } from "./distrust.ts";
import type { LineEvidence } from "./fault.ts";
import { LinePairing } from "./line-pairing.ts";
import type { PadKeyBook, PadName } from "./pad-key-book.ts";
import type { PortOpener } from "./pad-port.ts";
import { PortLife, type PortUser } from "./port-life.ts";
import { bytesPerSecondOf, DEFAULT_SETTINGS } from "./port-settings.ts";
import type { RecoveryLimits } from "./recovery.ts";
import { UnusableMessages } from "./unusable-messages.ts";

/** The pad that is ready: who it says it is, and how it is reached. An event adds its own number. */
export type PadOnLine = Omit<PadOrigin, "eventNo">;
const padOnLineSchema = padOriginSchema.omit({ eventNo: true });

/** How long a start of the pad is remembered: a pad that keeps starting has no good supply. */
const BOOTS_WITHIN_MS = 60_000;

export interface PadListener {
  ready(pad: PadOnLine, hello: HelloAnswer): void;
  /** Called in the turn in which the bytes came, so that an answer goes out at once. */
  report(pad: PadOnLine, message: Report): void;
  lost(): void;
  /** A rung of the recovery ladder was taken, a fault was found, or the line is well again. */
  recovered(event: RecoveryEvent): void;
  /** The state to be shown has changed. */
  stateChanged(): void;
}

/** Looks on while somebody tries the pad, or reads its log. */
export interface PadWatcher {
  /** @returns whether the report is for this watcher alone */
  report(message: Report): boolean;
  /** A command is about to go. */
  sending(command: Command): void;
  lost(): void;
}

export interface PadLineOptions {
  readonly open: PortOpener;
  readonly clock: Clock;
  readonly random: (length: number) => Uint8Array;
  readonly logger: Logger;
  readonly listener: PadListener;
  /** Serial number of the only pad to be used; null takes any. */
  readonly serialNumber?: string | null;
  readonly limits?: RecoveryLimits;
  /** What the line carries in a second, bytes, where its port does not know it (PortSettings). Default: of 115,200 baud. */
  readonly bytesPerSecond?: number;
  /** What the pad is to have of pictures, voices and lists; nothing by default. */
  readonly wantedAssets?: () => readonly AssetFile[];
  /** Pairing keys, and whether a pad without one is used; by default there are none, and it is. */
  readonly pairing?: { readonly keys: PadKeyBook; readonly unpaired: UnpairedPads };
}

/** What the host takes: as much as there is, for it has room. */
const LIMITS = { maxFrame: LARGEST_MAX_FRAME, window: 8 } as const;

/** One pad on one line that speaks the pad protocol: its session, and a new one whenever one breaks. */
export class PadLine {
  /** The port under the session: whether it is open, why not, and what was tried. */
  readonly life: PortLife;
  /** The files of the pad: what it has, and what is on its way. */
  readonly files: PadFiles;
  /** How the pad is paired; undefined where no keys are kept. */
  readonly pairing: LinePairing | undefined;
  /** Whoever looks on now. */
  readonly watchers = new Set<PadWatcher>();
  readonly #unpaired: UnpairedPads;
  readonly #session: HostSession;
  readonly #clock: Clock;
  readonly #log: Logger;
  readonly #listener: PadListener;
  readonly #wanted: string | null;
  readonly #bytesPerSecond: number;
  readonly #unusable = new UnusableMessages();
  #pad: PadOnLine | undefined;
  /** The pad that answered, used or not, and how far it is known. */
  #met: { readonly hello: HelloAnswer; readonly trust: Trust; readonly distrust: WindowRatingError | undefined } | undefined;
  #firmware: string | undefined;
  #before: SessionCounters;
  /** Starts of the pad by its own count, and when they were seen first, monotonic milliseconds. */
  readonly #boots = new Map<number, number>();
  #timer: NodeJS.Timeout | undefined;
  #timerAt = Number.POSITIVE_INFINITY;

  constructor(options: PadLineOptions) {
    const { open, clock, random, logger, listener, serialNumber = null, limits } = options;
    this.#bytesPerSecond = options.bytesPerSecond ?? bytesPerSecondOf(DEFAULT_SETTINGS);
    this.#clock = clock;
    this.#log = logger;
    this.#listener = listener;
    this.#wanted = serialNumber;
    this.#unpaired = options.pairing?.unpaired ?? "admit";
    this.pairing =
      options.pairing &&
      new LinePairing({
        ...{ random, logger, keys: options.pairing.keys },
        now: () => clock.monotonicMs(),
        send: (message) => this.#step({ is: "send", message }),
        renew: () => this.#step({ is: "opened" }),
        changed: () => this.#listener.stateChanged(),
      });
    const timers = timersOf(random);
    this.#session = new HostSession({ random, ...LIMITS, timers, keysOf: (pad) => this.pairing?.keysOf(pad) ?? [] });
    this.#before = this.#session.counters;
    this.files = new PadFiles({
      ...{ clock, logger },
      wanted: options.wantedAssets ?? (() => []),
      send: (command) => this.send(command),
      stateChanged: () => this.#listener.stateChanged(),
    });
    this.life = new PortLife({ open, clock, logger, user: this.#user(), ...(limits === undefined ? {} : { limits }) });
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
    const { failure, port: open } = this.life;
    const port = open === undefined ? {} : { port: open.name };
    if (this.#met !== undefined) {
      const { hello, trust, distrust } = this.#met;
      const { model, serialNumber } = hello;
      const known = { model, serialNumber, secured: trust === "paired", trust, ...port };
      return distrust === undefined ? { connection: "ready", ...known } : { connection: "failed", cause: distrust.message, ...known };
    }
    if (failure === undefined) return { connection: "connecting", ...port };
    return { connection: failure.code === "WR3001" || failure.code === "WR3012" ? "absent" : "failed", cause: failure.message, ...port };
  }

  start(): void {
    this.life.start();
  }

  /** Says goodbye to the pad and lets the port go. */
  async stop(): Promise<void> {
    await this.life.stop();
    clearTimeout(this.#timer);
  }

  /** Sends a command if the pad is ready; else drops it. @returns whether it was given to the link */
  send(message: Command): boolean {
    if (this.#pad === undefined) return false;
    for (const watcher of [...this.watchers]) watcher.sending(message);
    this.files.sending(message);
    this.#step({ is: "send", message });
    return true;
  }

  /** Tells the pad to erase its pairing key; it does so, and begins a new session. @throws WR1017 if no paired pad is here */
  unpair(): void {
    const key = this.#met?.trust === "paired" ? this.pairing?.keysOf(this.#met.hello)[0] : undefined;
    if (key === undefined || this.#met === undefined) throw new WindowRatingError("WR1017", "no paired pad is connected here");
    this.pairing?.unpairing(this.#met.hello);
    this.#step({ is: "send", message: { type: "unpair", keyId: keyIdOf(key) } });
  }

  /** The keys of a pad are others now: what is known of it must be found out anew. */
  keysChanged({ model, serialNumber }: PadName): void {
    const { hello } = this.#met ?? {};
    if (hello?.model === model && hello.serialNumber === serialNumber) this.#step({ is: "opened" });
  }

  /** The pad that answers here, used or not. */
  get met(): HelloAnswer | undefined {
    return this.#met?.hello;
  }

  #user(): PortUser {
    return {
      opened: ({ bytesPerSecond = this.#bytesPerSecond }) => {
        this.#before = this.#session.counters;
        this.#unusable.forget();
        this.#step({ is: "opened", bytesPerSecond });
      },
      bytes: (chunk) => {
        this.#step({ is: "bytes", bytes: chunk });
        this.#step({ is: "settle" });
      },
      leaving: () => this.#step({ is: "close" }),
      evidence: () => this.#evidence(),
      recovered: (event) => this.#listener.recovered(event),
      stateChanged: () => this.#listener.stateChanged(),
    };
  }

  #evidence(): Omit<LineEvidence, "port" | "bytes" | "lineErrors"> {
    const { frames, faults, sessions } = this.#session.counters;
    return {
      frames: frames - this.#before.frames,
      badFrames: total(faults) - total(this.#before.faults),
      sessions: sessions - this.#before.sessions,
      boots: this.#boots.size,
      reoffered: this.#unusable.reoffered,
    };
  }

  #step(input: Parameters<HostSession["step"]>[0]): void {
    const { resent } = this.#session;
    const effects = this.#session.step(input, this.#clock.monotonicMs());
    // All bytes first: what a report makes us send was encoded later and must leave later.
    for (const effect of effects) if (effect.is === "write") this.life.write(effect.bytes);
    for (const effect of effects) this.#carryOut(effect);
    this.files.flow(this.#session.unacknowledged);
    this.life.count("resent", this.#session.resent - resent);
    this.life.count("discarded", effects.filter(({ is }) => is === "rejected").length);
    this.#arm();
  }

  #carryOut(effect: HostSessionEffect): void {
    switch (effect.is) {
      case "write":
        // Written before.
        return;
      case "report":
        if ([...this.watchers].filter((watcher) => watcher.report(effect.message)).length > 0) return;
        if (this.#met !== undefined && this.pairing?.report(this.#met.hello, effect.message)) return;
        if (this.#pad !== undefined && !this.files.report(effect.message)) this.#listener.report(this.#pad, effect.message);
        return;
      case "ready":
        return this.#ready(effect);
      case "lost":
        this.#pad = undefined;
        this.#met = undefined;
        this.files.lost();
        this.pairing?.lost();
        for (const watcher of [...this.watchers]) watcher.lost();
        if (effect.cause !== "closed") this.life.sessionLost(effect.cause);
        this.#listener.lost();
        return;
      case "version-refused":
        this.life.show(versionRefusal(effect.pad));
        return;
      case "unusable": {
        const { what, times, tells } = this.#unusable.note(effect.decoded);
        if (times === 1) this.#log.warn({ code: "WR1003", what }, "message ignored; said once");
        if (tells) {
          const pad = this.#pad === undefined ? "the pad" : `pad ${this.#pad.model} ${this.#pad.serialNumber} (firmware ${this.#firmware})`;
          this.life.faulty(
            new WindowRatingError("WR3010", `${pad} offers a message that cannot be used again and again, and keeps it: ${what}`),
          );
        }
        return;
      }
      case "rejected":
        this.#log.debug({ fault: effect.fault, version: effect.version }, "bytes thrown away");
    }
  }

  #ready({ pad, trust, key }: Extract<HostSessionEffect, { is: "ready" }>): void {
    const secured = trust === "paired";
    const { model, serialNumber, firmware, storeId, bootCount } = pad;
    const port = this.life.port?.kind ?? "memory";
    const named = padOnLineSchema.safeParse({ model, serialNumber, firmware, storeId, bootCount, secured, port });
    if (!named.success) {
      const wrong = named.error.issues[0]?.path.join(".");
      return this.life.refuse(new WindowRatingError("WR3004", `what answers has no usable ${wrong}`));
    }
    // A path may lead to the pad of another window by now. Nothing of it is taken or acknowledged: it keeps its ratings for its own host.
    if (this.#wanted !== null && serialNumber !== this.#wanted) {
      return this.life.refuse(new WindowRatingError("WR3004", `pad ${serialNumber} answers where pad ${this.#wanted} belongs`));
    }
    this.#countBoot(bootCount);
    this.#firmware = firmware;
    const distrust = distrustOf(pad, trust, this.#unpaired);
    this.#met = { hello: pad, trust, distrust };
    if (this.pairing?.ready(pad, trust, key) === false) return;
    this.life.well();
    if (distrust !== undefined) {
      // The session stays for a pairing; nothing else goes over it.
      this.#log.warn({ code: distrust.code, model, serialNumber, trust }, distrust.message);
      this.life.faulty(distrust);
      this.#listener.stateChanged();
      return;
    }
    this.#pad = named.data;
    this.#log.info({ model, serialNumber, firmware, secured }, "pad ready");
    this.#listener.ready(this.#pad, pad);
    const { agreed } = this.#session;
    if (agreed !== undefined)
      this.files.ready(pad.capabilities, { bytesPerSecond: this.life.port?.bytesPerSecond ?? this.#bytesPerSecond, ...agreed });
    this.#listener.stateChanged();
  }

  #countBoot(bootCount: number): void {
    const now = this.#clock.monotonicMs();
    for (const [count, at] of this.#boots) if (now - at > BOOTS_WITHIN_MS) this.#boots.delete(count);
    if (!this.#boots.has(bootCount)) this.#boots.set(bootCount, now);
  }

  /** Sets the one timer to the session's next deadline; an earlier one that is set stays and re-arms when it fires. */
  #arm(): void {
    const due = [this.#session.deadline(), this.pairing?.deadline()].filter((at) => at !== undefined);
    const at = Math.min(...due, this.files.deadline());
    if (at === Number.POSITIVE_INFINITY || this.#timerAt <= at) return;
    clearTimeout(this.#timer);
    this.#timerAt = at;
    this.#timer = setTimeout(
      () => {
        this.#timerAt = Number.POSITIVE_INFINITY;
        this.files.time();
        this.pairing?.step({ is: "time" });
        this.#step({ is: "time" });
      },
      Math.max(0, Math.ceil(at - this.#clock.monotonicMs())),
    );
  }
}

const total = (counts: Readonly<Record<string, number>>): number => Object.values(counts).reduce((sum, count) => sum + count, 0);

/** A PC that opens many lines at once shall not ping them all in the same millisecond for ever: each has a pace of its own, up to a quarter faster. */
const timersOf = (random: (length: number) => Uint8Array): LinkTimers => ({
  ...DEFAULT_TIMERS,
  pingAfter: DEFAULT_TIMERS.pingAfter * (1 - (random(1)[0] ?? 0) / 1024),
});
