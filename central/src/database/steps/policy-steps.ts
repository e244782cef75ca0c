/*
 * Step 3: what the rules of a region gave for one step of one case: until when, under which version of pack and calendar, by which
 * reading, and who set the date where the document gives no number. Append-only: every change is a further revision.
 */
export const POLICY_STEPS: readonly string[] = [
  `create table policy_steps (
    step_id uuid not null,
    revision integer not null check (revision > 0),
    subject text not null,
    region text not null,
    rule text not null,
    due_ms bigint,
    ask boolean not null,
    date_set_by text,
    date_set_at_ms bigint,
    date_reason text,
    closed_at_ms bigint,
    reading text,
    pack_version integer not null,
    pack_hash text not null,
    calendar_version text not null,
    explanation jsonb not null,
    recorded_at_ms bigint not null,
    primary key (step_id, revision),
    check ((date_set_by is null) = (date_set_at_ms is null)),
    check (due_ms is null or not ask or date_set_by is not null))`,
  "create index policy_steps_subject on policy_steps (subject)",
  `create view newest_policy_steps as
    select distinct on (step_id) * from policy_steps order by step_id, revision desc`,
  `create trigger policy_steps_append_only before update or delete or truncate on policy_steps
    for each statement execute function refuse_change()`,
];
