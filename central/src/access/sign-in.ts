import { WindowRatingError } from "@window-rating/protocol/error";
import type { CentralDatabase } from "../database/tables.ts";
import { inTransaction } from "../database/transaction.ts";
import type { AccountRow } from "./account-row.ts";
import { hashOf } from "./accounts.ts";
import { recordEvent } from "./events.ts";
import { countTry, dropOldFailures, forgetFailures, type Try } from "./failures.ts";
import { isPassword, NarrowDoor } from "./password.ts";
import { type Caller, endSessions, type Session, startSession } from "./sessions.ts";

/** How signing in came out. */
export type SignIn = { readonly is: "in"; readonly token: string } | { readonly is: "locked"; readonly waitMs: number };

type Checked = { readonly is: "right" | "wrong"; readonly account: AccountRow | undefined; readonly locks: "name" | "address" | undefined };

/** Signing in with name and password. One for all requests of an instance, for it lets few passwords be worked on at once. */
export class PasswordSignIn {
  readonly #db: CentralDatabase;
  readonly #now: () => number;
  readonly #door = new NarrowDoor();

  constructor(db: CentralDatabase, now: () => number) {
    this.#db = db;
    this.#now = now;
  }

  /**
   * Begins a session. A name that nobody has, a disabled account and a wrong password take the same steps, the same time and the same
   * answer.
   * @throws WindowRatingError WR7052; WR7029 if too many sign in at this moment
   */
  async signIn(given: { readonly name: string; readonly password: string }, caller: Caller): Promise<SignIn> {
    const name = given.name.trim().toLowerCase();
    const passed = await this.#door.pass(() => this.#check(name, given.password, caller.address));
    if (passed === undefined) throw new WindowRatingError("WR7029", "Too many sign in at this moment");
    const checked = passed.result;
    if (checked.is === "locked") return checked;
    const { account } = checked;
    if (checked.is === "wrong" || account === undefined) {
      await this.#recordWrong(checked, caller.address);
      throw new WindowRatingError("WR7052", "No account has this name with this password");
    }
    const nowMs = this.#now();
    const token = await inTransaction(this.#db, async (tx) => {
      // While the password was worked on it may have been changed or the account disabled.
      const still = await tx
        .selectFrom("accounts")
        .select("account_no")
        .where("account_no", "=", account.account_no)
        .where("password", "=", account.password)
        .where("disabled_at_ms", "is", null)
        .forUpdate()
        .executeTakeFirst();
      if (still === undefined) return undefined;
      await forgetFailures(tx, name, addressGroup(caller.address));
      return startSession(tx, account, "password", caller, nowMs);
    });
    if (token === undefined) throw new WindowRatingError("WR7052", "No account has this name with this password");
    return { is: "in", token };
  }

  async #check(name: string, password: string, address: string): Promise<Checked | Extract<Try, { is: "locked" }>> {
    const nowMs = this.#now();
    const counted = await inTransaction(this.#db, async (tx) => {
      await dropOldFailures(tx, nowMs);
      return countTry(tx, name, addressGroup(address), nowMs);
    });
    if (counted.is === "locked") return counted;
    const account = await this.#db.selectFrom("accounts").selectAll().where("name", "=", name).executeTakeFirst();
    const isUsable = account !== undefined && account.disabled_at_ms === null && (account.start_until_ms ?? nowMs) >= nowMs;
    const isRight = await isPassword(password, isUsable ? account.password : null);
    return { is: isRight ? "right" : "wrong", account, locks: counted.locks };
  }

  /** Of nobody's account the name is not kept: it may be a password typed into the wrong field. */
  async #recordWrong({ account, locks }: Checked, address: string): Promise<void> {
    const nowMs = this.#now();
    const about = { accountNo: account?.account_no, name: account?.name, address };
    await inTransaction(this.#db, async (tx) => {
      const detail = account === undefined ? "no such account" : account.disabled_at_ms === null ? undefined : "the account is disabled";
      await recordEvent(tx, { kind: "wrong-password", ...about, detail }, nowMs);
      if (locks !== undefined) await recordEvent(tx, { kind: "locked-out", ...about, detail: locks }, nowMs);
    });
  }

  /**
   * Changes the password of whoever is signed in, and ends every other session of the account. Wrong old passwords count as wrong
   * sign-ins do: an unattended browser must not be a place to guess in.
   * @throws WindowRatingError WR7052, WR7055; WR7029 if too many sign in at this moment
   */
  async changePassword(
    { viewer, sessionNo }: Session,
    { old, new: wanted }: { readonly old: string; readonly new: string },
    caller: Caller,
  ) {
    const passed = await this.#door.pass(() => this.#check(viewer.name, old, caller.address));
    if (passed === undefined) throw new WindowRatingError("WR7029", "Too many sign in at this moment");
    const checked = passed.result;
    if (checked.is === "locked") return checked;
    if (checked.is === "wrong") {
      await this.#recordWrong(checked, caller.address);
      throw new WindowRatingError("WR7052", "The old password is not right");
    }
    if (old.normalize("NFKC") === wanted.normalize("NFKC")) throw new WindowRatingError("WR7055", "It is the old one");
    const password = await hashOf(wanted, viewer);
    const nowMs = this.#now();
    await inTransaction(this.#db, async (tx) => {
      const changed = await tx
        .updateTable("accounts")
        .set({ password, start_until_ms: null })
        .where("account_no", "=", viewer.accountNo)
        .where("password", "=", checked.account?.password ?? null)
        .returning("account_no")
        .executeTakeFirst();
      if (changed === undefined) throw new WindowRatingError("WR7052", "The password was changed a moment ago");
      await forgetFailures(tx, viewer.name, addressGroup(caller.address));
      await recordEvent(tx, { kind: "password-changed", accountNo: viewer.accountNo, name: viewer.name, address: caller.address }, nowMs);
      await endSessions(tx, { accountNo: viewer.accountNo, butNot: sessionNo }, "password changed", nowMs);
    });
    return { is: "changed" } as const;
  }
}

/** Whoever has one IPv6 address has 2^64 of them, so they are counted by their first half. */
export const addressGroup = (address: string): string => {
  if (!address.includes(":") || address.includes(".")) return address.replace(/^::ffff:/i, "");
  const [head = "", tail] = address.split("::");
  const first = head === "" ? [] : head.split(":");
  const last = tail === undefined || tail === "" ? [] : tail.split(":");
  const middle = tail === undefined ? [] : Array.from({ length: 8 - first.length - last.length }, () => "0");
  return `${[...first, ...middle, ...last].slice(0, 4).join(":")}::/64`;
};
