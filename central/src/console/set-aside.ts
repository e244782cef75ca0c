import { ERRORS, type ErrorCode } from "@window-rating/protocol/error";
import { sql } from "kysely";
import type { z } from "zod";
import type { CentralDatabase } from "../database/tables.ts";
import { checkEntry } from "../intake/checked-entry.ts";
import { DECIDED_CODES, type Decision, decideEntry } from "../intake/decide.ts";
import { isGiven, ratingIdOf } from "../intake/given-rating.ts";
import { type Retaking, retakeEntry } from "../intake/retake.ts";
import type {
  allRetakeAnswerSchema,
  allRetakeQuerySchema,
  DecisionAnswer,
  EntryRetakeAnswer,
  setAsideListSchema,
  setAsideQuerySchema,
} from "./contract/troubles.ts";
import { cursorOf, cutPage, readCursor } from "./cursor.ts";
import type { Places } from "./places.ts";

type Listed = z.output<typeof setAsideListSchema>["setAside"][number];
interface Row extends Omit<Listed, "advice" | "retaken" | "undecided" | "entry"> {
  readonly entry: string;
  readonly outcome: "taken" | "duplicate" | "left" | null;
  readonly reason: string | null;
  readonly by: string;
  readonly atMs: number;
  readonly toldAtMs: number | null;
}

/** What to do about an error, as the table of errors says. */
export const adviceOf = (code: string): string => (Object.hasOwn(ERRORS, code) ? ERRORS[code as ErrorCode].advice : "");

const IS_OPEN = sql`again.set_aside is null`;
const SET_ASIDE = sql`set_aside aside join window_pcs pc using (window_pc_id) left join retaken_entries again on again.set_aside = aside.seq`;

/** Which of them are meant, in whatever state. */
const fitting = ({ code }: { readonly code?: string | undefined }, places: Places) => sql`
  ${places.is === "all" ? sql`true` : sql`pc.window_no = any(${places.windows}::text[])`}
  and ${code === undefined ? sql`true` : sql`aside.code = ${code}::text`}`;

/**
 * Entries of window PCs that were refused, newest first, whole. Who may decide whether one counts sees not what it says of the service, as long as
 * it may be decided.
 */
export const listSetAside = async (
  db: CentralDatabase,
  query: z.output<typeof setAsideQuerySchema>,
  places: Places,
  mayDecide: boolean,
): Promise<z.output<typeof setAsideListSchema>> => {
  const { state, after, limit } = query;
  const before = after === undefined ? Number.MAX_SAFE_INTEGER : readCursor(after, ["number"])[0];
  const inState = state === "all" ? sql`true` : state === "open" ? IS_OPEN : sql`not (${IS_OPEN})`;
  const { rows } = await sql<Row>`
    select aside.seq as "setAsideNo", pc.window_pc_id as "windowPcId", pc.window_no as "windowNo", aside.entry_id as "entryId", aside.number, aside.code,
      aside.detail, aside.entry, aside.received_at_ms as "receivedAtMs", aside.file_hash is not null as "fromFile",
      again.outcome, again.reason, again.taken_by as by, again.taken_at_ms as "atMs", again.told_at_ms as "toldAtMs"
    from ${SET_ASIDE} where aside.seq < ${before}::bigint and ${fitting(query, places)} and ${inState}
    order by aside.seq desc limit ${sql.lit(limit + 1)}`.execute(db);
  const open = await sql<{
    count: number;
  }>`select count(*) as count from ${SET_ASIDE} where ${fitting(query, places)} and ${IS_OPEN}`.execute(db);
  const page = cutPage(rows, limit, ({ setAsideNo }) => cursorOf(setAsideNo));
  const undecided = await readUndecided(db, page.rows);
  const setAside = page.rows.map((row) => listed(row, undecided.get(row.setAsideNo) ?? null, mayDecide));
  return { setAside, open: open.rows[0]?.count ?? 0, next: page.next };
};

type Undecided = NonNullable<Listed["undecided"]>;

