import { MOST_WINDOW_CODES, type WindowCode } from "@window-rating/protocol/sync";
import { sql } from "kysely";
import type { Tx } from "../ratings/rating-rows.ts";
import { staticCode } from "./code.ts";
import type { ChannelKeys } from "./keys.ts";

/**
 * The static codes that were made for the windows of a PC: the one that it enrolled for, and those that its heartbeat tells of. No code
 * is made by asking. They are no secret: the same hang at the windows.
 * @param publicUrl where citizens reach central; null: nowhere yet, and a code of no address leads nowhere
 */
export const windowCodes = async (tx: Tx, keys: ChannelKeys, publicUrl: string | null, windowPcId: string): Promise<WindowCode[]> => {
  if (publicUrl === null) return [];
  const { rows } = await sql<{ code_no: number; subject_no: string }>`
    select code_no, subject_no from static_codes
    where kind = 'window' and revoked_at_ms is null and subject_no in (
      select window_no from window_pcs where window_pc_id = ${windowPcId}::uuid
      union all
      select told->>'windowNo' from window_pc_statuses, jsonb_array_elements(content->'windows') told
        where window_pc_id = ${windowPcId}::uuid)
    order by subject_no limit ${MOST_WINDOW_CODES}`.execute(tx);
  return rows
    .map(({ code_no, subject_no }) => ({ windowNo: subject_no, url: `${publicUrl}/W/${staticCode(keys, code_no)}` }))
    .filter(({ url }) => url.length <= LONGEST_URL);
};

/** What a pad's QR code holds. */
const LONGEST_URL = 255;
