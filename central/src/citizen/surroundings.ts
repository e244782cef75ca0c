import { randomBytes } from "node:crypto";
import { WindowRatingError } from "@window-rating/protocol/error";
import { LEVELS, type Level } from "@window-rating/protocol/rating";
import { REASONS_2020, type ReasonList } from "@window-rating/protocol/reasons";
import type { Text } from "../calendar/schema.ts";
import { formToken } from "../channels/form-token.ts";
import type { ChannelKeys } from "../channels/keys.ts";
import type { CentralDatabase } from "../database/tables.ts";
import type { RuleBook } from "../policy/rule-book.ts";
import type { RatingPolicy } from "../ratings/policy.ts";
import type { Tx } from "../ratings/rating-rows.ts";
import { closedFault } from "../ratings/rules.ts";
import { type RatingPolicies, readSite } from "../ratings/site.ts";
import type { Channel } from "../ratings/submission.ts";
import type { LevelNames } from "./texts.ts";

/** What the pages of one request work with. */
export interface CitizenParts {
  readonly db: CentralDatabase;
  readonly book: RuleBook;
  readonly policies: RatingPolicies;
  readonly keys: ChannelKeys;
  readonly nowMs: number;
  /** By which address the citizen came. */
  readonly reachedAt: string;
}

/** A page and its HTTP status. */
export interface Shown {
  readonly status: number;
  readonly page: string;
}

/** What the region's rules and the site's choices mean for a page. */
export interface RulesHere {
  readonly policy: RatingPolicy;
  readonly names: LevelNames;
  /** Whose reasons are offered. */
  readonly list: ReasonList;
  /** Where codes on a page lead. */
  readonly address: string;
}

export const rulesHere = async (tx: Tx, { book, policies, reachedAt }: Omit<CitizenParts, "keys">): Promise<RulesHere> => {
  const site = await readSite(tx);
  const policy = policies.of(site);
  const labels = site.region === null ? [] : book.pack(site.region).pack.levels.labels;
  const name = (level: Level): Text => {
    const { zh, en } = LEVELS[level - 1] as (typeof LEVELS)[number];
    return { zh: labels.find((one) => one.level === level)?.label ?? zh, en };
  };
  return {
    policy,
    names: { 1: name(1), 2: name(2), 3: name(3), 4: name(4), 5: name(5) },
    list: policy.reasonLists[0] ?? REASONS_2020,
    address: site.publicUrl ?? reachedAt,
  };
};

const NONCE_BYTES = 12;

/** @param about what the form is for; it is good for nothing else */
export const newForm = ({ keys, nowMs }: CitizenParts, about: string): string => formToken(keys, about, nowMs, randomBytes(NONCE_BYTES));

/** Nobody fills in what would not be taken. @throws WindowRatingError WR7026 */
export const requireOpen = (channel: Channel, policy: RatingPolicy): void => {
  const fault = closedFault(channel, policy);
  if (fault !== undefined) throw new WindowRatingError(fault.code, fault.detail);
};
