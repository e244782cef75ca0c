import { sha256 } from "@noble/hashes/sha2.js";
import { signFirmware } from "../firmware-signature.ts";
import { HostTransfer, type HostTransferEffect, type HostTransferInput } from "../host-transfer.ts";
import { PadTransfer, type PadTransferEffect, type PadTransferInput, type PadTransferOptions } from "../pad-transfer.ts";
import type { Asset, FirmwareImage, TransferFile } from "../transfer-file.ts";
import { Conversation, TEST_PAD, type Wire } from "./conversation.ts";
import { PadMemory } from "./pad-memory.ts";
import { SeededRandom } from "./seeded-random.ts";

export const assetOf = (name: string, bytes: Uint8Array): Asset => ({
  is: "asset",
  name,
  kind: "png",
  size: bytes.length,
  hash: sha256(bytes),
});

/** Key of a maker that nobody trusts but these tests. */
export const MAKER_SEED = Uint8Array.from({ length: 32 }, (_, index) => index + 1);

export const imageOf = (bytes: Uint8Array, claim: Partial<Pick<FirmwareImage, "model" | "version" | "release">> = {}): FirmwareImage => {
  const claimed = { model: TEST_PAD.model, version: "1.1.0", release: 2, ...claim, size: bytes.length, hash: sha256(bytes) };
  return { is: "firmware", ...claimed, ...signFirmware(MAKER_SEED, claimed) };
};

export interface TransferRigOptions {
  readonly toPad: Wire;
  readonly toHost: Wire;
  readonly pad: PadTransferOptions;
  readonly seed?: number;
  readonly bytesPerSecond?: number;
  readonly maxFrame?: number;
  readonly window?: number;
}

/** Both ends of transfers over whole sessions, with a memory that outlives the pad's power. */
export class TransferRig {
  readonly memory = new PadMemory();
  readonly conversation: Conversation;
  readonly ended: Extract<HostTransferEffect, { is: "ended" }>[] = [];
  readonly #options: TransferRigOptions;
  #host: HostTransfer;
  #pad: PadTransfer;

  constructor(options: TransferRigOptions) {
    this.#options = options;
    const random = new SeededRandom(options.seed ?? 1);
    const { bytesPerSecond, maxFrame = 254, window = 2 } = options;
    const side = { random: (length: number) => random.bytes(length), maxFrame, window };
    const session = bytesPerSecond === undefined ? side : { ...side, bytesPerSecond };
    this.#host = this.#newHost();
    this.#pad = new PadTransfer(options.pad, this.memory.contents);
    this.conversation = new Conversation({
      ...{ toPad: options.toPad, toHost: options.toHost, hostOptions: session, padOptions: session },
      onHost: (effect) => {
        const { agreed } = this.conversation.host ?? {};
        if (effect.is === "ready" && agreed !== undefined) this.hostStep({ is: "ready", ...agreed });
        else if (effect.is === "lost") this.hostStep({ is: "lost" });
        else if (effect.is === "report") this.hostStep({ is: "report", message: effect.message });
      },
      onPad: (effect) => {
        if (effect.is === "lost") this.#padStep({ is: "lost" });
        else if (effect.is === "command") this.#padStep({ is: "command", message: effect.message });
      },
    });
    this.conversation.startPad();
    this.conversation.openHost();
  }

  get waiting(): readonly TransferFile[] {
    return this.#host.waiting;
  }

  put(file: TransferFile, bytes: Uint8Array): void {
    this.hostStep({ is: "put", file, bytes });
  }

  hostStep(input: HostTransferInput): void {
    const { conversation } = this;
    for (const effect of this.#host.step(input, conversation.now)) {
      if (effect.is === "send") conversation.hostStep({ is: "send", message: effect.message });
      else if (effect.is === "ended") this.ended.push(effect);
    }
  }

  /** Lets time pass until nothing waits, or that many milliseconds are over; tells whether nothing waits. */
  run(within: number, done: () => boolean = () => this.waiting.length === 0): boolean {
    return this.conversation.run(() => {
      this.hostStep({ is: "flow", unacknowledged: this.conversation.host?.unacknowledged ?? 0 });
      return done();
    }, within);
  }

  /** The plug is out for a moment: what is on the way is gone. */
  pullCable(): void {
    this.#options.toPad.clear();
    this.#options.toHost.clear();
    this.conversation.hostStep({ is: "opened" });
  }

  /** The pad loses its power, and with it the last bytes that it was given. */
  cutPower(lostBytes: number): void {
    this.#options.toPad.clear();
    this.#options.toHost.clear();
    this.memory.cut(lostBytes);
    this.#pad = new PadTransfer(this.#options.pad, this.memory.contents);
    this.conversation.startPad();
  }

  /** Another process takes the place of the host's, and is told of the files anew. */
  restartHost(files: readonly (readonly [TransferFile, Uint8Array])[]): void {
    this.#host = this.#newHost();
    this.conversation.openHost();
    for (const [file, bytes] of files) this.put(file, bytes);
  }

  #newHost(): HostTransfer {
    return new HostTransfer(this.#options.bytesPerSecond ?? Number.POSITIVE_INFINITY);
  }

  #padStep(input: PadTransferInput): void {
    const effects: PadTransferEffect[] = [...this.#pad.step(input)];
    for (let effect = effects.shift(); effect !== undefined; effect = effects.shift()) {
      if (effect.is === "send") this.conversation.padStep({ is: "send", message: effect.message });
      else if (effect.is === "change") {
        const { change } = effect;
        // What the memory answered comes before anything else.
        effects.unshift(...this.#pad.step({ is: "answered", change, result: this.memory.apply(change) }));
      }
    }
  }
}
