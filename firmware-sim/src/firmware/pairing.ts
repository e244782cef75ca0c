import {
  isSameSecret,
  keyIdOf,
  type Message,
  PadPairing,
  type PadPairingEffect,
  type PairingShown,
  type Report,
} from "@window-rating/protocol/pad";
import type { Lamps } from "../face.ts";
import type { StoreChange } from "../store/event-store.ts";
import { CODE_CYCLE_MS, lampsOfCode, nextLampChange } from "./code-lamps.ts";
import { DARK, onlyLamp } from "./display.ts";
import { earliest } from "./earliest.ts";

export type PairingEffect =
  | { readonly is: "send"; readonly message: Report }
  | { readonly is: "store"; readonly change: StoreChange }
  /** The session rests on another key than the pad has now. */
  | { readonly is: "renew" };

/** The key by which a five-key pad is asked for pairing, and pressed when the host has the code. */
export const PAIRING_KEY_NO = 3;

export interface PairingOptions {
  readonly model: string;
  readonly serialNumber: string;
  readonly random: (length: number) => Uint8Array;
}

/** How the pad comes to its pairing key and loses it: the pairing itself, the code on the lamps, unpairing. */
export class Pairing {
  readonly #pairing: PadPairing;
  readonly #key: () => Uint8Array | undefined;
  #hasSession = false;
  #shown: PairingShown = { is: "nothing" };
  /** When it began to be shown. */
  #since = 0;
  /** How long the code has been shown, as far as its lamps were told. */
  #shownFor = 0;

  /** @param key the pairing key that is on the memory now */
  constructor(options: PairingOptions, key: () => Uint8Array | undefined) {
    this.#pairing = new PadPairing(options.random, options);
    this.#key = key;
  }

  /** Something is shown of a pairing, so that nothing else can be. */
  get isShown(): boolean {
    return this.#pairing.isShown;
  }

  get hasSession(): boolean {
    return this.#hasSession;
  }

  /** A session stands; pairing needs no more of it than that. */
  joined(): void {
    this.#hasSession = true;
  }

  lost(at: number): readonly PairingEffect[] {
    this.#hasSession = false;
    return this.#carryOut(this.#pairing.step({ is: "lost" }, at), at);
  }

  /** A person asked for it at the pad; without a session there is nobody to pair with. */
  asked(at: number): readonly PairingEffect[] {
    return this.#hasSession ? this.#carryOut(this.#pairing.step({ is: "asked" }, at), at) : [];
  }

  pressed(at: number): readonly PairingEffect[] {
    return this.#carryOut(this.#pairing.step({ is: "pressed" }, at), at);
  }

  /** A rating is going to be shown: an offer that nobody took gives way. */
  giveWay(at: number): readonly PairingEffect[] {
    return this.#carryOut(this.#pairing.step({ is: "cancelled" }, at), at);
  }

  obey(command: Message<"pairingStart" | "pairingConfirm" | "pairingCancel" | "unpair">, at: number): readonly PairingEffect[] {
    if (command.type === "unpair") return this.#unpair(command);
    return this.#carryOut(this.#pairing.step({ is: "command", message: command }, at), at);
  }

  #unpair({ keyId }: Message<"unpair">): readonly PairingEffect[] {
    const key = this.#key();
    const isIt = key !== undefined && isSameSecret(keyIdOf(key), keyId);
    return isIt ? [{ is: "store", change: { is: "unpaired" } }] : [];
  }

  /** The store has made a change, or could not. */
  settle(change: StoreChange, done: boolean, at: number): readonly PairingEffect[] {
    if (change.is === "paired") return this.#carryOut(this.#pairing.step({ is: done ? "kept" : "notKept" }, at), at);
    return change.is === "unpaired" && done ? [{ is: "renew" }] : [];
  }

  due(): number | undefined {
    const lamps = this.#shown.is === "code" ? this.#since + nextLampChange(this.#shownFor) : undefined;
    return earliest(this.#pairing.deadline(), lamps);
  }

  happen(at: number): readonly PairingEffect[] {
    if (this.#shown.is === "code") this.#shownFor = at - this.#since;
    return this.#carryOut(this.#pairing.step({ is: "time" }, at), at);
  }

  get shown(): PairingShown {
    return this.#shown;
  }

  get lamps(): Lamps {
    if (this.#shown.is === "code") return lampsOfCode(this.#shown.code, this.#shownFor % CODE_CYCLE_MS);
    return this.#shown.is === "press" ? onlyLamp(PAIRING_KEY_NO, "code") : DARK;
  }

  #carryOut(effects: readonly PadPairingEffect[], at: number): readonly PairingEffect[] {
    return effects.flatMap((effect) => this.#asOurs(effect, at) ?? []);
  }

  #asOurs(effect: PadPairingEffect, at: number): PairingEffect | undefined {
    switch (effect.is) {
      case "send":
        return effect;
      case "show":
        this.#shown = effect.shown;
        this.#since = at;
        this.#shownFor = 0;
        return undefined;
      case "keep":
        return { is: "store", change: { is: "paired", key: effect.key } };
      case "paired":
        return { is: "renew" };
      case "failed":
        return undefined;
    }
  }
}
