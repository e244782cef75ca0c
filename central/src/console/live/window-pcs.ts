import type { WindowPcStatus } from "@window-rating/protocol/sync";
import { sql } from "kysely";
import type { z } from "zod";
import type { CentralDatabase } from "../../database/tables.ts";
import { isGone } from "../../registry/retired-pcs.ts";
import type { WindowPcAnswer, windowPcQuerySchema } from "../contract/live.ts";
import { cursorOf, cutPage, readCursor } from "../cursor.ts";
import type { Places } from "../places.ts";

interface Row {
  readonly window_pc_id: string;
  readonly window_no: string;
  readonly enrolled_at_ms: number;
  readonly is_gone: boolean;
  readonly last_seen_at_ms: number | null;
  readonly clock_offset_ms: number | null;
  readonly highest_gapless: number;
  readonly set_aside: number;
  readonly incidents: number;
  readonly holes: number;
  readonly content: WindowPcStatus | null;
  readonly told_at_ms: number | null;
  readonly told_offset_ms: number | null;
}

interface Asked {
  readonly places: Places;
  readonly after?: readonly [windowNo: string, windowPcId: string];
  readonly limit?: number;
  readonly nowMs: number;
}

/** Window PCs by the number of their window. */
const readRows = async (db: CentralDatabase, { places, after, limit, nowMs }: Asked): Promise<Row[]> => {
  const { rows } = await sql<Row>`
    select pc.window_pc_id, pc.window_no, pc.enrolled_at_ms, ${isGone("pc", nowMs)} as is_gone, pc.last_seen_at_ms, pc.clock_offset_ms, pc.highest_gapless, pc.set_aside, pc.incidents,
      (select count(*) from received_ranges held where held.window_pc_id = pc.window_pc_id and held.first > 1) as holes,
      told.content, told.told_at_ms, told.clock_offset_ms as told_offset_ms
    from window_pcs pc left join window_pc_statuses told using (window_pc_id)
    where ${places.is === "all" ? sql`true` : sql`pc.window_no = any(${places.windows}::text[])`}
      and ${after === undefined ? sql`true` : sql`(pc.window_no, pc.window_pc_id) > (${after[0]}::text, ${after[1]}::uuid)`}
    order by pc.window_no, pc.window_pc_id ${limit === undefined ? sql`` : sql`limit ${sql.lit(limit)}`}`.execute(db);
  return rows;
};

/** Of what was told by batches and heartbeats the newer counts. */
const answerOf = (row: Row, hallOf: (windowNo: string) => string | null, sees: (windowNo: string) => boolean): WindowPcAnswer => {
  const { content, told_at_ms: toldAtMs, last_seen_at_ms: seenAtMs } = row;
  const isToldLast = toldAtMs !== null && toldAtMs >= (seenAtMs ?? 0);
  return {
    windowPcId: row.window_pc_id,
    windowNo: row.window_no,
    hallNo: hallOf(row.window_no),
    enrolledAtMs: row.enrolled_at_ms,
    isGone: row.is_gone,
    lastSeenAtMs: isToldLast ? toldAtMs : seenAtMs,
    clockOffsetMs: isToldLast ? row.told_offset_ms : row.clock_offset_ms,
    highestGapless: row.highest_gapless,
    setAside: row.set_aside,
    incidents: row.incidents,
    holes: row.holes,
    status:
      content === null || toldAtMs === null
        ? null
        : {
            toldAtMs,
            version: content.version,
            startedAtMs: content.startedAtMs,
            ...content.queue,
            windows: content.windows.filter(({ windowNo }) => sees(windowNo)),
          },
  };
};

/** Which windows of the registry an account sees, and the halls they stand in. */
export interface Seeing {
  readonly hallOf: (windowNo: string) => string | null;
  /** A PC may serve windows of two places: each account sees its own. */
  readonly sees: (windowNo: string) => boolean;
  readonly nowMs: number;
}

/** All window PCs of the places. */
export const readWindowPcs = async (db: CentralDatabase, places: Places, { hallOf, sees, nowMs }: Seeing): Promise<WindowPcAnswer[]> =>
  (await readRows(db, { places, nowMs })).map((row) => answerOf(row, hallOf, sees));

/** One page of them, by the number of their window. */
export const listWindowPcs = async (
  db: CentralDatabase,
  { after, limit }: z.output<typeof windowPcQuerySchema>,
  places: Places,
  { hallOf, sees, nowMs }: Seeing,
): Promise<{ windowPcs: WindowPcAnswer[]; next: string | null }> => {
  const from = after === undefined ? {} : { after: readCursor(after, ["text", "text"]) };
  const rows = await readRows(db, { places, ...from, limit: limit + 1, nowMs });
  const page = cutPage(rows, limit, (last) => cursorOf(last.window_no, last.window_pc_id));
  return { windowPcs: page.rows.map((row) => answerOf(row, hallOf, sees)), next: page.next };
};
