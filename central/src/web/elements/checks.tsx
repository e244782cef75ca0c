import type { ReactNode } from "react";
import type { Check } from "../../console/contract/ratings.ts";
import { useWords } from "../words/use-words.ts";

const SHAPES = { good: "✓", bad: "✕", missing: "…", "not-applicable": "–" } as const;

/** What was checked and what came of it, in words and by shape. */
export const Checks = ({ checks }: { readonly checks: readonly Check[] }): ReactNode => {
  const { code, both } = useWords();
  return (
    <ul className="checks">
      {checks.map(({ check, result, text }) => (
        <li key={check} data-result={result}>
          <span className="check-shape" aria-hidden="true">
            {SHAPES[result]}
          </span>
          <div>
            <strong>
              {code("check", check)}：{code("checkResult", result)}
            </strong>
            <div>{both(text)}</div>
          </div>
        </li>
      ))}
    </ul>
  );
};
