import { useQueryClient } from "@tanstack/react-query";
import { Button, Input, Modal } from "antd";
import { type FormEvent, type ReactNode, useId, useState } from "react";
import type { Step } from "../../../console/contract/steps.ts";
import { call } from "../../api/call.ts";
import { FormEnd } from "../../elements/form-end.tsx";
import { useWords } from "../../words/use-words.ts";

interface DateProps {
  readonly step: Step;
}

/** Opens the form in which a person sets the date that the document leaves open. */
export const DateButton = ({ step }: DateProps): ReactNode => {
  const { t, both } = useWords();
  const [open, setOpen] = useState(false);
  const text = step.dueMs === null ? t("steps.setDate") : t("steps.setAnew");
  return (
    <>
      <Button type={step.dueMs === null ? "primary" : "default"} onClick={() => setOpen(true)}>
        {text}
      </Button>
      <Modal
        open={open}
        onCancel={() => setOpen(false)}
        title={t("steps.setHeading", { step: both(step.ruleName) })}
        footer={null}
        destroyOnHidden
      >
        <DateForm step={step} submit={text} onClose={() => setOpen(false)} />
      </Modal>
    </>
  );
};

const DateForm = ({ step, submit, onClose }: DateProps & { readonly submit: string; readonly onClose: () => void }): ReactNode => {
  const { t } = useWords();
  const queries = useQueryClient();
  const [error, setError] = useState<unknown>(null);
  const [fault, setFault] = useState<string | null>(null);
  const [busy, setBusy] = useState(false);
  const [dateId, reasonId, approverId] = [useId(), useId(), useId()];
  const approvalBy = step.extension?.approvalBy ?? null;

  const send = async (event: FormEvent<HTMLFormElement>): Promise<void> => {
    event.preventDefault();
    const filled = new FormData(event.currentTarget);
    const field = (name: string): string => String(filled.get(name) ?? "").trim();
    const [dueDate, reason, approvedBy] = [field("dueDate"), field("reason"), field("approvedBy")];
    const missing =
      dueDate === ""
        ? t("steps.dateMissing")
        : reason === ""
          ? t("steps.reasonMissing")
          : approvalBy !== null && approvedBy === ""
            ? t("steps.approverMissing")
            : null;
    setFault(missing);
    setError(null);
    if (missing !== null) return;
    setBusy(true);
    try {
      const json = { dueDate, reason, ...(approvedBy === "" ? {} : { approvedBy }) };
      await call("dateStep", { params: { stepId: step.stepId } }, { json });
      await queries.invalidateQueries({ queryKey: ["steps"] });
      onClose();
    } catch (failure) {
      setError(failure);
    } finally {
      setBusy(false);
    }
  };
  return (
    <form onSubmit={(event) => void send(event)} className="look-form" noValidate>
      <label htmlFor={dateId}>{t("steps.dueDate")}</label>
      <Input id={dateId} name="dueDate" type="date" />
      <label htmlFor={reasonId}>{t("steps.reason")}</label>
      <Input.TextArea id={reasonId} name="reason" rows={3} maxLength={500} />
      {step.extension === null ? null : (
        <>
          <label htmlFor={approverId}>{approvalBy === null ? t("steps.approverOptional") : t("steps.approver")}</label>
          <Input id={approverId} name="approvedBy" maxLength={64} autoComplete="off" />
        </>
      )}
      <p className="quiet">{t("steps.onRecord")}</p>
      <FormEnd fault={fault} error={error} busy={busy} submit={submit} onCancel={onClose} />
    </form>
  );
};
