import { randomBytes, randomInt } from "node:crypto";
import type { AskedPairing, CollectedPairing, CollectPairing, PairingList, WaitingPairing } from "@window-rating/protocol/desk";
import { WindowRatingError } from "@window-rating/protocol/error";
import type { Clock } from "../clock.ts";
import { OriginBuckets } from "./origin-buckets.ts";
import { type Pairings, sameSecret } from "./pairings.ts";
import type { Rate } from "./token-bucket.ts";

/** Long enough to walk to the window PC, compare a code and confirm it. */
const ASKED_FOR_MS = 180_000;
/** Whom a person refused is not shown again for so long, whatever its page does. */
const REFUSED_FOR_MS = 600_000;
/** Somebody who sets a system up tries a few times; a page that goes on asking is no somebody. */
const ASKING: Rate = { perSecond: 0.1, burst: 5 };

interface PairingDeskOptions {
  readonly pairings: Pairings;
  readonly clock: Clock;
}

/** One business system that asks; the secret and the token live in memory alone. */
interface Asked {
  readonly requestId: string;
  readonly secret: string;
  readonly name: string;
  readonly origin: string | undefined;
  readonly code: string;
  readonly endsAt: number;
  outcome: "waiting" | "confirmed" | "refused";
  token: string | undefined;
  isCollected: boolean;
}

/**
 * Pairings as people handle them. A business system asks, a person on this PC compares the code of both screens and confirms; only the
 * commands of window-host and its own screens call `confirm`, never a page of somebody else. One at a time: a list of strangers invites
 * to confirm the wrong one.
 */
export class PairingDesk {
  readonly #options: PairingDeskOptions;
  readonly #asking: OriginBuckets;
  readonly #listeners = new Set<() => void>();
  /** By origin, when it may ask again. */
  readonly #refused = new Map<string, number>();
  #asked: Asked | undefined;

  constructor(options: PairingDeskOptions) {
    this.#options = options;
    this.#asking = new OriginBuckets(ASKING, options.clock.monotonicMs());
  }

  /** @throws WR5011, WR5033 if another one waits, the name is taken, or a person has just refused this one; WR8006 */
  ask(name: string, origin: string | undefined): AskedPairing {
    const now = this.#now();
    const who = origin ?? "";
    const before = this.#current(now);
    if (this.#options.pairings.list().some((pairing) => pairing.name === name))
      throw new WindowRatingError("WR5033", `"${name}" is paired already; IT staff revoke it first`);
    if (now < (this.#refused.get(who) ?? now)) throw new WindowRatingError("WR5033", "it was refused on the window PC a moment ago");
    // A page that was loaded anew has lost its secret: it asks again, with a new code.
    if (before !== undefined && !before.isCollected && (before.origin !== origin || before.outcome === "confirmed"))
      throw new WindowRatingError("WR5033", "another business system waits to be confirmed");
    if (!this.#asking.take(origin, now))
      throw new WindowRatingError("WR5011", "pairing was asked for too often; a person does so a few times");
    const digits = String(randomInt(1_000_000)).padStart(6, "0");
    this.#asked = {
      requestId: randomBytes(12).toString("base64url"),
      secret: randomBytes(32).toString("base64url"),
      name,
      origin,
      code: `${digits.slice(0, 3)}-${digits.slice(3)}`,
      endsAt: now + ASKED_FOR_MS,
      outcome: "waiting",
      token: undefined,
      isCollected: false,
    };
    this.#changed();
    const { requestId, secret, code } = this.#asked;
    return { requestId, secret, code, expiresInMs: ASKED_FOR_MS };
  }

  /** To the page that asked, and to no other. @throws WR5034 */
  collect({ requestId, secret }: CollectPairing, origin: string | undefined): CollectedPairing {
    const now = this.#now();
    const asked = this.#current(now);
    const isIts = asked !== undefined && sameSecret(secret, asked.secret) && asked.requestId === requestId && asked.origin === origin;
    if (!isIts) throw new WindowRatingError("WR5034", "there is no such request, or its time is over");
    const expiresInMs = Math.round(asked.endsAt - now);
    if (asked.outcome !== "confirmed" || asked.token === undefined) return { state: asked.outcome, expiresInMs };
    asked.isCollected = true;
    return { state: "confirmed", token: asked.token, expiresInMs };
  }

  /** What is paired, and who waits. @throws WR8006 */
  list(): PairingList {
    return {
      waiting: this.waiting(),
      pairings: this.#options.pairings.shown(),
    };
  }

  /** Who waits to be confirmed: one at most. */
  waiting(): WaitingPairing[] {
    const now = this.#now();
    const asked = this.#current(now);
    if (asked?.outcome !== "waiting") return [];
    const { name, origin = null, code, endsAt } = asked;
    return [{ name, origin, code, expiresInMs: Math.round(endsAt - now) }];
  }

  /** A person has compared the codes. @throws WR5034, WR8005, WR8006 */
  confirm(code: string): void {
    const { pairings, clock } = this.#options;
    const asked = this.#waitingWith(code);
    asked.token = pairings.add(asked.name, asked.origin === undefined ? [] : [asked.origin], clock.wallMs()).token;
    asked.outcome = "confirmed";
    this.#changed();
  }

  /** @throws WR5034 */
  refuse(code: string): void {
    const asked = this.#waitingWith(code);
    asked.outcome = "refused";
    if (this.#refused.size >= 64) this.#refused.clear();
    this.#refused.set(asked.origin ?? "", this.#now() + REFUSED_FOR_MS);
    this.#changed();
  }

  /** @throws WR8005, WR8006 */
  revoke(name: string): void {
    this.#options.pairings.revoke(name);
    this.#changed();
  }

  /** Told when the list is another one; not when time alone has passed. @returns the function that ends it */
  subscribe(listener: () => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  #waitingWith(code: string): Asked {
    const asked = this.#current(this.#now());
    const digits = (text: string): string => text.replace(/[\s-]/g, "");
    if (asked?.outcome !== "waiting" || digits(asked.code) !== digits(code))
      throw new WindowRatingError("WR5034", "no business system that waits shows this code");
    return asked;
  }

  /** The one that asks, if its time is not over. A token that nobody came for opens nothing. */
  #current(now: number): Asked | undefined {
    const asked = this.#asked;
    if (asked === undefined || now < asked.endsAt) return asked;
    this.#asked = undefined;
    const { pairings } = this.#options;
    if (asked.outcome === "confirmed" && !asked.isCollected && pairings.list().some(({ name }) => name === asked.name))
      pairings.revoke(asked.name);
    return undefined;
  }

  #now(): number {
    return this.#options.clock.monotonicMs();
  }

  #changed(): void {
    for (const listener of this.#listeners) listener();
  }
}
