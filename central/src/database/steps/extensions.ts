/*
 * Step: who approved a date that goes beyond the limit of the rules. The view is made anew, for it lists the columns of its table.
 */
export const EXTENSIONS_STEP: readonly string[] = [
  "alter table policy_steps add column date_approved_by text, add check (date_approved_by is null or date_set_by is not null)",
  `create or replace view newest_policy_steps as
    select distinct on (step_id) * from policy_steps order by step_id, revision desc`,
];
