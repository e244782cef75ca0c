import { type Clock, realClock, type Timer } from "../clock/clock.ts";
import type { PadPort, PortListener } from "../ports/pad-port.ts";
import type { LineFaults } from "./fault-plan.ts";
import { between } from "./seeded-random.ts";

/** Another port with a bad line: bytes are lost, changed, doubled or late in either direction. */
export class FaultyPort implements PadPort {
  readonly #port: PadPort;
  readonly #faults: { readonly toHost: LineFaults; readonly toPad: LineFaults };
  readonly #random: () => number;
  readonly #clock: Clock;
  readonly #toHost: FaultyLine;
  #toPad: FaultyLine | undefined;

  /** @param random 0 ≤ number < 1, from the seed of the faults */
  constructor(
    port: PadPort,
    faults: { readonly toHost: LineFaults; readonly toPad: LineFaults },
    random: () => number,
    clock: Clock = realClock,
  ) {
    this.#port = port;
    this.#faults = faults;
    this.#random = random;
    this.#clock = clock;
    this.#toHost = new FaultyLine(faults.toHost, random, clock, (bytes) => port.write(bytes));
  }

  get path(): string {
    return this.#port.path;
  }

  get isPlugged(): boolean {
    return this.#port.isPlugged;
  }

  write(bytes: Uint8Array): void {
    this.#toHost.carry(bytes);
  }

  listen(listener: PortListener): void {
    const line = new FaultyLine(this.#faults.toPad, this.#random, this.#clock, (bytes) => listener.bytes(bytes));
    this.#toPad = line;
    this.#port.listen({ bytes: (chunk) => line.carry(chunk) });
  }

  unplug(): void {
    this.#toHost.clear();
    this.#toPad?.clear();
    this.#port.unplug();
  }

  plug(): Promise<void> {
    return this.#port.plug();
  }

  close(): Promise<void> {
    this.#toHost.clear();
    this.#toPad?.clear();
    return this.#port.close();
  }
}

/** Bytes that a slow line may hold back; a line that has more on the way loses what comes. */
const MOST_DELAYED_BYTES = 65_536;

/** One direction. Never changes the order of what it lets through. */
class FaultyLine {
  readonly #faults: LineFaults;
  readonly #random: () => number;
  readonly #clock: Clock;
  readonly #arrive: (bytes: Uint8Array) => void;
  #late: Uint8Array[] = [];
  #timer: Timer | undefined;

  constructor(faults: LineFaults, random: () => number, clock: Clock, arrive: (bytes: Uint8Array) => void) {
    this.#faults = faults;
    this.#random = random;
    this.#clock = clock;
    this.#arrive = arrive;
  }

  carry(bytes: Uint8Array): void {
    const arriving = this.#spoil(bytes);
    if (arriving.length === 0) return;
    if (this.#timer !== undefined) {
      if (this.#late.reduce((sum, late) => sum + late.length, 0) < MOST_DELAYED_BYTES) this.#late.push(arriving);
    } else if (this.#happens(this.#faults.delay)) {
      this.#late.push(arriving);
      this.#timer = this.#clock.after(between(this.#random, ...this.#faults.delayMs), () => this.#release());
    } else {
      this.#arrive(arriving);
    }
  }

  clear(): void {
    this.#timer?.cancel();
    this.#timer = undefined;
    this.#late = [];
  }

  #release(): void {
    const late = this.#late;
    this.clear();
    for (const bytes of late) this.#arrive(bytes);
  }

  #happens(rate: number): boolean {
    return rate > 0 && this.#random() < rate;
  }

  #spoil(bytes: Uint8Array): Uint8Array {
    const { drop, flip, duplicate, cutFrame } = this.#faults;
    const end = this.#happens(cutFrame) ? between(this.#random, 0, bytes.length - 1) : bytes.length;
    const arriving: number[] = [];
    for (const sent of bytes.subarray(0, end)) {
      if (this.#happens(drop)) continue;
      const byte = this.#happens(flip) ? sent ^ (1 << between(this.#random, 0, 7)) : sent;
      arriving.push(byte);
      if (this.#happens(duplicate)) arriving.push(byte);
    }
    return Uint8Array.from(arriving);
  }
}
