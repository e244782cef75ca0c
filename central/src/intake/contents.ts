import type { Binding } from "@window-rating/protocol/rating";
import type { EntryBody } from "@window-rating/protocol/sync";
import { type RawBuilder, sql } from "kysely";
import { type PackedColumn, packedRows } from "../database/packed-columns.ts";
import { PLANNED_ONCE } from "../database/planned-statements.ts";
import { RunAgain } from "../database/transaction.ts";
import type { RatingPolicy } from "../ratings/policy.ts";
import type { Tx } from "../ratings/rating-rows.ts";
import { chinaDay } from "../ratings/rules.ts";
import { shareRating } from "../ratings/sharing.ts";
import { isGiven } from "./given-rating.ts";
import { writeGroups } from "./groups.ts";
import { INCOMING_COLUMNS, type Incoming, kindOf } from "./incoming.ts";
import type { NumberRange } from "./number-ranges.ts";
import type { Arrival } from "./rows.ts";

/** Ratings that meet more than their own visit. */
interface Written {
  readonly seq: number;
  readonly batch_no: string | null;
  /** The visit had another rating, and this one was thought to be the first. */
  readonly is_taken: boolean;
}

/** What a batch changes. */
export interface BatchContents {
  readonly incoming: readonly Incoming[];
  /** Ranges of received numbers that it made or made longer. */
  readonly ranges: readonly NumberRange[];
  readonly highestGapless: number;
  /**
   * Where they come from: their window PC, now; from among those that were set aside; or from those of them that are links of the chain
   * already, since only what they say was refused; from a file; or from among those that were set aside, to count beside the chain.
   */
  readonly from: "window-pc" | "set-aside" | "chain" | "file" | { readonly besideAs: number };
  /** What is said of the ratings' origin beside their entries, as JSON: who decided that they count. */
  readonly origin?: string;
  /** By how much the entries that are set aside and the incidents noted become more. */
  readonly setAside: number;
  readonly incidents: number;
}

/**
 * Writes the new links of the chain and what the counted ones say, in one statement: entries; ratings, ends without one, presses of
 * nobody; the visits and cases they tell of, with the ratings that count for them; who sat where; the state of the window PC.
 * @throws RunAgain if a visit was rated by another channel, which an earlier look did not show
 */
export const writeContents = async (tx: Tx, contents: BatchContents, arrival: Arrival, policy: RatingPolicy): Promise<void> => {
  const { incoming, ranges, from } = contents;
  if (incoming.length === 0) {
    await sql`${sql.raw(PLANNED_ONCE)} ${updateWindowPc(contents, arrival, sql`0`)}`.execute(tx);
    return;
  }
  const kinds = new Set(incoming.map(kindOf));
  const isRated = kinds.has("rating") || kinds.has("paper");
  const parts = [
    ...(isRated ? [sql`new_ratings as (${insertRatings(arrival, contents.origin)})`] : []),
    ...(isRated
      ? [sql`new_contacts as (insert into rating_contacts (rating, sealed) select seq, sealed from arrived where sealed is not null)`]
      : []),
    ...(kinds.has("not-rated") ? [sql`new_not_rated as (${insertNotRated(arrival)})`] : []),
    ...(kinds.has("unbound") ? [sql`new_unbound as (${insertUnbound(arrival)})`] : []),
    sql`told_visits as (${tellVisits(arrival)})`,
    sql`told_cases as (${tellCases(arrival)})`,
    sql`seats as (${tellSeats(seatsOf(incoming, arrival))})`,
    sql`served as (${tellItems(incoming, arrival)})`,
    sql`grown as (${growRanges(ranges, arrival)})`,
    sql`state as (${updateWindowPc(contents, arrival, ratedLater(incoming))})`,
  ];
  // One text for each set of kinds, so that it is planned once.
  const written = await sql<Written>`${sql.raw(PLANNED_ONCE)}
    with incoming as materialized (select * from ${packedRows("packed", INCOMING_COLUMNS, incoming)}),
    links as materialized (${linksOf(from, arrival)}),
    arrived as materialized (select links.seq, incoming.* from incoming join links using (number)),
    ${sql.join(parts)}
    select arrived.seq, told.batch_no, told.staff_rating <> arrived.seq and arrived.standing = 'first' as is_taken
    from told_visits told join arrived using (case_no, visit_no)
    where arrived.visit = 'rate' and (told.batch_no is not null or told.staff_rating <> arrived.seq)`.execute(tx);
  if (written.rows.some(({ is_taken }) => is_taken)) throw new RunAgain();
  await pointToCorrections(tx, arrival, contents);
  if (policy.pressRates === "staff-and-item" && isRated) await rateItems(tx, arrival, contents, policy);
  if (policy.batch === "shared")
    for (const { seq, batch_no } of written.rows)
      if (batch_no !== null) await shareInBatch(tx, seq, batch_no, policy, arrival.receivedAtMs);
  await writeGroups(tx, incoming, arrival, policy);
};

