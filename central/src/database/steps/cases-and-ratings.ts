/*
 * Step 2: cases, visits, people, and ratings of every channel.
 *
 * What is *accepted* is append-only: ratings, reports of business systems, changes of the registry, imports. Rows of `cases`, `visits`
 * and `daily_subjects` are no records but the current state made from these; each holds the number of the rating that is effective for
 * it, and its row lock is what decides between two ratings that come at the same time.
 */

/** Columns that only a rating from a window PC has all of. */
const PAD_ONLY = [
  ...["entry_id", "window_pc_id", "window_no", "clock_offset_ms", "case_no", "visit_no", "case_completed"],
  ...["item_code", "item_name", "staff_no", "clerk_name", "trigger", "circumstance", "secured"],
];

const appendOnly = (table: string): string => `
  create trigger ${table}_append_only before update or delete or truncate on ${table}
  for each statement execute function refuse_change()`;

const arrival = "seq, entry_id, request_id, window_pc_id, window_no, at_ms, received_at_ms, clock_offset_ms";
const bound = "case_no, visit_no, case_completed, item_code, item_name, staff_no, clerk_name, trigger";
const notBound = "null::text, null::smallint, null::boolean, null::text, null::text, null::text, null::text, null::text";
const way = "channel, subject, standing, supersedes, shared_from";
const padWay = "'pad'::text, null::text, null::text, null::bigint, null::bigint";

/** The newest state of one kind of the registry, as a view with a column for each field. */
const registryView = (view: string, kind: string, key: string, fields: Readonly<Record<string, string>>): string => `
  create view ${view} as
  select version, key as ${key}, ${Object.entries(fields)
    .map(([column, field]) => `content->>'${field}' as ${column}`)
    .join(", ")}
  from (select distinct on (key) version, key, content from registry where kind = '${kind}' order by key, version desc) newest
  where content is not null`;

