import { Button, Input, type InputRef } from "antd";
import { useRef, useState } from "react";
import { useTranslation } from "react-i18next";
import type { PanelProps } from "../panel-props.ts";
import { Field, Form } from "./form.tsx";

/** What is said most; a press puts it into the field, where it may be completed. */
const USUAL = ["lunch", "away", "repair"] as const;

/** 暂停服务, with words for the pad's screen if the clerk wants to give some. */
export const PauseWindow = ({ model, close }: PanelProps) => {
  const { t } = useTranslation();
  const [text, setText] = useState("");
  const field = useRef<InputRef>(null);
  const submit = async (): Promise<void> => {
    const done = await model.act("window.pause", { text }, t("pause.paused"));
    if (done !== undefined) close();
  };
  return (
    <Form title={t("pause.title")} submit={t("action.pause")} onSubmit={submit} onClose={close}>
      <Field label={t("pause.text")} wide>
        {(id) => <Input id={id} ref={field} data-first value={text} maxLength={40} onChange={(event) => setText(event.target.value)} />}
      </Field>
      <div className="wide usual">
        {USUAL.map((one) => (
          <Button
            key={one}
            size="small"
            onClick={() => {
              setText(t(`pause.${one}`));
              field.current?.focus();
            }}
          >
            {t(`pause.${one}`)}
          </Button>
        ))}
      </div>
    </Form>
  );
};
