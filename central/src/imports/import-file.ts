import { createHash } from "node:crypto";
import { REASON_LISTS, strayReason } from "@window-rating/protocol/reasons";
import { sql } from "kysely";
import type { CaseReport } from "../cases/report.ts";
import { applyReport } from "../cases/state.ts";
import type { ChannelKeys } from "../channels/keys.ts";
import type { CentralDatabase } from "../database/tables.ts";
import { inTransaction } from "../database/transaction.ts";
import { acceptRating } from "../ratings/accept.ts";
import type { RatingPolicy } from "../ratings/policy.ts";
import { submissionId, type Tx } from "../ratings/rating-rows.ts";
import { chinaDay, type Refusal } from "../ratings/rules.ts";
import type { Submission } from "../ratings/submission.ts";
import { putRegistry, type RegistryKind, registryEntry } from "../registry/registry.ts";
import type { ImportKind, ImportRow } from "./kinds.ts";
import { type BadRow, type NumberedRow, type ReadRows, readRows } from "./rows.ts";
import { readTable } from "./table.ts";

export interface ImportRequest {
  readonly kind: ImportKind;
  /** For the record. */
  readonly fileName: string;
  readonly bytes: Uint8Array;
  /** "dry-run" does everything and then undoes it. */
  readonly mode: "dry-run" | "apply";
  /** Who asked for it, for the record. */
  readonly by: string;
}

/** By what rules a file is taken, and with what its words are sealed. */
export interface ImportRules {
  readonly policyOf: (tx: Tx) => Promise<RatingPolicy>;
  /** Without a key file ratings with words are bad rows: words of citizens are never kept in clear. */
  readonly keys: ChannelKeys | undefined;
}

/** What became of a file, or would. */
export interface ImportReport {
  readonly kind: ImportKind;
  readonly fileName: string;
  readonly mode: "dry-run" | "apply";
  readonly encoding: string;
  /** Rows that are not empty, without the row of names. */
  readonly rows: number;
  /** Rows that were new. */
  readonly taken: number;
  /** Rows that said what was known already. */
  readonly known: number;
  /** Everything that is wrong; if anything is, nothing of the file is taken. */
  readonly bad: readonly BadRow[];
  readonly ignoredColumns: readonly string[];
  /** Number of the import; null if it was not applied. */
  readonly importNo: number | null;
}

/** What one row came to. */
type Outcome = "taken" | "known" | Refusal;

interface Importing {
  readonly tx: Tx;
  readonly importNo: number;
  readonly nowMs: number;
  readonly policy: RatingPolicy;
  readonly keys: ChannelKeys | undefined;
}

/** Thrown to undo a transaction whose outcome is known. */
class Undo extends Error {
  readonly report: ImportReport;
  constructor(report: ImportReport) {
    super("undone");
    this.report = report;
  }
}

/**
 * Takes a file in: all of it, or nothing if any row is bad or it is a dry run. The same file again changes nothing.
 * @throws WindowRatingError WR7031, WR7033
 */
export const importFile = async (
  db: CentralDatabase,
  request: ImportRequest,
  nowMs: number,
  { policyOf, keys }: ImportRules,
): Promise<ImportReport> => {
  const table = await readTable(request.bytes);
  const read = readRows(request.kind, table);
  const { kind, fileName, mode } = request;
  const report = { kind, fileName, mode, encoding: table.encoding, ignoredColumns: read.ignored };
  const badRows = new Set(read.bad.map(({ row }) => row)).size;
  try {
    return await inTransaction(db, async (tx) => {
      const importNo = await nextImportNo(tx);
      const outcomes = await takeRows(kind, read, { tx, importNo, nowMs, policy: await policyOf(tx), keys });
      const bad = [
        ...read.bad,
        ...outcomes.flatMap(({ row, outcome }) => (typeof outcome === "string" ? [] : [badRowOf(row, outcome, read.columnOf)])),
      ];
      bad.sort((one, other) => one.row - other.row);
      const count = (wanted: "taken" | "known") => outcomes.filter(({ outcome }) => outcome === wanted).length;
      const whole = { ...report, rows: read.rows.length + badRows, taken: count("taken"), known: count("known"), bad };
      if (bad.length > 0 || mode === "dry-run") throw new Undo({ ...whole, importNo: null });
      await recordImport(tx, importNo, request, whole, nowMs);
      return { ...whole, importNo };
    });
  } catch (error) {
    if (error instanceof Undo) return error.report;
    throw error;
  }
};

const badRowOf = (row: number, { field, detail }: Refusal, columnOf: Readonly<Record<string, string>>): BadRow => {
  const own = field.replace(/^(subject|visit|rater)\./, "").replace(/^reasons\..*/, "reasons");
  return { row, column: columnOf[own] ?? columnOf[ALIASES[own] ?? ""] ?? "", reason: detail, value: "" };
};
/** Fields of submissions that have another name in a file. */
const ALIASES: Readonly<Record<string, string>> = { atMs: "ratedAt" };

