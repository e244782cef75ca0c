import type { Contact } from "@window-rating/protocol/contact";
import { WindowRatingError } from "@window-rating/protocol/error";
import { type RequestId, requestIdToBytes } from "@window-rating/protocol/rating";
import { sql } from "kysely";
import type { z } from "zod";
import type { Tx } from "../ratings/rating-rows.ts";
import { boundTo, type ContactKeys } from "../sms/contact-keys.ts";
import { isCaseIn, isRatingIn } from "./row-scope.ts";
import type { lookAnswerSchema, lookSchema } from "./session-schema.ts";
import type { Viewer } from "./viewer.ts";

/** What is looked at. */
export type LookSubject = { readonly is: "rating"; readonly rating: number } | { readonly is: "case"; readonly caseNo: string };

interface Look {
  readonly viewer: Viewer;
  readonly subject: LookSubject;
  readonly why: z.output<typeof lookSchema>;
  readonly address: string;
}

interface Sealed {
  readonly holds: "contact" | "text";
  readonly sealed: string;
  readonly bound: Uint8Array;
}

/**
 * Opens what a citizen wrote, for somebody who says why. Who, what, when and why is written first, in the same transaction: what cannot be
 * recorded is not opened, and what was opened is on the record.
 * @throws WindowRatingError WR7063 if there is nothing, or not in the viewer's scope: which of the two is not told, and nothing recorded
 */
export const lookAt = async (tx: Tx, keys: ContactKeys, look: Look, nowMs: number): Promise<z.output<typeof lookAnswerSchema>> => {
  const { viewer, subject, why, address } = look;
  const sealed = subject.is === "rating" ? await ofRating(tx, viewer, subject.rating) : await ofCase(tx, viewer, subject.caseNo);
  if (sealed === undefined) throw new WindowRatingError("WR7063", "Nothing is sealed there for this account");
  const { look_no } = await tx
    .insertInto("personal_looks")
    .values({
      at_ms: nowMs,
      account_no: viewer.accountNo,
      name: viewer.name,
      display_name: viewer.displayName,
      role: viewer.role,
      subject: subject.is,
      subject_no: subject.is === "rating" ? String(subject.rating) : subject.caseNo,
      ...why,
      address,
    })
    .returning("look_no")
    .executeTakeFirstOrThrow();
  return { lookNo: look_no, ...contactOf(keys, sealed) };
};

const contactOf = (keys: ContactKeys, { holds, sealed, bound }: Sealed) => {
  if (holds === "text") {
    const words = keys.openText(sealed, bound) ?? null;
    return { readable: words !== null, words, name: null, phone: null };
  }
  const contact: Contact | undefined = keys.open(sealed, bound);
  if (contact === undefined) return { readable: false, words: null, name: null, phone: null };
  return { readable: true, words: contact.words ?? null, name: contact.name ?? null, phone: contact.phone ?? null };
};

const ofRating = async (tx: Tx, { scope }: Viewer, rating: number): Promise<Sealed | undefined> => {
  // A rating of a batch or theme is valid for several cases; what the citizen wrote is kept beside the first.
  const { rows } = await sql<{ sealed: string | null; words: string | null; request_id: string }>`
    select k.sealed, t.sealed as words, origin.request_id from ratings r
      join ratings origin on origin.seq = coalesce(r.shared_from, r.seq) left join rating_contacts k on k.rating = origin.seq
      left join sealed_texts t on t.kind = 'import' and t.subject_no = origin.seq
    where r.seq = ${rating}::bigint and ${isRatingIn(scope, "r")}`.execute(tx);
  const [row] = rows;
  if (row === undefined) return undefined;
  if (row.sealed !== null) return { holds: "contact", sealed: row.sealed, bound: requestIdToBytes(row.request_id as RequestId) };
  return row.words === null ? undefined : { holds: "text", sealed: row.words, bound: boundTo("import", row.request_id) };
};

const ofCase = async (tx: Tx, { scope }: Viewer, caseNo: string): Promise<Sealed | undefined> => {
  const { rows } = await sql<{ sealed: string }>`
    select sealed from case_contacts k where k.case_no = ${caseNo} and ${isCaseIn(scope, sql`k.case_no`)}`.execute(tx);
  const row = rows[0];
  return row === undefined ? undefined : { holds: "contact", sealed: row.sealed, bound: boundTo("case", caseNo) };
};
