import type { PadPort, PortListener } from "./pad-port.ts";

/** The host's end of a pad in memory. */
export interface MemoryEnd {
  write(bytes: Uint8Array): void;
  listen(listener: PortListener): void;
}

/** A pad in memory: bytes arrive in a later turn, as from any port. */
export class MemoryPort implements PadPort {
  readonly path = "memory";
  readonly host: MemoryEnd;
  isPlugged = true;
  #pad: PortListener | undefined;
  #host: PortListener | undefined;

  constructor() {
    this.host = {
      write: (bytes) => this.#carry(bytes, () => this.#pad),
      listen: (listener) => {
        this.#host = listener;
      },
    };
  }

  listen(listener: PortListener): void {
    this.#pad = listener;
  }

  write(bytes: Uint8Array): void {
    this.#carry(bytes, () => this.#host);
  }

  unplug(): void {
    this.isPlugged = false;
  }

  async plug(): Promise<void> {
    this.isPlugged = true;
  }

  async close(): Promise<void> {
    this.unplug();
  }

  #carry(bytes: Uint8Array, to: () => PortListener | undefined): void {
    const copy = bytes.slice();
    setImmediate(() => {
      if (this.isPlugged) to()?.bytes(copy);
    });
  }
}
