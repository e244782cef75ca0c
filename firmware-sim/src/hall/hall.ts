import { VirtualClock } from "../clock/virtual-clock.ts";
import type { FaultPlan } from "../faults/fault-plan.ts";
import { between, seededBytes, seededRandom } from "../faults/seeded-random.ts";
import { startFaults } from "../faults/start-faults.ts";
import { Citizens, type Habits, type Press, RANDOM_HABITS } from "../fleet/citizens.ts";
import { MemoryPort } from "../ports/memory-port.ts";
import { SimulatedPad } from "../simulator.ts";
import { type Reckoning, reckon } from "./audit.ts";
import { HallWindow } from "./hall-window.ts";

export interface HallOptions {
  readonly windows: number;
  readonly minutes: number;
  /** The same seed gives the same hour. */
  readonly seed: number;
  readonly faults: FaultPlan;
  readonly habits?: Habits;
}

/** How an hour went. All counts are of the whole hall. */
export interface HallSummary extends Reckoning {
  readonly windows: number;
  readonly minutes: number;
  readonly seed: number;
  readonly asked: number;
  readonly rated: number;
  readonly timedOut: number;
  readonly superseded: number;
  readonly refused: number;
  /** Asked, and the answer is still open or was never given. */
  readonly open: number;
  /** How many ratings of each level, 1 first. */
  readonly levels: readonly number[];
  /** Events that were still on pads in the end. */
  readonly pending: number;
  /** Sessions beyond the first of each pad. */
  readonly newSessions: number;
  readonly boots: number;
  readonly resentFrames: number;
  readonly damagedFrames: number;
  readonly storedAfterMs: { readonly p50: number; readonly p99: number; readonly most: number };
}

/** Monday, 2026-03-02, 09:00 in Beijing. */
const OPENING_MS = Date.UTC(2026, 2, 2, 1, 0);
const TIMEOUT_MS = 30_000;
const BAUD = 115_200;
/** Dealing with one case, and the time until the next citizen sits down, milliseconds. */
const CASE_MS = [45_000, 300_000] as const;
const PAUSE_MS = [2000, 30_000] as const;
/** After the last case faults are over, and pads have this long to deliver what they keep. */
const CLOSING_MS = 120_000;
const SLICE_MS = 1000;

/** One window with everything that belongs to it. */
class Counter {
  readonly presses: Press[] = [];
  readonly storedAfterMs: number[] = [];
  readonly pc: HallWindow;
  readonly pad: SimulatedPad;
  readonly #citizens: Citizens;
  readonly #endFaults: () => void;
  readonly #clock: VirtualClock;
  readonly #random: () => number;
  readonly #windowNo: string;
  readonly #keptAt = new Map<number, number>();
  #cases = 0;

  constructor(clock: VirtualClock, number: number, { seed, faults, habits = RANDOM_HABITS }: HallOptions) {
    // A source of its own for each thing, so that one fault more does not change what all others do.
    const source = (purpose: number): (() => number) => seededRandom((seed * 1_000_003 + number * 8 + purpose) | 0);
    this.#clock = clock;
    this.#random = source(0);
    this.#windowNo = `W${String(number).padStart(2, "0")}`;
    const port = new MemoryPort({ clock, baud: BAUD });
    this.pad = new SimulatedPad({
      port,
      clock,
      serialNumber: `HALL-${this.#windowNo}`,
      random: seededBytes(source(1)),
      lineRandom: source(2),
      onKept: (change) => {
        if (change.is === "event" && change.event.type === "rated") this.#keptAt.set(change.event.eventNo, clock.now());
        if (change.is !== "stored") return;
        const keptAt = this.#keptAt.get(change.eventNo);
        if (keptAt !== undefined) this.storedAfterMs.push(clock.now() - keptAt);
        this.#keptAt.delete(change.eventNo);
      },
    });
    this.pc = new HallWindow({
      clock,
      random: seededBytes(source(3)),
      line: port.host,
      wallStartMs: OPENING_MS,
      timeoutMs: TIMEOUT_MS,
    });
    this.#citizens = new Citizens({
      pad: this.pad,
      clock,
      random: source(4),
      habits,
      onPress: (press) => this.presses.push(press),
    });
    this.#endFaults = startFaults(faults, this.pad, source(5), clock);
  }

  /** @param closesAt no case ends later than that */
  open(closesAt: number): void {
    this.pc.start();
    const next = (): void => {
      this.#clock.after(between(this.#random, ...PAUSE_MS) + between(this.#random, ...CASE_MS), () => {
        if (this.#clock.now() > closesAt) return;
        this.#cases++;
        this.pc.ask(`${this.#windowNo}-${this.#cases}`);
        next();
      });
    };
    next();
  }

  /** Everything is mended. */
  endFaults(): void {
    this.#endFaults();
  }

  async close(): Promise<void> {
    this.#citizens.stop();
    await this.pad.close();
  }
}

