import { useState } from "react";
import { ActButton } from "../../elements/act-button.tsx";
import { Section } from "../../elements/page.tsx";
import { useModel } from "../../elements/use-model.ts";
import { useWords } from "../../words/use-words.ts";
import { CentralNumber } from "./central-number.tsx";
import type { Rescued } from "./rescue-report.tsx";

interface UseRescuedProps {
  readonly rescue: Rescued;
  /** This PC is enrolled: it must be known how far central is. */
  readonly asksCentral: boolean;
  readonly onUsed: () => void;
}

/** The last step: the rescued file takes the damaged one's place, unless numbers would be given twice. */
export const UseRescued = ({ rescue: { report, hindrance }, asksCentral, onUsed }: UseRescuedProps) => {
  const model = useModel();
  const { t } = useWords();
  /** undefined: not known yet. */
  const [central, setCentral] = useState<number>();
  const { highest, entries } = report;
  const isAhead = central !== undefined && central > highest;
  const why = hindrance ?? (isAhead ? ({ why: "central-has-newer", first: highest + 1, last: central } as const) : null);
  return (
    <Section title={t(asksCentral ? "rescue.stepUse" : "rescue.stepUseAlone")}>
      {asksCentral && hindrance === null ? <CentralNumber onKnown={setCentral} /> : null}
      <p role="status" className={why === null ? "good" : "stop"}>
        {why !== null
          ? `✕ ${t("rescue.cannot")}：${t(`rescue.why-${why.why}`, "first" in why ? { first: why.first, last: why.last } : {})}`
          : central === undefined
            ? ""
            : `✓ ${t("rescue.centralFine", { central, highest })}`}
      </p>
      <div className="buttons">
        <ActButton
          text={t("rescue.use")}
          ask={() => model.ask("rescue.use", { centralHighest: central ?? null })}
          onDone={onUsed}
          isDisabled={why !== null || (asksCentral && central === undefined)}
          question={{ title: t("rescue.useTitle"), text: t("rescue.useText", { count: entries }) }}
          isMain
        />
      </div>
    </Section>
  );
};
