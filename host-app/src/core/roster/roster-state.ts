import { reasonListSchema } from "@window-rating/protocol/reasons";
import { type DownAnswer, sitePolicySchema } from "@window-rating/protocol/sync";
import { z } from "zod";

const rosteredClerkSchema = z.strictObject({
  name: z.string(),
  title: z.string().optional(),
  stars: z.number().optional(),
  partyMember: z.boolean().optional(),
});
/** A clerk as central tells of them: official name, and what stands on their card. */
export type RosteredClerk = z.infer<typeof rosteredClerkSchema>;

/** What central has told this window PC of the site: clerks, items, reasons, policy. Whole after each answer, usable without central. */
export const rosterStateSchema = z.strictObject({
  format: z.literal(1),
  /** Version of clerks and items. */
  version: z.number().int().min(0),
  /** False while central has more pages of the roster than have come. */
  isWhole: z.boolean(),
  /** By staff number. */
  clerks: z.record(z.string(), rosteredClerkSchema),
  /** Item code → name. */
  items: z.record(z.string(), z.string()),
  reasons: reasonListSchema.nullable(),
  site: sitePolicySchema.nullable(),
  /** Window number → static code of that window. A file of before has none. */
  windowCodes: z.record(z.string(), z.string()).default({}),
});
export type RosterState = z.infer<typeof rosterStateSchema>;

export const EMPTY_ROSTER: RosterState = {
  ...{ format: 1, version: 0, isWhole: false, clerks: {}, items: {}, reasons: null, site: null, windowCodes: {} },
};

const changed = <Row>(known: Readonly<Record<string, Row>>, changes: readonly (readonly [string, Row | null])[]): Record<string, Row> => {
  const rows = new Map(Object.entries(known));
  for (const [key, row] of changes) {
    if (row === null) rows.delete(key);
    else rows.set(key, row);
  }
  return Object.fromEntries(rows);
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
      answer.clerks.map(({ staffNo, name, ...card }) => [staffNo, name === null ? null : { name, ...card }]),
    ),
    items: changed(
      startsOver ? {} : state.items,
      answer.items.map(({ itemCode, itemName }) => [itemCode, itemName]),
    ),
    reasons: answer.reasons ?? state.reasons,
    site: answer.site,
    windowCodes: Object.fromEntries((answer.windowCodes ?? []).map(({ windowNo, url }) => [windowNo, url])),
  };
};
