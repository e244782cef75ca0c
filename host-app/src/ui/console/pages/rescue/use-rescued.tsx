import { Input } from "antd";
import { useState } from "react";
import { ActButton } from "../../elements/act-button.tsx";
import { Section } from "../../elements/page.tsx";
import { useModel } from "../../elements/use-model.ts";
import { useWords } from "../../words/use-words.ts";
import type { Rescued } from "./rescue-report.tsx";

interface UseRescuedProps {
  readonly rescue: Rescued;
  /** This PC is enrolled: somebody must have looked how far central is. */
  readonly asksCentral: boolean;
  readonly onUsed: () => void;
}

/** The last step: the rescued file takes the damaged one's place, unless numbers would be given twice. */
export const UseRescued = ({ rescue: { report, hindrance }, asksCentral, onUsed }: UseRescuedProps) => {
  const model = useModel();
  const { t } = useWords();
  const [typed, setTyped] = useState("");
  const { highest, entries } = report;
  const central = /^\d{1,15}$/.test(typed.trim()) ? Number(typed) : null;
  const isAhead = central !== null && central > highest;
  const why = hindrance ?? (isAhead ? ({ why: "central-has-newer", first: highest + 1, last: central } as const) : null);
  return (
    <Section title={t(asksCentral ? "rescue.stepUse" : "rescue.stepUseAlone")}>
      {asksCentral && hindrance === null ? (
        <>
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
      ) : null}
      <p role="status" className={why === null ? "good" : "stop"}>
        {why !== null
          ? `✕ ${t("rescue.cannot")}：${t(`rescue.why-${why.why}`, "first" in why ? { first: why.first, last: why.last } : {})}`
          : central === null
            ? ""
            : `✓ ${t("rescue.centralFine", { central, highest })}`}
      </p>
      <div className="buttons">
        <ActButton
          text={t("rescue.use")}
          ask={() => model.ask("rescue.use", { centralHighest: asksCentral ? central : null })}
          onDone={onUsed}
          isDisabled={why !== null || (asksCentral && central === null)}
          question={{ title: t("rescue.useTitle"), text: t("rescue.useText", { count: entries }) }}
          isMain
        />
      </div>
    </Section>
  );
};
