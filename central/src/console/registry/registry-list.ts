import { type RawBuilder, sql } from "kysely";
import type { z } from "zod";
import type { Scope } from "../../access/viewer.ts";
import type { CentralDatabase } from "../../database/tables.ts";
import type {
  placesSchema,
  registryHistoryQuerySchema,
  registryHistorySchema,
  registryListSchema,
  registryQuerySchema,
} from "../contract/registry.ts";
import { cursorOf, cutPage, readCursor } from "../cursor.ts";
import type { PlaceBook, Registered } from "../places.ts";

type Kind = z.output<typeof registryQuerySchema>["kind"];
type Row = z.output<typeof registryListSchema>["rows"][number];

interface Stored {
  readonly version: number;
  readonly kind: Kind;
  readonly key: string;
  readonly content: { readonly name?: string; readonly agencyCode?: string; readonly hallNo?: string; readonly windowNo?: string } | null;
  readonly told_by: string;
  readonly told_at_ms: number;
}

/** What an account may filter by. */
export const readPlaces = async (places: PlaceBook, scope: Scope): Promise<z.output<typeof placesSchema>> => {
  const { agencies, halls, windows } = await places.visible(scope);
  return { agencies: [...agencies], halls: [...halls], windows: [...windows] };
};

/** Whether a row of the registry, newest of its key, is one that the scope sees. A clerk is where they usually sit, or have sat. */
const isSeen = (kind: Kind, scope: Scope, seen: Registered): RawBuilder<unknown> => {
  if (scope.is === "all") return sql`true`;
  const keys = (values: readonly string[]) => sql`newest.key = any(${values}::text[])`;
  switch (kind) {
    case "agency":
      return keys(seen.agencies.map(({ agencyCode }) => agencyCode));
    case "hall":
      return keys(seen.halls.map(({ hallNo }) => hallNo));
    case "window":
      return keys(seen.windows.map(({ windowNo }) => windowNo));
    case "item":
      return keys(seen.items.map(({ itemCode }) => itemCode));
    case "clerk": {
      const windows = seen.windows.map(({ windowNo }) => windowNo);
      const own = scope.is === "agency" ? sql`newest.content->>'agencyCode' = ${scope.agencyCode}::text` : sql`false`;
      return sql`(${own} or newest.content->>'windowNo' = any(${windows}::text[])
        or exists (select from clerk_days d where d.staff_no = newest.key and d.window_no = any(${windows}::text[])))`;
    }
  }
};

/** One page of one kind, in the order of the keys. */
export const listRegistry = async (
  db: CentralDatabase,
  scope: Scope,
  places: PlaceBook,
  { kind, text, after, limit }: z.output<typeof registryQuerySchema>,
): Promise<z.output<typeof registryListSchema>> => {
  const [from] = after === undefined ? [undefined] : readCursor(after, ["text"]);
  const { rows } = await sql<Stored>`
    select * from (
      select distinct on (key) version, kind, key, content, told_by, told_at_ms from registry
      where kind = ${kind} and ${from === undefined ? sql`true` : sql`key > ${from}::text`} order by key, version desc) newest
    where content is not null and ${isSeen(kind, scope, await places.visible(scope))}
      and ${text === undefined ? sql`true` : sql`(starts_with(newest.key, ${text}::text) or position(${text}::text in newest.content->>'name') > 0)`}
    order by key limit ${sql.lit(limit + 1)}`.execute(db);
  const page = cutPage(rows, limit, (last) => cursorOf(last.key));
  return { rows: page.rows.map(registryRow), next: page.next };
};

const registryRow = ({ kind, key, content, version, told_by, told_at_ms }: Stored): Row => ({
  kind,
  key,
  name: content?.name ?? null,
  agencyCode: content?.agencyCode ?? null,
  hallNo: content?.hallNo ?? null,
  windowNo: content?.windowNo ?? null,
  version,
  toldBy: told_by,
  toldAtMs: told_at_ms,
});

/** Every version of one row, newest first; of a row that the scope does not see, none. */
export const readHistory = async (
  db: CentralDatabase,
  scope: Scope,
  places: PlaceBook,
  { kind, key }: z.output<typeof registryHistoryQuerySchema>,
): Promise<z.output<typeof registryHistorySchema>> => {
  const { rows } = await sql<Stored>`
    select version, kind, key, content, told_by, told_at_ms from registry all_versions
    where kind = ${kind} and key = ${key}::text and exists (
      select from (
        select distinct on (key) key, content from registry where kind = ${kind} and key = ${key}::text and content is not null
        order by key, version desc) newest
      where ${isSeen(kind, scope, await places.visible(scope))})
    order by version desc limit 200`.execute(db);
  return {
    versions: rows.map(({ version, content, told_by, told_at_ms }) => ({
      version,
      content: content === null ? null : { ...content },
      toldBy: told_by,
      toldAtMs: told_at_ms,
    })),
  };
};
