import type { Clock, Timer } from "../clock/clock.ts";
import { type LineFaults, NO_LINE_FAULTS } from "./fault-plan.ts";
import { between } from "./seeded-random.ts";

/** Bytes that a slow line may hold back; a line that has more on the way loses what comes. */
const MOST_LATE_BYTES = 65_536;

/** A USB adapter hands its bytes over when it has this many, or when its latency timer runs out. */
const ADAPTER_BYTES = 62;

/** One direction of a bad line. Never changes the order of what it lets through. */
export class FaultyLine {
  /** May be exchanged at any time. */
  faults: LineFaults;
  readonly #random: () => number;
  readonly #clock: Clock;
  readonly #arrive: (bytes: Uint8Array) => void;
  #late: Uint8Array[] = [];
  #lateBytes = 0;
  #timer: Timer | undefined;
  /** The timer is that of the adapter, which a full buffer does not wait for. */
  #isBatch = false;

  /** @param random 0 ≤ number < 1, from the seed of the faults */
  constructor(faults: LineFaults, random: () => number, clock: Clock, arrive: (bytes: Uint8Array) => void) {
    this.faults = faults;
    this.#random = random;
    this.#clock = clock;
    this.#arrive = arrive;
  }

  carry(bytes: Uint8Array): void {
    if (this.faults === NO_LINE_FAULTS && this.#timer === undefined) return this.#arrive(bytes);
    const arriving = this.#spoil(bytes);
    if (arriving.length === 0) return;
    if (this.#timer !== undefined) {
      this.#hold(arriving);
      if (this.#isBatch && this.#lateBytes >= ADAPTER_BYTES) this.#release();
    } else if (this.#happens(this.faults.delay)) {
      this.#holdFor(between(this.#random, ...this.faults.delayMs), false, arriving);
    } else if (this.faults.latencyMs > 0 && arriving.length < ADAPTER_BYTES) {
      this.#holdFor(this.faults.latencyMs, true, arriving);
    } else {
      this.#arrive(arriving);
    }
  }

  /** What is on the way is lost. */
  clear(): void {
    this.#timer?.cancel();
    this.#timer = undefined;
    this.#late = [];
    this.#lateBytes = 0;
  }

  #holdFor(ms: number, isBatch: boolean, bytes: Uint8Array): void {
    this.#isBatch = isBatch;
    this.#hold(bytes);
    this.#timer = this.#clock.after(ms, () => this.#release());
  }

  #hold(bytes: Uint8Array): void {
    if (this.#lateBytes >= MOST_LATE_BYTES) return;
    this.#late.push(bytes);
    this.#lateBytes += bytes.length;
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
    const { drop, flip, corrupt, duplicate, cutFrame } = this.faults;
    const end = this.#happens(cutFrame) ? between(this.#random, 0, bytes.length - 1) : bytes.length;
    const arriving = new Uint8Array(duplicate > 0 ? end * 2 : end);
    let length = 0;
    for (let index = 0; index < end; index++) {
      if (this.#happens(drop)) continue;
      let byte = bytes[index] as number;
      if (this.#happens(flip)) byte ^= 1 << between(this.#random, 0, 7);
      if (this.#happens(corrupt)) byte ^= between(this.#random, 1, 255);
      arriving[length++] = byte;
      if (this.#happens(duplicate)) arriving[length++] = byte;
    }
    return arriving.subarray(0, length);
  }
}
