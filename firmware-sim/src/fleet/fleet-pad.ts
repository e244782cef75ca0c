import { ratedFacts } from "../audit.ts";
import type { Clock } from "../clock/clock.ts";
import type { FaultPlan } from "../faults/fault-plan.ts";
import { seededRandom } from "../faults/seeded-random.ts";
import { startFaults } from "../faults/start-faults.ts";
import type { PadPort } from "../ports/pad-port.ts";
import { playScript } from "../script/player.ts";
import type { Step } from "../script/script.ts";
import { SimulatedPad } from "../simulator.ts";
import type { StoreChange } from "../store/event-store.ts";
import { Citizens, type Habits } from "./citizens.ts";

/** Who presses the keys. */
export type Crowd = { readonly is: "citizens"; readonly habits: Habits } | { readonly is: "script"; readonly steps: readonly Step[] };

export interface FleetPadOptions {
  readonly port: PadPort;
  readonly clock: Clock;
  readonly profileId: string;
  readonly serialNumber: string;
  /** In memory if there is none. */
  readonly storeFile?: string;
  readonly crowd: Crowd;
  readonly everyMs: number;
  /** Of this pad: everything random about it comes from here. */
  readonly seed: number;
  readonly faults: FaultPlan;
}

/** One pad's own record. */
export interface PadRecord {
  readonly serialNumber: string;
  readonly port: string;
  /** Requests that it has shown. */
  readonly asked: number;
  /** Ratings that it has kept since it was started. */
  readonly pressed: number;
  /** Ratings of these that the host has stored. */
  readonly acked: number;
  readonly timedOut: number;
  /** Events of any kind that no host has stored. */
  readonly pending: number;
}

/** A rating of one pad, for an audit; `storedAfterMs` is null while the pad still keeps it. */
export interface RatingRecord {
  readonly serialNumber: string;
  readonly eventNo: number;
  readonly requestId: string;
  readonly level: number;
  readonly storedAfterMs: number | null;
}

/** One pad of a fleet: it counts what it is asked, what is pressed and what the host has stored. */
export class FleetPad {
  readonly pad: SimulatedPad;
  /** From a rating's being kept until the host has stored it, milliseconds. */
  readonly storedAfterMs: number[] = [];
  readonly #clock: Clock;
  readonly #ends: (() => void)[] = [];
  readonly #keptAt = new Map<number, number>();
  readonly #ratings = new Map<number, RatingRecord>();
  #shown: string | null = null;
  #asked = 0;
  #timedOut = 0;

  constructor(options: FleetPadOptions) {
    const { port, clock, profileId, serialNumber, storeFile, crowd, everyMs, seed, faults } = options;
    this.#clock = clock;
    this.pad = new SimulatedPad({
      port,
      clock,
      profileId,
      serialNumber,
      lineRandom: seededRandom(seed),
      onKept: (change) => this.#kept(change),
      ...(storeFile === undefined ? {} : { storeFile }),
    });
    this.#ends.push(this.pad.onChange(() => this.#look()));
    if (crowd.is === "script") {
      const play = playScript(crowd.steps, this.pad, clock);
      this.#ends.push(() => play.stop());
    } else {
      const citizens = new Citizens({ pad: this.pad, clock, random: seededRandom(seed + 1), habits: crowd.habits, everyMs });
      this.#ends.push(() => citizens.stop());
    }
    this.#ends.push(startFaults(faults, this.pad, seededRandom(seed + 2), clock));
  }

  get isReady(): boolean {
    return this.pad.face.connection === "ready";
  }

  get record(): PadRecord {
    const { serialNumber, path, face } = this.pad;
    return {
      serialNumber,
      port: path,
      asked: this.#asked,
      pressed: this.#ratings.size,
      acked: this.storedAfterMs.length,
      timedOut: this.#timedOut,
      pending: face.pendingEvents,
    };
  }

  get ratings(): readonly RatingRecord[] {
    return [...this.#ratings.values()];
  }

  async close(): Promise<void> {
    for (const end of this.#ends.splice(0).reverse()) end();
    await this.pad.close();
  }

  #look(): void {
    const { phase, requestId } = this.pad.face;
    const shown = phase === "inviting" ? requestId : null;
    if (shown !== null && shown !== this.#shown) this.#asked++;
    if (shown !== null) this.#shown = shown;
  }

  #kept(change: StoreChange): void {
    if (change.is === "stored") return this.#stored(change.eventNo);
    if (change.is !== "event") return;
    if (change.event.type === "timedOut") this.#timedOut++;
    if (change.event.type !== "rated") return;
    const [fact] = ratedFacts([change.event]);
    if (fact?.is !== "rated") return;
    const { eventNo, requestId, level } = fact;
    this.#keptAt.set(eventNo, this.#clock.now());
    this.#ratings.set(eventNo, { serialNumber: this.pad.serialNumber, eventNo, requestId, level, storedAfterMs: null });
  }

  #stored(eventNo: number): void {
    const keptAt = this.#keptAt.get(eventNo);
    const rating = this.#ratings.get(eventNo);
    if (keptAt === undefined || rating === undefined) return;
    const storedAfterMs = this.#clock.now() - keptAt;
    this.#keptAt.delete(eventNo);
    this.#ratings.set(eventNo, { ...rating, storedAfterMs });
    this.storedAfterMs.push(storedAfterMs);
  }
}
