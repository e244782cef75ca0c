import { ERRORS, type ErrorCode } from "@window-rating/protocol/error";
import { sql } from "kysely";
import type { z } from "zod";
import type { CentralDatabase } from "../database/tables.ts";
import { type Retaking, retakeEntry } from "../intake/retake.ts";
import type {
  allRetakeAnswerSchema,
  allRetakeQuerySchema,
  EntryRetakeAnswer,
  setAsideListSchema,
  setAsideQuerySchema,
} from "./contract/troubles.ts";
import { cursorOf, cutPage, readCursor } from "./cursor.ts";
import type { Places } from "./places.ts";

type Listed = z.output<typeof setAsideListSchema>["setAside"][number];
interface Row extends Omit<Listed, "advice" | "retaken"> {
  readonly outcome: "taken" | "duplicate" | null;
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

/** Entries of window PCs that were refused, newest first, whole. */
export const listSetAside = async (
  db: CentralDatabase,
  query: z.output<typeof setAsideQuerySchema>,
  places: Places,
): Promise<z.output<typeof setAsideListSchema>> => {
  const { state, after, limit } = query;
  const before = after === undefined ? Number.MAX_SAFE_INTEGER : readCursor(after, ["number"])[0];
  const inState = state === "all" ? sql`true` : state === "open" ? IS_OPEN : sql`not (${IS_OPEN})`;
  const { rows } = await sql<Row>`
    select aside.seq as "setAsideNo", pc.window_pc_id as "windowPcId", pc.window_no as "windowNo", aside.entry_id as "entryId", aside.number, aside.code,
      aside.detail, aside.entry, aside.received_at_ms as "receivedAtMs",
      again.outcome, again.taken_by as by, again.taken_at_ms as "atMs", again.told_at_ms as "toldAtMs"
    from ${SET_ASIDE} where aside.seq < ${before}::bigint and ${fitting(query, places)} and ${inState}
    order by aside.seq desc limit ${sql.lit(limit + 1)}`.execute(db);
  const open = await sql<{
    count: number;
  }>`select count(*) as count from ${SET_ASIDE} where ${fitting(query, places)} and ${IS_OPEN}`.execute(db);
  const page = cutPage(rows, limit, ({ setAsideNo }) => cursorOf(setAsideNo));
  return { setAside: page.rows.map(listed), open: open.rows[0]?.count ?? 0, next: page.next };
};

const listed = ({ outcome, by, atMs, toldAtMs, ...row }: Row): Listed => ({
  ...row,
  advice: adviceOf(row.code),
  retaken: outcome === null ? null : { outcome, by, atMs, toldAtMs },
});

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