export const CASES_AND_RATINGS: readonly string[] = [
  "drop view outcomes",
  `alter table ratings
    ${PAD_ONLY.map((column) => `alter column ${column} drop not null`).join(", ")},
    add column channel text not null default 'pad',
    add column subject text not null default 'staff',
    add column standing text not null default 'first' check (standing in ('first', 'correction', 'beside')),
    add column supersedes bigint,
    add column shared_from bigint,
    add column subject_no text,
    add column batch_no text,
    add column person text,
    add column named text not null default 'no' check (named in ('no', 'claimed', 'verified')),
    add column typed_by text,
    add column reasons_version text,
    add column reason_codes text,
    add column comment text,
    add column origin text,
    add column import_no bigint,
    add check ((standing = 'correction') <= (supersedes is not null))`,
  "create unique index ratings_supersedes on ratings (supersedes) where supersedes is not null",
  "create index ratings_shared on ratings (shared_from) where shared_from is not null",
  "create index ratings_beside on ratings (case_no) where standing = 'beside'",
  "create index ratings_other on ratings (channel, seq) where channel <> 'pad'",
  "create index not_rated_case on not_rated (case_no)",
  `create view outcomes (${arrival}, ${bound}, kind, level, circumstance, secured, reason, ${way}) as
    select ${arrival}, ${bound}, 'rating'::text, level, circumstance, secured, null::text, ${way} from ratings
    union all
    select ${arrival}, ${bound}, 'not-rated'::text, null::smallint, null::text, null::boolean, reason, ${padWay} from not_rated
    union all
    select ${arrival}, ${notBound}, 'unbound'::text, level, null::text, secured, null::text, ${padWay} from unbound`,

  `create table cases (
    case_no text collate "C" primary key,
    item_code text not null,
    item_name text not null,
    agency_code text,
    theme_no text,
    online boolean,
    accepted_at_ms bigint,
    completed_at_ms bigint,
    item_rating bigint,
    told_by text not null,
    told_at_ms bigint not null,
    received_at_ms bigint not null)`,
  "create index cases_theme on cases (theme_no) where theme_no is not null",
  "create index cases_unrated on cases (completed_at_ms) where item_rating is null and completed_at_ms is not null",
  `create table visits (
    case_no text collate "C" not null,
    visit_no smallint not null check (visit_no between 1 and 99),
    window_no text,
    staff_no text,
    clerk_name text,
    batch_no text,
    ended_at_ms bigint,
    staff_rating bigint,
    told_by text not null,
    told_at_ms bigint not null,
    received_at_ms bigint not null,
    primary key (case_no, visit_no))`,
  "create index visits_batch on visits (batch_no) where batch_no is not null",
  "create index visits_unrated on visits (ended_at_ms) where staff_rating is null and ended_at_ms is not null",
  `create table themes (theme_no text collate "C" primary key, name text, rating bigint, told_by text not null, received_at_ms bigint not null)`,
  `create table daily_subjects (
    subject text not null,
    subject_no text not null,
    day text not null,
    person text not null,
    rating bigint not null,
    primary key (subject, subject_no, day, person))`,

  // Sealed: only who holds central's key can read it. Not append-only, for a new key seals anew and a wish to be forgotten erases.
  "create table rating_contacts (rating bigint primary key, sealed text not null)",
  "create table case_contacts (case_no text primary key, sealed text not null, received_at_ms bigint not null)",
  "create table receipts (code_hash text primary key, rating bigint not null, issued_at_ms bigint not null)",
  "create index receipts_rating on receipts (rating)",
  appendOnly("receipts"),

  `create table systems (
    system_no bigint generated always as identity primary key,
    name text not null unique,
    token_hash text not null unique,
    scopes text not null,
    created_at_ms bigint not null,
    revoked_at_ms bigint)`,
  `create table case_reports (
    seq bigint generated always as identity primary key,
    system_no bigint not null references systems,
    case_no text not null,
    visit_no smallint,
    fingerprint text not null,
    content text not null,
    outcome text not null,
    received_at_ms bigint not null,
    unique (system_no, fingerprint))`,
  "create index case_reports_case on case_reports (case_no)",
  `create table refused_reports (
    seq bigint generated always as identity primary key,
    system_no bigint not null references systems,
    kind text not null,
    code text not null,
    field text not null,
    detail text not null,
    content text not null,
    fingerprint text not null,
    received_at_ms bigint not null,
    unique (system_no, fingerprint))`,
  `create table retaken_reports (refused bigint primary key references refused_reports, outcome text not null, retaken_at_ms bigint not null)`,

  `create table registry (
    version bigint generated always as identity primary key,
    kind text not null,
    key text collate "C" not null,
    content jsonb,
    told_by text not null,
    told_at_ms bigint not null)`,
  "create index registry_newest on registry (kind, key, version desc)",
  registryView("agencies", "agency", "agency_code", { name: "name" }),
  registryView("halls", "hall", "hall_no", { name: "name", agency_code: "agencyCode" }),
  registryView("windows", "window", "window_no", { name: "name", hall_no: "hallNo", agency_code: "agencyCode" }),
  registryView("clerks", "clerk", "staff_no", { clerk_name: "name", agency_code: "agencyCode", window_no: "windowNo" }),
  registryView("items", "item", "item_code", { item_name: "name", agency_code: "agencyCode" }),
  `create table clerk_days (
    window_no text not null,
    day text not null,
    staff_no text not null,
    told_by text not null,
    clerk_name text not null,
    first_at_ms bigint not null,
    last_at_ms bigint not null,
    primary key (window_no, day, staff_no, told_by))`,
  "create index clerk_days_staff on clerk_days (staff_no, day)",
  `create table seen_items (
    item_code text collate "C" not null,
    item_name text not null,
    first_at_ms bigint not null,
    primary key (item_code, item_name))`,
  `create table imports (
    import_no bigint generated always as identity primary key,
    kind text not null,
    file_name text not null,
    file_hash text not null,
    rows bigint not null,
    taken bigint not null,
    known bigint not null,
    applied_by text not null,
    applied_at_ms bigint not null)`,
  `create table site_policies (
    version bigint generated always as identity primary key,
    content jsonb not null,
    set_by text not null,
    set_at_ms bigint not null)`,
  ...["case_reports", "refused_reports", "retaken_reports", "registry", "imports", "site_policies"].map(appendOnly),
];
