import { clerkNameSchema, itemCodeSchema, itemNameSchema, shortText, staffNoSchema, windowNoSchema } from "@window-rating/protocol/rating";
import { sql } from "kysely";
import { z } from "zod";
import type { Tx } from "../ratings/rating-rows.ts";

const agencyCodeSchema = shortText(64).describe("Code of the agency (机构), for instance its 18-digit unified code");
const hallNoSchema = shortText(32);

/** What the registry keeps of each kind. The first field is the key; a changed row is a new version, and the old one stays. */
export const REGISTRY_SCHEMAS = {
  agency: z.strictObject({ agencyCode: agencyCodeSchema, name: shortText(128) }),
  hall: z.strictObject({ hallNo: hallNoSchema, name: shortText(128), agencyCode: agencyCodeSchema.optional() }),
  window: z.strictObject({
    windowNo: windowNoSchema,
    name: shortText(128).optional(),
    hallNo: hallNoSchema.optional(),
    agencyCode: agencyCodeSchema.optional(),
  }),
  clerk: z.strictObject({
    staffNo: staffNoSchema,
    name: clerkNameSchema,
    agencyCode: agencyCodeSchema.optional(),
    windowNo: windowNoSchema.optional().describe("Where the clerk usually sits"),
    title: shortText(20).optional().describe("Title on the clerk's card (职务)"),
    stars: z.number().int().min(0).max(5).optional().describe("Stars of the clerk's grade (星级), on the card alone"),
    partyMember: z.boolean().optional().describe("Whether the clerk's card bears the party emblem (中共党员); left out: it bears none"),
  }),
  item: z.strictObject({ itemCode: itemCodeSchema, name: itemNameSchema, agencyCode: agencyCodeSchema.optional() }),
} as const;

export type RegistryKind = keyof typeof REGISTRY_SCHEMAS;
const REGISTRY_KINDS = Object.keys(REGISTRY_SCHEMAS) as RegistryKind[];

/** One row of the registry: its key, and its content, or null to take it away. */
export interface RegistryEntry {
  readonly key: string;
  readonly content: object | null;
}

const KEYS: Readonly<Record<RegistryKind, string>> = {
  agency: "agencyCode",
  hall: "hallNo",
  window: "windowNo",
  clerk: "staffNo",
  item: "itemCode",
};

/** A checked row as an entry. */
export const registryEntry = (kind: RegistryKind, row: Readonly<Record<string, unknown>>): RegistryEntry => {
  const { [KEYS[kind]]: key, ...content } = row;
  return { key: String(key), content };
};

/** Any number nobody else in the database locks with: "WRRG". */
const REGISTRY_LOCK = 0x5752_5247;

/**
 * Writes the entries that differ from what is there. Writers follow each other, so that versions become visible in their order: who
 * has read up to version 7 never misses a 6 that was committed later.
 * @returns the keys of those that were new or changed
 */
export const putRegistry = async (
  tx: Tx,
  kind: RegistryKind,
  entries: readonly RegistryEntry[],
  toldBy: string,
  nowMs: number,
): Promise<string[]> => {
  await sql`select pg_advisory_xact_lock(${REGISTRY_LOCK})`.execute(tx);
  const wanted = new Map(entries.map(({ key, content }) => [key, content]));
  const { rows } = await sql<{ key: string }>`
    insert into registry (kind, key, content, told_by, told_at_ms)
    select ${kind}, told.key, told.content::jsonb, ${toldBy}, ${nowMs}::bigint
    from unnest(${[...wanted.keys()]}::text[], ${[...wanted.values()].map((content) => (content === null ? null : JSON.stringify(content)))}::text[])
      as told(key, content)
    left join lateral (
      select content from registry where kind = ${kind} and key = told.key order by version desc limit 1) known on true
    where told.content::jsonb is distinct from known.content
    order by told.key
    returning key`.execute(tx);
  return rows.map(({ key }) => key);
};

/** `POST /api/v1/registry`. */
export const registryRequestSchema = z.strictObject({
  kind: z.enum(REGISTRY_KINDS as [RegistryKind, ...RegistryKind[]]),
  entries: z.array(z.unknown()).max(2000).default([]).describe("Rows of this kind; each is checked by itself"),
  remove: z.array(shortText(64)).max(2000).default([]).describe("Keys of rows to take away"),
});