const nextImportNo = async (tx: Tx): Promise<number> => {
  const { rows } = await sql<{ no: number }>`select nextval(pg_get_serial_sequence('imports', 'import_no')) as no`.execute(tx);
  return rows[0]?.no as number;
};

const recordImport = async (
  tx: Tx,
  importNo: number,
  { kind, fileName, bytes, by }: ImportRequest,
  report: Pick<ImportReport, "rows" | "taken" | "known">,
  nowMs: number,
) => {
  const fileHash = createHash("sha256").update(bytes).digest("hex");
  await sql`
    insert into imports (import_no, kind, file_name, file_hash, rows, taken, known, applied_by, applied_at_ms) overriding system value
    values (${importNo}, ${kind}, ${fileName}, ${fileHash}, ${report.rows}, ${report.taken}, ${report.known}, ${by}, ${nowMs})`.execute(tx);
};

interface RowOutcome {
  readonly row: number;
  readonly outcome: Outcome;
}

const takeRows = (kind: ImportKind, read: ReadRows<ImportKind>, importing: Importing): Promise<RowOutcome[]> => {
  // Each kind's rows were read by that kind's columns.
  switch (kind) {
    case "cases":
      return oneByOne(read.rows as readonly NumberedRow<"cases">[], (row) => takeCase(row, importing), importing);
    case "ratings":
      return oneByOne(read.rows as readonly NumberedRow<"ratings">[], (row) => takeRating(row, importing), importing);
    case "agencies":
      return registryRows("agency", read.rows as readonly NumberedRow<"agencies">[], "agencyCode", importing);
    case "halls":
      return registryRows("hall", read.rows as readonly NumberedRow<"halls">[], "hallNo", importing);
    case "windows":
      return registryRows("window", read.rows as readonly NumberedRow<"windows">[], "windowNo", importing);
    case "clerks":
      return registryRows("clerk", read.rows as readonly NumberedRow<"clerks">[], "staffNo", importing);
    case "items":
      return registryRows("item", read.rows as readonly NumberedRow<"items">[], "itemCode", importing);
  }
};

interface SeatRow {
  readonly windowNo?: string | undefined;
  readonly staffNo?: string | undefined;
  readonly clerkName?: string | undefined;
  readonly ratedAt?: number | undefined;
  readonly endedAt?: number | undefined;
}

/** Rows in their order, then who sat where by them. */
const oneByOne = async <Kind extends "cases" | "ratings">(
  rows: readonly NumberedRow<Kind>[],
  take: (content: ImportRow<Kind>) => Promise<Outcome>,
  importing: Importing,
): Promise<RowOutcome[]> => {
  const outcomes: RowOutcome[] = [];
  for (const { row, content } of rows) outcomes.push({ row, outcome: await take(content) });
  const seats = rows.flatMap(({ content }, index) => {
    if (outcomes[index]?.outcome !== "taken") return [];
    const { windowNo, staffNo, clerkName, ratedAt, endedAt } = content as SeatRow;
    const atMs = ratedAt ?? endedAt;
    return windowNo === undefined || staffNo === undefined || atMs === undefined
      ? []
      : [{ windowNo, staffNo, clerkName: clerkName ?? staffNo, atMs }];
  });
  await writeSeats(seats, importing);
  return outcomes;
};

const writeSeats = async (
  seats: readonly { readonly windowNo: string; readonly staffNo: string; readonly clerkName: string; readonly atMs: number }[],
  { tx, importNo }: Importing,
): Promise<void> => {
  if (seats.length === 0) return;
  const column = (values: readonly (string | number)[]) => sql`${values}::text[]`;
  await sql`
    insert into clerk_days (window_no, day, staff_no, told_by, clerk_name, first_at_ms, last_at_ms)
    select window_no, day, staff_no, ${`import ${importNo}`}, max(clerk_name), min(at_ms::bigint), max(at_ms::bigint)
    from unnest(${column(seats.map(({ windowNo }) => windowNo))}, ${column(seats.map(({ atMs }) => chinaDay(atMs)))},
      ${column(seats.map(({ staffNo }) => staffNo))}, ${column(seats.map(({ clerkName }) => clerkName))}, ${column(seats.map(({ atMs }) => String(atMs)))})
      as seat(window_no, day, staff_no, clerk_name, at_ms)
    group by window_no, day, staff_no`.execute(tx);
};

