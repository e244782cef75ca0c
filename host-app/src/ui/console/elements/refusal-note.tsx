import { Alert, Button } from "antd";
import type { Refusal } from "../../../messages/envelope.ts";
import { useWords } from "../words/use-words.ts";

interface RefusalNoteProps {
  readonly refusal: Refusal;
  readonly onAgain?: (() => void) | undefined;
}

/** Why something was not done, and what to do. */
export const RefusalNote = ({ refusal: { code, title, detail, advice, facts }, onAgain }: RefusalNoteProps) => {
  const { t, sentence, language } = useWords();
  const own = sentence(code, "", facts);
  return (
    <Alert
      type="error"
      showIcon
      role="alert"
      className="note"
      title={own !== "" && language === "zh-CN" ? own : `${code} ${title}`}
      description={
        <>
          {own === "" || language === "en" ? <p>{advice}</p> : null}
          {detail === "" ? null : (
            <p className="detail">
              {t("frame.detail")}
              <span lang="en">{detail}</span>
            </p>
          )}
        </>
      }
      action={onAgain === undefined ? undefined : <Button onClick={onAgain}>{t("frame.again")}</Button>}
    />
  );
};
