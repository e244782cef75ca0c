import { sql } from "kysely";
import type { CentralDatabase } from "../src/database/tables.ts";

const DAY_MS = 86_400_000;
/** 2024-03-01 00:00 in China; the last rating is two years later. */
export const LIST_FROM_MS = Date.UTC(2024, 1, 29, 16);
export const LIST_DAYS = 730;

/** A city: so many halls with so many windows each, agencies that share them, two clerks a window, items of which few are asked for often. */
export const CITY = { halls: 40, windowsEach: 50, agencies: 25, clerksEach: 2, items: 800 } as const;
const WINDOWS = CITY.halls * CITY.windowsEach;

export const hallNo = (index: number): string => `H${String(index).padStart(2, "0")}`;
export const windowNo = (hall: number, index: number): string => `${hallNo(hall)}-${String(index).padStart(2, "0")}`;
export const agencyCode = (index: number): string => `A${String(index).padStart(2, "0")}`;
export const itemCode = (index: number): string => `ITEM-${String(index).padStart(4, "0")}`;

const fillRegistry = (db: CentralDatabase) =>
  sql`
  insert into registry (kind, key, content, told_by, told_at_ms)
  select 'agency', 'A' || lpad(a::text, 2, '0'), jsonb_build_object('name', '样例机构' || a), 'bench', 0 from generate_series(0, ${CITY.agencies - 1}::int) a
  union all
  select 'hall', 'H' || lpad(h::text, 2, '0'), jsonb_build_object('name', '样例大厅' || h), 'bench', 0 from generate_series(0, ${CITY.halls - 1}::int) h
  union all
  select 'window', 'H' || lpad(h::text, 2, '0') || '-' || lpad(w::text, 2, '0'),
    jsonb_build_object('hallNo', 'H' || lpad(h::text, 2, '0'), 'agencyCode', 'A' || lpad(((h * 7 + w / 4) % ${CITY.agencies}::int)::text, 2, '0')), 'bench', 0
  from generate_series(0, ${CITY.halls - 1}::int) h, generate_series(0, ${CITY.windowsEach - 1}::int) w
  union all
  select 'item', 'ITEM-' || lpad(i::text, 4, '0'),
    jsonb_build_object('name', '样例事项' || i, 'agencyCode', 'A' || lpad((i % ${CITY.agencies}::int)::text, 2, '0')), 'bench', 0
  from generate_series(0, ${CITY.items - 1}::int) i`.execute(db);

/** Chances, of ten thousand: what comes before a bound, from the first one that is above. */
const pick = (draw: string, bounds: readonly (readonly [below: number, value: string])[], last: string): string =>
  `case ${bounds.map(([below, value]) => `when ${draw} < ${below / 10_000} then ${value}`).join(" ")} else ${last} end`;

const CHANNEL = pick(
  "r1",
  [
    [6_600, "'pad'"],
    [7_000, "'browser-pad'"],
    [8_500, "'default'"],
    [9_000, "'dynamic-qr'"],
    [9_350, "'sms'"],
    [9_550, "'web'"],
    [9_650, "'static-qr'"],
    [9_750, "'import'"],
    [9_830, "'terminal'"],
    [9_890, "'system'"],
    [9_940, "'paper'"],
    [9_980, "'hotline'"],
  ],
  "'phone-visit'",
);
const LEVEL = pick(
  "r2",
  [
    [40, "1"],
    [100, "2"],
    [300, "3"],
    [900, "4"],
  ],
  "5",
);

/**
 * So many ratings of two years, the same for the same number: Zipf-like items, busy and quiet windows, two thirds from pads, a seventh
 * set by the rules, a hundredth bad, a hundredth late by days; with their cases and visits.
 */
