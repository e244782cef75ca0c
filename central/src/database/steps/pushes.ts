/*
 * Step: what business systems push to windows. A row is the record of one push and stays: who asked, what for, which window PC had it, and
 * what that made of it. Those that nobody has yet are found by an index that holds nothing else.
 */
export const PUSHES_STEP: readonly string[] = [
  `create table pushes (
    push_id uuid primary key,
    seq bigint generated always as identity,
    system_no integer not null references systems,
    push_no text not null,
    fingerprint text not null,
    window_no text not null,
    content jsonb not null,
    asked_at_ms bigint not null,
    expires_at_ms bigint not null,
    handed_to uuid references window_pcs,
    handed_at_ms bigint,
    outcome text check (outcome in ('taken', 'refused', 'expired')),
    request_id uuid,
    code text,
    detail text,
    answered_at_ms bigint,
    unique (system_no, push_no))`,
  "create index pushes_open on pushes (window_no, seq) where outcome is null",
];
