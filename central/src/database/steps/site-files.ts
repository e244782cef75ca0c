/*
 * Step: site files for the window PCs, as IT staff signed them. Each version is kept; the highest one is served. Central changes nothing in
 * them: it has no key, and each window PC checks the signature itself.
 */
export const SITE_FILES_STEP: readonly string[] = [
  `create table site_files (
    version integer primary key check (version > 0),
    site text not null,
    signed_by text not null,
    content text not null,
    put_by text not null,
    put_at_ms bigint not null)`,
  `create trigger site_files_append_only before update or delete or truncate on site_files
    for each statement execute function refuse_change()`,
];
