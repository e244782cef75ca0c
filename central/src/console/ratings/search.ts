import { type RawBuilder, sql } from "kysely";
import type { RatingFilters } from "../contract/ratings.ts";
import type { Places } from "../places.ts";

/*
 * Ten million ratings are looked through by an index that holds them in the order of the list, from the newest on, until a page is full.
 * Which one is chosen here and not by the database: what it believes of how often two filters meet is a guess, and a wrong guess reads
 * the table. Filters that the index itself can answer are asked of it (database/steps/console.ts says what stands in each); the others
 * are asked of the row, which is fetched for those alone that passed.
 */

type Sql = RawBuilder<unknown>;

/** Where the page before ended. */
export interface RatingPosition {
  readonly atMs: number;
  readonly ratingNo: number;
}

type Column = "level" | "channel" | "secured" | "staff_no" | "item_code" | "subject" | "standing" | "window_no";

/** One filter: which columns it looks at, and its condition on a rating by that name. */
interface Condition {
  readonly columns: readonly Column[];
  readonly on: (rating: Sql) => Sql;
}

/** A way to look through ratings from the newest on. */
interface Driver {
  /** What the index answers by itself; undefined: the rows are read anyway. */
  readonly covers?: ReadonlySet<Column>;
  /** What must be said for the index to be used. */
  readonly condition?: Sql;
}

const EVERYTHING: ReadonlySet<Column> = new Set([
  "level",
  "channel",
  "secured",
  "staff_no",
  "item_code",
  "subject",
  "standing",
  "window_no",
]);
const OF_WINDOW: ReadonlySet<Column> = new Set(["window_no", "level", "channel", "subject", "secured"]);
const OF_ITEM: ReadonlySet<Column> = new Set(["item_code", "window_no", "level", "channel", "subject", "secured"]);

const R = sql`r`;
const both = (conditions: readonly Sql[]): Sql => sql.join(conditions, sql` and `);

/** Channels of which there are few: an index holds them apart. */
const COMMON_CHANNELS: ReadonlySet<string> = new Set(["pad", "browser-pad", "default"]);
/** What is rated without a window or item. */
const PLACE_SUBJECTS: ReadonlySet<string> = new Set(["theme", "hall", "agency", "platform", "window"]);

const oneOf = (column: Sql, values: readonly (string | number)[], type: "text" | "smallint"): Sql =>
  values.length === 1 ? sql`${column} = ${values[0]}::${sql.raw(type)}` : sql`${column} = any(${values}::${sql.raw(type)}[])`;

/**
 * Something that the citizen wrote, sealed: given here, or told by a file; of files from before, not sealed yet. Looked up one by one, so
 * that no table is ever read whole for it; and of the row only the channel, which the index of a window knows.
 */
export const hasWords = (rating: Sql): RawBuilder<boolean> => sql<boolean>`(
  (select true from rating_contacts contact where contact.rating = ${rating}.seq) is true
  or (${rating}.channel = 'import' and ((select true from sealed_texts told where told.kind = 'import' and told.subject_no = ${rating}.seq limit 1) is true
    or (select commented.comment is not null from ratings commented where commented.seq = ${rating}.seq))))`;

const conditionsOf = ({ level, channel, origin, staffNo, item, subject, standing, words, given }: RatingFilters): Condition[] => {
  const all: Condition[] = [];
  const add = (columns: readonly Column[], on: Condition["on"]): void => {
    all.push({ columns, on });
  };
  if (level !== undefined) add(["level"], (r) => oneOf(sql`${r}.level`, level, "smallint"));
  if (channel !== undefined) add(["channel"], (r) => oneOf(sql`${r}.channel`, channel, "text"));
  if (given !== undefined) add(["channel"], (r) => (given ? sql`${r}.channel <> 'default'` : sql`${r}.channel = 'default'`));
  if (origin === "without-pad") add(["secured"], (r) => sql`${r}.secured is null`);
  else if (origin !== undefined) add(["secured"], (r) => sql`${r}.secured = ${origin === "secured"}::boolean`);
  if (staffNo !== undefined) add(["staff_no"], (r) => sql`${r}.staff_no = ${staffNo}::text`);
  if (item !== undefined) add(["item_code"], (r) => sql`${r}.item_code = ${item}::text`);
  if (subject !== undefined) add(["subject"], (r) => sql`${r}.subject = ${subject}::text`);
  if (standing !== undefined) add(["standing"], (r) => oneOf(sql`${r}.standing`, standing, "text"));
  if (words !== undefined) add(["channel"], (r) => (words ? hasWords(r) : sql`not ${hasWords(r)}`));
  return all;
};

/**
 * Numbers of all ratings of a case: those that count, what they supersede, and those beside them. Every rating of a case is one of
 * these, so that no index by case is needed that millions would be written into.
 */
export const ratingsOfCase = (caseNo: string): RawBuilder<{ seq: number }> => sql`
  with recursive chain as (
    select counting.seq from (
      select staff_rating as seq from visits where case_no = ${caseNo}::text
      union select item_rating from cases where case_no = ${caseNo}::text) counting where counting.seq is not null
    union
    select earlier.supersedes from chain join ratings earlier on earlier.seq = chain.seq where earlier.supersedes is not null)
  select seq from chain
  union select seq from ratings where case_no = ${caseNo}::text and standing = 'beside'`;

