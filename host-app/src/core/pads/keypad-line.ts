import { contentHash, type KeypadProfile } from "@window-rating/device-profiles";
import type { PadState } from "@window-rating/protocol/desk";
import { WindowRatingError } from "@window-rating/protocol/error";
import {
  type KeypadCounters,
  type KeypadEffect,
  type KeypadInput,
  KeypadProtocol,
  KeypadSession,
  type RequestNumbers,
  type SideRequest,
} from "@window-rating/protocol/keypad";
import type { RequestId } from "@window-rating/protocol/rating";
import type { KeypadOrigin } from "@window-rating/protocol/sync";
import type { Logger } from "pino";
import type { Clock } from "../clock.ts";
import type { LineEvidence } from "./fault.ts";
import { KeypadScreen } from "./keypad-screen.ts";
import type { PortOpener } from "./pad-port.ts";
import { PortLife, type PortUser } from "./port-life.ts";
import type { RecoveryLimits } from "./recovery.ts";
import type { Invitation, WindowPad, WindowPadListener, WindowScreen } from "./window-pad.ts";

export interface KeypadLineOptions {
  readonly profile: KeypadProfile;
  readonly open: PortOpener;
  readonly clock: Clock;
  readonly logger: Logger;
  readonly window: () => WindowPadListener;
  /** Stars of a clerk, as central tells them; undefined: none are known. */
  readonly starsOf?: (staffNo: string) => number | undefined;
  readonly limits?: RecoveryLimits;
}

/** Looks on while somebody tries the pad. */
export interface KeypadWatcher {
  /** A press that counts for nobody. @returns whether it is the trial's: the clerk asks for nothing with it then */
  pressed(key: string): boolean;
  /** A citizen is about to be asked. */
  opening(): void;
  lost(): void;
}

type Pressed = Extract<KeypadEffect, { is: "pressed" }>;

/** A press that could not be written is tried again so often: such a pad does not keep it. */
const STORE_AGAIN_MS = 1000;

/**
 * One pad of another maker on one line, read by its profile. It names no request: a press counts for the one that is open here, outside
 * the guard interval, and says so in its origin; every other press is thrown away and counted.
 */
export class KeypadLine implements WindowPad {
  readonly tellsTimeOut = false;
  /** The port under the session: whether it is open, why not, and what was tried. */
  readonly life: PortLife;
  readonly profile: KeypadProfile;
  /** All that such a pad can show of a card are stars. */
  readonly screen: WindowScreen;
  /** Frames that were sent, by count; and runs of bytes that were thrown away, by reason. */
  readonly sent = { frames: 0 };
  readonly faults: Record<string, number> = {};
  /** Set while the pad is tried. */
  watcher: KeypadWatcher | undefined;
  readonly #hash: string;
  readonly #session: KeypadSession;
  readonly #clock: Clock;
  readonly #log: Logger;
  readonly #window: () => WindowPadListener;
  readonly #unstored = new Map<RequestId, Pressed>();
  #times = 0;
  #framesBefore = 0;
  #faultsBefore = 0;
  #timer: NodeJS.Timeout | undefined;
  #storing: NodeJS.Timeout | undefined;

