import { PAIRING_WITHIN } from "./host-pairing.ts";
import type { Command, Message, Report } from "./messages.ts";
import { commitmentTo, keyPairOf, type PairingSecrets, secretsOf } from "./pairing-secrets.ts";
import { isSameSecret } from "./security.ts";
import type { HelloAnswer } from "./session.ts";

export type PadPairingInput =
  /** A person held the pairing key while nothing was shown, and there is a session. Held again: a new offer. */
  | { readonly is: "held" }
  | { readonly is: "command"; readonly message: Command }
  /** What became of the `keep` effect. */
  | { readonly is: "kept" }
  | { readonly is: "notKept" }
  | { readonly is: "lost" }
  | { readonly is: "time" };

export type PadPairingEffect =
  | { readonly is: "send"; readonly message: Report }
  /** Show or blink this code, digit after digit; null: no more. */
  | { readonly is: "code"; readonly code: string | null }
  /** Put the key on the memory instead of any other; answer kept or notKept. */
  | { readonly is: "keep"; readonly key: Uint8Array }
  /** `paired`: tell the person, and expect a new session. */
  | { readonly is: "ended"; readonly paired: boolean };

type Phase =
  | { readonly is: "idle" }
  | { readonly is: "offered"; readonly own: Uint8Array; readonly nonce: Uint8Array; readonly until: number }
  | { readonly is: "showing" | "keeping"; readonly secrets: PairingSecrets; readonly until: number };

/** The pad's part of a pairing. A pure state machine beside the session. */
export class PadPairing {
  readonly #random: (length: number) => Uint8Array;
  readonly #identity: Pick<HelloAnswer, "model" | "serialNumber">;
  #phase: Phase = { is: "idle" };

  constructor(random: (length: number) => Uint8Array, identity: Pick<HelloAnswer, "model" | "serialNumber">) {
    this.#random = random;
    this.#identity = identity;
  }

  get isUnderWay(): boolean {
    return this.#phase.is !== "idle";
  }

  deadline(): number | undefined {
    return this.#phase.is === "idle" ? undefined : this.#phase.until;
  }

  step(input: PadPairingInput, now: number): readonly PadPairingEffect[] {
    const phase = this.#phase;
    switch (input.is) {
      case "held":
        return this.#offer(now);
      case "command":
        return this.#obey(input.message);
      case "kept":
        if (phase.is !== "keeping") return [];
        this.#phase = { is: "idle" };
        return [
          { is: "send", message: { type: "paired", keyId: phase.secrets.keyId, proof: phase.secrets.padProof } },
          { is: "code", code: null },
          { is: "ended", paired: true },
        ];
      case "notKept":
        return phase.is === "keeping" ? this.#end("notKept") : [];
      case "lost":
        return this.#end();
      case "time":
        return (this.deadline() ?? Number.POSITIVE_INFINITY) <= now ? this.#end("timeout") : [];
    }
  }

  #offer(now: number): readonly PadPairingEffect[] {
    // The key may be on the memory already: what becomes of that is not to be changed any more.
    if (this.#phase.is === "keeping") return [];
    const own = this.#random(32);
    const nonce = this.#random(16);
    const { publicKey } = keyPairOf(own);
    this.#phase = { is: "offered", own, nonce, until: now + PAIRING_WITHIN };
    return [
      { is: "code", code: null },
      { is: "send", message: { type: "pairingOffer", publicKey, commitment: commitmentTo(publicKey, nonce) } },
    ];
  }

  #obey(command: Command): readonly PadPairingEffect[] {
    const phase = this.#phase;
    switch (command.type) {
      case "pairingStart":
        return phase.is === "offered" ? this.#started(phase, command) : this.#refuse();
      case "pairingConfirm":
        if (phase.is !== "showing") return phase.is === "keeping" ? [] : this.#refuse();
        if (!isSameSecret(command.proof, phase.secrets.hostProof)) return this.#end("wrongProof");
        this.#phase = { ...phase, is: "keeping" };
        return [{ is: "keep", key: phase.secrets.key }];
      case "pairingCancel":
        return phase.is === "keeping" ? [] : this.#end();
      default:
        return [];
    }
  }

  #started({ own, nonce, until }: Extract<Phase, { is: "offered" }>, { publicKey, nonce: hostNonce }: Message<"pairingStart">) {
    const padPublicKey = keyPairOf(own).publicKey;
    const exchange = { pad: this.#identity, padPublicKey, hostPublicKey: publicKey, padNonce: nonce, hostNonce };
    const secrets = secretsOf(own, publicKey, exchange);
    if (secrets === undefined) return this.#end("wrongProof");
    this.#phase = { is: "showing", secrets, until };
    return [
      { is: "send", message: { type: "pairingReveal", nonce } },
      { is: "code", code: secrets.code },
    ] as const;
  }

  #refuse(): readonly PadPairingEffect[] {
    return [{ is: "send", message: { type: "pairingEnded", cause: "notOffered" } }];
  }

  #end(tell?: Message<"pairingEnded">["cause"]): readonly PadPairingEffect[] {
    if (this.#phase.is === "idle") return [];
    this.#phase = { is: "idle" };
    const ended: readonly PadPairingEffect[] = [
      { is: "code", code: null },
      { is: "ended", paired: false },
    ];
    return tell === undefined ? ended : [{ is: "send", message: { type: "pairingEnded", cause: tell } }, ...ended];
  }
}
