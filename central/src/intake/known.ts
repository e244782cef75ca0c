import type { ErrorCode } from "@window-rating/protocol/error";
import type { Entry } from "@window-rating/protocol/sync";
import { type Kysely, sql } from "kysely";
import type { CentralTables } from "../database/tables.ts";
import type { CheckedEntry } from "./checked-entry.ts";
import type { Known, KnownEntry } from "./judgement.ts";
import type { NumberRange } from "./number-ranges.ts";

type Reading = Kysely<CentralTables>;

const entriesOf = (checked: readonly CheckedEntry[]): Entry[] => checked.flatMap((one) => (one.authentic ? [one.entry] : []));

/** The ranges of received numbers that the entries fall into or touch. */
export const readRanges = (db: Reading, windowPcId: string, checked: readonly CheckedEntry[]): Promise<NumberRange[]> => {
  const numbers = entriesOf(checked).map(({ number }) => number);
  if (numbers.length === 0) return Promise.resolve([]);
  return db
    .selectFrom("received_ranges")
    .select(["first", "last", "began_at_ms as beganAtMs"])
    .where("window_pc_id", "=", windowPcId)
    .where("last", ">=", Math.min(...numbers) - 1)
    .where("first", "<=", Math.max(...numbers) + 1)
    .execute();
};

const KNOWN = [
  "entry_id as entryId",
  "number",
  "hash",
  "previous_hash as previousHash",
  sql<ErrorCode | null>`refusal`.as("refusal"),
] as const;

/** Entries received before under a number of the batch, or next to one. */
export const readNeighbours = async (
  db: Reading,
  windowPcId: string,
  checked: readonly CheckedEntry[],
  ranges: readonly NumberRange[],
): Promise<KnownEntry[]> => {
  const wanted = new Set(entriesOf(checked).flatMap(({ number }) => [number - 1, number, number + 1]));
  const received = [...wanted].filter((number) => ranges.some(({ first, last }) => first <= number && number <= last));
  if (received.length === 0) return [];
  return db
    .selectFrom("entries")
    .select(KNOWN)
    .where("window_pc_id", "=", windowPcId)
    .where("number", "=", sql<number>`any(${received}::bigint[])`)
    .execute();
};

/** What the whole database knows of the batch: entries of any window PC with its ids, and requests that have a rating. */
export const readElsewhere = async (
  db: Reading,
  checked: readonly CheckedEntry[],
): Promise<Pick<Known, "withTheseIds" | "ratedRequests">> => {
  const requestIds = checked.flatMap((one) =>
    one.authentic && "kind" in one.content && one.content.kind === "rating" ? [one.content.binding.requestId] : [],
  );
  const withTheseIds = await db
    .selectFrom("entries")
    .select(KNOWN)
    .where("entry_id", "=", sql<string>`any(${entriesOf(checked).map(({ entryId }) => entryId)}::text[])`)
    .execute();
  const rated = await db
    .selectFrom("ratings")
    .select("request_id")
    .where("request_id", "=", sql<string>`any(${requestIds}::uuid[])`)
    .execute();
  return { withTheseIds, ratedRequests: rated.map((row) => row.request_id) };
};
