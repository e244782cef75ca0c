import type { UseQueryResult } from "@tanstack/react-query";
import type { ReactNode } from "react";
import { useWords } from "../words/use-words.ts";
import { FailureNote } from "./failure-note.tsx";

interface AnsweredProps<T> {
  readonly asked: Pick<UseQueryResult<T>, "data" | "error" | "isPlaceholderData" | "refetch">;
  readonly children: (answer: T) => ReactNode;
}

/** What was asked, once it is there. Until then a quiet place of some height, so that nothing jumps; a failure says what to do. */
export function Answered<T>({ asked, children }: AnsweredProps<T>): ReactNode {
  const { t } = useWords();
  const { data, error, isPlaceholderData, refetch } = asked;
  const failure = error === null ? null : <FailureNote error={error} onAgain={() => void refetch()} />;
  if (data === undefined) {
    return (
      failure ?? (
        <p className="waiting" role="status">
          {t("frame.loading")}
        </p>
      )
    );
  }
  return (
    <div aria-busy={isPlaceholderData} className={isPlaceholderData ? "stale" : undefined}>
      {failure}
      {children(data)}
    </div>
  );
}
