import type { AddClerk, ClerkChoice, ClerkList, PinCode, SetCard, SetPin, Unlock } from "@window-rating/protocol/desk";
import { WindowRatingError } from "@window-rating/protocol/error";
import type { Clock } from "../clock.ts";
import type { ClerkBook, ClerkRow } from "../store/clerk-book.ts";
import type { Store } from "../store/store.ts";
import type { Credentials } from "./credentials.ts";

export interface ClerkDeskOptions {
  readonly store: Store;
  readonly clerks: ClerkBook;
  readonly credentials: Credentials;
  /** The official name of a clerk, if central has told it. */
  readonly officialName: (staffNo: string) => string | undefined;
  readonly clock: Clock;
  /** What stands on the card of a clerk may be another now. */
  readonly changed?: () => void;
  /** A whole number from 0 on and below the bound, that nobody can foretell. */
  readonly randomBelow: (bound: number) => number;
}

/** A clerk comes back from leave on Monday with the code of Friday. */
const CODE_LIVES_MS = 72 * 3_600_000;
const CODE_DIGITS = 8;

/** What IT staff do for the clerks of this PC. */
export class ClerkDesk {
  readonly #options: ClerkDeskOptions;

  constructor(options: ClerkDeskOptions) {
    this.#options = options;
  }

  list(): ClerkList {
    const { clerks, credentials } = this.#options;
    const lockedWindows = clerks.allBadTries("window").flatMap(({ no: windowNo }) => {
      const lock = credentials.lockOf({ subject: "window", no: windowNo });
      return lock.is === "for-a-while" ? [{ windowNo, forMs: Math.ceil(lock.ms) }] : [];
    });
    return { clerks: clerks.all().map((row) => this.#view(row)), lockedWindows };
  }

  /** A clerk, or another name or card for one; what is not given stays. What central says of the clerk goes before it. */
  add({ staffNo, name, title, stars, partyMember }: AddClerk): void {
    const { store, clerks, changed } = this.#options;
    store.write(() => {
      clerks.setName(staffNo, name);
      clerks.setOnCard(staffNo, { title: title ?? null, stars: stars ?? null, partyMember: partyMember ?? null });
    });
    changed?.();
  }

  /** Forgets PIN, card and name; what was rated stays. @throws WR5023 */
  remove({ staffNo }: ClerkChoice): void {
    const { store, clerks } = this.#options;
    store.write(() => {
      clerks.forgetBadTries({ subject: "clerk", no: staffNo });
      if (!clerks.remove(staffNo)) throw new WindowRatingError("WR5023", `this PC has no clerk ${staffNo} of its own`);
    });
  }

  /** @throws WR5021, WR5023 */
  async setPin({ staffNo, pin }: SetPin): Promise<void> {
    this.#known(staffNo);
    await this.#options.credentials.setPin(staffNo, pin);
  }

  /** @throws WR5023 */
  async makeCode({ staffNo }: ClerkChoice): Promise<PinCode> {
    const { clock, credentials, randomBelow } = this.#options;
    this.#known(staffNo);
    const digits = String(randomBelow(10 ** CODE_DIGITS)).padStart(CODE_DIGITS, "0");
    const expiresAtMs = clock.wallMs() + CODE_LIVES_MS;
    await credentials.setCode(staffNo, digits, expiresAtMs);
    return { code: `${digits.slice(0, 4)}-${digits.slice(4)}`, expiresAtMs };
  }

  /** @throws WR5023 */
  async setCard({ staffNo, card }: SetCard): Promise<void> {
    this.#known(staffNo);
    await this.#options.credentials.setCard(staffNo, card);
  }

  unlock({ staffNo, windowNo }: Unlock): void {
    const { store, clerks } = this.#options;
    store.write(() => {
      if (staffNo !== undefined) clerks.forgetBadTries({ subject: "clerk", no: staffNo });
      if (windowNo !== undefined) clerks.forgetBadTries({ subject: "window", no: windowNo });
    });
  }

  /** @throws WR5023 if neither central nor IT staff have named the clerk */
  #known(staffNo: string): void {
    const { clerks, officialName } = this.#options;
    if (officialName(staffNo) === undefined && clerks.find(staffNo)?.name == null)
      throw new WindowRatingError("WR5023", `neither central's roster nor this PC knows clerk ${staffNo}`);
  }

  #view({ staffNo, name, pin, code, cardHash, onCard: { title, stars, partyMember } }: ClerkRow): ClerkList["clerks"][number] {
    const { officialName, credentials, clerks, clock } = this.#options;
    const official = officialName(staffNo);
    const hasCode = code !== null && clock.wallMs() < code.endsMs;
    return {
      staffNo,
      name: official ?? name ?? "",
      source: official === undefined ? "here" : "central",
      pin: hasCode ? "code-given" : pin === null ? "none" : pin.by === "it" ? "set-by-it" : "own",
      hasCard: cardHash !== null,
      onCard: official === undefined ? { title, stars, partyMember } : null,
      lock: { open: "none", "for-a-while": "for-a-while", "until-unlocked": "until-unlocked" }[
        credentials.lockOf({ subject: "clerk", no: staffNo }).is
      ] as ClerkList["clerks"][number]["lock"],
      onDutyAt: clerks.onDutyAt(staffNo),
    };
  }
}
