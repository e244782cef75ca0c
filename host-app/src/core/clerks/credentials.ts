import type { ChangePin, SetPinWithCode, SignInWithCard } from "@window-rating/protocol/desk";
import { type ErrorFacts, WindowRatingError } from "@window-rating/protocol/error";
import { type Clock, momentOf } from "../clock.ts";
import type { ClerkBook, ClerkRow, TriedAt } from "../store/clerk-book.ts";
import type { Store } from "../store/store.ts";
import { CLERK_RULE, countedTries, type Lock, type LockRule, lockOf, WINDOW_RULE } from "./lock-out.ts";
import { pinFault } from "./pin-rules.ts";
import { newSalt, type SecretHash } from "./secret-hash.ts";

export interface CredentialsOptions {
  readonly store: Store;
  readonly clerks: ClerkBook;
  readonly clock: Clock;
  readonly secretHash: SecretHash;
  /** Whether a card alone signs in nobody. */
  readonly cardNeedsPin: () => boolean;
}

const RULES: Readonly<Record<TriedAt["subject"], LockRule>> = { clerk: CLERK_RULE, window: WINDOW_RULE };

/** PINs, one-time codes and cards of the clerks of this PC, for all of its windows. Nothing of them is ever in a log, an answer or an error. */
export class Credentials {
  readonly #options: CredentialsOptions;

  constructor(options: CredentialsOptions) {
    this.#options = options;
  }

  /** @throws WR5019 wrong, WR5020 locked, WR5022 right, but set by IT staff */
  async checkPin(staffNo: string, pin: string, windowNo: string): Promise<void> {
    const { pin: kept } = await this.#prove(staffNo, windowNo, pin, (clerk) => clerk.pin?.hash);
    if (kept?.by === "it") throw new WindowRatingError("WR5022", `the PIN of clerk ${staffNo} was set by IT staff`);
  }

  /** @returns the staff number of whose card it is. @throws WR5019, WR5020, WR5022, WR5032 */
  async checkCard({ card, pin }: Pick<SignInWithCard, "card" | "pin">, windowNo: string): Promise<string> {
    const { clerks, store, cardNeedsPin } = this.#options;
    const here: TriedAt[] = [{ subject: "window", no: windowNo }];
    this.#begin(here);
    const clerk = clerks.ofCard(await this.#options.secretHash.of(card, this.#cardSalt()));
    if (clerk === undefined) throw new WindowRatingError("WR5032", "no clerk of this PC has this card");
    store.write(() => this.#right(here));
    if (!cardNeedsPin()) return clerk.staffNo;
    if (pin === undefined) throw new WindowRatingError("WR5019", "this site asks for the PIN beside the card");
    await this.checkPin(clerk.staffNo, pin, windowNo);
    return clerk.staffNo;
  }

  /** @throws WR5019, WR5020, WR5021 */
  async changePin({ staffNo, pin, newPin }: ChangePin, windowNo: string): Promise<void> {
    refuseWeak(newPin, staffNo);
    if (newPin === pin) throw new WindowRatingError("WR5021", "it is the present one");
    await this.#prove(staffNo, windowNo, pin, (clerk) => clerk.pin?.hash);
    await this.#keepPin(staffNo, newPin, "own");
  }

  /** @throws WR5019, WR5020, WR5021 */
  async setPinWithCode({ staffNo, code, newPin }: SetPinWithCode, windowNo: string): Promise<void> {
    refuseWeak(newPin, staffNo);
    const nowMs = this.#options.clock.wallMs();
    const stillGood = ({ code: kept }: ClerkRow): string | undefined => (kept !== null && nowMs < kept.endsMs ? kept.hash : undefined);
    await this.#prove(staffNo, windowNo, code.replace(/[\s-]/g, ""), stillGood);
    await this.#keepPin(staffNo, newPin, "own");
  }

  /** By IT staff: the clerk must change it at first use. Ends a lock. @throws WR5021 */
  async setPin(staffNo: string, pin: string): Promise<void> {
    refuseWeak(pin, staffNo);
    await this.#keepPin(staffNo, pin, "it");
  }

  /** By IT staff. Ends a lock, and takes the place of a code before; the PIN stays until the code is used. */
  async setCode(staffNo: string, code: string, endsMs: number): Promise<void> {
    const { store, clerks } = this.#options;
    const hash = await this.#options.secretHash.of(code);
    store.write(() => {
      clerks.setCode(staffNo, hash, endsMs);
      clerks.forgetBadTries({ subject: "clerk", no: staffNo });
    });
  }

  /** By IT staff. @param card undefined: it is taken away */
  async setCard(staffNo: string, card: string | undefined): Promise<void> {
    const { store, clerks } = this.#options;
    const hash = card === undefined ? null : await this.#options.secretHash.of(card, this.#cardSalt());
    store.write(() => clerks.setCard(staffNo, hash));
  }

  lockOf(tried: TriedAt): Lock {
    const { clerks, clock } = this.#options;
    return lockOf(clerks.badTries(tried), momentOf(clock), RULES[tried.subject]);
  }

  /**
   * Tries a secret against the one that is kept. Whether there is such a clerk cannot be told from answer or time.
   * @throws WR5019, WR5020
   */
  async #prove(staffNo: string, windowNo: string, secret: string, kept: (clerk: ClerkRow) => string | undefined): Promise<ClerkRow> {
    const { clerks, store, secretHash } = this.#options;
    const clerk = clerks.find(staffNo);
    const window: TriedAt = { subject: "window", no: windowNo };
    // A number that nobody has needs no memory of its own; whoever makes numbers up is held by the window's.
    const tried: TriedAt[] = clerk === undefined ? [window] : [{ subject: "clerk", no: staffNo }, window];
    this.#begin(tried);
    const hash = clerk === undefined ? undefined : kept(clerk);
    const isRight = await (hash === undefined ? secretHash.fitsNothing(secret) : secretHash.fits(secret, hash));
    if (clerk === undefined || !isRight) throw this.#wrong(tried);
    store.write(() => this.#right(tried));
    return clerk;
  }

  /** Counted as wrong before it is looked at: neither many at once nor a power cut makes a try for nothing. @throws WR5020 */
  #begin(tried: readonly TriedAt[]): void {
    const { store, clerks, clock } = this.#options;
    const now = momentOf(clock);
    store.write(() => {
      for (const one of tried) refuseLocked(one, this.lockOf(one));
      for (const one of tried) clerks.keepBadTries(one, countedTries(clerks.badTries(one), now, RULES[one.subject]) + 1, now);
    });
  }

  /** A right one clears the clerk's; of the window's it takes back itself alone, or one's own PIN would wash off guesses at others'. */
  #right(tried: readonly TriedAt[]): void {
    const { clerks } = this.#options;
    for (const one of tried) {
      if (one.subject === "clerk") clerks.forgetBadTries(one);
      else clerks.takeOneBack(one);
    }
  }

