import { WindowRatingError } from "@window-rating/protocol/error";
import { sql } from "kysely";
import type { z } from "zod";
import type { Scope } from "../access/viewer.ts";
import { retakeReport } from "../cases/take-reports.ts";
import type { ChannelKeys } from "../channels/keys.ts";
import { retakeRating } from "../channels/system-ratings.ts";
import type { CentralDatabase } from "../database/tables.ts";
import type { RatingPolicy } from "../ratings/policy.ts";
import type {
  incidentListSchema,
  incidentQuerySchema,
  refusedListSchema,
  refusedQuerySchema,
  retakeAnswerSchema,
} from "./contract/troubles.ts";
import { cursorOf, cutPage, readCursor } from "./cursor.ts";
import type { Places } from "./places.ts";
import { adviceOf } from "./set-aside.ts";

const before = (after: string | undefined): number => (after === undefined ? Number.MAX_SAFE_INTEGER : readCursor(after, ["number"])[0]);
const ofPlaces = (places: Places) => (places.is === "all" ? sql`true` : sql`pc.window_no = any(${places.windows}::text[])`);

/** Incidents, newest first, and the numbers that are missing now, oldest first. */
export const listIncidents = async (
  db: CentralDatabase,
  { kind, after, limit }: z.output<typeof incidentQuerySchema>,
  places: Places,
): Promise<z.output<typeof incidentListSchema>> => {
  const { rows } = await sql<z.output<typeof incidentListSchema>["incidents"][number]>`
    select incident.seq as "incidentNo", pc.window_pc_id as "windowPcId", pc.window_no as "windowNo", incident.kind, incident.code,
      incident.entry_id as "entryId", incident.number, incident.detail, incident.noticed_at_ms as "noticedAtMs"
    from incidents incident join window_pcs pc using (window_pc_id)
    where incident.seq < ${before(after)}::bigint and ${ofPlaces(places)} and ${kind === undefined ? sql`true` : sql`incident.kind = ${kind}::text`}
    order by incident.seq desc limit ${sql.lit(limit + 1)}`.execute(db);
  const page = cutPage(rows, limit, ({ incidentNo }) => cursorOf(incidentNo));
  return { incidents: page.rows, holes: await readHoles(db, places, limit), next: page.next };
};

const readHoles = async (db: CentralDatabase, places: Places, limit: number) => {
  const { rows } = await sql<z.output<typeof incidentListSchema>["holes"][number]>`
    select pc.window_pc_id as "windowPcId", pc.window_no as "windowNo",
      coalesce((select max(before.last) from received_ranges before
        where before.window_pc_id = held.window_pc_id and before.first < held.first), 0) + 1 as "firstMissing",
      held.first - 1 as "lastMissing", held.began_at_ms as "sinceMs"
    from received_ranges held join window_pcs pc using (window_pc_id)
    where held.first > 1 and ${ofPlaces(places)} order by held.began_at_ms limit ${sql.lit(limit)}`.execute(db);
  return rows;
};

interface RefusedRow {
  readonly seq: number;
  readonly system_no: number;
  readonly system_name: string;
  readonly kind: "case" | "rating";
  readonly code: string;
  readonly field: string;
  readonly detail: string;
  readonly content: string;
  readonly received_at_ms: number;
  readonly outcome: string | null;
  readonly retaken_at_ms: number | null;
}

/**
 * Refused reports of business systems, newest first. What was refused has no place that one could trust, so only accounts of the whole see
 * any.
 */
export const listRefused = async (
  db: CentralDatabase,
  scope: Scope,
  { kind, state, system, after, limit }: z.output<typeof refusedQuerySchema>,
): Promise<z.output<typeof refusedListSchema>> => {
  if (scope.is !== "all") return { refused: [], open: 0, next: null };
  const isOpen = sql`retaken.refused is null`;
  const { rows } = await sql<RefusedRow>`
    select report.seq, report.system_no, systems.name as system_name, report.kind, report.code, report.field, report.detail, report.content,
      report.received_at_ms, retaken.outcome, retaken.retaken_at_ms
    from refused_reports report join systems using (system_no) left join retaken_reports retaken on retaken.refused = report.seq
    where report.seq < ${before(after)}::bigint and ${kind === undefined ? sql`true` : sql`report.kind = ${kind}::text`}
      and ${state === "all" ? sql`true` : state === "open" ? isOpen : sql`not (${isOpen})`}
      and ${system === undefined ? sql`true` : sql`report.system_no = ${system}::bigint`}
    order by report.seq desc limit ${sql.lit(limit + 1)}`.execute(db);
  const open = await sql<{ count: number }>`
    select count(*) as count from refused_reports report left join retaken_reports retaken on retaken.refused = report.seq where ${isOpen}`.execute(
    db,
  );
  const page = cutPage(rows, limit, ({ seq }) => cursorOf(seq));
  return { refused: page.rows.map(refusedRow), open: open.rows[0]?.count ?? 0, next: page.next };
};

const refusedRow = (row: RefusedRow): z.output<typeof refusedListSchema>["refused"][number] => ({
  refusedNo: row.seq,
  systemNo: row.system_no,
  systemName: row.system_name,
  kind: row.kind,
  code: row.code,
  field: row.field,
  detail: row.detail,
  advice: adviceOf(row.code),
  content: row.kind === "rating" ? null : withoutContact(JSON.parse(row.content)),
  receivedAtMs: row.received_at_ms,
  retaken: row.outcome === null || row.retaken_at_ms === null ? null : { outcome: row.outcome, atMs: row.retaken_at_ms },
});

/** The contact is sealed if it is what it should be; what was refused may be anything, so it is not shown at all. */
const withoutContact = (content: unknown): unknown => {
  if (typeof content !== "object" || content === null || Array.isArray(content) || !("contact" in content)) return content;
  const { contact: _contact, ...shown } = content;
  return shown;
};

export interface RetakeParts {
  readonly db: CentralDatabase;
  readonly keys: ChannelKeys | undefined;
  readonly policy: RatingPolicy;
  readonly nowMs: number;
}

/**
 * Takes a refused report again, as it was sent, in the name of the system that sent it.
 * @throws WindowRatingError WR7012 if there is none of that number, WR7044 for a rating if this central has no keys to open it
 */
export const retake = async ({ db, keys, policy, nowMs }: RetakeParts, refusedNo: number): Promise<z.output<typeof retakeAnswerSchema>> => {
  const { rows } = await sql<{ system_no: number; name: string; kind: "case" | "rating" }>`
    select system_no, systems.name, report.kind from refused_reports report join systems using (system_no) where report.seq = ${refusedNo}::bigint`.execute(
    db,
  );
  const [report] = rows;
  if (report === undefined) throw new WindowRatingError("WR7012", `There is no refused report ${refusedNo}`);
  const caller = { systemNo: report.system_no, name: report.name };
  if (report.kind === "rating" && keys === undefined)
    throw new WindowRatingError("WR7044", "A refused rating is sealed, and cannot be opened");
  const answer =
    report.kind === "case" || keys === undefined
      ? await retakeReport(db, caller, refusedNo, nowMs, policy)
      : await retakeRating(db, keys, caller, refusedNo, policy, nowMs);
  const isRefused = answer.answer === "refused";
  return {
    refusedNo,
    answer: answer.answer,
    code: isRefused ? answer.code : null,
    field: isRefused ? answer.field : null,
    detail: isRefused ? answer.detail : null,
    retakenAtMs: isRefused ? null : nowMs,
  };
};
