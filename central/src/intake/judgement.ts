import type { ErrorCode } from "@window-rating/protocol/error";
import { CHAIN_START, type Entry } from "@window-rating/protocol/sync";
import type { IncidentKind } from "../database/tables.ts";
import type { RatingPolicy } from "../ratings/policy.ts";
import { type Effective, type Place, placeOf } from "../ratings/rules.ts";
import type { AuthenticEntry, CheckedEntry, Refusal } from "./checked-entry.ts";
import { type GivenRating, isGiven, paperFault, ratingIdOf, submissionOf } from "./given-rating.ts";

/** What central holds of an entry that it received before. */
export interface KnownEntry {
  readonly entryId: string;
  readonly number: number;
  readonly hash: string;
  readonly previousHash: string;
  /** Code with which its content was refused. */
  readonly refusal: ErrorCode | null;
}

/** What central knows when a batch arrives, as far as it matters to that batch. */
export interface Known {
  /** Entries of this window PC with a number of the batch, or next to one. */
  readonly ofThisPc: readonly KnownEntry[];
  /** Entries of any window PC with an id of the batch. */
  readonly withTheseIds: readonly KnownEntry[];
  /** Requests of the batch that have a rating. */
  readonly ratedRequests: readonly string[];
  /** Ratings that count for visits of the batch, by `visitKey`. */
  readonly ratedVisits: ReadonlyMap<string, Effective>;
  /** Hashes of entries of the batch that count beside the chain, since another entry has their number. */
  readonly beside?: ReadonlySet<string>;
  /**
   * Of entries that came in a file: hashes of those that may become links of the chain. The others wait for the decision of a person, for their
   * window PC may yet make another entry of their number. Where it is missing, the window PC itself sends the entries.
   */
  readonly fitting?: ReadonlySet<string>;
}

export const visitKey = ({ caseNo, visitNo }: { readonly caseNo: string; readonly visitNo: number }): string => `${visitNo} ${caseNo}`;

export interface Incident {
  readonly kind: IncidentKind;
  readonly code: ErrorCode;
  readonly entryId: string;
  readonly number: number;
  readonly detail: string;
}

/** What becomes of one entry. */
export interface Judgement {
  readonly checked: CheckedEntry;
  readonly answer: "stored" | "duplicate" | "refused";
  /** Why its content does not count; it is set aside. */
  readonly refusal?: Refusal;
  /** True if it is a new link of the chain, to be written even when its content is refused. */
  readonly received: boolean;
  readonly incidents: readonly Incident[];
  /** Where a counted rating goes among those of its visit. */
  readonly place?: Place;
}

const INCIDENT_OF: Partial<Record<ErrorCode, IncidentKind>> = {
  WR7004: "altered-entry",
  WR7005: "bad-signature",
  WR7006: "broken-chain",
  WR7007: "number-conflict",
};

/**
 * Judges the entries of one batch, in the order of their numbers whatever the order in which they were sent.
 * @returns one judgement per entry, in the order sent
 */
