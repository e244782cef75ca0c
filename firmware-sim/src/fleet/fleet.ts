import { join } from "node:path";
import { realClock } from "../clock/clock.ts";
import type { FaultPlan } from "../faults/fault-plan.ts";
import { TcpPort } from "../ports/tcp-port.ts";
import { type Crowd, FleetPad, type PadRecord, type RatingRecord } from "./fleet-pad.ts";

export interface FleetOptions {
  readonly count: number;
  /** The first pad listens here, each further one on the next; 0 = any free ones. */
  readonly firstPort: number;
  /** Address to listen on. */
  readonly address: string;
  readonly profileId: string;
  readonly crowd: Crowd;
  /** No pad is rated more often than this, milliseconds. */
  readonly everyMs: number;
  readonly seed: number;
  readonly faults: FaultPlan;
  /** Folder for a store of each pad; in memory if there is none. */
  readonly storeFolder?: string;
}

/** Sums over all pads, while they run. */
export interface FleetCounts extends Omit<PadRecord, "serialNumber" | "port"> {
  readonly count: number;
  readonly ready: number;
}

/** What a fleet has seen from its start to its end. */
export interface FleetSummary extends FleetCounts {
  readonly seconds: number;
  /** From a rating's being kept on the pad until its host has stored it. */
  readonly storedAfterMs: { readonly p50: number; readonly p99: number; readonly most: number };
  /** Processor time of this process by the time that passed: 1 = one core. */
  readonly cores: number;
  readonly memoryMB: number;
  readonly pads: readonly PadRecord[];
}

/** A thousand pads in one process, each behind a TCP port of its own as serial servers have them: for load tests of hosts. */
export class Fleet {
  readonly #pads: readonly FleetPad[];
  readonly #startedAt = performance.now();
  readonly #startedCpu = process.cpuUsage();

  private constructor(pads: readonly FleetPad[]) {
    this.#pads = pads;
  }

  /** @throws WR8004 if a port is taken, WR2002, WR9002; nothing is left running then */
  static async start(options: FleetOptions): Promise<Fleet> {
    const { count, firstPort, address, storeFolder, seed, ...shared } = options;
    await using undo = new AsyncDisposableStack();
    const pads: FleetPad[] = [];
    for (let index = 0; index < count; index++) {
      const port = await TcpPort.open(firstPort === 0 ? 0 : firstPort + index, address);
      const serialNumber = `FLEET-${String(index + 1).padStart(4, "0")}`;
      undo.defer(() => port.close());
      const pad = new FleetPad({
        ...shared,
        port,
        clock: realClock,
        serialNumber,
        // Far enough apart that no two pads do the same.
        seed: (seed * 1_000_003 + index * 16) | 0,
        ...(storeFolder === undefined ? {} : { storeFile: join(storeFolder, `${serialNumber}.store`) }),
      });
      undo.defer(() => pad.close());
      pads.push(pad);
    }
    undo.move();
    return new Fleet(pads);
  }

  /** What a window PC needs to know of each pad, first pad first. */
  get ports(): readonly { readonly serialNumber: string; readonly port: string }[] {
    return this.#pads.map(({ pad }) => ({ serialNumber: pad.serialNumber, port: pad.path }));
  }

  get counts(): FleetCounts {
    return this.#countsOf(this.#pads.map(({ record }) => record));
  }

  /** Every rating of every pad. */
  ratings(): readonly RatingRecord[] {
    return this.#pads.flatMap(({ ratings }) => ratings);
  }

  summary(): FleetSummary {
    const pads = this.#pads.map(({ record }) => record);
    const seconds = (performance.now() - this.#startedAt) / 1000;
    const { user, system } = process.cpuUsage(this.#startedCpu);
    const times = this.#pads.flatMap(({ storedAfterMs }) => storedAfterMs).sort((one, other) => one - other);
    const share = (part: number): number => round(times[Math.min(times.length - 1, Math.floor(times.length * part))] ?? 0);
    return {
      ...this.#countsOf(pads),
      seconds: round(seconds),
      storedAfterMs: { p50: share(0.5), p99: share(0.99), most: share(1) },
      cores: round((user + system) / 1e6 / seconds, 3),
      memoryMB: Math.round(process.memoryUsage.rss() / 1e6),
      pads,
    };
  }

  async close(): Promise<void> {
    await Promise.all(this.#pads.map((pad) => pad.close()));
  }

  #countsOf(records: readonly PadRecord[]): FleetCounts {
    const sum = (count: (record: PadRecord) => number): number => records.reduce((total, record) => total + count(record), 0);
    return {
      count: records.length,
      ready: this.#pads.filter(({ isReady }) => isReady).length,
      asked: sum(({ asked }) => asked),
      pressed: sum(({ pressed }) => pressed),
      acked: sum(({ acked }) => acked),
      timedOut: sum(({ timedOut }) => timedOut),
      pending: sum(({ pending }) => pending),
    };
  }
}

const round = (value: number, digits = 1): number => Number(value.toFixed(digits));
