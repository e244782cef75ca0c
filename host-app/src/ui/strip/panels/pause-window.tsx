import { Input } from "antd";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import type { PanelProps } from "../panel.tsx";
import { Field, Form } from "./form.tsx";

/** 暂停服务, with words for the pad's screen if the clerk wants to give some. */
export const PauseWindow = ({ model, close }: PanelProps) => {
  const { t } = useTranslation();
  const [text, setText] = useState("");
  const submit = async (): Promise<void> => {
    const done = await model.act("window.pause", { text }, t("pause.paused"));
    if (done !== undefined) close();
  };
  return (
    <Form title={t("pause.title")} submit={t("action.pause")} onSubmit={submit} onClose={close}>
      <Field label={t("pause.text")} wide>
        {(id) => <Input id={id} data-first value={text} maxLength={40} onChange={(event) => setText(event.target.value)} />}
      </Field>
    </Form>
  );
};
