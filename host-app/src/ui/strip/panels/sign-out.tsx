import { Button } from "antd";
import { useTranslation } from "react-i18next";
import type { PanelProps } from "../panel-props.ts";
import { Form } from "./form.tsx";

/** One of two clerks leaves, or all do. */
export const SignOut = ({ model, state, close }: PanelProps) => {
  const { t } = useTranslation();
  const leave = async (staffNo?: string): Promise<void> => {
    const done = await model.act("clerk.signOut", staffNo === undefined ? {} : { staffNo }, t("signIn.signedOut"));
    if (done !== undefined) close();
  };
  const [only, second] = state.clerks;
  return (
    <Form
      title={second === undefined ? t("action.signOut") : t("signIn.whoLeaves")}
      submit={second === undefined ? `${t("action.signOut")} ${only?.name ?? ""}` : t("signIn.all")}
      onSubmit={() => leave()}
      onClose={close}
      more={
        second !== undefined &&
        state.clerks.map(({ staffNo, name }) => (
          <Button key={staffNo} onClick={() => void leave(staffNo)}>
            {name}（{staffNo}）
          </Button>
        ))
      }
    >
      {state.openCase !== null && <p className="hint">{t("signIn.caseStays")}</p>}
    </Form>
  );
};
