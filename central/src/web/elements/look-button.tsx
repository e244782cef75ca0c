import { Alert, Button, Input, Modal } from "antd";
import { type FormEvent, type ReactNode, useId, useState } from "react";
import type { z } from "zod";
import { lookAnswerSchema, PURPOSES, REASON_LENGTH } from "../../access/session-schema.ts";
import { ask } from "../api/request.ts";
import { useMay } from "../frame/viewer.ts";
import { useWords } from "../words/use-words.ts";
import { Facts } from "./facts.tsx";
import { Choice } from "./filters.tsx";
import { FormEnd } from "./form-end.tsx";

interface LookButtonProps {
  readonly subject: "ratings" | "cases";
  readonly no: string;
}
type Look = z.infer<typeof lookAnswerSchema>;

/** Opens what is sealed, after purpose and reason were said and put on record. For who may; others do not see it. */
export const LookButton = ({ subject, no }: LookButtonProps): ReactNode => {
  const { t } = useWords();
  const may = useMay("see:personal");
  const [open, setOpen] = useState(false);
  if (!may) return null;
  return (
    <>
      <Button onClick={() => setOpen(true)}>{t("look.open")}</Button>
      <Modal open={open} onCancel={() => setOpen(false)} title={t("look.heading")} footer={null} destroyOnHidden>
        <LookForm subject={subject} no={no} onClose={() => setOpen(false)} />
      </Modal>
    </>
  );
};

const LookForm = ({ subject, no, onClose }: LookButtonProps & { readonly onClose: () => void }): ReactNode => {
  const { t, code } = useWords();
  const [look, setLook] = useState<Look | null>(null);
  const [error, setError] = useState<unknown>(null);
  const [fault, setFault] = useState<string | null>(null);
  const [busy, setBusy] = useState(false);
  const [purposeId, reasonId] = [useId(), useId()];

  const submit = async (event: FormEvent<HTMLFormElement>): Promise<void> => {
    event.preventDefault();
    const filled = new FormData(event.currentTarget);
    const [purpose, reason] = [String(filled.get("purpose")), String(filled.get("reason")).trim()];
    const seen =
      purpose === ""
        ? t("look.purposeMissing")
        : reason.length < REASON_LENGTH.least
          ? t("look.reasonShort", { least: REASON_LENGTH.least })
          : null;
    setFault(seen);
    setError(null);
    if (seen !== null) return;
    setBusy(true);
    try {
      setLook(await ask(lookAnswerSchema, `/personal/${subject}/${encodeURIComponent(no)}`, { method: "POST", body: { purpose, reason } }));
    } catch (failure) {
      setError(failure);
    } finally {
      setBusy(false);
    }
  };

  if (look !== null) {
    const told = (text: string | null): ReactNode => text ?? <span className="quiet">{t("look.nothing")}</span>;
    return (
      <div role="status">
        {look.readable ? null : <Alert type="error" showIcon className="note" title={t("look.unreadable")} />}
        <Facts
          facts={[
            [t("look.words"), subject === "cases" ? null : told(look.words)],
            [t("look.name"), told(look.name)],
            [t("look.phone"), told(look.phone)],
          ]}
        />
        <p className="quiet">{t("look.recorded", { no: look.lookNo })}</p>
        <Button type="primary" onClick={onClose}>
          {t("frame.close")}
        </Button>
      </div>
    );
  }
  return (
    <form onSubmit={(event) => void submit(event)} className="look-form">
      <Alert type="warning" showIcon className="note" title={t("look.warning")} />
      <label htmlFor={purposeId}>{t("look.purpose")}</label>
      <Choice
        id={purposeId}
        name="purpose"
        defaultValue=""
        anything={t("look.purposeMissing")}
        options={PURPOSES.map((value) => ({ value, text: code("purpose", value) }))}
      />
      <label htmlFor={reasonId}>{t("look.reason")}</label>
      <Input.TextArea id={reasonId} name="reason" rows={3} maxLength={REASON_LENGTH.most} aria-describedby={`${reasonId}-hint`} />
      <p className="quiet" id={`${reasonId}-hint`}>
        {t("look.reasonHint", { least: REASON_LENGTH.least })}
      </p>
      <FormEnd fault={fault} error={error} busy={busy} submit={t("look.submit")} onCancel={onClose} />
    </form>
  );
};
