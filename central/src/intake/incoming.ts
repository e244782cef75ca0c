import type { Moment } from "@window-rating/protocol/rating";
import type { Entry, EntryBody } from "@window-rating/protocol/sync";
import type { PackedColumn } from "../database/packed-columns.ts";
import { isEffective, type Place } from "../ratings/rules.ts";
import type { Channel } from "../ratings/submission.ts";
import { channelOf, isGiven, ratingIdOf } from "./given-rating.ts";
import { type Judgement, visitKey } from "./judgement.ts";

/** A new link of the chain, and what it says if that counts. */
export interface Incoming {
  readonly entry: Entry;
  readonly refusal: string | null;
  readonly body: EntryBody | null;
  readonly channel: Channel | null;
  /** Of a rating. */
  readonly place: Place | null;
  /** `rate`: its rating is the first of its visit in this batch. `tell`: it tells of a visit that no other entry here rates. */
  readonly visit: "rate" | "tell" | null;
  /** It tells of a case that no entry before it told of. */
  readonly isFirstOfCase: boolean;
}

/** The new links among judged entries. */
export const incomingOf = (judgements: readonly Judgement[]): Incoming[] => {
  const links = judgements.flatMap((judgement) => {
    const { checked, received, refusal, place = null } = judgement;
    if (!received || !checked.authentic) return [];
    const body = refusal === undefined && "kind" in checked.content ? checked.content : null;
    return [{ entry: checked.entry, refusal: refusal?.code ?? null, body, place }];
  });
  const rated = new Set<string>();
  for (const { body, place } of links) if (isGiven(body) && place !== null && isEffective(place)) rated.add(visitKey(body.binding));
  const told = new Set<string>();
  const cases = new Map<string, boolean>();
  for (const { body } of links) {
    if (body === null || body.kind === "unbound") continue;
    const { caseNo, caseCompleted } = body.binding;
    cases.set(caseNo, caseCompleted || cases.get(caseNo) === true);
  }
  return links.map((link): Incoming => {
    const { body, place } = link;
    if (body === null || body.kind === "unbound")
      return { ...link, channel: body === null ? null : "pad", visit: null, isFirstOfCase: false };
    const { binding } = body;
    const key = visitKey(binding);
    const rates = isGiven(body) && place !== null && isEffective(place);
    const tells = !rates && !rated.has(key) && !told.has(key);
    if (tells) told.add(key);
    // Of several entries about one case the one that says that it is completed tells of it.
    const isFirstOfCase = cases.has(binding.caseNo) && cases.get(binding.caseNo) === binding.caseCompleted;
    if (isFirstOfCase) cases.delete(binding.caseNo);
    return { ...link, channel: isGiven(body) ? channelOf(body) : "pad", visit: rates ? "rate" : tells ? "tell" : null, isFirstOfCase };
  });
};

/** What a touchscreen took, or a form says, beside the level. */
const answerOf = ({ body }: Incoming) => (body?.kind === "rating" ? body.answer : body?.kind === "paper" ? body : undefined);

/** Words, name and phone, sealed on a touchscreen or where a form was typed in: id of the key, a blank, the sealed bytes in base 64. They belong to the rating with this id. */
const sealedOf = (one: Incoming): string | null => {
  const sealed = answerOf(one)?.sealed;
  return sealed == null ? null : `${sealed.keyId} ${sealed.data}`;
};

const bindingOf = ({ body }: Incoming) => (body === null || body.kind === "unbound" ? null : body.binding);
const happenedAt = ({ body }: Incoming): Moment | null =>
  body === null ? null : body.kind === "not-rated" ? body.endedAt : body.committedAt;

/** A visit is "not rated" once, however often its citizen was asked: what came of the second invitation is in its entry alone. */
export const kindOf = ({ body }: Pick<Incoming, "body">): EntryBody["kind"] | "not-rated-again" | null =>
  body?.kind === "not-rated" && body.again !== undefined ? "not-rated-again" : (body?.kind ?? null);

/** The rows of one batch, as the statement that writes them reads them. Shared values, as who sent them and when, are none of them. */
export const INCOMING_COLUMNS: readonly PackedColumn<Incoming>[] = [
  { name: "number", type: "bigint", of: ({ entry }) => entry.number },
  { name: "entry_id", type: "text", of: ({ entry }) => entry.entryId },
  { name: "previous_hash", type: "text", of: ({ entry }) => entry.previousHash },
  { name: "hash", type: "text", of: ({ entry }) => entry.hash },
  { name: "signature", type: "text", of: ({ entry }) => entry.signature },
  { name: "body", type: "text", of: ({ entry }) => entry.body, anyText: true },
  { name: "refusal", type: "text", of: ({ refusal }) => refusal },
  { name: "kind", type: "text", of: kindOf },
  { name: "channel", type: "text", of: ({ channel }) => channel },
  {
    name: "request_id",
    type: "uuid",
    of: ({ body }) =>
      body === null ? null : body.kind === "unbound" ? body.requestId : isGiven(body) ? ratingIdOf(body) : body.binding.requestId,
  },
  { name: "wall_ms", type: "bigint", of: (one) => happenedAt(one)?.wallMs ?? null },
  { name: "window_no", type: "text", of: (one) => bindingOf(one)?.windowNo ?? null },
  { name: "case_no", type: "text", of: (one) => bindingOf(one)?.caseNo ?? null },
  { name: "visit_no", type: "smallint", of: (one) => bindingOf(one)?.visitNo ?? null },
  { name: "case_completed", type: "boolean", of: (one) => bindingOf(one)?.caseCompleted ?? null },
  { name: "item_code", type: "text", of: (one) => bindingOf(one)?.itemCode ?? null },
  { name: "item_name", type: "text", of: (one) => bindingOf(one)?.itemName ?? null },
  { name: "staff_no", type: "text", of: (one) => bindingOf(one)?.staffNo ?? null },
  { name: "clerk_name", type: "text", of: (one) => bindingOf(one)?.clerkName ?? null },
  { name: "trigger", type: "text", of: (one) => bindingOf(one)?.trigger ?? null },
  { name: "level", type: "smallint", of: ({ body }) => (body === null || body.kind === "not-rated" ? null : body.level) },
  { name: "secured", type: "boolean", of: ({ body }) => (body !== null && "origin" in body ? body.origin.secured : null) },
  { name: "circumstance", type: "text", of: ({ body }) => (body?.kind === "rating" ? body.circumstance : null) },
  { name: "reason", type: "text", of: ({ body }) => (body?.kind === "not-rated" ? body.reason : null) },
  { name: "standing", type: "text", of: ({ place }) => place?.standing ?? null },
  { name: "supersedes", type: "bigint", of: ({ place }) => place?.supersedes ?? null },
  { name: "reasons_version", type: "text", of: (one) => answerOf(one)?.reasonList ?? null },
  { name: "reason_codes", type: "text", of: (one) => answerOf(one)?.reasons.join(",") || null },
  { name: "sealed", type: "text", of: sealedOf },
  { name: "typed_by", type: "text", of: ({ body }) => (body?.kind === "paper" ? body.typedBy : null) },
  { name: "named", type: "text", of: ({ body }) => (body?.kind === "paper" && body.named ? "claimed" : "no") },
  { name: "visit", type: "text", of: ({ visit }) => visit },
  { name: "first_of_case", type: "boolean", of: ({ isFirstOfCase }) => isFirstOfCase },
];
