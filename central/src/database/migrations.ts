import { ACCESS_STEP } from "./steps/access.ts";
import { CASES_AND_RATINGS } from "./steps/cases-and-ratings.ts";
import { CHANNELS_STEP } from "./steps/channels.ts";
import { CONSOLE_STEP } from "./steps/console.ts";
import { ENTRY_FILES_STEP } from "./steps/entry-files.ts";
import { EXTENSIONS_STEP } from "./steps/extensions.ts";
import { IMPORTED_WORDS_STEP } from "./steps/imported-words.ts";
import { JOBS_AND_SMS } from "./steps/jobs-and-sms.ts";
import { POLICY_STEPS } from "./steps/policy-steps.ts";
import { PUSHES_STEP } from "./steps/pushes.ts";
import { RETAKES_STEP } from "./steps/retakes.ts";
import { RETIRED_PCS_STEP } from "./steps/retired-pcs.ts";
import { SITE_FILES_STEP } from "./steps/site-files.ts";

/** One step of the schema. Steps are never changed once released; a new one is added at the end. */
interface Migration {
  readonly version: number;
  readonly name: string;
  readonly statements: readonly string[];
}

/*
 * The tables that take a row for each entry have no foreign key to window_pcs: every row is written under the lock of that very
 * row, and the check of hundreds of keys a batch would cost a tenth of the writing. For the same reason times, which come nearly
 * in order, have a BRIN index.
 */
const arrivalColumns = `
  seq bigint primary key,
  entry_id text collate "C" not null,
  request_id uuid not null,
  window_pc_id uuid not null,
  window_no text not null,
  at_ms bigint not null,
  received_at_ms bigint not null,
  clock_offset_ms bigint not null`;

const boundColumns = `
  case_no text not null,
  visit_no smallint not null,
  case_completed boolean not null,
  item_code text not null,
  item_name text not null,
  staff_no text not null,
  clerk_name text not null,
  trigger text not null`;

const arrival = "seq, entry_id, request_id, window_pc_id, window_no, at_ms, received_at_ms, clock_offset_ms";
const bound = "case_no, visit_no, case_completed, item_code, item_name, staff_no, clerk_name, trigger";
const notBound = "null::text, null::smallint, null::boolean, null::text, null::text, null::text, null::text, null::text";

const appendOnly = (table: string): string => `
  create trigger ${table}_append_only before update or delete or truncate on ${table}
  for each statement execute function refuse_change()`;

/** The schema of central, the same SQL for PostgreSQL and PGlite. */
export const MIGRATIONS: readonly Migration[] = [
  {
    version: 1,
    name: "window PCs, entries and what they hold",
    statements: [
      `create table window_pcs (
        window_pc_id uuid primary key,
        window_no text not null,
        public_key text not null,
        token_hash text not null,
        enrolled_at_ms bigint not null,
        last_seen_at_ms bigint,
        clock_offset_ms bigint,
        highest_gapless bigint not null default 0,
        ratings bigint not null default 0,
        not_rated bigint not null default 0,
        rated_later bigint not null default 0,
        unbound bigint not null default 0,
        set_aside bigint not null default 0,
        incidents bigint not null default 0)`,
      `create table enrolment_codes (
        code_hash text primary key,
        window_no text not null,
        expires_at_ms bigint not null,
        used_at_ms bigint,
        window_pc_id uuid references window_pcs)`,
      `create table entries (
        seq bigint generated always as identity,
        window_pc_id uuid not null,
        number bigint not null check (number > 0),
        entry_id text collate "C" not null unique,
        previous_hash text not null,
        hash text not null,
        signature text not null,
        body text not null,
        refusal text,
        received_at_ms bigint not null,
        clock_offset_ms bigint not null,
        primary key (window_pc_id, number))`,
      `create table received_ranges (
        window_pc_id uuid not null references window_pcs,
        first bigint not null,
        last bigint not null check (last >= first),
        began_at_ms bigint not null,
        primary key (window_pc_id, first))`,
      `create table ratings (${arrivalColumns}, ${boundColumns},
        level smallint not null check (level between 1 and 5),
        circumstance text not null,
        secured boolean not null,
        unique (request_id))`,
      `create table not_rated (${arrivalColumns}, ${boundColumns},
        reason text not null)`,
      `create table unbound (${arrivalColumns},
        level smallint not null check (level between 1 and 5),
        secured boolean not null)`,
      "create index not_rated_request on not_rated (request_id)",
      "create index ratings_window on ratings (window_no, seq)",
      "create index ratings_staff on ratings (staff_no, seq)",
      "create index ratings_at on ratings using brin (at_ms)",
      "create index not_rated_window on not_rated (window_no, seq)",
      "create index not_rated_staff on not_rated (staff_no, seq)",
      `create view outcomes (${arrival}, ${bound}, kind, level, circumstance, secured, reason) as
        select ${arrival}, ${bound}, 'rating'::text, level, circumstance, secured, null::text from ratings
        union all
        select ${arrival}, ${bound}, 'not-rated'::text, null::smallint, null::text, null::boolean, reason from not_rated
        union all
        select ${arrival}, ${notBound}, 'unbound'::text, level, null::text, secured, null::text from unbound`,
      `create table set_aside (
        seq bigint generated always as identity primary key,
        window_pc_id uuid not null references window_pcs,
        entry_id text not null,
        number bigint not null,
        code text not null,
        detail text not null,
        entry text not null,
        fingerprint text not null,
        received_at_ms bigint not null,
        unique (window_pc_id, fingerprint))`,
      `create table incidents (
        seq bigint generated always as identity primary key,
        window_pc_id uuid not null references window_pcs,
        kind text not null,
        code text,
        entry_id text not null,
        number bigint not null,
        detail text not null,
        noticed_at_ms bigint not null)`,
      `create function refuse_change() returns trigger language plpgsql as $$
        begin
          raise exception '% is append-only: % refused', tg_table_name, lower(tg_op);
        end
      $$`,
      ...["entries", "ratings", "not_rated", "unbound", "set_aside", "incidents"].map(appendOnly),
    ],
  },
  { version: 2, name: "cases, visits, people, and ratings of every channel", statements: CASES_AND_RATINGS },
  { version: 3, name: "steps of the regions' rules", statements: POLICY_STEPS },
  { version: 4, name: "reminders, default ratings and SMS", statements: JOBS_AND_SMS },
  { version: 5, name: "QR codes of a case and of a window", statements: CHANNELS_STEP },
  { version: 6, name: "accounts, sessions, looks at personal data, contact keys", statements: ACCESS_STEP },
  { version: 7, name: "lists of the console, status of window PCs", statements: CONSOLE_STEP },
  { version: 8, name: "what business systems push to windows", statements: PUSHES_STEP },
  { version: 9, name: "refused entries that were taken after all", statements: RETAKES_STEP },
  { version: 10, name: "signed site files for window PCs", statements: SITE_FILES_STEP },
  { version: 11, name: "window PCs that are gone", statements: RETIRED_PCS_STEP },
  { version: 12, name: "who approved an extension", statements: EXTENSIONS_STEP },
  { version: 13, name: "words of files are sealed", statements: IMPORTED_WORDS_STEP },
  { version: 14, name: "entries beside the chain", statements: ENTRY_FILES_STEP },
];
