import { WindowRatingError } from "@window-rating/protocol/error";
import {
  type Command,
  type HelloAnswer,
  HostPairing,
  type HostPairingEffect,
  type HostPairingInput,
  keysAfter,
  keysToTry,
  type PadKeys,
  type PairingFailure,
  type Report,
  type Trust,
  withCandidate,
} from "@window-rating/protocol/pad";
import type { Logger } from "pino";
import type { PadKeyBook } from "./pad-key-book.ts";

/** Where a pairing stands, for whoever sits at the PC. */
export type PairingState =
  | { readonly is: "none" | "paired" }
  /** Hold the pad's key; type the code; press the pad's key. `until` in monotonic milliseconds. */
  | { readonly is: "inviting" | "asking" | "press"; readonly until: number }
  | { readonly is: "failed"; readonly error: WindowRatingError };

export interface LinePairingOptions {
  readonly now: () => number;
  readonly random: (length: number) => Uint8Array;
  readonly logger: Logger;
  readonly keys: PadKeyBook;
  readonly send: (command: Command) => void;
  /** Begins a new session with the pad. */
  readonly renew: () => void;
  readonly changed: () => void;
}

const FAILURES: Readonly<Record<PairingFailure, string>> = {
  cancelled: "it was given up at the PC",
  timeout: "it was not finished within two minutes",
  "wrong-code": "the code that was typed is not the one of this line; look whether it was misread, and else what is on the line",
  "wrong-proof": "the other side does not keep to what it bound itself to; look what is on the line",
  "too-many-offers": "more than three offers came",
  "pad-gave-up": "the pad gave it up",
  "not-kept": "the pad did not keep the key",
  lost: "the connection with the pad was lost",
};

/** How one line comes to a pairing key, and by what it knows its pad. */
export class LinePairing {
  readonly #options: LinePairingOptions;
  readonly #pairing: HostPairing;
  #state: PairingState = { is: "none" };
  /** The pad that was told to erase its key. */
  #unpairs: string | undefined;

  constructor(options: LinePairingOptions) {
    this.#options = options;
    this.#pairing = new HostPairing(options.random);
  }

  get state(): PairingState {
    return this.#state;
  }

  deadline(): number | undefined {
    return this.#pairing.deadline();
  }

  /** A person at the PC asks, types the code, or gives up; or time has passed. */
  step(input: Extract<HostPairingInput, { is: "asked" | "typed" | "cancelled" | "time" }>): void {
    this.#take(this.#pairing.step(input, this.#options.now()));
  }

  /** @returns whether the report belongs to pairing */
  report(pad: HelloAnswer, message: Report): boolean {
    if (message.type !== "pairingOffer" && message.type !== "pairingReveal" && message.type !== "pairingEnded") return false;
    this.#take(this.#pairing.step({ is: "report", pad, message }, this.#options.now()));
    return true;
  }

  lost(): void {
    this.#take(this.#pairing.step({ is: "lost" }, this.#options.now()));
  }

  keysOf(pad: HelloAnswer): readonly Uint8Array[] {
    return keysToTry(this.#options.keys.keysOf(pad));
  }

  /**
   * A session stands.
   * @param key the one of the pad's keys that it proved to hold
   * @returns false if the keys are others now, and a new session was begun
   */
  ready(pad: HelloAnswer, trust: Trust, key: Uint8Array | undefined): boolean {
    const before = this.#options.keys.keysOf(pad);
    const wasToldToErase = this.#unpairs === nameOf(pad);
    if (trust === "paired" || trust === "key-missing-there") this.#unpairs = undefined;
    const after = wasToldToErase && trust === "key-missing-there" ? {} : keysAfter(before, trust, key);
    if (after !== before) this.#settle(pad, after);
    this.#take(this.#pairing.step(key === undefined ? { is: "ready" } : { is: "ready", key }, this.#options.now()));
    const hasNoneLeft = keysToTry(before).length > 0 && keysToTry(after).length === 0;
    if (hasNoneLeft) this.#options.renew();
    return !hasNoneLeft;
  }

  /** The pad was told to erase its key: the host forgets its own when the pad says that it has none. */
  unpairing(pad: HelloAnswer): void {
    this.#unpairs = nameOf(pad);
  }

  /** What holds by a proof. If it cannot be written it is found out anew at the next session. */
  #settle(pad: HelloAnswer, keys: PadKeys): void {
    try {
      this.#options.keys.set(pad, keys);
    } catch (error) {
      this.#options.logger.error({ err: error }, "pairing keys not written");
    }
  }

  #take(effects: readonly HostPairingEffect[]): void {
    for (const effect of effects) if (!this.#carryOut(effect)) return;
  }

  /** @returns false if nothing behind this effect may be carried out */
  #carryOut(effect: HostPairingEffect): boolean {
    const { keys, send, renew, logger } = this.#options;
    switch (effect.is) {
      case "send":
        send(effect.message);
        return true;
      case "keep":
        try {
          keys.set(effect.pad, withCandidate(keys.keysOf(effect.pad), effect.key));
          return true;
        } catch (error) {
          this.step({ is: "cancelled" });
          this.#show({ is: "failed", error: error as WindowRatingError });
          return false;
        }
      case "invite":
        this.#show({ is: "inviting", until: effect.until });
        return true;
      case "ask":
        this.#show({ is: "asking", until: effect.until });
        return true;
      case "press":
        this.#show({ is: "press", until: effect.until });
        return true;
      case "paired":
        logger.info({ model: effect.pad.model, serialNumber: effect.pad.serialNumber }, "pad paired");
        this.#show({ is: "paired" });
        return true;
      case "failed":
        logger.warn({ cause: effect.cause }, "pairing failed");
        this.#show({ is: "failed", error: new WindowRatingError("WR1015", FAILURES[effect.cause]) });
        return true;
      case "renew":
        renew();
        return true;
    }
  }

  #show(state: PairingState): void {
    this.#state = state;
    this.#options.changed();
  }
}

const nameOf = ({ model, serialNumber }: HelloAnswer): string => `${model} ${serialNumber}`;
