import { FrameReader } from "../frame.ts";
import { Link, type LinkEffect, type LinkInput, type LinkTimers } from "../link.ts";
import type { Message } from "../messages.ts";
import { LossyWire, type WireFaults } from "./lossy-wire.ts";
import { SeededRandom } from "./seeded-random.ts";

/** One end of a link: its reader and what came out of it. */
export class LinkEnd {
  readonly link: Link;
  readonly delivered: Message[] = [];
  broken: string | undefined;
  readonly #reader: FrameReader;
  readonly #out: LossyWire;
  #now = 0;

  constructor(link: Link, out: LossyWire) {
    this.link = link;
    this.#out = out;
    this.#reader = new FrameReader({ frame: (frame) => this.#step({ is: "frame", frame }), fault: () => {} });
  }

  send(message: Message, now: number): void {
    this.#now = now;
    this.#step({ is: "send", message });
  }

  take(bytes: Uint8Array, now: number): void {
    this.#now = now;
    this.#reader.push(bytes);
    this.#step({ is: "settle" });
  }

  time(now: number): void {
    this.#now = now;
    this.#step({ is: "time" });
  }

  #step(input: LinkInput): void {
    for (const effect of this.link.step(input, this.#now)) this.#carryOut(effect);
  }

  #carryOut(effect: LinkEffect): void {
    if (effect.is === "transmit") this.#out.write(effect.bytes, this.#now);
    else if (effect.is === "deliver") this.delivered.push(effect.message);
    else if (effect.is === "broken") this.broken = effect.cause;
  }
}

export interface LinkPairOptions {
  readonly seed: number;
  readonly window: number;
  readonly faults?: WireFaults;
  readonly timers?: LinkTimers;
}

/** Both ends of a link over a lossy wire, with a clock of their own that moves from one deadline or arrival to the next and never otherwise. */
export class LinkPair {
  now = 0;
  readonly host: LinkEnd;
  readonly pad: LinkEnd;
  readonly #toPad: LossyWire;
  readonly #toHost: LossyWire;

  constructor({ seed, window, faults, timers }: LinkPairOptions) {
    const random = new SeededRandom(seed);
    const options = { session: 0x1234, window, maxFrame: 254, ...(timers === undefined ? {} : { timers }) };
    this.#toPad = new LossyWire(random, faults);
    this.#toHost = new LossyWire(random, faults);
    this.host = new LinkEnd(new Link({ ...options, role: "host" }, 0), this.#toPad);
    this.pad = new LinkEnd(new Link({ ...options, role: "pad" }, 0), this.#toHost);
    for (const { link } of [this.host, this.pad]) link.begin();
  }

  /** Lets time pass until the condition holds, or both ends are broken, or that many milliseconds are over. */
  run(done: () => boolean, within = 3_600_000): void {
    const end = this.now + within;
    while (!done()) {
      const next = Math.min(this.host.link.deadline(), this.pad.link.deadline(), this.#toPad.nextAt(), this.#toHost.nextAt());
      if (next > end) {
        if (end !== Number.POSITIVE_INFINITY) this.now = end;
        return;
      }
      this.now = Math.max(this.now, next);
      for (const bytes of this.#toPad.arrived(this.now)) this.pad.take(bytes, this.now);
      for (const bytes of this.#toHost.arrived(this.now)) this.host.take(bytes, this.now);
      for (const { link, time } of [this.#ticked(this.host), this.#ticked(this.pad)]) {
        // A deadline that time does not move would make its driver spin.
        if (time && link.deadline() <= this.now) throw new Error(`deadline ${link.deadline()} has passed at ${this.now}`);
      }
    }
  }

  #ticked(end: LinkEnd): { link: Link; time: boolean } {
    const time = end.link.deadline() <= this.now;
    if (time) end.time(this.now);
    return { link: end.link, time };
  }
}
