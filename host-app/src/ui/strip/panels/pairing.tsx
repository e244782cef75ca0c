import { Button } from "antd";
import { useSyncExternalStore } from "react";
import { useTranslation } from "react-i18next";
import type { PanelProps } from "../panel-props.ts";
import { Form } from "./form.tsx";

/** A business system asks to be paired: who it says to be, from where, and the code to compare with its screen. */
export const PairingPanel = ({ model, close }: PanelProps) => {
  const { t } = useTranslation();
  const { pairing } = useSyncExternalStore(model.subscribe, model.snapshot);
  if (pairing === null) {
    return (
      <Form title={t("pairing.title")} submit={t("action.close")} onSubmit={async () => close()}>
        <p className="hint">{t("pairing.over")}</p>
      </Form>
    );
  }
  const { waiting, mayDecide } = pairing;
  const { code, name, origin } = waiting;
  const confirm = async (): Promise<void> => {
    if ((await model.act("pairing.confirm", { code }, t("pairing.confirmed", { name }))) !== undefined) close();
  };
  const refuse = async (): Promise<void> => {
    if ((await model.act("pairing.refuse", { code }, t("pairing.refused", { name }))) !== undefined) close();
  };
  return (
    <Form
      title={t("pairing.title")}
      submit={mayDecide ? t("pairing.confirm") : t("action.close")}
      onSubmit={mayDecide ? confirm : async () => close()}
      onClose={mayDecide ? close : undefined}
      more={mayDecide && <Button onClick={() => void refuse()}>{t("pairing.refuse")}</Button>}
    >
      {/* Enter must not confirm what nobody has read. */}
      <div className="field wide pairing" data-first tabIndex={-1}>
        <p>{t("pairing.who", { name })}</p>
        <p>{origin === null ? t("pairing.noOrigin") : t("pairing.origin", { origin })}</p>
        <p>
          {t("pairing.code")} <strong className="pairing-code">{code}</strong>
        </p>
        <p>{mayDecide ? t("pairing.compare") : t("pairing.tellIt")}</p>
      </div>
    </Form>
  );
};
