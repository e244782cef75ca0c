import { type HeartbeatAnswer, heartbeatRequestSchema, MOST_TAKEN_SINCE } from "@window-rating/protocol/sync";
import { sql } from "kysely";
import type { CentralDatabase } from "../../database/tables.ts";
import { authenticate } from "../../enrolment.ts";
import { parseRequest } from "../../http/errors.ts";

/**
 * Keeps what a window PC tells of itself; the newest stands for all before. An older one that comes late changes nothing.
 * @throws WindowRatingError WR7001, WR7002
 */
export const takeHeartbeat = async (db: CentralDatabase, body: unknown, token: string, nowMs: number): Promise<HeartbeatAnswer> => {
  const { windowPcId, sentAtMs, status } = parseRequest(heartbeatRequestSchema, body);
  await authenticate(db, windowPcId, token);
  await sql`
    insert into window_pc_statuses (window_pc_id, content, clock_offset_ms, told_at_ms, changed_at_ms)
    values (${windowPcId}::uuid, ${JSON.stringify(status)}::jsonb, ${nowMs - sentAtMs}::bigint, ${nowMs}::bigint, ${nowMs}::bigint)
    on conflict (window_pc_id) do update set
      content = excluded.content, clock_offset_ms = excluded.clock_offset_ms, told_at_ms = excluded.told_at_ms,
      changed_at_ms = case when window_pc_statuses.content = excluded.content then window_pc_statuses.changed_at_ms else excluded.told_at_ms end
    where window_pc_statuses.told_at_ms <= excluded.told_at_ms`.execute(db);
  const takenSince = status.queue.setAside > 0 ? await readUntold(db, windowPcId) : [];
  return { centralTimeMs: nowMs, ...(takenSince.length > 0 ? { takenSince } : {}) };
};

/** What was refused and taken since, and this window PC has not sent again: it holds the entries for refused. */
const readUntold = async (db: CentralDatabase, windowPcId: string): Promise<NonNullable<HeartbeatAnswer["takenSince"]>> => {
  const rows = await db
    .selectFrom("retaken_entries")
    .select(["entry_id as entryId", "number"])
    .distinct()
    .where("window_pc_id", "=", windowPcId)
    .where("told_at_ms", "is", null)
    .orderBy("number")
    .limit(MOST_TAKEN_SINCE)
    .execute();
  return rows;
};
