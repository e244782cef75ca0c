import { HostSession, type HostSessionEffect, type HostSessionInput, type HostSessionOptions } from "../host-session.ts";
import { type PadIdentity, PadSession, type PadSessionEffect, type PadSessionInput, type PadSessionOptions } from "../pad-session.ts";

/** One direction of whatever lies between the two. */
export interface Wire {
  write(bytes: Uint8Array, now: number): void;
  nextAt(): number;
  arrived(now: number): Uint8Array[];
  clear(): void;
}

/** One step of one side, as it went. */
export type ConversationStep =
  | { readonly at: number; readonly side: "host"; readonly input: HostSessionInput; readonly effects: readonly HostSessionEffect[] }
  | { readonly at: number; readonly side: "pad"; readonly input: PadSessionInput; readonly effects: readonly PadSessionEffect[] };

export const TEST_PAD: PadIdentity = {
  model: "generic/five-button",
  serialNumber: "GF5-000042",
  firmware: "1.0.0",
  storeId: 0x5eed_0001,
  bootCount: 1,
  capabilities: 0b11,
  eventCapacity: 64,
  paired: false,
};

export interface ConversationOptions {
  readonly toPad: Wire;
  readonly toHost: Wire;
  readonly hostOptions: HostSessionOptions;
  readonly padOptions: PadSessionOptions;
  readonly identity?: () => PadIdentity;
  /** What lies behind the sessions; called when all effects of a step were carried out. */
  readonly onHost?: (effect: HostSessionEffect) => void;
  readonly onPad?: (effect: PadSessionEffect) => void;
}

/** A host and a pad that talk over two wires, with a clock of their own that moves from one deadline or arrival to the next. */
export class Conversation {
  now = 0;
  host: HostSession | undefined;
  pad: PadSession | undefined;
  readonly steps: ConversationStep[] = [];
  readonly #options: ConversationOptions;

  constructor(options: ConversationOptions) {
    this.#options = options;
  }

  /** A new host process opens the port; an older one, if there was one, is gone without a word. */
  openHost(): void {
    this.host = new HostSession(this.#options.hostOptions);
    this.hostStep({ is: "opened" });
  }

  /** The pad gets power, after it was cut if it had some. */
  startPad(): void {
    this.pad = new PadSession(this.#options.padOptions, this.#options.identity ?? (() => TEST_PAD));
    this.padStep({ is: "started" });
  }

  hostStep(input: HostSessionInput): void {
    if (this.host === undefined) return;
    const effects = this.host.step(input, this.now);
    this.steps.push({ at: this.now, side: "host", input, effects });
    for (const effect of effects) if (effect.is === "write") this.#options.toPad.write(effect.bytes, this.now);
    for (const effect of effects) this.#options.onHost?.(effect);
  }

  padStep(input: PadSessionInput): void {
    if (this.pad === undefined) return;
    const effects = this.pad.step(input, this.now);
    this.steps.push({ at: this.now, side: "pad", input, effects });
    for (const effect of effects) if (effect.is === "write") this.#options.toHost.write(effect.bytes, this.now);
    for (const effect of effects) this.#options.onPad?.(effect);
  }

  get areReady(): boolean {
    return this.host?.isReady === true && this.pad?.isReady === true;
  }

  /** Lets time pass until the condition holds or that many milliseconds are over; tells whether it holds. */
  run(done: () => boolean, within: number): boolean {
    const { toPad, toHost } = this.#options;
    const end = this.now + within;
    while (!done()) {
      const next = Math.min(this.host?.deadline() ?? Infinity, this.pad?.deadline() ?? Infinity, toPad.nextAt(), toHost.nextAt());
      if (next > end) {
        this.now = end;
        return done();
      }
      this.now = Math.max(this.now, next);
      for (const bytes of toPad.arrived(this.now)) {
        this.padStep({ is: "bytes", bytes });
        this.padStep({ is: "settle" });
      }
      for (const bytes of toHost.arrived(this.now)) {
        this.hostStep({ is: "bytes", bytes });
        this.hostStep({ is: "settle" });
      }
      this.#tick();
    }
    return true;
  }

  #tick(): void {
    if ((this.host?.deadline() ?? Infinity) <= this.now) this.hostStep({ is: "time" });
    if ((this.pad?.deadline() ?? Infinity) <= this.now) this.padStep({ is: "time" });
    // A deadline that time does not move would make its driver spin.
    const due = Math.min(this.host?.deadline() ?? Infinity, this.pad?.deadline() ?? Infinity);
    if (due <= this.now) throw new Error(`deadline ${due} has passed at ${this.now}`);
  }
}
