/*
 * Step: reminders, default ratings and SMS.
 *
 * Records are append-only: decisions about reminders, replies, settings of the jobs. `sms_messages` is the outbox and holds the state of
 * each message; what was said in it to whom is not kept in clear.
 */
const appendOnly = (table: string): string => `
  create trigger ${table}_append_only before update or delete or truncate on ${table}
  for each statement execute function refuse_change()`;

export const JOBS_AND_SMS: readonly string[] = [
  // When it was decided whether its applicant is reminded: set together with what was decided, so that it is decided once.
  "alter table cases add column reminder_decided_at_ms bigint",
  `create index cases_to_remind on cases (completed_at_ms, case_no)
    where item_rating is null and completed_at_ms is not null and reminder_decided_at_ms is null`,
  `create table reminders (
    case_no text collate "C" not null,
    event_ms bigint not null,
    due_ms bigint not null,
    step_id uuid not null,
    outcome text not null check (outcome in ('queued', 'no-contact', 'too-late')),
    decided_at_ms bigint not null,
    primary key (case_no, outcome))`,
  // As in cases: between two collations no index is of use.
  'alter table case_contacts alter column case_no type text collate "C"',
  "create index case_contacts_received on case_contacts (received_at_ms)",

  `create table sms_messages (
    message_no bigint generated always as identity primary key,
    key uuid not null,
    kind text not null check (kind in ('reminder', 'answer')),
    case_no text collate "C",
    sealed text,
    to_hash text,
    state text not null check (state in ('waiting', 'sending', 'accepted', 'refused', 'given-up', 'unsure', 'needless', 'no-phone', 'opted-out', 'too-late')),
    due_ms bigint not null,
    not_before_ms bigint not null,
    claim uuid,
    claimed_until_ms bigint,
    attempts integer not null default 0,
    item text,
    gateway_id text,
    fault text,
    queued_at_ms bigint not null,
    settled_at_ms bigint,
    check ((kind = 'reminder') = (case_no is not null and sealed is null) or kind = 'answer'))`,
  "create unique index sms_messages_case on sms_messages (case_no) where case_no is not null",
  "create index sms_messages_waiting on sms_messages (not_before_ms, due_ms, message_no) where state = 'waiting'",
  "create index sms_messages_sending on sms_messages (claimed_until_ms) where state = 'sending'",
  "create index sms_messages_to on sms_messages (to_hash, message_no) where to_hash is not null",

  `create table sms_replies (
    reply_no bigint generated always as identity primary key,
    gateway_message_id text collate "C" not null unique,
    from_hash text not null,
    outcome text not null,
    code text,
    case_no text collate "C",
    rating bigint,
    sealed text not null,
    received_at_ms bigint not null)`,
  "create index sms_replies_from on sms_replies (from_hash, received_at_ms)",
  "create index sms_replies_case on sms_replies (case_no) where case_no is not null",
  "create table sms_opt_outs (to_hash text primary key, since_ms bigint not null)",

  `create table job_settings (
    version bigint generated always as identity primary key,
    content jsonb not null,
    set_by text not null,
    set_at_ms bigint not null)`,
  `create table job_runs (
    run_no bigint generated always as identity primary key,
    job text not null,
    done bigint not null,
    started_at_ms bigint not null,
    finished_at_ms bigint not null)`,
  "create index job_runs_job on job_runs (job, run_no desc)",
  ...["reminders", "sms_replies", "job_settings", "job_runs"].map(appendOnly),
];
