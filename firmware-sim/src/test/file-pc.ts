import {
  type Command,
  HostSession,
  HostTransfer,
  type HostTransferInput,
  type Report,
  type TransferFile,
} from "@window-rating/protocol/pad";
import type { Clock, Timer } from "../clock/clock.ts";
import type { MemoryEnd } from "../ports/memory-port.ts";

export interface FilePcOptions {
  readonly clock: Clock;
  readonly baud: number;
  /** Pairing key that it shares with the pad. */
  readonly key?: Uint8Array;
  readonly maxFrame?: number;
  readonly window?: number;
}

/** A window PC that brings files to a pad, by the time of a clock. For tests and benches only. */
export class FilePc {
  readonly reports: Report[] = [];
  readonly ended: string[] = [];
  /** Version of the firmware that said hello last. */
  firmware = "";
  readonly session: HostSession;
  readonly transfer: HostTransfer;
  readonly #end: MemoryEnd;
  readonly #clock: Clock;
  #timer: Timer | undefined;
  readonly #inputs: HostTransferInput[] = [];
  #isGiving = false;

  constructor(end: MemoryEnd, options: FilePcOptions) {
    const { clock, baud, key, maxFrame = 4096, window = 8 } = options;
    this.#end = end;
    this.#clock = clock;
    let byte = 1;
    const random = (length: number) => Uint8Array.from({ length }, () => (byte = (byte * 73 + 41) & 0xff));
    this.transfer = new HostTransfer(baud / 10);
    this.session = new HostSession({
      ...{ random, maxFrame, window, bytesPerSecond: baud / 10 },
      keysOf: () => (key === undefined ? [] : [key]),
    });
    end.listen({
      bytes: (bytes) => {
        this.#step({ is: "bytes", bytes });
        this.#step({ is: "settle" });
      },
    });
    this.#step({ is: "opened" });
  }

  send(message: Command): void {
    this.#step({ is: "send", message });
  }

  put(file: TransferFile, bytes: Uint8Array): void {
    this.give({ is: "put", file, bytes });
  }

  /** What one input makes us send comes before the next one is taken: chunks must leave in their order. */
  give(given: HostTransferInput): void {
    this.#inputs.push(given);
    if (this.#isGiving) return;
    this.#isGiving = true;
    for (let next = this.#inputs.shift(); next !== undefined; next = this.#inputs.shift()) {
      // Others may have been sent since it was asked for.
      const input = next.is === "flow" ? { ...next, unacknowledged: this.session.unacknowledged } : next;
      for (const effect of this.transfer.step(input, this.#clock.now())) {
        if (effect.is === "send") this.send(effect.message);
        else if (effect.is === "ended") this.ended.push(effect.outcome);
      }
    }
    this.#isGiving = false;
  }

  #step(input: Parameters<HostSession["step"]>[0]): void {
    const effects = this.session.step(input, this.#clock.now());
    for (const effect of effects) if (effect.is === "write") this.#end.write(effect.bytes);
    for (const effect of effects) {
      if (effect.is === "lost") this.give({ is: "lost" });
      else if (effect.is === "ready") this.#ready(effect.pad.firmware);
      else if (effect.is === "report") this.#report(effect.message);
    }
    this.give({ is: "flow", unacknowledged: this.session.unacknowledged });
    this.#arm();
  }

  #ready(firmware: string): void {
    this.firmware = firmware;
    const { agreed } = this.session;
    if (agreed !== undefined) this.give({ is: "ready", ...agreed });
  }

  #report(message: Report): void {
    this.reports.push(message);
    if ("eventNo" in message) this.send({ type: "stored", eventNo: message.eventNo });
    this.give({ is: "report", message });
  }

  #arm(): void {
    this.#timer?.cancel();
    const deadline = this.session.deadline();
    if (deadline === undefined) return;
    this.#timer = this.#clock.after(Math.max(0, deadline - this.#clock.now()), () => this.#step({ is: "time" }));
  }
}
