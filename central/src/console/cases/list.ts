import { type RawBuilder, sql } from "kysely";
import type { CentralDatabase } from "../../database/tables.ts";
import type { Tx } from "../../ratings/rating-rows.ts";
import type { CaseQuery, CaseRow } from "../contract/cases.ts";
import { cursorOf, readCursor } from "../cursor.ts";
import type { Places } from "../places.ts";
import { readInTime } from "../reading.ts";
import { readCases } from "./case-rows.ts";

type Sql = RawBuilder<unknown>;

interface Hit {
  readonly case_no: string;
  /** When it was first heard of, by which it is listed. */
  readonly heard_ms: number;
}

/** Days that are looked through at a time: few at first, since most lists are full then. */
const STRETCHES_DAYS = [1, 4, 16, 64, 128] as const;
const DAY_MS = 86_400_000;

interface Asked {
  readonly query: CaseQuery;
  /** The scope, and what of it is asked for. */
  readonly places: Places;
  /** Everything that the scope sees: whose visits are shown. */
  readonly seen: Places;
}

export interface CasePage {
  readonly cases: CaseRow[];
  readonly searchedToMs: number | null;
  readonly next: string | null;
}

/** One page of cases. */
export const listCases = (db: CentralDatabase, asked: Asked): Promise<CasePage> =>
  readInTime(db, async (tx) => {
    const { query, seen } = asked;
    const page = query.caseNo === undefined ? await byTime(tx, asked) : await byNumber(tx, asked, query.caseNo);
    const cases = await readCases(
      tx,
      page.hits.map(({ case_no }) => case_no),
      seen,
    );
    return { cases: cases.map(({ row }) => row), searchedToMs: page.searchedToMs, next: page.next };
  });

interface Found {
  readonly hits: readonly Hit[];
  readonly searchedToMs: number | null;
  readonly next: string | null;
}

/** What is asked of a case `c` itself. */
const ofCase = ({ item, state }: CaseQuery): Sql[] => [
  ...(item === undefined ? [] : [sql`c.item_code = ${item}::text`]),
  ...(state === undefined ? [] : [STATES[state]]),
];
const isDefault = sql`(select r.channel = 'default' from ratings r where r.seq = c.item_rating)`;
const STATES: Readonly<Record<NonNullable<CaseQuery["state"]>, Sql>> = {
  open: sql`c.completed_at_ms is null`,
  completed: sql`c.completed_at_ms is not null`,
  rated: sql`c.item_rating is not null and not ${isDefault}`,
  default: sql`c.item_rating is not null and ${isDefault}`,
  "not-rated": sql`c.completed_at_ms is not null and c.item_rating is null`,
};
const all = (conditions: readonly Sql[]): Sql => (conditions.length === 0 ? sql`true` : sql.join(conditions, sql` and `));

/** What is asked of a visit of a case, by the name of its table; undefined: nothing. */
const ofVisit = ({ query: { staffNo }, places }: Asked): ((visit: Sql) => Sql) | undefined => {
  if (places.is === "all" && staffNo === undefined) return undefined;
  return (visit) =>
    all([
      ...(places.is === "all" ? [] : [sql`${visit}.window_no = any(${places.windows}::text[])`]),
      ...(staffNo === undefined ? [] : [sql`${visit}.staff_no = ${staffNo}::text`]),
    ]);
};

/** Cases that are a place's own, by agency or item, wherever they were served. */
const isOwn = (places: Places): Sql | undefined =>
  places.is === "all" || (places.agencies.length === 0 && places.items.length === 0)
    ? undefined
    : sql`(c.agency_code = any(${places.agencies}::text[]) or c.item_code = any(${places.items}::text[]))`;

/** By number, from the one that begins as asked: found in the key of the table. */
const byNumber = async (tx: Tx, asked: Asked, beginning: string): Promise<Found> => {
  const { query } = asked;
  const [after] = query.after === undefined ? [""] : readCursor(query.after, ["text"]);
  const visits = ofVisit(asked);
  const own = query.staffNo === undefined ? isOwn(asked.places) : undefined;
  const atPlace =
    visits === undefined
      ? []
      : [sql`(exists (select from visits v where v.case_no = c.case_no and ${visits(sql`v`)}) or ${own ?? sql`false`})`];
  const { rows } = await sql<Hit>`
    select c.case_no, c.received_at_ms as heard_ms from cases c
    where c.case_no >= ${beginning}::text and c.case_no > ${after}::text and starts_with(c.case_no, ${beginning}::text)
      and c.case_no < ${`${beginning}\u{10ffff}`}::text
      and ${all([...periodOf(query, sql`c.received_at_ms`), ...atPlace, ...ofCase(query)])}
    order by c.case_no limit ${sql.lit(query.limit + 1)}`.execute(tx);
  const hits = rows.slice(0, query.limit);
  const last = hits.at(-1);
  return { hits, searchedToMs: null, next: rows.length > query.limit && last !== undefined ? cursorOf(last.case_no) : null };
};

