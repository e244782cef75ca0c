import { createHash } from "node:crypto";
import type { Binding, Moment } from "@window-rating/protocol/rating";
import type { EntryBody } from "@window-rating/protocol/sync";
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
}

/** The content of a counted entry with its place in the order of arrival. */
export interface Counted<Body extends EntryBody = EntryBody> {
  readonly seq: number;
  readonly entryId: string;
  readonly body: Body;
}

const ARRIVAL = {
  seq: "bigint",
  entry_id: "text",
  request_id: "uuid",
  window_pc_id: "uuid",
  window_no: "text",
  at_ms: "bigint",
  received_at_ms: "bigint",
  clock_offset_ms: "bigint",
} as const;

const BOUND = {
  case_no: "text",
  visit_no: "smallint",
  case_completed: "boolean",
  item_code: "text",
  item_name: "text",
  staff_no: "text",
  clerk_name: "text",
  trigger: "text",
} as const;

const arrivalOf = ({ seq, entryId }: Counted, arrival: Arrival, requestId: string, windowNo: string, at: Moment) => ({
  seq,
  entry_id: entryId,
  request_id: requestId,
  window_pc_id: arrival.windowPcId,
  window_no: windowNo,
  at_ms: at.wallMs + arrival.clockOffsetMs,
  received_at_ms: arrival.receivedAtMs,
  clock_offset_ms: arrival.clockOffsetMs,
});

const boundOf = (binding: Binding) => ({
  case_no: binding.caseNo,
  visit_no: binding.visitNo,
  case_completed: binding.caseCompleted,
  item_code: binding.itemCode,
  item_name: binding.itemName,
  staff_no: binding.staffNo,
  clerk_name: binding.clerkName,
  trigger: binding.trigger,
});

const ofKind = <K extends EntryBody["kind"]>(counted: readonly Counted[], kind: K): Counted<Extract<EntryBody, { kind: K }>>[] =>
  counted.filter((one): one is Counted<Extract<EntryBody, { kind: K }>> => one.body.kind === kind);

export const insertRatings = (counted: readonly Counted[], arrival: Arrival) => {
  const rows = ofKind(counted, "rating").map((one) => ({
    ...arrivalOf(one, arrival, one.body.binding.requestId, one.body.binding.windowNo, one.body.committedAt),
    ...boundOf(one.body.binding),
    level: one.body.level,
    circumstance: one.body.circumstance,
    secured: one.body.origin.secured,
  }));
  return bulkInsert("ratings", { ...ARRIVAL, ...BOUND, level: "smallint", circumstance: "text", secured: "boolean" }, rows);
};

export const insertNotRated = (counted: readonly Counted[], arrival: Arrival) => {
  const rows = ofKind(counted, "not-rated").map((one) => ({
    ...arrivalOf(one, arrival, one.body.binding.requestId, one.body.binding.windowNo, one.body.endedAt),
    ...boundOf(one.body.binding),
    reason: one.body.reason,
  }));
  return bulkInsert("not_rated", { ...ARRIVAL, ...BOUND, reason: "text" }, rows);
};

export const insertUnbound = (counted: readonly Counted[], arrival: Arrival) => {
  const rows = ofKind(counted, "unbound").map((one) => ({
    ...arrivalOf(one, arrival, one.body.requestId, arrival.windowNo, one.body.committedAt),
    level: one.body.level,
    secured: one.body.origin.secured,
  }));
  return bulkInsert("unbound", { ...ARRIVAL, level: "smallint", secured: "boolean" }, rows);
};

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
    })),
  );