/**
 * Lets a hall work on a virtual clock: pads with their firmware, the host sessions of their window PCs on lines of 115,200 baud, and
 * citizens. The same options give the same summary, whatever machine it runs on.
 */
export const runHall = async (options: HallOptions): Promise<HallSummary> => {
  const clock = new VirtualClock();
  const counters = Array.from({ length: options.windows }, (_, index) => new Counter(clock, index + 1, options));
  const closesAt = options.minutes * 60_000;
  for (const counter of counters) counter.open(closesAt);
  await letPass(clock, closesAt + TIMEOUT_MS);
  for (const counter of counters) counter.endFaults();
  await letPass(clock, CLOSING_MS);
  const summary = summaryOf(options, counters);
  for (const counter of counters) await counter.close();
  return summary;
};

/** In slices, between which what waits for a promise goes on: a port says by one that it is plugged in again. */
const letPass = async (clock: VirtualClock, ms: number): Promise<void> => {
  const end = clock.now() + ms;
  while (clock.now() < end) {
    clock.run(Math.min(SLICE_MS, end - clock.now()));
    await Promise.resolve();
  }
};

const sum = (numbers: readonly number[]): number => numbers.reduce((total, number) => total + number, 0);

const summaryOf = ({ windows, minutes, seed }: HallOptions, counters: readonly Counter[]): HallSummary => {
  const reckonings = counters.map(({ presses, pad, pc }) => reckon({ presses, facts: pad.facts(), pending: pad.face.pendingEvents, pc }));
  const requests = counters.flatMap(({ pc }) => [...pc.requests.values()]);
  const ended = (end: string | undefined): number => requests.filter((request) => request.end === end).length;
  const links = counters.map(({ pc }) => pc.counters);
  const stored = counters.flatMap(({ storedAfterMs }) => storedAfterMs).sort((one, other) => one - other);
  const share = (part: number): number =>
    Math.round((stored[Math.min(stored.length - 1, Math.floor(stored.length * part))] ?? 0) * 10) / 10;
  return {
    windows,
    minutes,
    seed,
    asked: requests.length,
    rated: ended("rated"),
    timedOut: ended("timed-out"),
    superseded: ended("superseded"),
    refused: ended("refused"),
    open: ended(undefined),
    levels: [1, 2, 3, 4, 5].map((level) => requests.filter((request) => request.level === level).length),
    pending: sum(counters.map(({ pad }) => pad.face.pendingEvents)),
    newSessions: sum(links.map(({ sessions }) => Math.max(0, sessions - 1))),
    boots: sum(counters.map(({ pc }) => pc.boots)),
    resentFrames: sum(links.map(({ resent }) => resent)),
    damagedFrames: sum(links.map(({ faults }) => sum(Object.values(faults)))),
    storedAfterMs: { p50: share(0.5), p99: share(0.99), most: share(1) },
    lost: sum(reckonings.map(({ lost }) => lost)),
    doubled: sum(reckonings.map(({ doubled }) => doubled)),
    misbound: sum(reckonings.map(({ misbound }) => misbound)),
  };
};
