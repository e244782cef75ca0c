import { sha256 } from "@noble/hashes/sha2.js";
import { PadPairing, type PadPairingEffect } from "../pad-pairing.ts";
import { type PadIdentity, PadSession, type PadSessionEffect, type PadSessionInput } from "../pad-session.ts";
import { type FileChange, PadTransfer, type PadTransferEffect, type PadTransferOptions } from "../pad-transfer.ts";
import { keyIdOf } from "../pairing-secrets.ts";
import { sameBytes } from "../session.ts";
import { nameOfFile } from "../transfer-file.ts";
import { hex, messageToJson } from "./message-json.ts";
import { PadMemory } from "./pad-memory.ts";
import type { EndOptions, EndOutput } from "./whole-host.ts";

/** What comes to a whole pad from outside: power, bytes, time, what a person does at it, and what it sends of its own accord. */
export type WholePadInput =
  | Exclude<PadSessionInput, { readonly is: "started" | "renew" }>
  | { readonly is: "started"; readonly identity: Omit<PadIdentity, "paired"> }
  /** So many bytes of a file that is half there had not reached the memory. */
  | { readonly is: "powerLost"; readonly lostBytes: number }
  /** A cell of the file that is half there turns over. */
  | { readonly is: "damaged"; readonly place: number }
  /** A person wants to pair, presses as the pad shows, gives it up. */
  | { readonly is: "asked" | "pressed" | "cancelled" };

export interface WholePadOptions extends EndOptions {
  readonly takes: PadTransferOptions;
}

interface Powered {
  readonly session: PadSession;
  readonly pairing: PadPairing;
  readonly transfer: PadTransfer;
}

/** All of a pad that speaks the protocol: session, pairing and transfers, over a memory that outlives its power. */
export class WholePad {
  readonly #options: WholePadOptions;
  readonly #memory = new PadMemory();
  #key: Uint8Array | undefined;
  #powered: Powered | undefined;
  #written: Uint8Array[] = [];
  #told: string[] = [];
  #now = 0;

  constructor(options: WholePadOptions) {
    this.#options = options;
    this.#key = options.key;
  }

  deadline(): number {
    const { session, pairing } = this.#powered ?? {};
    return Math.min(session?.deadline() ?? Number.POSITIVE_INFINITY, pairing?.deadline() ?? Number.POSITIVE_INFINITY);
  }

  step(input: WholePadInput, now: number): EndOutput {
    this.#written = [];
    this.#told = [];
    this.#now = now;
    switch (input.is) {
      case "started":
        this.#powered = this.#start(input.identity);
        this.#speak(input);
        break;
      case "powerLost":
        this.#memory.cut(input.lostBytes);
        this.#powered = undefined;
        break;
      case "damaged":
        this.#memory.damage(input.place);
        break;
      case "asked":
      case "pressed":
      case "cancelled":
        this.#pair(input);
        break;
      case "time":
        this.#pair(input);
        this.#speak(input);
        break;
      default:
        this.#speak(input);
    }
    return { written: this.#written, told: this.#told };
  }

  #start(identity: Omit<PadIdentity, "paired">): Powered {
    const { random, maxFrame, window, takes } = this.#options;
    const options = { random, maxFrame, window, key: () => this.#key };
    return {
      session: new PadSession(options, () => ({ ...identity, paired: this.#key !== undefined })),
      pairing: new PadPairing(random, identity),
      transfer: new PadTransfer(takes, this.#memory.contents),
    };
  }

  #speak(input: PadSessionInput): void {
    const effects = this.#powered?.session.step(input, this.#now) ?? [];
    for (const effect of effects) if (effect.is === "write") this.#written.push(effect.bytes);
    for (const effect of effects) this.#hear(effect);
  }

  #pair(input: Parameters<PadPairing["step"]>[0]): void {
    for (const effect of this.#powered?.pairing.step(input, this.#now) ?? []) this.#takePairing(effect);
  }

  #bring(input: Parameters<PadTransfer["step"]>[0]): void {
    for (const effect of this.#powered?.transfer.step(input) ?? []) this.#takeTransfer(effect);
  }

  #hear(effect: PadSessionEffect): void {
    if (effect.is === "ready") {
      this.#told.push(`ready ${effect.trust}`);
    } else if (effect.is === "lost") {
      this.#pair({ is: "lost" });
      this.#bring({ is: "lost" });
    } else if (effect.is === "command") {
      const { message } = effect;
      this.#told.push(`command ${JSON.stringify(messageToJson(message))}`);
      if (message.type === "unpair") this.#unpair(message.keyId);
      this.#pair({ is: "command", message });
      this.#bring({ is: "command", message });
    }
  }

  #unpair(keyId: Uint8Array): void {
    if (this.#key === undefined || !sameBytes(keyIdOf(this.#key), keyId)) return;
    this.#key = undefined;
    this.#told.push("unpaired");
    this.#speak({ is: "renew" });
  }

  #takePairing(effect: PadPairingEffect): void {
    switch (effect.is) {
      case "send":
        return this.#speak(effect);
      case "show":
        this.#told.push(`show ${effect.shown.is}${effect.shown.is === "code" ? ` ${effect.shown.code}` : ""}`);
        return;
      case "keep":
        this.#key = effect.key;
        this.#told.push(`keep ${hex(effect.key)}`);
        return this.#pair({ is: "kept" });
      case "paired":
        this.#told.push("paired");
        return this.#speak({ is: "renew" });
      case "failed":
        this.#told.push("failed");
    }
  }

  #takeTransfer(effect: PadTransferEffect): void {
    if (effect.is === "send") return this.#speak(effect);
    if (effect.is !== "change") return;
    const { change } = effect;
    const result = this.#memory.apply(change);
    const words = this.#wordsOf(change);
    if (words !== undefined) this.#told.push(`${words} ${result}`);
    this.#bring({ is: "answered", change, result });
  }

  /** What becomes of whole files; of a file that is on its way only the end counts. */
  #wordsOf(change: FileChange): string | undefined {
    if (change.is === "drop") return `drop ${change.name}`;
    if (change.is !== "finish") return undefined;
    const { file } = change;
    const bytes = file.is === "asset" ? this.#memory.bytesOf(file.name) : this.#memory.image;
    return `${change.is} ${nameOfFile(file)} ${hex(sha256(bytes ?? new Uint8Array(0)))}`;
  }
}
