import { PAIRING_WITHIN } from "./host-pairing.ts";
import type { Command, Message, Report } from "./messages.ts";
import { commitmentTo, type PairingSecrets, publicKeyOf, secretsOf } from "./pairing-secrets.ts";
import { isSameSecret } from "./security.ts";
import type { HelloAnswer } from "./session.ts";

export type PadPairingInput =
  /** A person asked for pairing at the pad while nothing was shown, and there is a session. Asked again: a new offer. */
  | { readonly is: "asked" }
  /** A person pressed the pad's key, or touched the button that `press` shows. */
  | { readonly is: "pressed" }
  /** Something else is to be shown, or a person gave it up at the pad. */
  | { readonly is: "cancelled" }
  | { readonly is: "command"; readonly message: Command }
  /** What became of the `keep` effect. */
  | { readonly is: "kept" }
  | { readonly is: "notKept" }
  | { readonly is: "lost" }
  | { readonly is: "time" };

/**
 * What the pad shows of a pairing. `code`: show or blink it, digit after digit, again and again. `press`: the host says that the code was typed;
 * a person who has read the same on the PC presses.
 */
export type PairingShown = { readonly is: "nothing" } | { readonly is: "code"; readonly code: string } | { readonly is: "press" };

export type PadPairingEffect =
  | { readonly is: "send"; readonly message: Report }
  | { readonly is: "show"; readonly shown: PairingShown }
  /** Put the key on the memory instead of any other; answer kept or notKept. */
  | { readonly is: "keep"; readonly key: Uint8Array }
  /** The key is kept: tell the person, and renew the session. */
  | { readonly is: "paired" }
  /** Tell the person if something was shown of it. */
  | { readonly is: "failed"; readonly wasShown: boolean };

type Phase =
  | { readonly is: "idle" }
  | { readonly is: "offered"; readonly own: Uint8Array; readonly nonce: Uint8Array; readonly until: number }
  | { readonly is: "showing" | "confirmed"; readonly secrets: PairingSecrets; readonly until: number }
  /** The key may be on the memory already: what becomes of that is not to be changed any more. */
  | { readonly is: "keeping" };

const NOTHING: PadPairingEffect = { is: "show", shown: { is: "nothing" } };

/** The pad's part of a pairing. A pure state machine beside the session. */
export class PadPairing {
  readonly #random: (length: number) => Uint8Array;
  readonly #identity: Pick<HelloAnswer, "model" | "serialNumber">;
  #phase: Phase = { is: "idle" };

  constructor(random: (length: number) => Uint8Array, identity: Pick<HelloAnswer, "model" | "serialNumber">) {
    this.#random = random;
    this.#identity = identity;
  }

  /** Something is shown of it, so that no rating can be. An offer that nobody took is not seen. */
  get isShown(): boolean {
    return this.#phase.is !== "idle" && this.#phase.is !== "offered";
  }

  deadline(): number | undefined {
    return this.#phase.is === "idle" || this.#phase.is === "keeping" ? undefined : this.#phase.until;
  }

  step(input: PadPairingInput, now: number): readonly PadPairingEffect[] {
    const phase = this.#phase;
    if (phase.is === "keeping") return this.#keeping(input);
    switch (input.is) {
      case "asked":
        return this.#offer(now);
      case "pressed":
        if (phase.is !== "confirmed") return [];
        this.#phase = { is: "keeping" };
        return [{ is: "keep", key: phase.secrets.key }];
      case "cancelled":
        return this.#fail("cancelled");
      case "command":
        return this.#obey(phase, input.message);
      case "lost":
        return this.#fail();
      case "time":
        return (this.deadline() ?? Number.POSITIVE_INFINITY) <= now ? this.#fail("timeout") : [];
      case "kept":
      case "notKept":
        return [];
    }
  }

  #keeping({ is }: PadPairingInput): readonly PadPairingEffect[] {
    if (is === "notKept") return this.#fail("notKept");
    if (is !== "kept") return [];
    this.#phase = { is: "idle" };
    return [NOTHING, { is: "paired" }];
  }

  #offer(now: number): readonly PadPairingEffect[] {
    const own = this.#random(32);
    const nonce = this.#random(16);
    const publicKey = publicKeyOf(own);
    const shown = this.isShown ? [NOTHING] : [];
    this.#phase = { is: "offered", own, nonce, until: now + PAIRING_WITHIN };
    return [...shown, { is: "send", message: { type: "pairingOffer", publicKey, commitment: commitmentTo(publicKey, nonce) } }];
  }

  #obey(phase: Exclude<Phase, { is: "keeping" }>, command: Command): readonly PadPairingEffect[] {
    switch (command.type) {
      case "pairingStart":
        return phase.is === "offered" ? this.#started(phase, command) : this.#refuse();
      case "pairingConfirm":
        if (phase.is === "confirmed") return [];
        if (phase.is !== "showing") return this.#refuse();
        if (!isSameSecret(command.proof, phase.secrets.proof)) return this.#fail("wrongProof");
        this.#phase = { ...phase, is: "confirmed" };
        return [{ is: "show", shown: { is: "press" } }];
      case "pairingCancel":
        return this.#fail();
      default:
        return [];
    }
  }

  #started({ own, nonce, until }: Extract<Phase, { is: "offered" }>, start: Message<"pairingStart">): readonly PadPairingEffect[] {
    const exchange = {
      pad: this.#identity,
      padPublicKey: publicKeyOf(own),
      hostPublicKey: start.publicKey,
      padNonce: nonce,
      hostNonce: start.nonce,
    };
    const secrets = secretsOf(own, start.publicKey, exchange);
    if (secrets === undefined) return this.#fail("wrongProof");
    this.#phase = { is: "showing", secrets, until };
    return [
      { is: "send", message: { type: "pairingReveal", nonce } },
      { is: "show", shown: { is: "code", code: secrets.code } },
    ];
  }

  #refuse(): readonly PadPairingEffect[] {
    return [{ is: "send", message: { type: "pairingEnded", cause: "notOffered" } }];
  }

  #fail(tell?: Message<"pairingEnded">["cause"]): readonly PadPairingEffect[] {
    if (this.#phase.is === "idle") return [];
    const wasShown = this.isShown;
    this.#phase = { is: "idle" };
    const effects: PadPairingEffect[] = wasShown ? [NOTHING] : [];
    if (tell !== undefined) effects.unshift({ is: "send", message: { type: "pairingEnded", cause: tell } });
    return [...effects, { is: "failed", wasShown }];
  }
}
