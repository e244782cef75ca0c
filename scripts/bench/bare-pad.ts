import { randomBytes } from "node:crypto";
import { PtyPort } from "@window-rating/firmware-sim";
import { type Message, PadSession, type PadSessionInput } from "@window-rating/protocol/pad";

/** A pad without firmware, store and debounce: what is measured with it is the host and the wire alone. */
export class BarePad {
  readonly port: PtyPort;
  readonly #session: PadSession;
  #timer: NodeJS.Timeout | undefined;
  #eventNo = 0;
  #onReady: (() => void)[] = [];
  #onStored: ((eventNo: number) => void) | undefined;
  /** Called when the last byte of an *open rating* has come. */
  onOpen: ((message: Message<"openRating">) => void) | undefined;

  constructor(link: string) {
    this.port = new PtyPort(link);
    const storeId = randomBytes(4).readUInt32LE();
    this.#session = new PadSession({ random: (length) => randomBytes(length) }, () => ({
      model: "generic/five-button",
      serialNumber: "BENCH-0001",
      firmware: "1.0.0",
      storeId,
      bootCount: 1,
      capabilities: 1,
      eventCapacity: 64,
      paired: false,
    }));
    this.port.listen({
      bytes: (bytes) => {
        this.#step({ is: "bytes", bytes });
        this.#step({ is: "settle" });
      },
    });
    this.#step({ is: "started" });
  }

  async ready(): Promise<void> {
    if (!this.#session.isReady) await new Promise<void>((resolve) => this.#onReady.push(resolve));
  }

  /** Sends a rating and waits for `stored`. @returns milliseconds between the two */
  press(requestId: Uint8Array, level: number): Promise<number> {
    const eventNo = ++this.#eventNo;
    return new Promise((resolve) => {
      const started = performance.now();
      this.#onStored = (stored) => {
        if (stored === eventNo) resolve(performance.now() - started);
      };
      this.#step({ is: "send", message: { type: "rated", eventNo, requestId, level, sinceOpenMs: 1000, unixMs: 0, bootCount: 1 } });
    });
  }

  async close(): Promise<void> {
    clearTimeout(this.#timer);
    await this.port.close();
  }

  #step(input: PadSessionInput): void {
    for (const effect of this.#session.step(input, performance.now())) {
      if (effect.is === "write") this.port.write(effect.bytes);
      else if (effect.is === "ready") for (const ready of this.#onReady.splice(0)) ready();
      else if (effect.is === "command" && effect.message.type === "stored") this.#onStored?.(effect.message.eventNo);
      else if (effect.is === "command" && effect.message.type === "openRating") this.onOpen?.(effect.message);
    }
    clearTimeout(this.#timer);
    const deadline = this.#session.deadline();
    if (deadline !== undefined) this.#timer = setTimeout(() => this.#step({ is: "time" }), Math.max(0, deadline - performance.now()));
  }
}
