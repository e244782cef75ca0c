import { isDeepStrictEqual } from "node:util";
import { type RequestId, requestIdToBytes } from "@window-rating/protocol/rating";
import { type RawBuilder, sql } from "kysely";
import type { Tx } from "../../ratings/rating-rows.ts";
import { boundTo, type ContactKeys } from "../../sms/contact-keys.ts";

/*
 * Everything that is sealed in the database. Of records that are append-only (ratings, replies, refused ratings) the sealed text lies in a row
 * beside the record, and what is sealed anew is a new row there: it is written first, and the old one goes in the same transaction. Of what is
 * state anyway (the contact of a case, a message that is to be sent) the row itself gets the new text. In both cases a process that is killed
 * leaves the old text or the new one, never none, and the record itself is never touched. Entries of window PCs keep their sealed bytes as they
 * were signed; they stay evidence when their key is gone, and what they said is read beside the rating.
 */

/** One sealed text, and what it is bound to. */
export interface SealedRow {
  /** Number of the record or of the message; of a case its number. */
  readonly subject: string;
  readonly sealed: string;
  readonly bound: Uint8Array;
}

/** Sealed anew. */
export interface Resealed extends SealedRow {
  readonly anew: string;
}

export interface SealedStore {
  readonly name: "ratings" | "cases" | "messages" | "replies" | "refused" | "imports";
  readonly holds: "contact" | "text";
  /** How many are sealed with each key. */
  counts(tx: Tx): Promise<{ key_id: string; count: number }[]>;
  /** Some that are sealed with one of these keys, behind a subject, in order; held until the transaction ends. Those that another holds are left out. */
  take(tx: Tx, keyIds: readonly string[], after: string | undefined, limit: number): Promise<SealedRow[]>;
  replace(tx: Tx, rows: readonly Resealed[]): Promise<void>;
}

const counted = async (tx: Tx, from: RawBuilder<unknown>): Promise<{ key_id: string; count: number }[]> => {
  const { rows } = await sql<{ key_id: string; count: number }>`select key_id, count(*) as count from ${from} group by key_id`.execute(tx);
  return rows;
};

const columns = (rows: readonly Resealed[]) => ({
  subjects: rows.map(({ subject }) => subject),
  old: rows.map(({ sealed }) => sealed),
  anew: rows.map(({ anew }) => anew),
});

const ratings: SealedStore = {
  name: "ratings",
  holds: "contact",
  counts: (tx) => counted(tx, sql`rating_contacts`),
  async take(tx, keyIds, after, limit) {
    const { rows } = await sql<{ subject: number; sealed: string; request_id: string }>`
      select k.rating as subject, k.sealed, r.request_id from rating_contacts k join ratings r on r.seq = k.rating
      where k.key_id = any(${keyIds}::text[]) and k.rating > ${Number(after ?? 0)}::bigint
      order by k.rating limit ${limit} for update of k skip locked`.execute(tx);
    return rows.map(({ subject, sealed, request_id }) => ({
      subject: String(subject),
      sealed,
      bound: requestIdToBytes(request_id as RequestId),
    }));
  },
  async replace(tx, rows) {
    const { subjects, old, anew } = columns(rows);
    await sql`insert into rating_contacts (rating, sealed) select * from unnest(${subjects}::bigint[], ${anew}::text[])`.execute(tx);
    await sql`
      delete from rating_contacts k using unnest(${subjects}::bigint[], ${old}::text[]) as done(rating, sealed)
      where k.rating = done.rating and k.sealed = done.sealed`.execute(tx);
  },
};

const cases: SealedStore = {
  name: "cases",
  holds: "contact",
  counts: (tx) => counted(tx, sql`case_contacts`),
  async take(tx, keyIds, after, limit) {
    const { rows } = await sql<{ subject: string; sealed: string }>`
      select case_no as subject, sealed from case_contacts
      where key_id = any(${keyIds}::text[]) and case_no collate "C" > ${after ?? ""}
      order by case_no collate "C" limit ${limit} for update skip locked`.execute(tx);
    return rows.map((row) => ({ ...row, bound: boundTo("case", row.subject) }));
  },
  async replace(tx, rows) {
    const { subjects, old, anew } = columns(rows);
    await sql`
      update case_contacts k set sealed = done.anew from unnest(${subjects}::text[], ${old}::text[], ${anew}::text[]) as done(case_no, sealed, anew)
      where k.case_no = done.case_no and k.sealed = done.sealed`.execute(tx);
  },
};

/** As the index on it is written. */
const MESSAGE_KEY = sql.raw("(case when position(' ' in sealed) > 0 then split_part(sealed, ' ', 1) else '' end)");

