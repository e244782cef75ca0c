import type { WindowPcStatus } from "@window-rating/protocol/sync";
import type { JSONColumnType } from "kysely";

/** What a window PC last told of itself, in its heartbeat. */
export interface WindowPcStatusTable {
  window_pc_id: string;
  content: JSONColumnType<WindowPcStatus, string, string>;
  /** Central's clock minus the PC's, at this heartbeat. */
  clock_offset_ms: number;
  told_at_ms: number;
  /** Since when it tells the same. */
  changed_at_ms: number;
}
