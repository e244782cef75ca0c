import type { Command, Message, Report } from "./messages.ts";
import { commitmentTo, type PairingSecrets, publicKeyOf, secretsOf } from "./pairing-secrets.ts";
import { isSameSecret } from "./security.ts";
import { type HelloAnswer, sameBytes } from "./session.ts";

/** How long a pad can be paired after it was asked to, milliseconds; the host waits no longer either. */
export const PAIRING_WITHIN = 120_000;

/**
 * Offers that the host takes each time a person asks for pairing. Whoever stands between the two sides knows the code of an offer of
 * his own as soon as the host has answered it: if the host answered as many as he liked, one of them would have the pad's code.
 */
export const MOST_OFFERS = 3;

export type HostPairingInput =
  /** A person at the PC wants to pair. Before that an offer is noted, and not answered. */
  | { readonly is: "asked" }
  | { readonly is: "report"; readonly pad: HelloAnswer; readonly message: Report }
  /** A person typed what the pad shows. Blanks and other signs between the digits do not matter. */
  | { readonly is: "typed"; readonly code: string }
  | { readonly is: "cancelled" }
  /** The session is gone. */
  | { readonly is: "lost" }
  /** A session stands. `key`: the one of the pad's keys that it proved to hold. */
  | { readonly is: "ready"; readonly key?: Uint8Array }
  | { readonly is: "time" };

export type PairingFailure =
  | "cancelled"
  | "timeout"
  | "wrong-code"
  | "wrong-proof"
  | "too-many-offers"
  | "pad-gave-up"
  | "not-kept"
  | "lost";

export type HostPairingEffect =
  | { readonly is: "send"; readonly message: Command }
  /** Ask a person to hold the key of the pad. */
  | { readonly is: "invite"; readonly until: number }
  /** Ask a person at the PC for the code that the pad shows. It is not told here: what is on the screen would be copied without a look at the pad. */
  | { readonly is: "ask"; readonly pad: HelloAnswer; readonly until: number }
  /**
   * Put the key on disk, beside any the pad had, before the next effect is carried out: the cable may be pulled while the pad keeps it, and
   * then only the next session's proof tells which of the two keys holds (PadKeys).
   */
  | { readonly is: "keep"; readonly pad: HelloAnswer; readonly key: Uint8Array }
  /** The code was right. Ask a person to press the key of the pad once more. */
  | { readonly is: "press"; readonly pad: HelloAnswer; readonly until: number }
  | { readonly is: "paired"; readonly pad: HelloAnswer }
  | { readonly is: "failed"; readonly cause: PairingFailure }
  /** The pad may have kept the key or not: begin a new session, whose proof tells. */
  | { readonly is: "renew" };

const FAILURES: Readonly<Record<Message<"pairingEnded">["cause"], PairingFailure>> = {
  timeout: "timeout",
  cancelled: "pad-gave-up",
  wrongProof: "wrong-proof",
  notOffered: "pad-gave-up",
  notKept: "not-kept",
};

interface Offer {
  readonly pad: HelloAnswer;
  readonly message: Message<"pairingOffer">;
  readonly until: number;
}

type Phase =
  | { readonly is: "idle"; readonly noted?: Offer }
  | { readonly is: "inviting"; readonly until: number }
  | { readonly is: "started"; readonly offer: Offer; readonly own: Uint8Array; readonly nonce: Uint8Array; readonly until: number }
  | { readonly is: "asking" | "confirmed"; readonly offer: Offer; readonly secrets: PairingSecrets; readonly until: number };

type PhaseOf<Name extends Phase["is"]> = Extract<Phase, { is: Name }>;

/** The host's part of a pairing. A pure state machine beside the session: reports of pairing in, commands out. */
export class HostPairing {
  readonly #random: (length: number) => Uint8Array;
  #phase: Phase = { is: "idle" };
  /** Offers taken since a person asked. */
  #taken = 0;

  constructor(random: (length: number) => Uint8Array) {
    this.#random = random;
  }

  get isUnderWay(): boolean {
    return this.#phase.is !== "idle";
  }

  /** When `time` must be given; undefined = no pairing is under way. */
  deadline(): number | undefined {
    return this.#phase.is === "idle" ? undefined : this.#phase.until;
  }

