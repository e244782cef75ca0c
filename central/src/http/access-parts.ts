import type { OidcSettings } from "../access/oidc/oidc-file.ts";
import type { CentralDatabase } from "../database/tables.ts";
import type { ContactKeys } from "../sms/contact-keys.ts";

/** What the routes of sign-in, accounts and personal data work with. */
export interface AccessParts {
  readonly db: CentralDatabase;
  readonly now: () => number;
  /** Without them nothing that is sealed can be opened. */
  readonly contactKeys: ContactKeys | undefined;
  /** Sign-in with the organisation's own accounts, where there is one. */
  readonly oidc: OidcSettings | undefined;
}
