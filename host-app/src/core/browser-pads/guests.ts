import type { Socket } from "node:net";
import { type Rate, TokenBucket } from "../desk/token-bucket.ts";

export interface GuestLimits {
  /** Connections of all together, and of one address. */
  readonly connections: number;
  readonly perAddress: number;
  /** Admissions tried and lines opened, of one address. */
  readonly tries: Rate;
}

/** A window has one tablet; some halls have all of them behind one address. */
export const GUEST_LIMITS: GuestLimits = { connections: 256, perAddress: 64, tries: { perSecond: 2, burst: 30 } };

/** Addresses that are remembered; more than a hall has tablets. */
const MOST_ADDRESSES = 1024;

/** What one address of the hall's network may take of this PC, so that none can keep the tablets away. */
export class Guests {
  readonly #limits: GuestLimits;
  readonly #now: () => number;
  readonly #connections = new Map<string, number>();
  readonly #tries = new Map<string, TokenBucket>();

  constructor(limits: GuestLimits, now: () => number) {
    this.#limits = limits;
    this.#now = now;
  }

  /** A connection was accepted; one too many of its address is cut before anything is read from it. */
  arrived(socket: Socket): void {
    const address = socket.remoteAddress ?? "";
    const count = (this.#connections.get(address) ?? 0) + 1;
    if (count > this.#limits.perAddress) return void socket.destroy();
    this.#connections.set(address, count);
    socket.once("close", () => {
      const left = (this.#connections.get(address) ?? 1) - 1;
      if (left > 0) this.#connections.set(address, left);
      else this.#connections.delete(address);
    });
  }

  /** @returns false if this address has tried too often */
  mayTry(address: string): boolean {
    let bucket = this.#tries.get(address);
    if (bucket === undefined) {
      // The one that tried longest ago goes: a flood of addresses costs no memory.
      const [oldest] = this.#tries.keys();
      if (this.#tries.size >= MOST_ADDRESSES && oldest !== undefined) this.#tries.delete(oldest);
      bucket = new TokenBucket(this.#limits.tries, this.#now());
    }
    this.#tries.delete(address);
    this.#tries.set(address, bucket);
    return bucket.take(this.#now());
  }
}