export const judgeEntries = (entries: readonly CheckedEntry[], known: Known, policy: RatingPolicy): Judgement[] => {
  const byNumber = new Map(known.ofThisPc.map((entry) => [entry.number, entry]));
  const byId = new Map([...known.withTheseIds, ...known.ofThisPc].map((entry) => [entry.entryId, entry]));
  const rated = new Set(known.ratedRequests);
  const visits = new Map(known.ratedVisits);

  /** Where a rating goes; it is the one that the next rating of its visit meets. */
  const placeAmongVisit = (body: GivenRating): Place | Refusal => {
    const { binding } = body;
    const submission = submissionOf(body);
    const { channel, atMs: firstAtMs } = submission;
    const place = placeOf(submission, visits.get(visitKey(binding)) ?? null, policy);
    if (place.is === "refused") return { code: place.code, detail: place.detail };
    if (place.standing !== "beside") visits.set(visitKey(binding), { seq: 0, channel, firstAtMs, sharedFrom: null });
    rated.add(ratingIdOf(body));
    return place;
  };

  const judge = (checked: CheckedEntry): Judgement => {
    if (!checked.authentic) return refuse(checked, checked.refusal, false);
    const { entry, content } = checked;
    const before = byId.get(entry.entryId);
    if (before?.hash === entry.hash) return again(checked, before);
    const conflict = before ?? byNumber.get(entry.number);
    // On a number that is free an entry of its own window PC becomes the link that is missing there.
    const isKnown = known.beside?.has(entry.hash) === true && (conflict !== undefined || known.fitting !== undefined);
    if (isKnown) return { checked, answer: "duplicate", received: false, incidents: [] };
    if (conflict !== undefined) return refuse(checked, { code: "WR7007", detail: conflictDetail(entry, conflict) }, false);
    if (known.fitting !== undefined && !known.fitting.has(entry.hash)) return refuse(checked, unprovenPlace(entry), false);

    let refusal = refusalOf(checked, byNumber.get(entry.number - 1), rated);
    const after = brokenAfter(entry, byNumber.get(entry.number + 1));
    // It fitted when the file was looked through, and another batch came since.
    if (known.fitting !== undefined && (refusal?.code === "WR7006" || after.length > 0))
      return refuse(checked, unprovenPlace(entry), false);
    let place: Place | undefined;
    if (refusal === undefined && "kind" in content && isGiven(content)) {
      const found = paperFault(content, policy) ?? placeAmongVisit(content);
      if ("is" in found) place = found;
      else refusal = found;
    }
    const link = {
      entryId: entry.entryId,
      number: entry.number,
      hash: entry.hash,
      previousHash: entry.previousHash,
      refusal: refusal?.code ?? null,
    };
    byNumber.set(entry.number, link);
    byId.set(entry.entryId, link);
    if (refusal !== undefined) return refuse(checked, refusal, true, after);
    return { checked, answer: "stored", received: true, incidents: after, ...(place === undefined ? {} : { place }) };
  };

  const judged = new Map<CheckedEntry, Judgement>();
  for (const checked of entries.toSorted((a, b) => numberOf(a) - numberOf(b))) judged.set(checked, judge(checked));
  return entries.map((checked) => judged.get(checked) as Judgement);
};

const numberOf = (checked: CheckedEntry): number => (checked.authentic ? checked.entry.number : checked.number);

const refuse = (checked: CheckedEntry, refusal: Refusal, received: boolean, others: readonly Incident[] = []): Judgement => {
  const kind = INCIDENT_OF[refusal.code];
  const { entryId, number } = checked.authentic ? checked.entry : checked;
  const own = kind === undefined ? [] : [{ kind, ...refusal, entryId, number }];
  return { checked, answer: "refused", refusal, received, incidents: [...own, ...others] };
};

/** The answer to an entry that was received before: the same as then. */
const again = (checked: AuthenticEntry, before: KnownEntry): Judgement => {
  if (before.refusal === null) return { checked, answer: "duplicate", received: false, incidents: [] };
  const detail = "code" in checked.content ? checked.content.detail : refusalDetail(before.refusal, checked.entry);
  return { checked, answer: "refused", refusal: { code: before.refusal, detail }, received: false, incidents: [] };
};

const refusalOf = (
  { entry, content }: AuthenticEntry,
  previous: KnownEntry | undefined,
  rated: ReadonlySet<string>,
): Refusal | undefined => {
  const expected = entry.number === 1 ? CHAIN_START : previous?.hash;
  if (expected !== undefined && expected !== entry.previousHash) return { code: "WR7006", detail: refusalDetail("WR7006", entry) };
  if ("code" in content) return content;
  if (isGiven(content) && rated.has(ratingIdOf(content))) return { code: "WR7009", detail: refusalDetail("WR7009", entry) };
  return undefined;
};

const refusalDetail = (code: ErrorCode, entry: Entry): string => {
  if (code === "WR7006") return `previousHash of entry ${entry.number} is not the hash of entry ${entry.number - 1}`;
  if (code === "WR7009") return "Its request has a rating already";
  if (code === "WR7020") return "Its visit has a rating already, and this region takes one";
  return "Refused before; the reason of then is in the list of what was set aside";
};

const unprovenPlace = ({ number }: Entry): Refusal => ({
  code: "WR7019",
  detail: `No later entry that central has hangs on entry ${number} of this file, and its window PC is in use`,
});

const conflictDetail = (entry: Entry, conflict: KnownEntry): string =>
  conflict.entryId === entry.entryId
    ? `Entry id ${entry.entryId} was received before with another content`
    : `Number ${entry.number} was received before as entry ${conflict.entryId}`;

/** The entry after this one came earlier and does not follow it. */
const brokenAfter = (entry: Entry, next: KnownEntry | undefined): Incident[] => {
  if (next === undefined || next.previousHash === entry.hash) return [];
  const detail = `previousHash of entry ${next.number}, received earlier, is not the hash of entry ${entry.number}`;
  return [{ kind: "broken-chain", code: "WR7006", entryId: next.entryId, number: next.number, detail }];
};