export const fillRatings = async (db: CentralDatabase, rows: number): Promise<void> => {
  await fillRegistry(db);
  await sql`select setseed(0.42)`.execute(db);
  await sql`
    create table drawn as
    select n, n as seq,
      ${sql.lit(LIST_FROM_MS)}::bigint + day * ${sql.lit(DAY_MS)} + ${sql.lit(9 * 3_600_000)}
        + ((n::bigint * ${sql.lit(LIST_DAYS)}) % ${sql.lit(rows)}) * ${sql.lit(8 * 3_600_000)} / ${sql.lit(rows)} as came_ms,
      case when r3 < 0.01 then (r4 * 3 * ${sql.lit(DAY_MS)})::bigint else (r4 * 20000)::bigint end as late_ms,
      ${sql.raw(CHANNEL)} as channel, ${sql.raw(LEVEL)}::smallint as drawn_level,
      floor(power(r5, 1.6) * ${sql.lit(WINDOWS)})::int * 997 % ${sql.lit(WINDOWS)} as window_index,
      floor(power(r6, 3) * ${sql.lit(CITY.items)})::int as item_index,
      r4, r7
    from (select n, (n::bigint * ${sql.lit(LIST_DAYS)}) / ${sql.lit(rows)} as day,
        random() r1, random() r2, random() r3, random() r4, random() r5, random() r6, random() r7
      from generate_series(1, ${sql.lit(rows)}) n) draw`.execute(db);
  const place = sql.raw(
    `'H' || lpad((window_index / ${CITY.windowsEach})::text, 2, '0') || '-' || lpad((window_index % ${CITY.windowsEach})::text, 2, '0')`,
  );
  const staff = sql.raw(`(10000 + window_index * ${CITY.clerksEach} + (r7 * ${CITY.clerksEach})::int % ${CITY.clerksEach})::text`);
  const item = sql.raw(`'ITEM-' || lpad(item_index::text, 4, '0')`);
  const caseNo = sql.raw(`'C-' || lpad(n::text, 8, '0')`);
  // Half of what does not come from a pad or a place rates the item of a case, and knows no window.
  const ofItem = sql.raw(`(channel in ('default', 'dynamic-qr', 'sms', 'web', 'hotline', 'system', 'phone-visit') and r4 < 0.5)`);
  const unlessItem = (value: ReturnType<typeof sql.raw>) => sql`case when ${ofItem} then null else ${value} end`;
  const isPad = sql.raw(`channel in ('pad', 'browser-pad')`);
  await sql`
    insert into ratings (seq, entry_id, request_id, window_pc_id, window_no, at_ms, received_at_ms, clock_offset_ms, case_no, visit_no,
      case_completed, item_code, item_name, staff_no, clerk_name, trigger, level, circumstance, secured, channel, subject, standing, supersedes,
      reason_codes, comment)
    select seq, case when ${isPad} then '01900000-0000-8000-8000-' || lpad(to_hex(n), 12, '0') end,
      (lpad(to_hex(came_ms), 12, '0') || '70008000' || lpad(to_hex(n), 12, '0'))::uuid,
      case when ${isPad} then ('01910000-0000-8000-8000-' || lpad(to_hex(window_index), 12, '0'))::uuid end,
      ${unlessItem(place)}, came_ms - late_ms, came_ms, case when ${isPad} then 12 end,
      ${caseNo}, case when ${ofItem} then null else 1 end, true, ${item}, '样例事项' || item_index,
      ${unlessItem(staff)}, ${unlessItem(sql.raw(`'样例人员' || window_index`))}, case when ${isPad} then 'business-system' end,
      case when channel = 'default' then 3 else drawn_level end, case when ${isPad} then 'in-time' end, case when ${isPad} then r7 < 0.9 end,
      channel, case when ${ofItem} then 'item' else 'staff' end,
      case when r7 < 0.004 then 'beside' else 'first' end, null,
      case when r7 between 0.1 and 0.2 then '510,517' end, case when channel = 'import' and r7 < 0.3 then '样例文字' end
    from drawn`.execute(db);
  await sql`
    insert into rating_contacts (rating, sealed) select seq, repeat('x', 120) from drawn
    where channel in ('web', 'dynamic-qr', 'pad') and r7 between 0.5 and 0.52`.execute(db);
  await sql`
    insert into cases (case_no, item_code, item_name, agency_code, online, completed_at_ms, item_rating, told_by, told_at_ms, received_at_ms)
    select ${caseNo}, ${item}, '样例事项' || item_index, null, false, came_ms - late_ms, case when ${ofItem} then seq end, 'window-pc', came_ms, came_ms
    from drawn`.execute(db);
  await sql`
    insert into visits (case_no, visit_no, window_no, staff_no, clerk_name, ended_at_ms, staff_rating, told_by, told_at_ms, received_at_ms)
    select ${caseNo}, 1, ${place}, ${staff}, '样例人员' || window_index, came_ms - late_ms, case when not ${ofItem} then seq end, 'window-pc', came_ms, came_ms
    from drawn`.execute(db);
  await sql`drop table drawn`.execute(db);
  await sql`select setval(pg_get_serial_sequence('entries', 'seq'), ${sql.lit(rows)})`.execute(db);
};
