/*
 * Step: accounts, sessions, the record of who looked at personal data, and the keys that seal it.
 *
 * Accounts, sessions and counters of wrong passwords are state. What was done with them, and every look at personal data, is
 * append-only. Of secrets there are hashes alone; of the keys that seal contacts there is the public half.
 */
const appendOnly = (table: string): string => `
  create trigger ${table}_append_only before update or delete or truncate on ${table}
  for each statement execute function refuse_change()`;

/** Id of the key that sealed a text: "<key id> <base 64>"; empty for what was sealed before texts named their key. */
const KEY_ID = "case when position(' ' in sealed) > 0 then split_part(sealed, ' ', 1) else '' end";
const keyIdColumn = `key_id text collate "C" generated always as (${KEY_ID}) stored`;

export const ACCESS_STEP: readonly string[] = [
  `create table accounts (
    account_no bigint generated always as identity primary key,
    name text collate "C" not null unique,
    display_name text not null,
    role text not null check (role in ('it', 'hall', 'agency', 'supervisor', 'auditor', 'publisher')),
    scope text not null check (scope in ('all', 'agency', 'hall')),
    scope_no text,
    password text,
    start_until_ms bigint,
    oidc_subject text unique,
    created_by text not null,
    created_at_ms bigint not null,
    disabled_at_ms bigint,
    last_sign_in_at_ms bigint,
    check ((scope = 'all') = (scope_no is null)))`,
  `create table sessions (
    session_no bigint generated always as identity primary key,
    token_hash text not null unique,
    account_no bigint not null references accounts,
    way text not null check (way in ('password', 'oidc')),
    address text not null,
    device text not null,
    started_at_ms bigint not null,
    last_seen_at_ms bigint not null,
    ends_at_ms bigint not null,
    ended_at_ms bigint,
    ended_by text)`,
  "create index sessions_open on sessions (account_no) where ended_at_ms is null",
  "create index sessions_ends on sessions (ends_at_ms)",
  `create table sign_in_failures (
    kind text not null check (kind in ('name', 'address')),
    key text not null,
    failures integer not null,
    last_at_ms bigint not null,
    locked_until_ms bigint,
    primary key (kind, key))`,
  "create index sign_in_failures_old on sign_in_failures (last_at_ms)",
  `create table oidc_tries (
    state_hash text primary key,
    browser_hash text not null,
    nonce text not null,
    verifier text not null,
    ends_at_ms bigint not null)`,
  `create table access_events (
    event_no bigint generated always as identity primary key,
    at_ms bigint not null,
    kind text not null,
    account_no bigint references accounts,
    name text,
    by_whom text,
    address text,
    detail text)`,
  "create index access_events_account on access_events (account_no, event_no) where account_no is not null",
  `create table personal_looks (
    look_no bigint generated always as identity primary key,
    at_ms bigint not null,
    account_no bigint not null references accounts,
    name text not null,
    display_name text not null,
    role text not null,
    subject text not null check (subject in ('rating', 'case')),
    subject_no text not null,
    purpose text not null,
    reason text not null,
    address text not null)`,
  "create index personal_looks_account on personal_looks (account_no, look_no)",
  "create index personal_looks_subject on personal_looks (subject, subject_no)",
  ...["access_events", "personal_looks"].map(appendOnly),

  `create table contact_keys (
    key_no integer generated always as identity primary key,
    key_id text not null unique,
    public_key text not null,
    made_at_ms bigint not null,
    sealing_since_ms bigint,
    retired_at_ms bigint)`,
  `create table contact_key_holders (
    instance uuid primary key,
    key_ids text not null,
    seen_at_ms bigint not null)`,

  // A contact sealed anew is a new row beside the old one, which goes when the new one is there; so the key is part of what names a row.
  `alter table rating_contacts drop constraint rating_contacts_pkey, add column ${keyIdColumn}`,
  "alter table rating_contacts add primary key (rating, key_id)",
  "create index rating_contacts_key on rating_contacts (key_id, rating)",
  `alter table case_contacts add column ${keyIdColumn}`,
  "create index case_contacts_key on case_contacts (key_id, case_no)",
  `create index sms_messages_sealed on sms_messages ((${KEY_ID}), message_no) where sealed is not null`,
  // Replies and refused ratings are append-only, and what is sealed in them has to be sealed anew: it moves to a table of its own.
  `create table sealed_texts (
    kind text not null check (kind in ('reply', 'refused')),
    subject_no bigint not null,
    sealed text not null,
    ${keyIdColumn},
    primary key (kind, subject_no, key_id))`,
  "create index sealed_texts_key on sealed_texts (key_id, kind, subject_no)",
  "insert into sealed_texts (kind, subject_no, sealed) select 'reply', reply_no, sealed from sms_replies",
  "alter table sms_replies drop column sealed",
  "insert into sealed_texts (kind, subject_no, sealed) select 'refused', seq, content::json->>'sealed' from refused_reports where kind = 'rating'",
  "alter table refused_reports alter column content drop not null, disable trigger refused_reports_append_only",
  "update refused_reports set content = null where kind = 'rating'",
  "alter table refused_reports enable trigger refused_reports_append_only",
  "alter table refused_reports add check ((kind = 'rating') = (content is null))",
];
