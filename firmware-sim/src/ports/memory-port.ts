import { type Clock, realClock } from "../clock/clock.ts";
import { PacedLine } from "../clock/paced-line.ts";
import type { PadPort, PortListener } from "./pad-port.ts";

/** The host's end of a pad in memory. */
export interface MemoryEnd {
  write(bytes: Uint8Array): void;
  listen(listener: PortListener): void;
}

export interface MemoryPortOptions {
  readonly clock?: Clock;
  /** Bits per second of the line; without it bytes arrive in the next turn. */
  readonly baud?: number;
}

/** A pad in memory: bytes arrive in a later turn, as from any port, or as late as a serial line of some rate brings them. */
export class MemoryPort implements PadPort {
  readonly path = "memory";
  readonly host: MemoryEnd;
  isPlugged = true;
  readonly #clock: Clock;
  readonly #toPad: PacedLine | undefined;
  readonly #toHost: PacedLine | undefined;
  #pad: PortListener | undefined;
  #host: PortListener | undefined;

  constructor({ clock = realClock, baud }: MemoryPortOptions = {}) {
    this.#clock = clock;
    if (baud !== undefined) {
      this.#toPad = new PacedLine(clock, baud, (bytes) => this.#arrive(bytes, this.#pad));
      this.#toHost = new PacedLine(clock, baud, (bytes) => this.#arrive(bytes, this.#host));
    }
    this.host = {
      write: (bytes) => this.#carry(bytes, this.#toPad, () => this.#pad),
      listen: (listener) => {
        this.#host = listener;
      },
    };
  }

  listen(listener: PortListener): void {
    this.#pad = listener;
  }

  write(bytes: Uint8Array): void {
    this.#carry(bytes, this.#toHost, () => this.#host);
  }

  unplug(): void {
    this.isPlugged = false;
    this.#toPad?.cut();
    this.#toHost?.cut();
  }

  async plug(): Promise<void> {
    this.isPlugged = true;
  }

  async close(): Promise<void> {
    this.unplug();
  }

  #carry(bytes: Uint8Array, line: PacedLine | undefined, to: () => PortListener | undefined): void {
    const copy = bytes.slice();
    if (line !== undefined) line.carry(copy);
    else this.#clock.after(0, () => this.#arrive(copy, to()));
  }

  #arrive(bytes: Uint8Array, listener: PortListener | undefined): void {
    if (this.isPlugged) listener?.bytes(bytes);
  }
}
