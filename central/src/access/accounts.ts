import { WindowRatingError } from "@window-rating/protocol/error";
import { sql } from "kysely";
import type { Tx } from "../ratings/rating-rows.ts";
import { type AccountRow, scopeOf, viewerOf } from "./account-row.ts";
import { recordEvent } from "./events.ts";
import { lockedUntil, unlockName } from "./failures.ts";
import { hashPassword, newStartPassword, passwordFault } from "./password.ts";
import type { Account, NewAccount } from "./session-schema.ts";
import { endSessions } from "./sessions.ts";
import type { Role, Scope, Viewer } from "./viewer.ts";

/** How long a start password is good for its one use. */
const START_PASSWORD_MS = 7 * 86_400_000;

const scopeColumns = (scope: Scope): Pick<AccountRow, "scope" | "scope_no"> => ({
  scope: scope.is,
  scope_no: scope.is === "agency" ? scope.agencyCode : scope.is === "hall" ? scope.hallNo : null,
});

/** How an account gets in for the first time. */
export type FirstPassword =
  /** One that central makes, tells once, and wants changed. */
  | { readonly is: "start" }
  /** One that whoever makes the account has typed. */
  | { readonly is: "given"; readonly password: string }
  /** None: by the organisation's sign-in alone. */
  | { readonly is: "none" };

/** What is kept of a first password; made before the transaction, for it takes its time. */
interface MadePassword {
  readonly startPassword: string | null;
  readonly columns: Pick<AccountRow, "password" | "start_until_ms">;
}

/** @throws WindowRatingError WR7055 */
export const makePassword = async (
  first: FirstPassword,
  owner: Pick<Viewer, "name" | "displayName">,
  nowMs: number,
): Promise<MadePassword> => {
  if (first.is === "none") return { startPassword: null, columns: { password: null, start_until_ms: null } };
  if (first.is === "start") {
    const startPassword = newStartPassword();
    return { startPassword, columns: { password: await hashPassword(startPassword), start_until_ms: nowMs + START_PASSWORD_MS } };
  }
  return { startPassword: null, columns: { password: await hashOf(first.password, owner), start_until_ms: null } };
};

/** @throws WindowRatingError WR7055 */
export const hashOf = (password: string, owner: Pick<Viewer, "name" | "displayName">): Promise<string> => {
  const fault = passwordFault(password, owner);
  if (fault !== undefined) throw new WindowRatingError("WR7055", fault);
  return hashPassword(password);
};

/** What is known of who does something: an account's name, or "command line". */
export interface Doer {
  readonly by: string;
  readonly address?: string | undefined;
}

/** @throws WindowRatingError WR7058 if the name is taken */
export const addAccount = async (tx: Tx, account: NewAccount, { columns }: MadePassword, doer: Doer, nowMs: number): Promise<number> => {
  const { name, displayName, role, scope } = account;
  const made = await tx
    .insertInto("accounts")
    .values({ name, display_name: displayName, role, ...scopeColumns(scope), ...columns, created_by: doer.by, created_at_ms: nowMs })
    .onConflict((conflict) => conflict.column("name").doNothing())
    .returning("account_no")
    .executeTakeFirst();
  if (made === undefined)
    throw new WindowRatingError("WR7058", `The name ${name} is taken; names are not given twice, also not of disabled accounts`);
  await recordEvent(tx, { kind: "account-added", accountNo: made.account_no, name, ...doer, detail: accessText(role, scope) }, nowMs);
  return made.account_no;
};

const accessText = (role: Role, scope: Scope): string =>
  `${role}, ${scope.is === "all" ? "all" : scope.is === "agency" ? `agency ${scope.agencyCode}` : `hall ${scope.hallNo}`}`;

/** The row, held until the transaction ends. @throws WindowRatingError WR7057 */
const lockAccount = async (tx: Tx, accountNo: number): Promise<AccountRow> => {
  const row = await tx.selectFrom("accounts").selectAll().where("account_no", "=", accountNo).forUpdate().executeTakeFirst();
  if (row === undefined) throw new WindowRatingError("WR7057", `There is no account ${accountNo}`);
  return row;
};

/** @throws WindowRatingError WR7057 */
export const accountNoOf = async (tx: Tx, name: string): Promise<number> => {
  const row = await tx.selectFrom("accounts").select("account_no").where("name", "=", name.trim().toLowerCase()).executeTakeFirst();
  if (row === undefined) throw new WindowRatingError("WR7057", `There is no account ${name}`);
  return row.account_no;
};

/**
 * Another display name, role or scope. Sessions end if role or scope changed: what was shown may not be shown any more.
 * @throws WindowRatingError WR7057; WR7058 if nobody could make accounts afterwards
 */
export const changeAccess = async (
  tx: Tx,
  accountNo: number,
  { displayName, role, scope }: Pick<NewAccount, "displayName" | "role" | "scope">,
  doer: Doer,
  nowMs: number,
): Promise<void> => {
  await lockAdministrators(tx);
  const row = await lockAccount(tx, accountNo);
  const columns = scopeColumns(scope);
  await tx
    .updateTable("accounts")
    .set({ display_name: displayName, role, ...columns })
    .where("account_no", "=", accountNo)
    .execute();
  await requireAdministrator(tx);
  await recordEvent(tx, { kind: "account-changed", accountNo, name: row.name, ...doer, detail: accessText(role, scope) }, nowMs);
  if (role !== row.role || columns.scope !== row.scope || columns.scope_no !== row.scope_no)
    await endSessions(tx, { accountNo }, `access changed by ${doer.by}`, nowMs);
};

