import { randomBytes } from "node:crypto";
import { existsSync } from "node:fs";
import { WindowRatingError } from "@window-rating/protocol/error";
import { type RequestId, requestIdFromBytes } from "@window-rating/protocol/rating";
import { realDisk } from "./store/disk.ts";
import type { Fact } from "./store/event-store.ts";
import { readStore } from "./store/store-files.ts";

/** A rating or time-out, as an audit reads it. */
export type RatedFact =
  | { readonly is: "rated"; readonly eventNo: number; readonly requestId: RequestId; readonly level: number }
  | { readonly is: "timedOut"; readonly eventNo: number; readonly requestId: RequestId };

/** What an audit finds in the files of a store. */
export interface StoreAudit {
  readonly rated: readonly Extract<RatedFact, { is: "rated" }>[];
  readonly timedOut: readonly Extract<RatedFact, { is: "timedOut" }>[];
  /** Events that no host has stored yet. */
  readonly pending: number;
}

export const ratedFacts = (facts: readonly Fact[]): RatedFact[] =>
  facts.map((fact) => {
    const { eventNo } = fact;
    const requestId = requestIdFromBytes(fact.requestId);
    return fact.type === "timedOut" ? { is: "timedOut", eventNo, requestId } : { is: "rated", eventNo, requestId, level: fact.level };
  });

/** Reads a store and changes nothing in it, so that a pad may be using it. @throws WR9002 if there is none, or it cannot be read */
export const auditStore = (storeFile: string): StoreAudit => {
  if (!existsSync(storeFile)) throw new WindowRatingError("WR9002", `${storeFile} is not there`);
  const found = readStore(storeFile, realDisk, randomBytes);
  const facts = ratedFacts(found.facts);
  return {
    rated: facts.filter((fact) => fact.is === "rated"),
    timedOut: facts.filter((fact) => fact.is === "timedOut"),
    pending: found.contents.pending.length,
  };
};
