import type { HostSessionInput } from "../host-session.ts";
import type { Command, Report } from "../messages.ts";
import type { PadIdentity } from "../pad-session.ts";
import type { PadTransferOptions } from "../pad-transfer.ts";
import { TEST_PAD } from "./conversation.ts";
import { LossyWire } from "./lossy-wire.ts";
import { SeededRandom } from "./seeded-random.ts";
import { type EndOutput, WholeHost, type WholeHostInput } from "./whole-host.ts";
import { WholePad, type WholePadInput } from "./whole-pad.ts";

/** One step of one end, as it went. */
export type ExchangeStep =
  | ({ readonly at: number; readonly side: "host"; readonly input: WholeHostInput } & EndOutput)
  | ({ readonly at: number; readonly side: "pad"; readonly input: WholePadInput } & EndOutput);

/** What both ends are before the first step. */
export interface ExchangeSetUp {
  readonly limits: { readonly maxFrame: number; readonly window: number };
  /** The pairing key that both hold. */
  readonly key?: Uint8Array;
  readonly takes: PadTransferOptions;
}

export interface RecordedExchange extends ExchangeSetUp {
  readonly name: string;
  readonly about: string;
  /** What the sources of random bytes gave, in order. */
  readonly random: { readonly host: readonly Uint8Array[]; readonly pad: readonly Uint8Array[] };
  readonly steps: readonly ExchangeStep[];
}

/** A whole host and a whole pad at a wire of 5 ms, whose doings are recorded. */
export class Exchange {
  now = 0;
  readonly toPad: LossyWire;
  readonly toHost: LossyWire;
  readonly #setUp: ExchangeSetUp;
  readonly #given = { host: [] as Uint8Array[], pad: [] as Uint8Array[] };
  readonly #steps: ExchangeStep[] = [];
  readonly #told = { host: [] as string[], pad: [] as string[] };
  readonly #host: WholeHost;
  readonly #pad: WholePad;

  constructor(seed: number, { limits = { maxFrame: 254, window: 1 }, takes = {}, ...rest }: Partial<ExchangeSetUp> = {}) {
    this.#setUp = { limits, takes, ...rest };
    const random = new SeededRandom(seed);
    this.toPad = new LossyWire(random);
    this.toHost = new LossyWire(random);
    const recorded = (side: "host" | "pad") => (length: number) => {
      const bytes = random.bytes(length);
      this.#given[side].push(bytes);
      return bytes;
    };
    this.#host = new WholeHost({ ...limits, random: recorded("host"), key: rest.key });
    this.#pad = new WholePad({ ...limits, random: recorded("pad"), key: rest.key, takes });
  }

  host(input: WholeHostInput): void {
    const output = this.#host.step(input, this.now);
    this.#steps.push({ at: this.now, side: "host", input, ...output });
    this.#told.host.push(...output.told);
    for (const bytes of output.written) this.toPad.write(bytes, this.now);
  }

  pad(input: WholePadInput): void {
    const output = this.#pad.step(input, this.now);
    this.#steps.push({ at: this.now, side: "pad", input, ...output });
    this.#told.pad.push(...output.told);
    for (const bytes of output.written) this.toHost.write(bytes, this.now);
  }

  /** The pad gets power, the host opens its port, and both come to a session. */
  begin(identity: Partial<Omit<PadIdentity, "paired">> = {}): this {
    this.power(identity);
    this.host({ is: "opened" });
    this.wait(120);
    return this;
  }

  power(identity: Partial<Omit<PadIdentity, "paired">> = {}): void {
    const { paired: _, ...usual } = TEST_PAD;
    this.pad({ is: "started", identity: { ...usual, ...identity } });
  }

  say(...messages: readonly Command[]): void {
    for (const message of messages) {
      this.host({ is: "send", message });
      this.wait(60);
    }
  }

  report(...messages: readonly Report[]): void {
    for (const message of messages) {
      this.pad({ is: "send", message });
      this.wait(60);
    }
  }

  /** The cable is pulled: nothing passes until it is plugged in again. */
  cable(is: "out" | "in"): void {
    this.toPad.clear();
    this.toHost.clear();
    const faults = is === "out" ? { drop: 1 } : {};
    this.toPad.faults = faults;
    this.toHost.faults = faults;
  }

  /** Lets time pass, from one deadline or arrival to the next. */
  wait(ms: number): void {
    const end = this.now + ms;
    for (;;) {
      const next = Math.min(this.#host.deadline(), this.#pad.deadline(), this.toPad.nextAt(), this.toHost.nextAt());
      if (next > end) break;
      this.now = Math.max(this.now, next);
      for (const bytes of this.toPad.arrived(this.now)) this.#arrive((input) => this.pad(input), bytes);
      for (const bytes of this.toHost.arrived(this.now)) this.#arrive((input) => this.host(input), bytes);
      if (this.#host.deadline() <= this.now) this.host({ is: "time" });
      if (this.#pad.deadline() <= this.now) this.pad({ is: "time" });
    }
    this.now = end;
  }

  #arrive(give: (input: Extract<HostSessionInput, { is: "bytes" | "settle" }>) => void, bytes: Uint8Array): void {
    give({ is: "bytes", bytes });
    give({ is: "settle" });
  }

  /** @throws Error unless the side was told this; a recording that tells something else than its name is worth nothing */
  expect(side: "host" | "pad", told: string): void {
    if (!this.#told[side].some((one) => one.includes(told)))
      throw new Error(`${side} was not told ${told}, but ${this.#told[side].join("; ")}`);
  }

  /** The code that the pad shows. */
  get code(): string {
    return this.#told.pad.findLast((told) => told.startsWith("show code "))?.slice("show code ".length) ?? "";
  }

  end(name: string, about: string): RecordedExchange {
    this.host({ is: "close" });
    this.wait(50);
    return { name, about, ...this.#setUp, random: this.#given, steps: this.#steps };
  }
}