  constructor({ profile, open, clock, logger, window, starsOf, limits }: KeypadLineOptions) {
    this.profile = profile;
    this.screen = new KeypadScreen((clerk) => this.#step({ is: "clerk", stars: (clerk && starsOf?.(clerk.staffNo)) ?? 0 }));
    this.#hash = contentHash(profile);
    this.#clock = clock;
    this.#log = logger;
    this.#window = window;
    this.#session = new KeypadSession(KeypadProtocol.of(profile.keypad));
    this.life = new PortLife({ open, clock, logger, user: this.#user(), ...(limits === undefined ? {} : { limits }) });
  }

  get counters(): KeypadCounters {
    return this.#session.counters;
  }

  /** How often the pad became ready. */
  get sessions(): number {
    return this.#times;
  }

  /** Whether the pad was heard since its port was opened; many never say that they are there. */
  get isProven(): boolean {
    return this.#session.counters.frames > this.#framesBefore;
  }

  get state(): PadState {
    const { failure, port: open } = this.life;
    const port = open === undefined ? {} : { port: open.name };
    if (this.#session.isAlive) {
      const adapter = open?.adapter === undefined ? {} : { serialNumber: open.adapter };
      return { connection: "ready", model: this.profile.id, ...adapter, secured: false, ...port };
    }
    if (failure === undefined) return { connection: "connecting", ...port };
    return { connection: failure.code === "WR3001" ? "absent" : "failed", cause: failure.message, ...port };
  }

  start(): void {
    this.life.start();
  }

  async stop(): Promise<void> {
    await this.life.stop();
    clearTimeout(this.#timer);
    clearTimeout(this.#storing);
  }

  /** The request is remembered while the pad is away, and shown to it when it is back. */
  open({ requestId, timeoutMs }: Invitation): boolean {
    this.watcher?.opening();
    this.#step({ is: "startRating", requestId, timeoutMs });
    return this.#session.isAlive;
  }

  end(requestId: RequestId, because: "cancelled" | "timed-out"): void {
    this.#step({ is: "endRating", requestId, because });
  }

  /** Has the pad do something beside ratings, for a person who looks on. @returns false if it is away */
  ask(request: SideRequest, numbers: RequestNumbers): boolean {
    if (!this.#session.isAlive) return false;
    this.#step({ is: "ask", request, numbers });
    return true;
  }

  /** Lights the keys for so many seconds although nobody is asked; 0: makes them dark again. What is pressed counts for nobody. @returns false if the pad is away */
  light(seconds: number): boolean {
    this.#step(seconds > 0 ? { is: "light", seconds } : { is: "darken" });
    return this.#session.isAlive;
  }

  /** The session itself shows nothing where no request is open. */
  idle(): void {}

  pausing(isPausing: boolean): void {
    this.#step({ is: isPausing ? "pause" : "resume" });
  }

  #user(): PortUser {
    return {
      opened: () => {
        this.#framesBefore = this.#session.counters.frames;
        this.#faultsBefore = total(this.faults);
        this.#step({ is: "opened" });
      },
      bytes: (bytes) => this.#step({ is: "bytes", bytes }),
      leaving: () => this.#step({ is: "closed" }),
      evidence: () => this.#evidence(),
      recovered: (event) => this.#window().recovered(event),
      stateChanged: () => this.#window().stateChanged(),
    };
  }

  #evidence(): Omit<LineEvidence, "port" | "bytes" | "lineErrors"> {
    const frames = this.#session.counters.frames - this.#framesBefore;
    return {
      frames,
      badFrames: total(this.faults) - this.#faultsBefore,
      sessions: Math.min(frames, 1),
      boots: 0,
      reoffered: undefined,
      speech: `what ${this.profile.id} describes`,
    };
  }

  #step(input: KeypadInput): void {
    const effects = this.#session.step(input, this.#clock.monotonicMs());
    for (const effect of effects) {
      if (effect.is !== "write") continue;
      this.sent.frames++;
      this.life.write(effect.bytes);
    }
    for (const effect of effects) this.#carryOut(effect);
    this.life.count("discarded", effects.filter(({ is }) => is === "rejected").length);
    this.#arm();
  }

  #carryOut(effect: KeypadEffect): void {
    switch (effect.is) {
      case "write":
        // Written before.
        return;
      case "alive":
        return this.#alive(effect.proven);
      case "lost":
        if (effect.cause !== "closed")
          this.life.sessionLost(effect.cause === "silence" ? "the pad fell silent" : "the pad does not answer");
        this.watcher?.lost();
        return this.#window().stateChanged();
      case "shown":
        return this.#window().shown(effect.requestId);
      case "pressed":
        this.#unstored.set(effect.requestId, effect);
        return this.#store(effect);
      case "action":
        if (this.watcher?.pressed(effect.key) === true) return;
        return this.#window().asked(effect.action, effect.key);
      case "discarded":
        if (effect.because !== "repeat") this.watcher?.pressed(effect.key);
        // Never which key: who reads logs would learn the level.
        return this.#log.info({ because: effect.because }, "press thrown away");
      case "unanswered":
        return this.#log.warn({ request: effect.request }, "the pad did not answer");
      case "unwritable":
        return this.#window().notice(new WindowRatingError("WR2003", `${this.profile.id}: ${effect.request}: ${effect.why}`));
      case "unknown":
        return this.#log.debug({ bytes: effect.bytes.length }, "a frame that the profile does not know");
      case "rejected":
        this.faults[effect.reason] = (this.faults[effect.reason] ?? 0) + 1;
        this.#log.debug({ reason: effect.reason, bytes: effect.bytes.length }, "bytes thrown away");
    }
  }

  #alive(proven: boolean): void {
    this.#times++;
    this.#log.info({ model: this.profile.id, proven }, "pad ready");
    this.life.well();
    this.#window().ready();
    this.#window().stateChanged();
  }

  /** Only when the rating is on disk the pad is told (I1); until then it is tried again, for nobody else keeps it. */
  #store(pressed: Pressed): void {
    const { requestId, level, sinceOpenMs } = pressed;
    const press = { requestId, level, time: { sinceOpenMs: Math.max(0, Math.round(sinceOpenMs)), padWallMs: null }, origin: this.#origin };
    this.#window().pressed(press, () => {
      this.#unstored.delete(requestId);
      this.#step({ is: "stored", requestId });
    });
    if (this.#unstored.size === 0 || this.#storing !== undefined) return;
    this.#storing = setTimeout(() => {
      this.#storing = undefined;
      for (const one of this.#unstored.values()) this.#store(one);
    }, STORE_AGAIN_MS);
  }

  get #origin(): KeypadOrigin {
    const { port } = this.life;
    return {
      model: this.profile.id,
      profileHash: this.#hash,
      serialNumber: port?.adapter ?? null,
      boundBy: "open-window",
      guardMs: this.profile.keypad.guard.afterMs,
      secured: false,
      port: port?.kind ?? "memory",
    };
  }

  #arm(): void {
    clearTimeout(this.#timer);
    const at = this.#session.deadline();
    if (at !== undefined)
      this.#timer = setTimeout(() => this.#step({ is: "time" }), Math.max(0, Math.ceil(at - this.#clock.monotonicMs())));
  }
}

const total = (counts: Readonly<Record<string, number>>): number => Object.values(counts).reduce((sum, count) => sum + count, 0);