const happened = ({ clockOffsetMs }: Arrival) => sql`arrived.wall_ms + ${clockOffsetMs}::bigint`;

/** What `seq, entry_id, request_id, window_pc_id, window_no, at_ms, received_at_ms, clock_offset_ms` are filled with. */
const arrivalValues = (arrival: Arrival) => sql`
  arrived.seq, arrived.entry_id, arrived.request_id, ${arrival.windowPcId}::uuid, coalesce(arrived.window_no, ${arrival.windowNo}::text),
  ${happened(arrival)}, ${arrival.receivedAtMs}::bigint, ${arrival.clockOffsetMs}::bigint`;
const ARRIVAL = sql.raw("seq, entry_id, request_id, window_pc_id, window_no, at_ms, received_at_ms, clock_offset_ms");
const BOUND = sql.raw("case_no, visit_no, case_completed, item_code, item_name, staff_no, clerk_name, trigger");

const insertLinks = ({ windowPcId, receivedAtMs, clockOffsetMs }: Arrival) => sql`
  insert into entries (window_pc_id, number, entry_id, previous_hash, hash, signature, body, refusal, received_at_ms, clock_offset_ms)
  select ${windowPcId}::uuid, number, entry_id, previous_hash, hash, signature, body, refusal, ${receivedAtMs}::bigint, ${clockOffsetMs}::bigint
  from incoming
  returning seq, number`;

/** What an entry says takes the number of now, since that is when it begins to count. */
const NUMBERED_ANEW = sql`select nextval(pg_get_serial_sequence('entries', 'seq')) as seq, number from incoming`;

/** Beside the chain: another entry has the number, or its window PC may still take it. */
const insertBeside = ({ windowPcId, receivedAtMs, clockOffsetMs }: Arrival, setAside: number) => sql`
  insert into beside_entries (seq, set_aside, window_pc_id, number, entry_id, previous_hash, hash, signature, body, received_at_ms, clock_offset_ms)
  select nextval(pg_get_serial_sequence('entries', 'seq')), ${setAside}::bigint, ${windowPcId}::uuid, number, entry_id, previous_hash, hash, signature,
    body, ${receivedAtMs}::bigint, ${clockOffsetMs}::bigint
  from incoming
  returning seq, number`;

const linksOf = (from: BatchContents["from"], arrival: Arrival): RawBuilder<unknown> => {
  if (typeof from === "object") return insertBeside(arrival, from.besideAs);
  return from === "chain" ? NUMBERED_ANEW : insertLinks(arrival);
};

/** The table that has the entries that were just written. */
const tableOf = (from: BatchContents["from"]) => sql.table(typeof from === "object" ? "beside_entries" : "entries");

