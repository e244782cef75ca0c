/*
 * Step: what the console asks for.
 *
 * Lists of ratings come newest first and page by page, found by an index that holds them in that order: all, those of a window, a clerk, an
 * item. An index by time grows at its end, and one by window and time at a few thousand ends that stay in memory, so writing them costs
 * little (docs/central-console.md has the figures); what is rare has an index of its own that few rows go into. `seq` makes an order of
 * what happened in the same millisecond. Beside the order stands what lists are filtered by, so that rows are fetched for those alone
 * that are shown; console/ratings/search.ts counts on it.
 *
 * Cases and visits are looked for by number, or among the newest: for that it is enough to know which blocks hold which days.
 */
const FILTERED_BY = "level, window_no, staff_no, item_code, channel, subject, standing, secured";

export const CONSOLE_STEP: readonly string[] = [
  "drop index ratings_at",
  "drop index ratings_window",
  "drop index ratings_staff",
  "drop index ratings_other",
  "create index ratings_at on ratings (at_ms, seq)",
  "create index ratings_window on ratings (window_no, at_ms, seq) include (level, channel, subject, secured)",
  "create index ratings_staff on ratings (staff_no, at_ms, seq)",
  "create index ratings_item on ratings (item_code, at_ms, seq) include (window_no, level, channel, subject, secured)",
  `create index ratings_bad on ratings (at_ms, seq) include (${FILTERED_BY}) where level <= 2`,
  `create index ratings_unusual on ratings (at_ms, seq) include (${FILTERED_BY}) where standing <> 'first'`,
  `create index ratings_channel on ratings (channel, at_ms, seq) include (${FILTERED_BY.replace(" channel,", "")})
    where channel not in ('pad', 'browser-pad', 'default')`,
  // Ratings of halls, agencies, themes.
  "create index ratings_subject on ratings (subject, subject_no, at_ms, seq) where subject_no is not null",

  "create index cases_heard on cases (received_at_ms, case_no)",
  "create index visits_heard on visits using brin (received_at_ms)",
  "create index not_rated_at on not_rated using brin (at_ms)",

  // One row for each window PC, written by its heartbeats; apart from window_pcs, whose row is the lock of its batches.
  `create table window_pc_statuses (
    window_pc_id uuid primary key references window_pcs,
    content jsonb not null,
    clock_offset_ms bigint not null,
    told_at_ms bigint not null,
    changed_at_ms bigint not null)`,
];
