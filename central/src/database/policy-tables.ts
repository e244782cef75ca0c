import type { JSONColumnType } from "kysely";
import type { Explanation } from "../policy/explain.ts";

/** One revision of one step of a region's rules. Append-only. */
export interface PolicyStepTable {
  step_id: string;
  revision: number;
  subject: string;
  region: string;
  rule: string;
  due_ms: number | null;
  ask: boolean;
  date_set_by: string | null;
  date_set_at_ms: number | null;
  date_reason: string | null;
  date_approved_by: string | null;
  closed_at_ms: number | null;
  reading: string | null;
  pack_version: number;
  pack_hash: string;
  calendar_version: string;
  explanation: JSONColumnType<Explanation>;
  recorded_at_ms: number;
}
