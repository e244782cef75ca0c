import { Alert, Button } from "antd";
import type { ReactNode } from "react";
import { type Failure, failureOf } from "../api/failure.ts";
import { ERROR_WORDS } from "../words/errors.ts";
import { useWords, type WordUse } from "../words/use-words.ts";

interface FailureNoteProps {
  readonly error: unknown;
  readonly onAgain?: (() => void) | undefined;
}

interface FailureWords {
  readonly title: string;
  readonly advice: string;
  readonly detail: string;
}

/** What failed, and what its reader can do. */
const failureWords = (failure: Failure, { t, language }: WordUse): FailureWords => {
  const { detail } = failure;
  if (failure.is === "unreachable") return { title: t("frame.noAnswer"), advice: t("frame.noAnswerAdvice"), detail };
  if (failure.is === "strange") return { title: t("frame.strange"), advice: t("frame.strangeAdvice"), detail };
  const known = language === "zh" ? ERROR_WORDS[failure.code] : undefined;
  return { title: `${failure.code} ${known?.title ?? failure.title}`, advice: known?.advice ?? failure.advice, detail };
};

export const FailureNote = ({ error, onAgain }: FailureNoteProps): ReactNode => {
  const words = useWords();
  const { title, advice, detail } = failureWords(failureOf(error), words);
  return (
    <Alert
      type="error"
      showIcon
      role="alert"
      className="note"
      title={title}
      description={
        <>
          <p>{advice}</p>
          {detail === "" ? null : <p className="quiet detail">{detail}</p>}
        </>
      }
      action={onAgain === undefined ? undefined : <Button onClick={onAgain}>{words.t("frame.again")}</Button>}
    />
  );
};
