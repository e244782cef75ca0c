import type { Command, Message, Report } from "./messages.ts";
import { commitmentTo, keyIdOf, keyPairOf, type PairingSecrets, secretsOf } from "./pairing-secrets.ts";
import { isSameSecret } from "./security.ts";
import type { HelloAnswer } from "./session.ts";

/** How long a pad can be paired after its key was held, milliseconds; the host asks for the code no longer than that. */
export const PAIRING_WITHIN = 120_000;

export type HostPairingInput =
  | { readonly is: "report"; readonly pad: HelloAnswer; readonly message: Report }
  /** A person typed what the pad shows. Blanks and other signs between the digits do not matter. */
  | { readonly is: "typed"; readonly code: string }
  | { readonly is: "cancelled" }
  /** The session is gone, and with it what was under way. */
  | { readonly is: "lost" }
  | { readonly is: "time" };

export type PairingFailure = "cancelled" | "wrong-code" | "timeout" | "wrong-proof" | "pad-gave-up" | "lost";

export type HostPairingEffect =
  | { readonly is: "send"; readonly message: Command }
  /** Ask a person at the PC for the code that the pad shows. It is not told here: what is on the screen would be copied without a look at the pad. */
  | { readonly is: "ask"; readonly pad: HelloAnswer; readonly until: number }
  /**
   * Put the key on disk, beside any the pad had, before the next effect is carried out: the cable may be pulled while the pad keeps it, and
   * then only the next session's proof tells which of the two keys holds.
   */
  | { readonly is: "keep"; readonly pad: HelloAnswer; readonly key: Uint8Array; readonly keyId: Uint8Array }
  /** The pad has the key: forget any other of this pad, and begin a new session. */
  | { readonly is: "paired"; readonly pad: HelloAnswer; readonly keyId: Uint8Array }
  | { readonly is: "failed"; readonly pad: HelloAnswer; readonly cause: PairingFailure };

type Phase =
  | { readonly is: "idle" }
  | { readonly is: "started"; readonly offer: Offer; readonly own: Uint8Array; readonly nonce: Uint8Array }
  | { readonly is: "asking"; readonly offer: Offer; readonly secrets: PairingSecrets }
  | { readonly is: "confirmed"; readonly offer: Offer; readonly secrets: PairingSecrets };

interface Offer {
  readonly pad: HelloAnswer;
  readonly message: Message<"pairingOffer">;
  readonly until: number;
}

/** The host's part of a pairing. A pure state machine beside the session: reports of pairing in, commands out. */
export class HostPairing {
  readonly #random: (length: number) => Uint8Array;
  #phase: Phase = { is: "idle" };

  constructor(random: (length: number) => Uint8Array) {
    this.#random = random;
  }

  /** When `time` must be given; undefined = no pairing is under way. */
  deadline(): number | undefined {
    return this.#phase.is === "idle" ? undefined : this.#phase.offer.until;
  }

  step(input: HostPairingInput, now: number): readonly HostPairingEffect[] {
    const phase = this.#phase;
    switch (input.is) {
      case "report":
        return this.#report(input.pad, input.message, now);
      case "typed":
        return phase.is === "asking" ? this.#typed(phase, input.code) : [];
      case "cancelled":
        return this.#fail("cancelled", "cancelled");
      case "lost":
        return this.#fail("lost");
      case "time":
        return (this.deadline() ?? Number.POSITIVE_INFINITY) <= now ? this.#fail("timeout", "timeout") : [];
    }
  }

  #report(pad: HelloAnswer, message: Report, now: number): readonly HostPairingEffect[] {
    const phase = this.#phase;
    if (message.type === "pairingOffer") return this.#offered(pad, message, now);
    if (message.type === "pairingReveal" && phase.is === "started") return this.#revealed(phase, message.nonce);
    if (message.type === "pairingEnded") return this.#fail("pad-gave-up");
    if (message.type === "paired" && phase.is === "confirmed") {
      if (!isSameSecret(message.proof, phase.secrets.padProof)) return this.#fail("wrong-proof");
      this.#phase = { is: "idle" };
      return [{ is: "paired", pad: phase.offer.pad, keyId: phase.secrets.keyId }];
    }
    return [];
  }

  #offered(pad: HelloAnswer, message: Message<"pairingOffer">, now: number): readonly HostPairingEffect[] {
    const before = this.#fail("cancelled");
    const own = this.#random(32);
    const nonce = this.#random(16);
    this.#phase = { is: "started", offer: { pad, message, until: now + PAIRING_WITHIN }, own, nonce };
    return [...before, { is: "send", message: { type: "pairingStart", publicKey: keyPairOf(own).publicKey, nonce } }];
  }

  #revealed({ offer, own, nonce }: Extract<Phase, { is: "started" }>, padNonce: Uint8Array): readonly HostPairingEffect[] {
    const { publicKey, commitment } = offer.message;
    if (!isSameSecret(commitment, commitmentTo(publicKey, padNonce))) return this.#fail("wrong-proof", "cancelled");
    const secrets = secretsOf(own, publicKey, {
      pad: offer.pad,
      padPublicKey: publicKey,
      hostPublicKey: keyPairOf(own).publicKey,
      padNonce,
      hostNonce: nonce,
    });
    if (secrets === undefined) return this.#fail("wrong-proof", "cancelled");
    this.#phase = { is: "asking", offer, secrets };
    return [{ is: "ask", pad: offer.pad, until: offer.until }];
  }

  /** One try: a second one at the same code would double the chance of whoever stands in between. */
  #typed({ offer, secrets }: Extract<Phase, { is: "asking" }>, typed: string): readonly HostPairingEffect[] {
    if (typed.replace(/[^0-9]/g, "") !== secrets.code) return this.#fail("wrong-code", "wrongCode");
    this.#phase = { is: "confirmed", offer, secrets };
    return [
      { is: "keep", pad: offer.pad, key: secrets.key, keyId: keyIdOf(secrets.key) },
      { is: "send", message: { type: "pairingConfirm", proof: secrets.hostProof } },
    ];
  }

  #fail(cause: PairingFailure, tell?: Message<"pairingCancel">["cause"]): readonly HostPairingEffect[] {
    const phase = this.#phase;
    if (phase.is === "idle") return [];
    this.#phase = { is: "idle" };
    const failed: HostPairingEffect = { is: "failed", pad: phase.offer.pad, cause };
    return tell === undefined ? [failed] : [{ is: "send", message: { type: "pairingCancel", cause: tell } }, failed];
  }
}
