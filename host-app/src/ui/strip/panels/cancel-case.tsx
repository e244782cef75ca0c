import { useTranslation } from "react-i18next";
import { cancelTarget } from "../actions.ts";
import type { PanelProps } from "../panel-props.ts";
import { useAskedAbout } from "./asked-about.ts";
import { Form } from "./form.tsx";

/** Asks once: a case that is cancelled cannot be rated, and an invitation that was taken back is not given again by itself. */
export const CancelCase = ({ model, state, close }: PanelProps) => {
  const { t } = useTranslation();
  const { asked: target, send } = useAskedAbout(cancelTarget(state), { model, close });
  if (target === null) return <p className="hint">{t("why.nothingToCancel")}</p>;
  const { caseNo, visitNo } = target;
  const submit = (): Promise<void> => send(() => model.act("case.cancel", { caseNo, visitNo }, t("cancel.cancelled", { caseNo })));
  return (
    <Form title={t("cancel.title")} submit={t(target.is === "case" ? "cancel.yes" : "cancel.takeBack")} onSubmit={submit} onClose={close}>
      <p className="question wide">{target.is === "case" ? t("cancel.askCase", { caseNo }) : t("cancel.askInvite", { caseNo })}</p>
    </Form>
  );
};
