import type { ErrorCode } from "@window-rating/protocol/error";
import type { Entry } from "@window-rating/protocol/sync";
import { type Kysely, sql } from "kysely";
import { PLANNED_ONCE } from "../database/planned-statements.ts";
import type { CentralTables } from "../database/tables.ts";
import type { Tx } from "../ratings/rating-rows.ts";
import type { Effective } from "../ratings/rules.ts";
import { readEffective } from "../ratings/subjects.ts";
import type { CheckedEntry } from "./checked-entry.ts";
import { type GivenRating, isGiven, ratingIdOf } from "./given-rating.ts";
import { type Known, type KnownEntry, visitKey } from "./judgement.ts";
import type { NumberRange } from "./number-ranges.ts";

type Reading = Kysely<CentralTables>;
type Nullable<T> = { readonly [K in keyof T]: T[K] | null };

export const entriesOf = (checked: readonly CheckedEntry[]): Entry[] => checked.flatMap((one) => (one.authentic ? [one.entry] : []));

/** Why an entry does not count; of one that was taken after all, nothing. Looked up for the few alone that were refused. */
const REFUSAL = sql<ErrorCode | null>`case when entries.refusal is not null and not exists (
  select from retaken_entries taken where taken.window_pc_id = entries.window_pc_id and taken.number = entries.number
    and taken.entry_id = entries.entry_id and taken.outcome <> 'left') then entries.refusal end`;

const KNOWN = ["entry_id as entryId", "number", "hash", "previous_hash as previousHash", REFUSAL.as("refusal")] as const;

/** What is known of the window PC's own entries, as far as a batch touches them. */
export interface Surroundings {
  /** The ranges of received numbers that the entries fall into or touch. */
  readonly ranges: readonly NumberRange[];
  /** Entries received before under a number of the batch, or next to one. */
  readonly neighbours: readonly KnownEntry[];
}

/** Reads both in one statement: after the lock, since another batch of this window PC may have been under way. */
export const readSurroundings = async (db: Reading, windowPcId: string, entries: readonly Entry[]): Promise<Surroundings> => {
  const wanted = [...new Set(entries.flatMap(({ number }) => [number - 1, number, number + 1]))];
  if (wanted.length === 0) return { ranges: [], neighbours: [] };
  // A file has more of them than fit into a call.
  const [least, most] = wanted.reduce(
    ([low, high], number) => [Math.min(low, number), Math.max(high, number)],
    [wanted[0] ?? 0, wanted[0] ?? 0],
  );
  const { rows } = await sql<Nullable<NumberRange> & Nullable<KnownEntry>>`${sql.raw(PLANNED_ONCE)}
    with ranges as materialized (
      select first, last, began_at_ms from received_ranges
      where window_pc_id = ${windowPcId}::uuid and last >= ${least}::bigint and first <= ${most}::bigint),
    wanted as (
      select number from unnest((string_to_array(${wanted.join(",")}::text, ','))::bigint[]) as asked(number)
      where exists (select from ranges where number between first and last))
    select first, last, began_at_ms as "beganAtMs", null as "entryId", null::bigint as number, null as hash, null as "previousHash", null as refusal
    from ranges
    union all
    select null, null, null, entry_id, entries.number, hash, previous_hash, ${REFUSAL}
    from wanted join entries on entries.window_pc_id = ${windowPcId}::uuid and entries.number = wanted.number`.execute(db);
  const isRange = (row: (typeof rows)[number]): row is NumberRange & typeof row => row.first !== null;
  const isEntry = (row: (typeof rows)[number]): row is KnownEntry & typeof row => row.number !== null;
  return {
    ranges: rows.filter(isRange).map(({ first, last, beganAtMs }) => ({ first, last, beganAtMs })),
    neighbours: rows
      .filter(isEntry)
      .map(({ entryId, number, hash, previousHash, refusal }) => ({ entryId, number, hash, previousHash, refusal })),
  };
};

/** Hashes of those entries that count beside the chain. */
export const readBeside = async (db: Reading, checked: readonly CheckedEntry[]): Promise<ReadonlySet<string>> => {
  const hashes = entriesOf(checked).map(({ hash }) => hash);
  if (hashes.length === 0) return new Set();
  const rows = await db.selectFrom("beside_entries").select("hash").where("hash", "=", sql<string>`any(${hashes}::text[])`).execute();
  return new Set(rows.map(({ hash }) => hash));
};

const givenIn = (checked: readonly CheckedEntry[]): GivenRating[] =>
  checked.flatMap((one) => (one.authentic && "kind" in one.content && isGiven(one.content) ? [one.content] : []));

/** What the whole database knows of the batch: entries of any window PC with its ids, and requests that have a rating. */
export const readElsewhere = async (
  db: Tx,
  checked: readonly CheckedEntry[],
): Promise<Pick<Known, "withTheseIds" | "ratedRequests" | "ratedVisits">> => {
  const requestIds = givenIn(checked).map(ratingIdOf);
  const withTheseIds = await db
    .selectFrom("entries")
    .select(KNOWN)
    .where("entry_id", "=", sql<string>`any(${entriesOf(checked).map(({ entryId }) => entryId)}::text[])`)
    .execute();
  const rated = await db
    .selectFrom("ratings")
    .select("request_id")
    .where("request_id", "=", sql<string>`any(${requestIds}::uuid[])`)
    .execute();
  return { withTheseIds, ratedRequests: rated.map((row) => row.request_id), ratedVisits: await readRatedVisits(db, checked) };
};

/** Visits of the batch that have a rating that counts, whichever channel it came by; each locked until this transaction ends. */
const readRatedVisits = async (db: Tx, checked: readonly CheckedEntry[]): Promise<Map<string, Effective>> => {
  const visits = givenIn(checked).map(({ binding }) => binding);
  const { rows } = await sql<{ caseNo: string; visitNo: number; rating: number }>`
    select case_no as "caseNo", visit_no as "visitNo", staff_rating as rating from visits
    where (case_no, visit_no) in (
      select * from unnest(${visits.map(({ caseNo }) => caseNo)}::text[], ${visits.map(({ visitNo }) => visitNo)}::smallint[]))
      and staff_rating is not null
    order by case_no, visit_no for update`.execute(db);
  const found = new Map<string, Effective>();
  for (const row of rows) {
    const effective = await readEffective(db, row.rating);
    if (effective !== null) found.set(visitKey(row), effective);
  }
  return found;
};