const insertRatings = (arrival: Arrival, origin: string | undefined) => sql`
  insert into ratings (${ARRIVAL}, ${BOUND}, level, circumstance, secured, channel, standing, supersedes, reasons_version, reason_codes, typed_by, named,
    origin)
  select ${arrivalValues(arrival)}, ${BOUND}, level, circumstance, secured, channel, standing, supersedes, reasons_version, reason_codes, typed_by, named,
    ${origin ?? null}::text
  from arrived where kind in ('rating', 'paper')`;

const insertNotRated = (arrival: Arrival) => sql`
  insert into not_rated (${ARRIVAL}, ${BOUND}, reason)
  select ${arrivalValues(arrival)}, ${BOUND}, reason from arrived where kind = 'not-rated'`;

const insertUnbound = (arrival: Arrival) => sql`
  insert into unbound (${ARRIVAL}, level, secured)
  select ${arrivalValues(arrival)}, level, secured from arrived where kind = 'unbound'`;

/** A visit that has a rating keeps it: what came first counts, and who comes second has to look. */
const tellVisits = (arrival: Arrival) => sql`
  insert into visits (case_no, visit_no, window_no, staff_no, clerk_name, ended_at_ms, staff_rating, told_by, told_at_ms, received_at_ms)
  select case_no, visit_no, window_no, staff_no, clerk_name, ${happened(arrival)}, case visit when 'rate' then seq end, 'window-pc',
    ${happened(arrival)}, ${arrival.receivedAtMs}::bigint
  from arrived where visit is not null
  on conflict (case_no, visit_no) do update set
    window_no = coalesce(visits.window_no, excluded.window_no),
    staff_no = coalesce(visits.staff_no, excluded.staff_no),
    clerk_name = coalesce(visits.clerk_name, excluded.clerk_name),
    ended_at_ms = coalesce(visits.ended_at_ms, excluded.ended_at_ms),
    staff_rating = coalesce(visits.staff_rating, excluded.staff_rating)
  returning case_no, visit_no, batch_no, staff_rating`;

const tellCases = (arrival: Arrival) => sql`
  insert into cases (case_no, item_code, item_name, online, completed_at_ms, told_by, told_at_ms, received_at_ms)
  select case_no, item_code, item_name, false, case when case_completed then ${happened(arrival)} end, 'window-pc', ${happened(arrival)},
    ${arrival.receivedAtMs}::bigint
  from arrived where first_of_case
  on conflict (case_no) do update set completed_at_ms = excluded.completed_at_ms
  where cases.completed_at_ms is null and excluded.completed_at_ms is not null`;

interface Seat {
  readonly windowNo: string;
  readonly day: string;
  readonly staffNo: string;
  readonly clerkName: string;
  readonly firstMs: number;
  readonly lastMs: number;
}

/** Who sat at which window on which day: a row or two for a whole batch. */
const seatsOf = (incoming: readonly Incoming[], { clockOffsetMs }: Arrival): Seat[] => {
  const seats = new Map<string, Seat>();
  for (const { body } of incoming) {
    if (body === null || body.kind === "unbound") continue;
    const { windowNo, staffNo, clerkName } = body.binding;
    const atMs = body.openedAt.wallMs + clockOffsetMs;
    const day = chinaDay(atMs);
    const key = `${day}\n${windowNo}\n${staffNo}`;
    const seat = seats.get(key);
    if (seat === undefined) seats.set(key, { windowNo, day, staffNo, clerkName, firstMs: atMs, lastMs: atMs });
    else if (atMs < seat.firstMs || atMs > seat.lastMs) {
      seats.set(key, { ...seat, firstMs: Math.min(seat.firstMs, atMs), lastMs: Math.max(seat.lastMs, atMs) });
    }
  }
  return [...seats.values()];
};