const periodOf = ({ from, to }: CaseQuery, column: Sql): Sql[] => [
  ...(from === undefined ? [] : [sql`${column} >= ${from}::bigint`]),
  ...(to === undefined ? [] : [sql`${column} < ${to}::bigint`]),
];

/**
 * By time, stretch by stretch into the past, until the page is full. What fits hardly anything is not looked for through years in one
 * request: it says how far it came, and the next request goes on there.
 */
const byTime = async (tx: Tx, asked: Asked): Promise<Found> => {
  const { query } = asked;
  const { rows } = await sql<{ first: number | null; last: number | null }>`
    select (select received_at_ms from cases order by received_at_ms limit 1) as first,
      (select received_at_ms from cases order by received_at_ms desc limit 1) as last`.execute(tx);
  const { first, last } = rows[0] ?? { first: null, last: null };
  if (first === null || last === null) return { hits: [], searchedToMs: null, next: null };
  const [afterMs, afterNo] = query.after === undefined ? [Number.MAX_SAFE_INTEGER, undefined] : readCursor(query.after, ["number", "text"]);
  const endMs = Math.min(query.to ?? Number.MAX_SAFE_INTEGER, afterMs + 1);
  const beginMs = Math.max(query.from ?? 0, first);
  const hits: Hit[] = [];
  let untilMs = Math.min(endMs, last + DAY_MS);
  // Visits are heard of after their cases: some may be younger than the youngest case.
  if (endMs > untilMs) hits.push(...(await stretch(tx, asked, { fromMs: untilMs, untilMs: endMs, afterMs, afterNo }, query.limit + 1)));
  for (const days of STRETCHES_DAYS) {
    if (hits.length > query.limit || untilMs <= beginMs) break;
    const fromMs = Math.max(beginMs, untilMs - days * DAY_MS);
    hits.push(...(await stretch(tx, asked, { fromMs, untilMs, afterMs, afterNo }, query.limit + 1 - hits.length)));
    untilMs = fromMs;
  }
  const shown = hits.slice(0, query.limit);
  const end = shown.at(-1);
  if (hits.length > query.limit && end !== undefined) return { hits: shown, searchedToMs: null, next: cursorOf(end.heard_ms, end.case_no) };
  return untilMs > beginMs
    ? { hits: shown, searchedToMs: untilMs, next: cursorOf(untilMs - 1, END) }
    : { hits: shown, searchedToMs: null, next: null };
};

/** After every case number: a page that ended between two cases begins with all of the next moment. */
const END = "\u{10ffff}";

interface Stretch {
  readonly fromMs: number;
  readonly untilMs: number;
  readonly afterMs: number;
  readonly afterNo: string | undefined;
}

const stretch = async (tx: Tx, asked: Asked, { fromMs, untilMs, afterMs, afterNo }: Stretch, limit: number): Promise<readonly Hit[]> => {
  const within = (row: Sql): Sql =>
    all([
      sql`${row}.received_at_ms >= ${fromMs}::bigint and ${row}.received_at_ms < ${untilMs}::bigint`,
      ...(afterNo === undefined ? [] : [sql`(${row}.received_at_ms, ${row}.case_no) < (${afterMs}::bigint, ${afterNo}::text)`]),
    ]);
  const { query, places } = asked;
  const visits = ofVisit(asked);
  const order = sql`order by heard_ms desc, case_no desc limit ${sql.lit(limit)}`;
  if (visits === undefined) {
    const { rows } = await sql<Hit>`
      select c.case_no, c.received_at_ms as heard_ms from cases c where ${all([within(sql`c`), ...ofCase(query)])} ${order}`.execute(tx);
    return rows;
  }
  const own = query.staffNo === undefined ? isOwn(places) : undefined;
  const ofOwn =
    own === undefined
      ? sql``
      : sql`union all
        select c.case_no, c.received_at_ms from cases c
        where ${within(sql`c`)} and ${own} and not exists (select from visits v where v.case_no = c.case_no and ${visits(sql`v`)})`;
  // A case stands where its first visit at these places was heard of, once however many there are.
  const { rows } = await sql<Hit>`
    select hit.case_no, hit.heard_ms from (
      select v.case_no, v.received_at_ms as heard_ms from visits v
      where ${within(sql`v`)} and ${visits(sql`v`)} and not exists (
        select from visits earlier where earlier.case_no = v.case_no
          and (earlier.received_at_ms, earlier.visit_no) < (v.received_at_ms, v.visit_no) and ${visits(sql`earlier`)})
      ${ofOwn}) hit join cases c on c.case_no = hit.case_no
    where ${all(ofCase(query))} ${order}`.execute(tx);
  return rows;
};