  step(input: HostPairingInput, now: number): readonly HostPairingEffect[] {
    const phase = this.#phase;
    switch (input.is) {
      case "asked":
        return this.#asked(phase, now);
      case "report":
        return this.#report(phase, input.pad, input.message, now);
      case "typed":
        return phase.is === "asking" ? this.#typed(phase, input.code) : [];
      case "cancelled":
        return this.#fail("cancelled", "cancelled");
      case "lost":
        return this.#lost(phase);
      case "ready":
        return phase.is === "confirmed" ? this.#proved(phase, input.key) : [];
      case "time":
        return (this.deadline() ?? Number.POSITIVE_INFINITY) <= now ? this.#fail("timeout", "timeout") : [];
    }
  }

  #asked(phase: Phase, now: number): readonly HostPairingEffect[] {
    if (phase.is !== "idle" && phase.is !== "inviting") return [];
    this.#taken = 0;
    if (phase.is === "idle" && phase.noted !== undefined && phase.noted.until > now) return this.#take(phase.noted);
    const until = now + PAIRING_WITHIN;
    this.#phase = { is: "inviting", until };
    return [{ is: "invite", until }];
  }

  #report(phase: Phase, pad: HelloAnswer, message: Report, now: number): readonly HostPairingEffect[] {
    switch (message.type) {
      case "pairingOffer": {
        const offer = { pad, message, until: now + PAIRING_WITHIN };
        if (phase.is !== "idle") return this.#take(offer);
        this.#phase = { is: "idle", noted: offer };
        return [];
      }
      case "pairingReveal":
        return phase.is === "started" ? this.#revealed(phase, message.nonce) : [];
      case "pairingEnded":
        if (phase.is === "idle") this.#phase = { is: "idle" };
        return phase.is === "inviting" ? [] : this.#fail(FAILURES[message.cause]);
      default:
        return [];
    }
  }

  /** A new offer takes the place of the one before: the person held the key once more. */
  #take(offer: Offer): readonly HostPairingEffect[] {
    if (++this.#taken > MOST_OFFERS) return this.#fail("too-many-offers", "cancelled");
    const own = this.#random(32);
    const nonce = this.#random(16);
    this.#phase = { is: "started", offer, own, nonce, until: offer.until };
    return [{ is: "send", message: { type: "pairingStart", publicKey: publicKeyOf(own), nonce } }];
  }

  #revealed({ offer, own, nonce, until }: PhaseOf<"started">, padNonce: Uint8Array): readonly HostPairingEffect[] {
    const { publicKey, commitment } = offer.message;
    if (!isSameSecret(commitment, commitmentTo(publicKey, padNonce))) return this.#fail("wrong-proof", "cancelled");
    const exchange = { pad: offer.pad, padPublicKey: publicKey, hostPublicKey: publicKeyOf(own), padNonce, hostNonce: nonce };
    const secrets = secretsOf(own, publicKey, exchange);
    if (secrets === undefined) return this.#fail("wrong-proof", "cancelled");
    this.#phase = { is: "asking", offer, secrets, until };
    return [{ is: "ask", pad: offer.pad, until }];
  }

  /** One try: a second one at the same code would double the chance of whoever stands in between. */
  #typed({ offer, secrets, until }: PhaseOf<"asking" | "confirmed">, typed: string): readonly HostPairingEffect[] {
    const { pad } = offer;
    if (typed.replace(/[^0-9]/g, "") !== secrets.code) return this.#fail("wrong-code", "wrongCode");
    this.#phase = { is: "confirmed", offer, secrets, until };
    return [
      { is: "keep", pad, key: secrets.key },
      { is: "send", message: { type: "pairingConfirm", proof: secrets.proof } },
      { is: "press", pad, until },
    ];
  }

  #lost(phase: Phase): readonly HostPairingEffect[] {
    if (phase.is === "idle") this.#phase = { is: "idle" };
    // The pad ends the session when it has kept the key: the next one tells.
    return phase.is === "started" || phase.is === "asking" ? this.#fail("lost") : [];
  }

  #proved({ offer, secrets }: PhaseOf<"asking" | "confirmed">, key: Uint8Array | undefined): readonly HostPairingEffect[] {
    this.#phase = { is: "idle" };
    const isKept = key !== undefined && sameBytes(key, secrets.key);
    return [isKept ? { is: "paired", pad: offer.pad } : { is: "failed", cause: "not-kept" }];
  }

  #fail(cause: PairingFailure, tell?: Message<"pairingCancel">["cause"]): readonly HostPairingEffect[] {
    const { is } = this.#phase;
    if (is === "idle") return [];
    this.#phase = { is: "idle" };
    const effects: HostPairingEffect[] = [{ is: "failed", cause }];
    if (tell !== undefined && is !== "inviting") effects.unshift({ is: "send", message: { type: "pairingCancel", cause: tell } });
    if (is === "confirmed") effects.push({ is: "renew" });
    return effects;
  }
}
