import type { RuleBook } from "./rule-book.ts";
import type { SiteChoices } from "./site-choices.ts";

/** A rule book that answers as the site reads the rules now, for who keeps one book for as long as central runs. */
export interface LiveBook extends RuleBook {
  /** From now on by these choices. */
  follow(choices: SiteChoices): void;
}

export const liveRuleBook = (packs: RuleBook): LiveBook => {
  let book = packs;
  return {
    regions: packs.regions,
    pack: (region) => book.pack(region),
    calendar: (region) => book.calendar(region),
    explain: (region, question) => book.explain(region, question),
    missingYears: (now) => book.missingYears(now),
    overlay: (region) => book.overlay(region),
    with: (choices) => packs.with(choices),
    follow: (choices) => {
      book = packs.with(choices);
    },
  };
};
