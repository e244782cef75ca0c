import { HostPairing, type HostPairingEffect } from "../host-pairing.ts";
import { HostSession, type HostSessionEffect, type HostSessionInput } from "../host-session.ts";
import { HostTransfer, type HostTransferEffect } from "../host-transfer.ts";
import { keysAfter, keysToTry, type PadKeys, withCandidate } from "../pad-keys.ts";
import { keyIdOf } from "../pairing-secrets.ts";
import { type HelloAnswer, isTrusted } from "../session.ts";
import { nameOfFile, type TransferFile } from "../transfer-file.ts";
import { hex, messageToJson } from "./message-json.ts";

/** What comes to a whole host from outside: bytes, time, and what people want. */
export type WholeHostInput =
  | HostSessionInput
  /** A person at the PC wants to pair, gives it up, types the code, wants the pad unpaired. */
  | { readonly is: "pair" | "giveUp" | "unpair" }
  | { readonly is: "typed"; readonly code: string }
  | { readonly is: "put"; readonly file: TransferFile; readonly bytes: Uint8Array };

/** What came of one input: the bytes for the line, and what people or a disk are told, in words. */
export interface EndOutput {
  readonly written: readonly Uint8Array[];
  readonly told: readonly string[];
}

export interface EndOptions {
  readonly random: (length: number) => Uint8Array;
  readonly maxFrame: number;
  readonly window: number;
  /** The pairing key that it has from before. */
  readonly key?: Uint8Array | undefined;
}

/** All of a host that speaks the pad protocol: session, pairing and transfers, as a window PC puts them together. */
export class WholeHost {
  readonly #session: HostSession;
  readonly #pairing: HostPairing;
  readonly #transfer = new HostTransfer(Number.POSITIVE_INFINITY);
  #keys: PadKeys;
  #pad: HelloAnswer | undefined;
  #isUnpairing = false;
  #written: Uint8Array[] = [];
  #told: string[] = [];
  #now = 0;

  constructor({ random, maxFrame, window, key }: EndOptions) {
    this.#keys = key === undefined ? {} : { confirmed: key };
    this.#session = new HostSession({ random, maxFrame, window, keysOf: () => keysToTry(this.#keys) });
    this.#pairing = new HostPairing(random);
  }

  deadline(): number {
    return Math.min(...[this.#session, this.#pairing, this.#transfer].map((part) => part.deadline() ?? Number.POSITIVE_INFINITY));
  }

  step(input: WholeHostInput, now: number): EndOutput {
    this.#written = [];
    this.#told = [];
    this.#now = now;
    switch (input.is) {
      case "pair":
        this.#pair({ is: "asked" });
        break;
      case "giveUp":
        this.#pair({ is: "cancelled" });
        break;
      case "typed":
        this.#pair(input);
        break;
      case "unpair":
        this.#unpair();
        break;
      case "put":
        this.#bring(input);
        break;
      case "time":
        this.#pair(input);
        this.#bring(input);
        this.#speak(input);
        break;
      default:
        this.#speak(input);
    }
    this.#bring({ is: "flow", unacknowledged: this.#session.unacknowledged });
    return { written: this.#written, told: this.#told };
  }

  #speak(input: HostSessionInput): void {
    const effects = this.#session.step(input, this.#now);
    for (const effect of effects) if (effect.is === "write") this.#written.push(effect.bytes);
    for (const effect of effects) this.#hear(effect);
  }

  #pair(input: Parameters<HostPairing["step"]>[0]): void {
    for (const effect of this.#pairing.step(input, this.#now)) this.#takePairing(effect);
  }

  #bring(input: Parameters<HostTransfer["step"]>[0]): void {
    for (const effect of this.#transfer.step(input, this.#now)) this.#takeTransfer(effect);
  }

  #hear(effect: HostSessionEffect): void {
    if (effect.is === "report" && this.#pad !== undefined) {
      this.#told.push(`report ${JSON.stringify(messageToJson(effect.message))}`);
      this.#pair({ is: "report", pad: this.#pad, message: effect.message });
      this.#bring({ is: "report", message: effect.message });
    } else if (effect.is === "ready") {
      this.#ready(effect);
    } else if (effect.is === "lost") {
      this.#pair({ is: "lost" });
      this.#bring({ is: "lost" });
    }
  }

  #ready({ pad, trust, key }: Extract<HostSessionEffect, { is: "ready" }>): void {
    this.#told.push(`ready ${trust}`);
    this.#pad = pad;
    this.#keys = keysAfter(this.#keys, trust, key);
    if (this.#isUnpairing && trust === "key-missing-there") {
      this.#isUnpairing = false;
      this.#keys = {};
      this.#told.push("unpaired");
      return this.#speak({ is: "opened" });
    }
    this.#pair(key === undefined ? { is: "ready" } : { is: "ready", key });
    const { agreed } = this.#session;
    if (isTrusted(trust) && agreed !== undefined) this.#bring({ is: "ready", ...agreed });
  }

  #takePairing(effect: HostPairingEffect): void {
    switch (effect.is) {
      case "send":
        return this.#speak(effect);
      case "keep":
        this.#keys = withCandidate(this.#keys, effect.key);
        this.#told.push(`keep ${hex(effect.key)}`);
        return;
      case "renew":
        return this.#speak({ is: "opened" });
      case "failed":
        this.#told.push(`failed ${effect.cause}`);
        return;
      default:
        this.#told.push(effect.is);
    }
  }

  #takeTransfer(effect: HostTransferEffect): void {
    if (effect.is === "send") this.#speak(effect);
    else if (effect.is === "ended") this.#told.push(`ended ${nameOfFile(effect.file)} ${effect.outcome}`);
  }

  #unpair(): void {
    const [key] = keysToTry(this.#keys);
    if (key === undefined) return;
    this.#isUnpairing = true;
    this.#speak({ is: "send", message: { type: "unpair", keyId: keyIdOf(key) } });
  }
}