const SEAT_COLUMNS: readonly PackedColumn<Seat>[] = [
  { name: "window_no", type: "text", of: ({ windowNo }) => windowNo },
  { name: "day", type: "text", of: ({ day }) => day },
  { name: "staff_no", type: "text", of: ({ staffNo }) => staffNo },
  { name: "clerk_name", type: "text", of: ({ clerkName }) => clerkName },
  { name: "first_ms", type: "bigint", of: ({ firstMs }) => firstMs },
  { name: "last_ms", type: "bigint", of: ({ lastMs }) => lastMs },
];

/** Sorted, as the items are, so that two batches that meet here wait for each other instead of blocking each other. */
const tellSeats = (seats: readonly Seat[]) => sql`
  insert into clerk_days (window_no, day, staff_no, told_by, clerk_name, first_at_ms, last_at_ms)
  select window_no, day, staff_no, 'window-pc', clerk_name, first_ms, last_ms from ${packedRows("seat", SEAT_COLUMNS, seats)}
  order by window_no, day, staff_no
  on conflict (window_no, day, staff_no, told_by) do update set
    first_at_ms = least(clerk_days.first_at_ms, excluded.first_at_ms),
    last_at_ms = greatest(clerk_days.last_at_ms, excluded.last_at_ms)`;

type ServedItem = Pick<Binding, "itemCode" | "itemName">;
const ITEM_COLUMNS: readonly PackedColumn<ServedItem>[] = [
  { name: "item_code", type: "text", of: ({ itemCode }) => itemCode },
  { name: "item_name", type: "text", of: ({ itemName }) => itemName },
];

/** By which names items were served. */
const tellItems = (incoming: readonly Incoming[], { receivedAtMs }: Arrival) => {
  const items = new Map<string, ServedItem>();
  for (const { body } of incoming) {
    if (body !== null && body.kind !== "unbound") items.set(`${body.binding.itemCode}\n${body.binding.itemName}`, body.binding);
  }
  return sql`
  insert into seen_items (item_code, item_name, first_at_ms)
  select item_code, item_name, ${receivedAtMs}::bigint from ${packedRows("served", ITEM_COLUMNS, [...items.values()])}
  order by item_code, item_name
  on conflict do nothing`;
};

const RANGE_COLUMNS: readonly PackedColumn<NumberRange>[] = [
  { name: "first", type: "bigint", of: ({ first }) => first },
  { name: "last", type: "bigint", of: ({ last }) => last },
  { name: "began_at_ms", type: "bigint", of: ({ beganAtMs }) => beganAtMs },
];

const growRanges = (ranges: readonly NumberRange[], { windowPcId }: Arrival) => sql`
  insert into received_ranges (window_pc_id, first, last, began_at_ms)
  select ${windowPcId}::uuid, first, last, began_at_ms from ${packedRows("range", RANGE_COLUMNS, ranges)}
  on conflict (window_pc_id, first) do update set last = excluded.last`;

const updateWindowPc = (
  { incoming, highestGapless, setAside, incidents, from }: BatchContents,
  arrival: Arrival,
  later: RawBuilder<unknown>,
) => {
  const added = (kind: EntryBody["kind"]) => incoming.filter((one) => kindOf(one) === kind).length;
  return sql`
  update window_pcs set
    ${from === "window-pc" ? sql`last_seen_at_ms = ${arrival.receivedAtMs}::bigint, clock_offset_ms = ${arrival.clockOffsetMs}::bigint,` : sql``}
    highest_gapless = ${highestGapless}::bigint,
    ratings = window_pcs.ratings + ${added("rating")}::bigint,
    not_rated = window_pcs.not_rated + ${added("not-rated")}::bigint,
    unbound = window_pcs.unbound + ${added("unbound")}::bigint,
    set_aside = window_pcs.set_aside + ${setAside}::bigint,
    incidents = window_pcs.incidents + ${incidents}::bigint,
    rated_later = window_pcs.rated_later + ${later}
  where window_pc_id = ${arrival.windowPcId}::uuid`;
};

