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
  const byDefault = sum(counts.default);
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
        <li className={byDefault === 0 ? "count zero" : "count"}>
          <span className="count-name">{t("live.defaultsApart")}</span>
          <span className="count-number">{byDefault}</span>
        </li>
        <li className={counts.notRated === 0 ? "count zero" : "count"}>
          <span className="count-name">{t("live.notRated")}</span>
          <span className="count-number">{counts.notRated}</span>
        </li>
      </ul>
    </div>
  );
};
