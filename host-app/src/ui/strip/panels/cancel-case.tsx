import { useState } from "react";
import { useTranslation } from "react-i18next";
import { cancelTarget } from "../actions.ts";
import type { PanelProps } from "../panel-props.ts";
import { Form } from "./form.tsx";

/** Asks once: a case that is cancelled cannot be rated, and an invitation that was taken back is not given again by itself. */
export const CancelCase = ({ model, state, close }: PanelProps) => {
  const { t } = useTranslation();
  // What was asked about when it was opened, also if something else came meanwhile.
  const [target] = useState(() => cancelTarget(state));
  if (target === null) return <p className="hint">{t("why.nothingToCancel")}</p>;
  const { caseNo, visitNo } = target;
  const submit = async (): Promise<void> => {
    const done = await model.act("case.cancel", { caseNo, visitNo }, t("cancel.cancelled", { caseNo }));
    if (done !== undefined) close();
  };
  return (
    <Form title={t("cancel.title")} submit={t(target.is === "case" ? "cancel.yes" : "cancel.takeBack")} onSubmit={submit} onClose={close}>
      <p className="question wide">{target.is === "case" ? t("cancel.askCase", { caseNo }) : t("cancel.askInvite", { caseNo })}</p>
    </Form>
  );
};
