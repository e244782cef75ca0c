import { useState } from "react";
import { useTranslation } from "react-i18next";
import { clerkText, mayHaveServed } from "../actions.ts";
import type { PanelProps } from "../panel-props.ts";
import { useAskedAbout } from "./asked-about.ts";
import { Choice, Form } from "./form.tsx";

/** Two could have served this case: the clerk says which, and nobody is chosen beforehand. */
export const WhoServed = ({ model, state, close }: PanelProps) => {
  const { t } = useTranslation();
  const [staffNo, setStaffNo] = useState<string | null>(null);
  const { asked, send } = useAskedAbout(state.openCase, { model, close });
  const submit = async (): Promise<void> => {
    if (staffNo === null || asked === null) return model.say("refused", t("endCase.whoServed"));
    const { caseNo, visitNo } = asked;
    await send(() => model.act("case.end", { caseNo, visitNo, staffNo }, t("endCase.ended", { caseNo })));
  };
  return (
    <Form title={t("action.endCase")} submit={t("action.endCase")} onSubmit={submit} onClose={close}>
      <Choice
        label={t("endCase.whoServed")}
        value={staffNo}
        onChange={setStaffNo}
        options={mayHaveServed(state).map((clerk) => ({ value: clerk.staffNo, text: clerkText(clerk) }))}
        wide
        isFirst
      />
      <p className="hint">{t("endCase.whoWhy")}</p>
    </Form>
  );
};
