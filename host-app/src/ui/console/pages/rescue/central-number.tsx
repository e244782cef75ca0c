import { Input } from "antd";
import { useCallback, useEffect, useState } from "react";
import { RefusalNote } from "../../elements/refusal-note.tsx";
import { useAsked } from "../../elements/use-asked.ts";
import { useModel } from "../../elements/use-model.ts";
import { useWords } from "../../words/use-words.ts";

interface CentralNumberProps {
  /** Told whenever it changes; undefined: not known. */
  readonly onKnown: (highest: number | undefined) => void;
}

/** How far central has the entries of this PC: asked there, or typed by a person where it does not answer. */
export const CentralNumber = ({ onKnown }: CentralNumberProps) => {
  const model = useModel();
  const { t } = useWords();
  const [typed, setTyped] = useState("");
  const { answer, refusal, askAgain } = useAsked(useCallback(() => model.ask("rescue.central", {}), [model]));
  const told = answer?.is === "told" ? answer.highest : undefined;
  const read = /^\d{1,15}$/.test(typed.trim()) ? Number(typed) : undefined;
  const highest = told ?? read;
  useEffect(() => onKnown(highest), [onKnown, highest]);
  const why = refusal ?? (answer?.is === "unknown" ? answer.why : undefined);
  if (why === undefined) return answer === undefined ? <p role="status">{t("rescue.centralAsking")}</p> : null;
  return (
    <>
      <RefusalNote refusal={why} onAgain={() => void askAgain()} />
      <label htmlFor="central-highest">{t("rescue.central")}</label>
      <div className="buttons">
        <Input
          id="central-highest"
          className="code-field"
          value={typed}
          onChange={({ target }) => setTyped(target.value)}
          aria-describedby="central-highest-hint"
          inputMode="numeric"
          autoComplete="off"
          maxLength={15}
        />
      </div>
      <p className="detail" id="central-highest-hint">
        {t("rescue.centralHint")}
      </p>
    </>
  );
};
