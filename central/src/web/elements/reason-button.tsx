import { Button, Input, Modal } from "antd";
import { type FormEvent, type ReactNode, useId, useState } from "react";
import { useWords } from "../words/use-words.ts";
import { FormEnd } from "./form-end.tsx";

interface ReasonButtonProps {
  readonly text: string;
  /** The question, and what a yes brings about. */
  readonly question: string;
  readonly explanation: string;
  /** What the decision is about. */
  readonly about?: ReactNode;
  readonly onReason: (reason: string) => Promise<unknown>;
  readonly look?: "primary" | "default";
}

/** A button for what is done with a reason only, since it goes on record. */
export const ReasonButton = ({ text, question, look = "default", ...rest }: ReasonButtonProps): ReactNode => {
  const [open, setOpen] = useState(false);
  return (
    <>
      <Button type={look} onClick={() => setOpen(true)}>
        {text}
      </Button>
      <Modal open={open} title={question} footer={null} onCancel={() => setOpen(false)} destroyOnHidden>
        <ReasonForm {...rest} submit={text} onClose={() => setOpen(false)} />
      </Modal>
    </>
  );
};

interface ReasonFormProps extends Pick<ReasonButtonProps, "explanation" | "about" | "onReason"> {
  readonly submit: string;
  readonly onClose: () => void;
}

const ReasonForm = ({ explanation, about = null, onReason, submit, onClose }: ReasonFormProps): ReactNode => {
  const { t } = useWords();
  const [reason, setReason] = useState("");
  const [fault, setFault] = useState<string | null>(null);
  const [error, setError] = useState<unknown>(null);
  const [busy, setBusy] = useState(false);
  const reasonId = useId();
  const send = async (event: FormEvent): Promise<void> => {
    event.preventDefault();
    setError(null);
    setFault(reason.trim() === "" ? t("steps.reasonMissing") : null);
    if (reason.trim() === "") return;
    setBusy(true);
    try {
      await onReason(reason.trim());
      onClose();
    } catch (failure) {
      setError(failure);
    } finally {
      setBusy(false);
    }
  };
  return (
    <form onSubmit={(event) => void send(event)} className="look-form" noValidate>
      <p>{explanation}</p>
      {about}
      <label htmlFor={reasonId}>{t("steps.reason")}</label>
      <Input.TextArea id={reasonId} rows={3} maxLength={200} value={reason} onChange={({ target }) => setReason(target.value)} />
      <p className="quiet">{t("steps.onRecord")}</p>
      <FormEnd fault={fault} error={error} busy={busy} submit={submit} onCancel={onClose} />
    </form>
  );
};
