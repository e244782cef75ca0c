/*
 * Step: entries of window PCs that lie beside the chain.
 *
 * Where two entries carry one number the first is the link of the chain, and the other was set aside. If a person decides that it counts, it
 * is kept here with its own hash and signature, and its rating has the number it has here. What was set aside stays as it was; the decision
 * stands in `retaken_entries`, the state, and in `access_events`, the record.
 */
export const ENTRY_FILES_STEP: readonly string[] = [
  // SHA-256 of the file that it came in; null: its window PC sent it.
  "alter table set_aside add column file_hash text",
  `create table beside_entries (
    seq bigint primary key,
    set_aside bigint not null unique references set_aside,
    window_pc_id uuid not null references window_pcs,
    number bigint not null check (number > 0),
    entry_id text collate "C" not null unique,
    previous_hash text not null,
    hash text not null unique,
    signature text not null,
    body text not null,
    received_at_ms bigint not null,
    clock_offset_ms bigint not null)`,
  `create trigger beside_entries_append_only before update or delete or truncate on beside_entries
    for each statement execute function refuse_change()`,
  `create view proven_entries (window_pc_id, number, entry_id, previous_hash, hash, signature, body, received_at_ms, clock_offset_ms, is_beside) as
    select window_pc_id, number, entry_id, previous_hash, hash, signature, body, received_at_ms, clock_offset_ms, false from entries
    union all
    select window_pc_id, number, entry_id, previous_hash, hash, signature, body, received_at_ms, clock_offset_ms, true from beside_entries`,
  "alter table retaken_entries drop constraint retaken_entries_outcome_check",
  "alter table retaken_entries add constraint retaken_entries_outcome_check check (outcome in ('taken', 'duplicate', 'left'))",
  // Why it counts or not, where a person decided.
  "alter table retaken_entries add column reason text",
];
