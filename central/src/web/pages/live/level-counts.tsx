import type { ReactNode } from "react";
import type { LevelCounts } from "../../../console/contract/fields.ts";
import { useWords } from "../../words/use-words.ts";

const BEST_FIRST = [5, 4, 3, 2, 1] as const;

interface LevelCountsProps {
  readonly counts: LevelCounts & { readonly notRated: number };
}

const sum = (counts: readonly number[]): number => counts.reduce((total, count) => total + count, 0);

/** Ratings by level, with what the rules set and who did not rate beside them, never among them. */
export const LevelCountsRow = ({ counts }: LevelCountsProps): ReactNode => {
  const { t, code } = useWords();
  const apart = [
    [t("live.defaultsApart"), sum(counts.default)],
    [t("live.itemsGiven"), sum(counts.items.given)],
    [t("live.itemsDefault"), sum(counts.items.default)],
    [t("live.notRated"), counts.notRated],
  ] as const;
  return (
    <div className="counts">
      <ul className="levels-row" aria-label={t("live.given")}>
        {BEST_FIRST.map((level) => {
          const count = counts.given[level - 1] ?? 0;
          return (
            <li key={level} className={count === 0 ? "count zero" : "count"} data-level={level}>
              <span className="count-name">{code("level", level)}</span>
              <span className="count-number">{count}</span>
            </li>
          );
        })}
      </ul>
      <ul className="levels-row apart">
        {apart.map(([name, count]) => (
          <li key={name} className={count === 0 ? "count zero" : "count"}>
            <span className="count-name">{name}</span>
            <span className="count-number">{count}</span>
          </li>
        ))}
      </ul>
    </div>
  );
};