const messages: SealedStore = {
  name: "messages",
  holds: "contact",
  counts: (tx) => counted(tx, sql`(select ${MESSAGE_KEY} as key_id from sms_messages where sealed is not null) sealed_messages`),
  async take(tx, keyIds, after, limit) {
    const { rows } = await sql<{ subject: number; sealed: string; key: string }>`
      select message_no as subject, sealed, key from sms_messages
      where sealed is not null and ${MESSAGE_KEY} = any(${keyIds}::text[]) and message_no > ${Number(after ?? 0)}::bigint
      order by message_no limit ${limit} for update skip locked`.execute(tx);
    return rows.map(({ subject, sealed, key }) => ({ subject: String(subject), sealed, bound: boundTo("message", key) }));
  },
  async replace(tx, rows) {
    const { subjects, old, anew } = columns(rows);
    await sql`
      update sms_messages m set sealed = done.anew from unnest(${subjects}::bigint[], ${old}::text[], ${anew}::text[]) as done(message_no, sealed, anew)
      where m.message_no = done.message_no and m.sealed = done.sealed`.execute(tx);
  },
};

/** Texts beside an append-only record. */
const besideRecord = (
  kind: "reply" | "refused" | "import",
  { name, holds, record, no, id, boundOf }: Pick<SealedStore, "name" | "holds"> & Beside,
): SealedStore => ({
  name,
  holds,
  counts: (tx) => counted(tx, sql`(select key_id from sealed_texts where kind = ${kind}) of_kind`),
  async take(tx, keyIds, after, limit) {
    const { rows } = await sql<{ subject: number; sealed: string; id: string }>`
      select k.subject_no as subject, k.sealed, r.${sql.ref(id)}::text as id
      from sealed_texts k join ${sql.table(record)} r on r.${sql.ref(no)} = k.subject_no
      where k.kind = ${kind} and k.key_id = any(${keyIds}::text[]) and k.subject_no > ${Number(after ?? 0)}::bigint
      order by k.subject_no limit ${limit} for update of k skip locked`.execute(tx);
    return rows.map((row) => ({ subject: String(row.subject), sealed: row.sealed, bound: boundOf(row.id) }));
  },
  async replace(tx, rows) {
    const { subjects, old, anew } = columns(rows);
    await sql`
      insert into sealed_texts (kind, subject_no, sealed)
      select ${kind}, subject_no, sealed from unnest(${subjects}::bigint[], ${anew}::text[]) as done(subject_no, sealed)`.execute(tx);
    await sql`
      delete from sealed_texts k using unnest(${subjects}::bigint[], ${old}::text[]) as done(subject_no, sealed)
      where k.kind = ${kind} and k.subject_no = done.subject_no and k.sealed = done.sealed`.execute(tx);
  },
});

interface Beside {
  readonly record: "sms_replies" | "refused_reports" | "ratings";
  /** Column with its number, and the one with what the text is bound to. */
  readonly no: string;
  readonly id: string;
  readonly boundOf: (id: string) => Uint8Array;
}

export const SEALED_STORES: readonly SealedStore[] = [
  ratings,
  cases,
  messages,
  besideRecord("reply", {
    ...{ name: "replies", holds: "contact", record: "sms_replies", no: "reply_no", id: "gateway_message_id" },
    boundOf: (id) => boundTo("reply", id),
  }),
  besideRecord("refused", {
    ...{ name: "refused", holds: "text", record: "refused_reports", no: "seq", id: "seq" },
    boundOf: (id) => boundTo("refused", id),
  }),
  besideRecord("import", {
    ...{ name: "imports", holds: "text", record: "ratings", no: "seq", id: "request_id" },
    boundOf: (id) => boundTo("import", id),
  }),
];

/** Opened and sealed with the newest key, and looked at whether that opens to the same; undefined if it cannot be opened. */
export const sealedAnew = (keys: ContactKeys, holds: SealedStore["holds"], row: SealedRow): Resealed | undefined => {
  const { sealed, bound } = row;
  if (holds === "text") {
    const text = keys.openText(sealed, bound);
    if (text === undefined) return undefined;
    const anew = keys.sealText(text, bound);
    if (keys.openText(anew, bound) !== text) throw new Error(`what was sealed anew for ${row.subject} does not open`);
    return { ...row, anew };
  }
  const contact = keys.open(sealed, bound);
  if (contact === undefined) return undefined;
  const anew = keys.seal(contact, bound);
  if (!isDeepStrictEqual(keys.open(anew, bound), contact)) throw new Error(`what was sealed anew for ${row.subject} does not open`);
  return { ...row, anew };
};

/** Whether a text opens at all with the keys held. */
export const isReadable = (keys: ContactKeys, holds: SealedStore["holds"], { sealed, bound }: SealedRow): boolean =>
  (holds === "text" ? keys.openText(sealed, bound) : keys.open(sealed, bound)) !== undefined;