/** Whose rating it is. What is rated as a hall or agency is looked at whole, for few are and no other index holds their number. */
const isWithin = ({ windows, halls, agencies, items }: Exclude<Places, { is: "all" }>): Condition => ({
  columns: ["window_no", ...(items.length > 0 ? (["item_code"] as const) : []), ...(halls.length > 0 ? (["subject"] as const) : [])],
  on: (r) => {
    const subjectNo = sql`(select whole.subject_no from ratings whole where whole.seq = ${r}.seq)`;
    const ways = [
      sql`${r}.window_no = any(${windows}::text[])`,
      ...(items.length > 0 ? [sql`${r}.item_code = any(${items}::text[])`] : []),
      ...(halls.length > 0 ? [sql`(${r}.subject = 'hall' and ${subjectNo} = any(${halls}::text[]))`] : []),
      ...(agencies.length > 0 ? [sql`(${r}.subject = 'agency' and ${subjectNo} = any(${agencies}::text[]))`] : []),
    ];
    return sql`(${sql.join(ways, sql` or `)})`;
  },
});

/**
 * The conditions on a row `r` of a driver: those that its index answers, and then, for whatever passed them, those that need the row. `case`
 * keeps that order, which `and` alone does not.
 */
const asked = (conditions: readonly Condition[], { covers }: Driver): Sql[] => {
  const isCovered = ({ columns }: Condition): boolean => covers === undefined || columns.every((column) => covers.has(column));
  const [cheap, dear] = [conditions.filter(isCovered), conditions.filter((one) => !isCovered(one))];
  const first = cheap.map(({ on }) => on(R));
  if (dear.length === 0) return first;
  const looked = sql`(select true from ratings h where h.seq = r.seq and ${both(dear.map(({ on }) => on(sql`h`)))}) is true`;
  return first.length === 0 ? [looked] : [...first, sql`case when ${both(first)} then ${looked} else false end`];
};

/** In more places than this words are sooner found by time than place by place. */
const FEW_PLACES = 32;

/** A rare thing that is asked for, with its own index; undefined: nothing rare is. */
const rareDriver = (
  { level, channel, staffNo, item, caseNo, subject, standing, words }: RatingFilters,
  places: Places,
): Driver | undefined => {
  if (caseNo !== undefined) return { condition: sql`r.seq = any(array(${ratingsOfCase(caseNo)}))` };
  if (standing?.includes("first") === false) return { covers: EVERYTHING, condition: sql`r.standing <> 'first'` };
  if (level?.every((one) => one <= 2)) return { covers: EVERYTHING, condition: sql`r.level <= 2` };
  if (channel?.every((one) => !COMMON_CHANNELS.has(one))) {
    return { covers: EVERYTHING, condition: sql`r.channel not in ('pad', 'browser-pad', 'default')` };
  }
  if (subject !== undefined && PLACE_SUBJECTS.has(subject)) return { condition: sql`r.subject_no is not null` };
  if (staffNo !== undefined) return {};
  if (item !== undefined) return { covers: OF_ITEM };
  return words === true && places.is === "some" && places.windows.length > FEW_PLACES ? {} : undefined;
};

/**
 * The newest ratings that fit, as a query of `seq` and `at_ms`, newest first, and no more than asked for. To be run by `readByIndex`.
 * @param before those after this position in the list
 */
export const searchRatings = (
  filters: RatingFilters,
  places: Places,
  limit: number,
  before?: RatingPosition,
): RawBuilder<{ seq: number; at_ms: number }> => {
  const { from, to, channel } = filters;
  const period = [
    ...(before === undefined ? [] : [sql`(r.at_ms, r.seq) < (${before.atMs}::bigint, ${before.ratingNo}::bigint)`]),
    ...(from === undefined ? [] : [sql`r.at_ms >= ${from}::bigint`]),
    ...(to === undefined ? [] : [sql`r.at_ms < ${to}::bigint`]),
  ];
  const conditions = conditionsOf(filters);
  const order = sql`order by at_ms desc, seq desc limit ${sql.lit(limit)}`;
  const newest = (driver: Driver, more: readonly Condition[] = conditions): Sql => {
    const all = [...(driver.condition === undefined ? [] : [driver.condition]), ...period, ...asked(more, driver)];
    return sql`select r.seq, r.at_ms from ratings r ${all.length === 0 ? sql`` : sql`where ${both(all)}`} ${order}`;
  };
  /** Each value by itself, the newest of all of them together. */
  const ofEach = (values: readonly string[], driver: Driver & { readonly condition: Sql }, more?: readonly Condition[]): Sql => sql`
    (select hit.seq, hit.at_ms from unnest(${values}::text[]) each(value) cross join lateral (${newest(driver, more)}) hit)`;
  const together = (branches: readonly Sql[]): RawBuilder<{ seq: number; at_ms: number }> =>
    // A rating of one's own item at one's own window is found twice and is one.
    sql`select seq, at_ms from (${sql.join(branches, sql` union `)}) hit ${order}`;

  const rare = rareDriver(filters, places);
  if (rare !== undefined || places.is === "all") {
    const all = places.is === "all" ? conditions : [...conditions, isWithin(places)];
    if (rare?.covers === EVERYTHING && channel !== undefined && channel.length > 1 && !channel.some((one) => COMMON_CHANNELS.has(one))) {
      return together([ofEach(channel, { ...rare, condition: sql`${rare.condition} and r.channel = each.value` }, all)]);
    }
    return sql`${newest(rare ?? {}, all)}`;
  }
  const { windows, halls, agencies, items } = places;
  return together([
    ofEach(windows, { covers: OF_WINDOW, condition: sql`r.window_no = each.value` }),
    ...(items.length > 0 ? [ofEach(items, { covers: OF_ITEM, condition: sql`r.item_code = each.value` })] : []),
    ...(halls.length > 0 ? [ofEach(halls, { condition: sql`r.subject = 'hall' and r.subject_no = each.value` })] : []),
    ...(agencies.length > 0 ? [ofEach(agencies, { condition: sql`r.subject = 'agency' and r.subject_no = each.value` })] : []),
  ]);
};
