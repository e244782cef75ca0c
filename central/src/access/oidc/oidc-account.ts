import { WindowRatingError } from "@window-rating/protocol/error";
import type { Tx } from "../../ratings/rating-rows.ts";
import type { AccountRow } from "../account-row.ts";
import { addAccount, makePassword } from "../accounts.ts";
import { accountNameSchema, type NewAccount } from "../session-schema.ts";
import type { OidcSettings } from "./oidc-file.ts";

/** What a provider says of somebody. */
export type Claims = Readonly<Record<string, unknown>> & { readonly sub: string };

/**
 * The account of who signed in at the provider. The first time it is found by its name, and bound to the provider's own id of the person: a
 * name that the provider gives to somebody else later opens nothing.
 * @throws WindowRatingError WR7062
 */
export const accountOf = async (tx: Tx, settings: OidcSettings, claims: Claims, nowMs: number): Promise<AccountRow> => {
  const subject = `${settings.issuer} ${claims.sub}`;
  const known = await tx.selectFrom("accounts").selectAll().where("oidc_subject", "=", subject).forUpdate().executeTakeFirst();
  if (known !== undefined) return enabled(known);
  const name = accountNameSchema.safeParse(claims[settings.claim]);
  if (!name.success) throw noAccount(`The provider tells no ${settings.claim} that can be the name of an account`);
  const byName = () => tx.selectFrom("accounts").selectAll().where("name", "=", name.data).forUpdate().executeTakeFirst();
  const account = (await byName()) ?? (await created(tx, settings, claims, name.data, nowMs).then(byName));
  if (account === undefined) throw noAccount(`There is no account ${name.data}`);
  if (account.oidc_subject !== null)
    throw noAccount(`The account ${name.data} belongs to another person at the provider; window-central account reset lets it begin anew`);
  await tx.updateTable("accounts").set({ oidc_subject: subject }).where("account_no", "=", account.account_no).execute();
  return enabled(account);
};

const noAccount = (detail: string): WindowRatingError => new WindowRatingError("WR7062", detail);

const enabled = (account: AccountRow): AccountRow => {
  if (account.disabled_at_ms !== null) throw noAccount(`The account ${account.name} is disabled`);
  return account;
};

/** Makes an account if the file says so for somebody with these claims; nothing otherwise. */
const created = async (tx: Tx, settings: OidcSettings, claims: Claims, name: string, nowMs: number): Promise<void> => {
  const rule = settings.create.find(({ claim, is }) => has(claims[claim], is));
  if (rule === undefined) return;
  const account: NewAccount = { name, displayName: displayNameOf(claims, name), role: rule.role, scope: rule.scope };
  const made = await makePassword({ is: "none" }, account, nowMs);
  await addAccount(tx, account, made, { by: `sign-in at ${new URL(settings.issuer).host}` }, nowMs);
};

const has = (value: unknown, wanted: string): boolean => value === wanted || (Array.isArray(value) && value.includes(wanted));

const displayNameOf = ({ name }: Claims, otherwise: string): string => {
  const text =
    typeof name === "string"
      ? name
          .replace(/\p{Cc}/gu, " ")
          .trim()
          .slice(0, 64)
      : "";
  return text === "" ? otherwise : text;
};