/** Pairs of "not rated" and a rating of one request: those within the batch, and those with what was there before this statement. */
const ratedLater = (incoming: readonly Incoming[]) => sql`
  (${pairsWithin(incoming)}::bigint
  + (select count(*) from incoming join not_rated using (request_id) where incoming.kind = 'rating')
  + (select count(*) from incoming join ratings using (request_id) where incoming.kind = 'not-rated'))`;

/** How many entries of the batch that say "not rated" have a rating of their request beside them. */
const pairsWithin = (incoming: readonly Incoming[]): number => {
  const rated = new Set(incoming.map(({ body }) => (body?.kind === "rating" ? body.binding.requestId : "")));
  return incoming.filter((one) => one.body?.kind === "not-rated" && kindOf(one) === "not-rated" && rated.has(one.body.binding.requestId))
    .length;
};

/** Makes corrections the ones that count, and looks that the ones they correct still did. */
const pointToCorrections = async (tx: Tx, { windowPcId }: Arrival, { incoming, from }: BatchContents): Promise<void> => {
  const numbers = incoming.filter(({ place }) => place?.standing === "correction").map(({ entry }) => entry.number);
  if (numbers.length === 0) return;
  const { rows } = await sql<{ seq: number }>`
    update visits set staff_rating = ratings.seq
    from ratings join ${tableOf(from)} entry using (entry_id)
    where entry.window_pc_id = ${windowPcId}::uuid and entry.number = any(${numbers}::bigint[])
      and visits.case_no = ratings.case_no and visits.visit_no = ratings.visit_no and visits.staff_rating = ratings.supersedes
    returning ratings.seq`.execute(tx);
  if (rows.length < numbers.length) throw new RunAgain();
};

/**
 * Where one press rates clerk and item alike: the item's rating is a row of its own that names the press. It takes the place of a default
 * rating, as the clerk's does.
 */
const rateItems = async (tx: Tx, { windowPcId }: Arrival, { incoming, from }: BatchContents, policy: RatingPolicy): Promise<void> => {
  const ofCase = new Map<string, number>();
  for (const { visit, body, entry } of incoming) {
    if (visit === "rate" && isGiven(body) && body.binding.caseCompleted) ofCase.set(body.binding.caseNo, entry.number);
  }
  const numbers = [...ofCase.values()];
  // Locked in a statement of its own: only the next one sees a default rating that was being written meanwhile.
  await sql`select from cases where case_no = any(${[...ofCase.keys()]}::text[]) order by case_no for update`.execute(tx);
  await sql`
    with pressed as (
      select ratings.*, old.seq as old_seq, nextval(pg_get_serial_sequence('entries', 'seq')) as item_seq
      from ratings join ${tableOf(from)} entry using (entry_id) join cases on cases.case_no = ratings.case_no
        left join ratings old on old.seq = cases.item_rating
      where entry.window_pc_id = ${windowPcId}::uuid and entry.number = any(${numbers}::bigint[])
        and (cases.item_rating is null or (old.channel = 'default' and ${policy.replacesDefault}::boolean))
      order by cases.case_no),
    of_items as (
      insert into ratings (seq, request_id, window_no, at_ms, received_at_ms, ${BOUND}, level, circumstance, secured, channel, subject, shared_from,
        standing, supersedes)
      select item_seq, md5('item ' || request_id)::uuid, window_no, at_ms, received_at_ms, ${BOUND}, level, circumstance, secured, channel, 'item', seq,
        case when old_seq is null then 'first' else 'correction' end, old_seq
      from pressed)
    update cases set item_rating = pressed.item_seq from pressed where cases.case_no = pressed.case_no`.execute(tx);
};

const shareInBatch = async (tx: Tx, seq: number, batchNo: string, policy: RatingPolicy, nowMs: number): Promise<void> => {
  const row = await tx.selectFrom("ratings").selectAll().where("seq", "=", seq).executeTakeFirstOrThrow();
  await shareRating(tx, { row, batchNo, themeNo: null }, policy, nowMs);
};
