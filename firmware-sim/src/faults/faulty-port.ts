import { type Clock, realClock } from "../clock/clock.ts";
import type { PadPort, PortListener } from "../ports/pad-port.ts";
import type { LineFaults } from "./fault-plan.ts";
import { FaultyLine } from "./faulty-line.ts";

/** Another port with a bad line: bytes are lost, changed, doubled or late in either direction. */
export class FaultyPort implements PadPort {
  readonly #port: PadPort;
  #faults: { readonly toHost: LineFaults; readonly toPad: LineFaults };
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

  /** From now on the line is as bad as this. */
  setFaults(faults: { readonly toHost: LineFaults; readonly toPad: LineFaults }): void {
    this.#faults = faults;
    this.#toHost.faults = faults.toHost;
    if (this.#toPad !== undefined) this.#toPad.faults = faults.toPad;
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

  hangConnection(): void {
    this.#toHost.clear();
    this.#toPad?.clear();
    this.#port.hangConnection?.();
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
