import type { ReactNode } from "react";
import { useWords } from "../words/use-words.ts";

/** A level as stars and words: told apart without any colour. */
export const LevelMark = ({ level }: { readonly level: number }): ReactNode => {
  const { code } = useWords();
  return (
    <span className="level" data-level={level}>
      <span className="stars" aria-hidden="true">
        {"★".repeat(level)}
        {"☆".repeat(5 - level)}
      </span>{" "}
      {code("level", level)}
    </span>
  );
};