const takeCase = async (row: ImportRow<"cases">, { tx, importNo, nowMs, policy }: Importing): Promise<Outcome> => {
  const {
    caseNo,
    visitNo,
    itemCode,
    itemName,
    agencyCode,
    windowNo,
    staffNo,
    clerkName,
    acceptedAt,
    endedAt,
    completedAt,
    online,
    batchNo,
    themeNo,
    themeName,
  } = row;
  const report: CaseReport = {
    caseNo,
    itemCode,
    itemName,
    agencyCode,
    online,
    themeNo,
    themeName,
    acceptedAt,
    completedAt,
    // A list of old cases is no newer than what it tells of.
    reportedAt: completedAt ?? endedAt ?? acceptedAt ?? nowMs,
    contact: undefined,
    visit: { visitNo, windowNo, staffNo, clerkName, batchNo, endedAt: endedAt ?? completedAt },
  };
  const before = await stateOf(tx, caseNo, visitNo);
  const outcome = await applyReport(tx, report, { toldBy: `import ${importNo}`, nowMs, policy });
  if (typeof outcome === "object") return outcome;
  return (await stateOf(tx, caseNo, visitNo)) === before ? "known" : "taken";
};

/** Everything that a row can change, as text. */
const stateOf = async (tx: Tx, caseNo: string, visitNo: number): Promise<string> => {
  const [its] = await tx.selectFrom("cases").selectAll().where("case_no", "=", caseNo).execute();
  const [visit] = await tx.selectFrom("visits").selectAll().where("case_no", "=", caseNo).where("visit_no", "=", visitNo).execute();
  return JSON.stringify([its, visit], (key, value: unknown) => (key === "told_by" ? undefined : value));
};

const takeRating = async (row: ImportRow<"ratings">, { tx, importNo, nowMs, policy, keys }: Importing): Promise<Outcome> => {
  const { ratingNo, caseNo, visitNo, level, ratedAt, itemCode, itemName, windowNo, staffNo, clerkName, reasons, comment, channel } = row;
  if (ratedAt > nowMs) return { is: "refused", code: "WR7001", field: "ratedAt", detail: "in the future" };
  const list = REASON_LISTS.find((one) => strayReason(one, level, reasons) === undefined);
  if (list === undefined) return { is: "refused", code: "WR7025", field: "reasons", detail: `no list has all of these for level ${level}` };
  if (comment !== undefined && keys === undefined)
    return {
      is: "refused",
      code: "WR7044",
      field: "comment",
      detail: "words of citizens are sealed, and no key file was given (--contact-keys)",
    };
  const submission: Submission = {
    channel: "import",
    // A file that is sent again, or overlaps another one, says the same of the same rating.
    key: ratingNo ?? JSON.stringify([caseNo, visitNo, ratedAt, level]),
    subject: { kind: "staff", caseNo, visitNo },
    level,
    reasons: reasons.length === 0 ? undefined : { version: list.version, codes: reasons },
    hasWords: comment !== undefined,
    atMs: ratedAt,
    importNo,
    service:
      itemCode === undefined || itemName === undefined
        ? undefined
        : { itemCode, itemName, windowNo, staffNo, clerkName, endedAtMs: ratedAt, completed: false },
    origin: { claimedChannel: channel ?? null },
  };
  const acceptance = await acceptRating(tx, submission, { ...policy, reasonLists: REASON_LISTS }, nowMs);
  if (acceptance.is === "refused") return acceptance;
  if (acceptance.is === "duplicate") return "known";
  if (comment !== undefined && keys !== undefined) {
    const sealed = keys.sealImport(submissionId(submission.channel, submission.key), comment);
    await tx.insertInto("sealed_texts").values({ kind: "import", subject_no: acceptance.seq, sealed }).execute();
  }
  return "taken";
};

const registryRows = async <Kind extends "agencies" | "halls" | "windows" | "clerks" | "items">(
  kind: RegistryKind,
  rows: readonly NumberedRow<Kind>[],
  key: string,
  { tx, importNo, nowMs }: Importing,
): Promise<RowOutcome[]> => {
  const seen = new Map<string, number>();
  const outcomes: RowOutcome[] = [];
  const entries: { row: number; entry: ReturnType<typeof registryEntry> }[] = [];
  for (const { row, content } of rows) {
    const own = String((content as Readonly<Record<string, unknown>>)[key]);
    const first = seen.get(own);
    if (first !== undefined)
      outcomes.push({ row, outcome: { is: "refused", code: "WR7035", field: key, detail: `${own} stands in row ${first} already` } });
    else entries.push({ row, entry: registryEntry(kind, JSON.parse(JSON.stringify(content)) as Record<string, unknown>) });
    seen.set(own, first ?? row);
  }
  const changed = new Set(
    await putRegistry(
      tx,
      kind,
      entries.map(({ entry }) => entry),
      `import ${importNo}`,
      nowMs,
    ),
  );
  return [
    ...outcomes,
    ...entries.map(({ row, entry }) => ({ row, outcome: changed.has(entry.key) ? ("taken" as const) : ("known" as const) })),
  ];
};
