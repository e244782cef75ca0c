import { reasonListSchema } from "@window-rating/protocol/reasons";
import { type DownAnswer, sitePolicySchema } from "@window-rating/protocol/sync";
import { z } from "zod";

/** What central has told this window PC of the site: clerks, items, reasons, policy. Whole after each answer, usable without central. */
export const rosterStateSchema = z.strictObject({
  format: z.literal(1),
  /** Version of clerks and items. */
  version: z.number().int().min(0),
  /** False while central has more pages of the roster than have come. */
  isWhole: z.boolean(),
  /** Staff number → name. */
  clerks: z.record(z.string(), z.string()),
  /** Item code → name. */
  items: z.record(z.string(), z.string()),
  reasons: reasonListSchema.nullable(),
  site: sitePolicySchema.nullable(),
});
export type RosterState = z.infer<typeof rosterStateSchema>;

export const EMPTY_ROSTER: RosterState = { format: 1, version: 0, isWhole: false, clerks: {}, items: {}, reasons: null, site: null };

const changed = (
  known: Readonly<Record<string, string>>,
  changes: readonly (readonly [string, string | null])[],
): Record<string, string> => {
  const names = new Map(Object.entries(known));
  for (const [key, name] of changes) {
    if (name === null) names.delete(key);
    else names.set(key, name);
  }
  return Object.fromEntries(names);
};

/** The state after an answer. An answer that starts over (`since` 0) replaces the roster: nothing that central forgot stays. */
export const applyDown = (state: RosterState, answer: DownAnswer): RosterState => {
  const startsOver = answer.since === 0;
  return {
    format: 1,
    version: answer.version,
    isWhole: !answer.more,
    clerks: changed(
      startsOver ? {} : state.clerks,
      answer.clerks.map(({ staffNo, name }) => [staffNo, name]),
    ),
    items: changed(
      startsOver ? {} : state.items,
      answer.items.map(({ itemCode, itemName }) => [itemCode, itemName]),
    ),
    reasons: answer.reasons ?? state.reasons,
    site: answer.site,
  };
};
