/*
 * Step: window PCs that are gone. Null: it is waited for. When somebody retired one is state of the machine, and stands in access_events, too.
 */
export const RETIRED_PCS_STEP: readonly string[] = ["alter table window_pcs add column retired_at_ms bigint"];
