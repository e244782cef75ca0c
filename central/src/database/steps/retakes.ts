/*
 * Step: entries of window PCs that were refused and taken after all.
 *
 * What was refused stays as it was: the entry with its code, and what was set aside with its reason. A row here says that one of those that
 * were set aside is settled, by whom and when, and whether its window PC has heard of it. From then on the entry is a duplicate.
 */
export const RETAKES_STEP: readonly string[] = [
  "alter table set_aside add column clock_offset_ms bigint",
  `create table retaken_entries (
    set_aside bigint primary key references set_aside,
    window_pc_id uuid not null,
    entry_id text collate "C" not null,
    number bigint not null,
    outcome text not null check (outcome in ('taken', 'duplicate')),
    taken_by text not null,
    taken_at_ms bigint not null,
    told_at_ms bigint)`,
  "create index retaken_entries_number on retaken_entries (window_pc_id, number)",
  "create index retaken_entries_untold on retaken_entries (window_pc_id, number) where told_at_ms is null",
];
