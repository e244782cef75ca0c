/*
 * Step: words of citizens that came with a file are sealed as all others are, beside the rating. Of ratings that were taken in before, the words
 * stand in the row, in clear: central seals them when it starts (imports/seal-words.ts) and takes them out of the row. That is the one change that
 * a row of ratings may ever see, and only when what it loses lies sealed beside it.
 */
export const IMPORTED_WORDS_STEP: readonly string[] = [
  "alter table sealed_texts drop constraint sealed_texts_kind_check",
  "alter table sealed_texts add constraint sealed_texts_kind_check check (kind in ('reply', 'refused', 'import'))",
  "create index ratings_clear_words on ratings (seq) where comment is not null",
  `create function refuse_rating_change() returns trigger language plpgsql as $$
    begin
      if old.comment is not null and new.comment is null and to_jsonb(new) - 'comment' = to_jsonb(old) - 'comment'
        and exists (select from sealed_texts where kind = 'import' and subject_no = old.seq) then
        return new;
      end if;
      raise exception '% is append-only: % refused', tg_table_name, lower(tg_op);
    end
  $$`,
  "drop trigger ratings_append_only on ratings",
  `create trigger ratings_append_only before delete or truncate on ratings
    for each statement execute function refuse_change()`,
  `create trigger ratings_words_alone before update on ratings
    for each row execute function refuse_rating_change()`,
];