  #wrong(tried: readonly TriedAt[]): WindowRatingError {
    const lock = tried.map((one) => this.lockOf(one)).find(({ is }) => is !== "open");
    const wait = lock === undefined ? "" : `; ${waitFor(lock)}`;
    return new WindowRatingError("WR5019", `staff number and PIN do not belong together${wait}`, undefined, waitFacts(lock));
  }

  async #keepPin(staffNo: string, pin: string, by: "it" | "own"): Promise<void> {
    const { store, clerks } = this.#options;
    const hash = await this.#options.secretHash.of(pin);
    store.write(() => {
      clerks.setPin(staffNo, hash, by);
      clerks.forgetBadTries({ subject: "clerk", no: staffNo });
    });
  }

  #cardSalt(): Buffer {
    const { store, clerks } = this.#options;
    const known = clerks.cardSalt();
    if (known !== undefined) return Buffer.from(known, "base64");
    const salt = newSalt();
    store.write(() => clerks.keepCardSalt(salt.toString("base64")));
    return salt;
  }
}

const refuseWeak = (pin: string, staffNo: string): void => {
  const fault = pinFault(pin, staffNo);
  if (fault !== undefined) throw new WindowRatingError("WR5021", fault);
};

const waitFor = (lock: Lock): string => {
  if (lock.is === "for-a-while") return `the next try is in ${Math.ceil(lock.ms / 1000)} s`;
  return "IT staff must unlock it";
};

const waitFacts = (lock: Lock | undefined): ErrorFacts | undefined =>
  lock?.is === "for-a-while" ? { seconds: Math.ceil(lock.ms / 1000) } : undefined;

const refuseLocked = ({ subject, no }: TriedAt, lock: Lock): void => {
  if (lock.is !== "open") throw new WindowRatingError("WR5020", `${subject} ${no}: ${waitFor(lock)}`, undefined, waitFacts(lock));
};
