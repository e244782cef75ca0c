/*
 * Step: QR codes of one case and of one window.
 *
 * What was handed out and what became of it is append-only. `static_waiting` is a queue: ratings of a window whose visit is still looked
 * for; a row goes when `static_matches` says what was found.
 */
const appendOnly = (table: string): string => `
  create trigger ${table}_append_only before update or delete or truncate on ${table}
  for each statement execute function refuse_change()`;

export const CHANNELS_STEP: readonly string[] = [
  // Of a signing key the database holds the number alone; the key itself is derived from the key file.
  `create table qr_keys (
    key_no smallint primary key check (key_no between 1 and 255),
    made_at_ms bigint not null,
    revoked_at_ms bigint)`,
  `create table qr_tickets (
    ticket_id text primary key,
    key_no smallint not null references qr_keys,
    channel text not null check (channel in ('dynamic-qr', 'web')),
    case_no text,
    visit_no smallint,
    theme_no text,
    service text,
    expires_at_ms bigint not null,
    issued_by text not null,
    issued_at_ms bigint not null,
    check ((case_no is null) <> (theme_no is null)))`,
  "create index qr_tickets_case on qr_tickets (case_no)",
  `create table static_codes (
    code_no integer generated always as identity primary key,
    kind text not null check (kind in ('window', 'hall')),
    subject_no text not null,
    made_at_ms bigint not null,
    revoked_at_ms bigint)`,
  "create unique index static_codes_valid on static_codes (kind, subject_no) where revoked_at_ms is null",
  `create table static_waiting (
    rating bigint primary key,
    window_no text not null,
    scanned_at_ms bigint not null)`,
  "create index static_waiting_order on static_waiting (scanned_at_ms, rating)",
  `create table static_matches (
    rating bigint primary key,
    outcome text not null check (outcome in ('matched', 'none', 'several', 'contested', 'untold', 'refused')),
    candidates integer not null,
    case_no text,
    visit_no smallint,
    matched_rating bigint,
    decided_at_ms bigint not null,
    check ((outcome = 'matched') = (matched_rating is not null)))`,
  "create index static_matches_visit on static_matches (case_no, visit_no) where case_no is not null",
  // Visits are told of nearly in the order in which they ended, so a few blocks hold those of a few minutes.
  "create index visits_ended on visits using brin (ended_at_ms)",
  ...["qr_tickets", "static_matches"].map(appendOnly),
];
