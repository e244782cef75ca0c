import { Input } from "antd";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import type { PanelProps } from "../panel-props.ts";
import { Field, Form } from "./form.tsx";

/** Changes a PIN that is known. */
export const ChangePin = (props: PanelProps) => <NewPin {...props} by="pin" />;

/** Sets a PIN with a one-time code of IT staff. */
export const SetPin = (props: PanelProps) => <NewPin {...props} by="code" />;

const NewPin = ({ model, state, close, by }: PanelProps & { by: "pin" | "code" }) => {
  const { t } = useTranslation();
  const [staffNo, setStaffNo] = useState(state.clerk?.staffNo ?? "");
  const [secret, setSecret] = useState("");
  const [newPin, setNewPin] = useState("");
  const [again, setAgain] = useState("");

  const submit = async (): Promise<void> => {
    const missing =
      staffNo.trim() === "" ? "staffNo" : secret === "" ? (by === "pin" ? "oldPin" : "code") : newPin === "" ? "newPin" : null;
    if (missing !== null) return model.say("refused", t("required", { field: t(`signIn.${missing}`) }));
    if (newPin !== again) return model.say("refused", t("signIn.pinsDiffer"));
    const about = { staffNo: staffNo.trim(), newPin };
    const done =
      by === "pin"
        ? await model.act("clerk.changePin", { ...about, pin: secret }, t("signIn.pinChanged"))
        : await model.act("clerk.setPinWithCode", { ...about, code: secret.trim() }, t("signIn.pinSet"));
    if (done !== undefined) close();
  };

  const pinField = (label: string, value: string, change: (value: string) => void) => (
    <Field label={label}>
      {(id) => (
        <Input
          id={id}
          type="password"
          required
          value={value}
          maxLength={32}
          inputMode="numeric"
          autoComplete="off"
          onChange={(event) => change(event.target.value)}
        />
      )}
    </Field>
  );

  return (
    <Form title={t(by === "pin" ? "signIn.changePin" : "signIn.withCode")} submit={t("action.confirm")} onSubmit={submit} onClose={close}>
      <Field label={t("signIn.staffNo")}>
        {(id) => <Input id={id} data-first required value={staffNo} maxLength={32} onChange={(event) => setStaffNo(event.target.value)} />}
      </Field>
      {by === "pin" ? (
        pinField(t("signIn.oldPin"), secret, setSecret)
      ) : (
        <Field label={t("signIn.code")}>
          {(id) => <Input id={id} required value={secret} maxLength={32} onChange={(event) => setSecret(event.target.value)} />}
        </Field>
      )}
      {pinField(t("signIn.newPin"), newPin, setNewPin)}
      {pinField(t("signIn.repeatPin"), again, setAgain)}
    </Form>
  );
};