/** @throws WindowRatingError WR7057; WR7058 if nobody could make accounts afterwards */
export const disableAccount = async (tx: Tx, accountNo: number, doer: Doer, nowMs: number): Promise<void> => {
  await lockAdministrators(tx);
  const row = await lockAccount(tx, accountNo);
  if (row.disabled_at_ms !== null) return;
  await tx.updateTable("accounts").set({ disabled_at_ms: nowMs }).where("account_no", "=", accountNo).execute();
  await requireAdministrator(tx);
  await recordEvent(tx, { kind: "account-disabled", accountNo, name: row.name, ...doer }, nowMs);
  await endSessions(tx, { accountNo }, `account disabled by ${doer.by}`, nowMs);
};

/** @throws WindowRatingError WR7057 */
export const enableAccount = async (tx: Tx, accountNo: number, doer: Doer, nowMs: number): Promise<void> => {
  const row = await lockAccount(tx, accountNo);
  if (row.disabled_at_ms === null) return;
  await tx.updateTable("accounts").set({ disabled_at_ms: null }).where("account_no", "=", accountNo).execute();
  await recordEvent(tx, { kind: "account-enabled", accountNo, name: row.name, ...doer }, nowMs);
};

/**
 * A new start password. The account begins anew: its sessions end, it is unlocked, and the organisation's sign-in is forgotten, which
 * binds itself again the next time.
 * @throws WindowRatingError WR7057
 */
export const resetAccount = async (tx: Tx, accountNo: number, { columns }: MadePassword, doer: Doer, nowMs: number): Promise<void> => {
  const row = await lockAccount(tx, accountNo);
  await tx
    .updateTable("accounts")
    .set({ ...columns, oidc_subject: null })
    .where("account_no", "=", accountNo)
    .execute();
  await unlockName(tx, row.name);
  await recordEvent(tx, { kind: "password-reset", accountNo, name: row.name, ...doer }, nowMs);
  await endSessions(tx, { accountNo }, `password reset by ${doer.by}`, nowMs);
};

/** @throws WindowRatingError WR7057 */
export const unlockAccount = async (tx: Tx, accountNo: number, doer: Doer, nowMs: number): Promise<void> => {
  const row = await lockAccount(tx, accountNo);
  if (await unlockName(tx, row.name)) await recordEvent(tx, { kind: "unlocked", accountNo, name: row.name, ...doer }, nowMs);
};

/** Any number nobody else in the database locks with: "WRAC". */
const ADMINISTRATORS_LOCK = 0x5752_4143;

/** Two who disable each other at the same moment must see each other. */
const lockAdministrators = async (tx: Tx): Promise<void> => {
  await sql`select pg_advisory_xact_lock(${ADMINISTRATORS_LOCK})`.execute(tx);
};

const requireAdministrator = async (tx: Tx): Promise<void> => {
  const left = await tx
    .selectFrom("accounts")
    .select("account_no")
    .where("role", "=", "it")
    .where("scope", "=", "all")
    .where("disabled_at_ms", "is", null)
    .limit(1)
    .executeTakeFirst();
  if (left === undefined)
    throw new WindowRatingError("WR7058", "It is the last account that may make accounts; add another one of role it before");
};

/** Accounts as IT sees them, by name; one alone if its number is given. */
export const readAccounts = async (tx: Tx, nowMs: number, accountNo?: number): Promise<Account[]> => {
  const rows = await tx
    .selectFrom("accounts")
    .selectAll("accounts")
    .select((select) =>
      select
        .selectFrom("sessions")
        .select((count) => count.fn.countAll<number>().as("count"))
        .whereRef("sessions.account_no", "=", "accounts.account_no")
        .where("ended_at_ms", "is", null)
        .where("ends_at_ms", ">", nowMs)
        .as("sessions"),
    )
    .$if(accountNo !== undefined, (select) => select.where("account_no", "=", accountNo as number))
    .orderBy("name")
    .execute();
  const locked = await lockedUntil(
    tx,
    rows.map(({ name }) => name),
    nowMs,
  );
  return rows.map((row) => ({
    ...viewerOf(row),
    scope: scopeOf(row),
    createdAtMs: row.created_at_ms,
    createdBy: row.created_by,
    disabledAtMs: row.disabled_at_ms,
    mustChangePassword: row.start_until_ms !== null,
    lockedUntilMs: locked.get(row.name) ?? null,
    sessions: row.sessions ?? 0,
    lastSignInAtMs: row.last_sign_in_at_ms,
  }));
};

/** @throws WindowRatingError WR7057 */
export const readAccount = async (tx: Tx, accountNo: number, nowMs: number): Promise<Account> => {
  const [account] = await readAccounts(tx, nowMs, accountNo);
  if (account === undefined) throw new WindowRatingError("WR7057", `There is no account ${accountNo}`);
  return account;
};
