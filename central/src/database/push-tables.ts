import type { DeskOrder } from "@window-rating/protocol/sync";
import type { Generated, JSONColumnType } from "kysely";

/** What a business system asked of a window, and what became of it. */
export interface PushTable {
  push_id: string;
  seq: Generated<number>;
  system_no: number;
  /** The business system's own number for it. */
  push_no: string;
  /** SHA-256 of what was asked: the same number never stands for something else. */
  fingerprint: string;
  window_no: string;
  content: JSONColumnType<DeskOrder, string, string>;
  asked_at_ms: number;
  expires_at_ms: number;
  /** The window PC that has it; it may have acted on it. */
  handed_to: Generated<string | null>;
  handed_at_ms: Generated<number | null>;
  /** null: not answered. `expired` is set only while nobody has it. */
  outcome: Generated<"taken" | "refused" | "expired" | null>;
  request_id: Generated<string | null>;
  code: Generated<string | null>;
  detail: Generated<string | null>;
  answered_at_ms: Generated<number | null>;
}