const listed = ({ outcome, by, atMs, toldAtMs, reason, entry, ...row }: Row, undecided: Undecided | null, mayDecide: boolean): Listed => ({
  ...row,
  entry: undecided !== null && mayDecide ? null : entry,
  undecided,
  advice: adviceOf(row.code),
  retaken: outcome === null ? null : { outcome, by, atMs, toldAtMs, reason },
});

/** Those that wait for a decision, by their number: what they are about. */
const readUndecided = async (db: CentralDatabase, rows: readonly Row[]): Promise<ReadonlyMap<number, Undecided>> => {
  const waiting = rows.flatMap(({ setAsideNo, windowPcId, entry, code, outcome }) => {
    if (!DECIDED_CODES.includes(code) || (outcome !== null && outcome !== "left")) return [];
    const checked = checkEntry(JSON.parse(entry), windowPcId);
    return checked.authentic && "kind" in checked.content ? [{ setAsideNo, body: checked.content }] : [];
  });
  const ids = waiting.flatMap(({ body }) => (isGiven(body) ? [ratingIdOf(body)] : []));
  const { rows: found } = await sql<{ id: string }>`select request_id as id from ratings where request_id = any(${ids}::uuid[])`.execute(
    db,
  );
  const rated = new Set(found.map(({ id }) => id));
  return new Map(
    waiting.map(({ setAsideNo, body }) => {
      const binding = "binding" in body ? body.binding : null;
      return [
        setAsideNo,
        {
          kind: body.kind,
          atMs: body.kind === "not-rated" ? body.endedAt.wallMs : body.committedAt.wallMs,
          caseNo: binding?.caseNo ?? null,
          itemName: binding?.itemName ?? null,
          staffNo: binding?.staffNo ?? null,
          clerkName: binding?.clerkName ?? null,
          isRated: isGiven(body) && rated.has(ratingIdOf(body)),
        },
      ];
    }),
  );
};

/** @throws WindowRatingError WR7012 if there is none of that number, WR7035 if it is no matter of decision */
export const decideOne = async (db: CentralDatabase, setAsideNo: number, decision: Decision): Promise<DecisionAnswer> => {
  const decided = await decideEntry(db, setAsideNo, decision);
  const { code, detail } = decided.answer === "refused" ? decided.refusal : { code: null, detail: null };
  return { setAsideNo, answer: decided.answer, code, detail };
};

/** @throws WindowRatingError WR7012 if there is none of that number */
export const retakeOne = async (db: CentralDatabase, setAsideNo: number, retaking: Retaking): Promise<EntryRetakeAnswer> => {
  const taken = await retakeEntry(db, setAsideNo, retaking);
  const { code, detail } = taken.answer === "refused" ? taken.refusal : { code: null, detail: null };
  return { setAsideNo, answer: taken.answer, code, detail };
};

/** Entries that one request takes again: a second or two of work. */
const AT_A_TIME = 100;

/** Takes again what fits and waits, some of it; each by itself, so that one which is refused again holds up no other. */
export const retakeAll = async (
  db: CentralDatabase,
  query: z.output<typeof allRetakeQuerySchema>,
  places: Places,
  retaking: Retaking,
): Promise<z.output<typeof allRetakeAnswerSchema>> => {
  const since = query.after === undefined ? 0 : readCursor(query.after, ["number"])[0];
  const { rows } = await sql<{ seq: number }>`
    select aside.seq from ${SET_ASIDE} where aside.seq > ${since}::bigint and ${fitting(query, places)} and ${IS_OPEN}
    order by aside.seq limit ${sql.lit(AT_A_TIME + 1)}`.execute(db);
  const page = cutPage(rows, AT_A_TIME, ({ seq }) => cursorOf(seq));
  const answers: EntryRetakeAnswer[] = [];
  for (const { seq } of page.rows) answers.push(await retakeOne(db, seq, retaking));
  const count = (answer: EntryRetakeAnswer["answer"]): number => answers.filter((one) => one.answer === answer).length;
  return {
    taken: count("taken"),
    duplicate: count("duplicate"),
    refused: count("refused"),
    codes: [...new Set(answers.flatMap(({ code }) => (code === null ? [] : [code])))].sort(),
    next: page.next,
  };
};
