import { REASONS_2020, type ReasonList } from "@window-rating/protocol/reasons";
import type { Channel, DailyKind } from "./submission.ts";

/** What intake must know of a region's rules. Made from the policy pack in force; the numbers and choices are the pack's, with their clauses. */
export interface RatingPolicy {
  /** Channels that are open; `import` and `default` are not named here and need no opening. Undefined: all. */
  readonly channels?: readonly Channel[] | undefined;
  /**
   * `mandatory` (002 4.1, 5.3); `encouraged` (001 二(三)1, 004 五(二)): the pages invite a name; `visits` (000 三(一): 实名差评回访率): the pages ask
   * for one with a bad review, so that it can be followed by a visit; `not-said`: none of it. Only the first is ever a condition.
   */
  readonly realName: "mandatory" | "encouraged" | "visits" | "not-said";
  /** Channels that need a real name whatever `realName` says, as the paper form in 001 二(一)3. */
  readonly realNameOn?: readonly Channel[] | undefined;
  /** What one person rates once a day (002 5.2: the hall); anything else as often as one likes. */
  readonly daily: readonly DailyKind[];
  /** What a further given rating of the same subject is: refused, or kept; a private one then corrects the one at the counter. */
  readonly second: "refuse" | "private-correction";
  /** How long after the first rating it may be corrected, by receipt or by a private channel; null: without end. */
  readonly correctWithinMs: number | null;
  /** Whether a given rating that comes after the default one replaces it; else it is kept beside it. */
  readonly replacesDefault: boolean;
  /** Whether a press at the counter that completes the case rates its item too, or the clerk alone (001 二(三)1 asks for both, apart). */
  readonly pressRates: "staff" | "staff-and-item";
  /** One rating is valid for all visits of a batch (001). */
  readonly batch: "shared" | "each";
  /** One overall rating is valid for all cases of a theme that have none of their own (001). */
  readonly theme: "shared" | "each";
  /** Whether a bad level needs a reason or a text, as the receivers of the data interface ask. */
  readonly badNeedsReason: boolean;
  /**
   * Until when a visit that was not rated on site may still be rated (004 四(二)), by when it was served, both Unix milliseconds; the
   * deadline engine computes it. Null: without end.
   */
  readonly supplementUntilMs?: ((servedAtMs: number) => number | null) | undefined;
  /** Lists whose codes may be given; imports may carry codes of retired ones too. */
  readonly reasonLists: readonly ReasonList[];
}

/** Where no region was chosen yet: everything is taken, and nothing is borrowed from any region's rules. */
export const OPEN_POLICY: RatingPolicy = {
  realName: "not-said",
  daily: [],
  second: "private-correction",
  correctWithinMs: null,
  replacesDefault: true,
  pressRates: "staff",
  batch: "each",
  theme: "each",
  badNeedsReason: false,
  reasonLists: [REASONS_2020],
};
