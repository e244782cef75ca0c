import type { ReactNode } from "react";
import { useWords } from "../words/use-words.ts";
import { RefusalNote } from "./refusal-note.tsx";
import type { Asked } from "./use-asked.ts";

interface AnsweredProps<Answer> {
  readonly asked: Asked<Answer>;
  readonly children: (answer: Answer) => ReactNode;
}

/** What was answered; while nothing was yet, that it is read; and beside it why the newest question was refused. */
export const Answered = <Answer,>({ asked: { answer, refusal, askAgain }, children }: AnsweredProps<Answer>) => {
  const { t } = useWords();
  return (
    <>
      {refusal === undefined ? null : <RefusalNote refusal={refusal} onAgain={() => void askAgain()} />}
      {answer === undefined ? refusal === undefined && <p className="waiting">{t("frame.reading")}</p> : children(answer)}
    </>
  );
};
