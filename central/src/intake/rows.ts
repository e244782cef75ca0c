import { createHash } from "node:crypto";
import { bulkInsert } from "../database/bulk-insert.ts";
import type { Refusal } from "./checked-entry.ts";

/** What every row of one batch shares. */
export interface Arrival {
  readonly windowPcId: string;
  /** Number of the window for which the PC is enrolled. */
  readonly windowNo: string;
  readonly receivedAtMs: number;
  /** Central's clock minus the PC's. */
  readonly clockOffsetMs: number;
  /** SHA-256 of the file that they came in, if they did. */
  readonly fileHash?: string;
}

export interface SetAsideRow {
  readonly entryId: string;
  readonly number: number;
  readonly refusal: Refusal;
  readonly raw: string;
  readonly fingerprint: string;
}

/** Equal for the same entry refused for the same reason, so that it is set aside once however often it is sent. */
export const fingerprintOf = (refusal: Refusal, raw: string): string =>
  createHash("sha256").update(`${refusal.code}\n${raw}`).digest("hex");

export const insertSetAside = (rows: readonly SetAsideRow[], arrival: Arrival) =>
  bulkInsert(
    "set_aside",
    {
      window_pc_id: "uuid",
      entry_id: "text",
      number: "bigint",
      code: "text",
      detail: "text",
      entry: "text",
      fingerprint: "text",
      received_at_ms: "bigint",
      clock_offset_ms: "bigint",
      file_hash: "text",
    },
    rows.map((row) => ({
      window_pc_id: arrival.windowPcId,
      entry_id: row.entryId,
      number: row.number,
      code: row.refusal.code,
      detail: row.refusal.detail,
      entry: row.raw,
      fingerprint: row.fingerprint,
      received_at_ms: arrival.receivedAtMs,
      clock_offset_ms: arrival.clockOffsetMs,
      file_hash: arrival.fileHash ?? null,
    })),
  );
