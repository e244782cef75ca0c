import type { Generated, GeneratedAlways } from "kysely";
import type { Role } from "../access/viewer.ts";

/** Somebody who may sign in, as the account is now. */
export interface AccountTable {
  account_no: Generated<number>;
  name: string;
  display_name: string;
  role: Role;
  scope: "all" | "agency" | "hall";
  /** Agency or hall; null for all. */
  scope_no: string | null;
  /** Hash with its own parameters; null: signs in with the organisation's account alone. */
  password: string | null;
  /** Not null: the password is a start password, good until then and only to be changed. */
  start_until_ms: number | null;
  /** Who the organisation's sign-in says it is, since the first time. */
  oidc_subject: string | null;
  created_by: string;
  created_at_ms: number;
  disabled_at_ms: number | null;
  last_sign_in_at_ms: number | null;
}

/** A sign-in that goes on; only the hash of its token is kept. */
export interface SessionTable {
  session_no: Generated<number>;
  token_hash: string;
  account_no: number;
  way: "password" | "oidc";
  address: string;
  device: string;
  started_at_ms: number;
  last_seen_at_ms: number;
  ends_at_ms: number;
  ended_at_ms: number | null;
  ended_by: string | null;
}

/** Wrong passwords by name and by address; names and addresses as hashes, since people type passwords for names. */
export interface SignInFailureTable {
  kind: "name" | "address";
  key: string;
  failures: number;
  last_at_ms: number;
  locked_until_ms: number | null;
}

/** A sign-in that was sent to the organisation's provider and has not come back. */
export interface OidcTryTable {
  state_hash: string;
  browser_hash: string;
  nonce: string;
  verifier: string;
  ends_at_ms: number;
}

/** Sign-ins, lock-outs, what was done with accounts and keys. Append-only. */
export interface AccessEventTable {
  event_no: Generated<number>;
  at_ms: number;
  kind: string;
  account_no: number | null;
  name: string | null;
  by_whom: string | null;
  address: string | null;
  detail: string | null;
}

/** Who looked at what a citizen wrote, and why. Append-only; written in the transaction that opens it. */
export interface PersonalLookTable {
  look_no: Generated<number>;
  at_ms: number;
  account_no: number;
  name: string;
  display_name: string;
  role: Role;
  subject: "rating" | "case";
  subject_no: string;
  purpose: string;
  reason: string;
  address: string;
}

/** A key that seals what citizens write: its public half. The private one is in the key file alone. */
export interface ContactKeyTable {
  key_no: Generated<number>;
  key_id: string;
  public_key: string;
  made_at_ms: number;
  /** Since when it seals; the newest of these does. */
  sealing_since_ms: number | null;
  retired_at_ms: number | null;
}

/** Which keys a running instance holds. */
export interface ContactKeyHolderTable {
  instance: string;
  /** With blanks between. */
  key_ids: string;
  seen_at_ms: number;
}

/** What is sealed beside append-only records, so that it can be sealed anew. */
export interface SealedTextTable {
  kind: "reply" | "refused" | "import";
  /** Number of the reply, or of the refused report. */
  subject_no: number;
  sealed: string;
  key_id: GeneratedAlways<string>;
}
