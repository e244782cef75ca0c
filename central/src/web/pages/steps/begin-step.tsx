import { useQueryClient } from "@tanstack/react-query";
import { Button, Input, Modal } from "antd";
import { type FormEvent, type ReactNode, useId, useState } from "react";
import type { z } from "zod";
import type { newStepSchema } from "../../../console/contract/steps.ts";
import { CHANNELS, CLASSES, RULE_NAMES, type RuleId } from "../../../policy/vocabulary.ts";
import { call } from "../../api/call.ts";
import { Choice } from "../../elements/filters.tsx";
import { FormEnd } from "../../elements/form-end.tsx";
import { useWords } from "../../words/use-words.ts";

/** Steps of the handling of a rating; reminders and bulletins are none of it. */
const HANDLING = [
  "hand-over",
  "response",
  "verification",
  "rectification",
  "rectification-extended",
  "report",
  "review",
] as const satisfies readonly RuleId[];

/** Begins a step of the handling of a rating. */
export const BeginStepButton = (): ReactNode => {
  const { t } = useWords();
  const [open, setOpen] = useState(false);
  return (
    <>
      <Button onClick={() => setOpen(true)}>{t("steps.begin")}</Button>
      <Modal open={open} onCancel={() => setOpen(false)} title={t("steps.beginHeading")} footer={null} destroyOnHidden>
        <BeginForm onClose={() => setOpen(false)} />
      </Modal>
    </>
  );
};

/** What was filled in, as the route takes it; undefined if something that is always needed is missing. */
const askedOf = (filled: FormData): z.input<typeof newStepSchema> | undefined => {
  const field = (name: string): string => String(filled.get(name) ?? "").trim();
  const ratingNo = Number(field("ratingNo"));
  const at = field("at");
  if (!Number.isSafeInteger(ratingNo) || ratingNo < 1 || at === "" || field("rule") === "") return undefined;
  const given = Object.fromEntries(
    ["class", "channel", "reason", "approvedBy"].map((name) => [name, field(name)]).filter(([, value]) => value !== ""),
  );
  return { ratingNo, at: `${at}+08:00`, rule: field("rule") as RuleId, ...given };
};

const BeginForm = ({ onClose }: { readonly onClose: () => void }): ReactNode => {
  const { t, both, code } = useWords();
  const queries = useQueryClient();
  const [error, setError] = useState<unknown>(null);
  const [fault, setFault] = useState<string | null>(null);
  const [busy, setBusy] = useState(false);
  const id = useId();

  const send = async (event: FormEvent<HTMLFormElement>): Promise<void> => {
    event.preventDefault();
    const json = askedOf(new FormData(event.currentTarget));
    setFault(json === undefined ? t("steps.beginMissing") : null);
    setError(null);
    if (json === undefined) return;
    setBusy(true);
    try {
      await call("beginStep", {}, { json });
      await queries.invalidateQueries({ queryKey: ["steps"] });
      onClose();
    } catch (failure) {
      setError(failure);
    } finally {
      setBusy(false);
    }
  };
  const choice = (name: string, label: string, options: readonly { value: string; text: string }[]): ReactNode => (
    <>
      <label htmlFor={`${id}-${name}`}>{label}</label>
      <Choice id={`${id}-${name}`} name={name} defaultValue="" anything={t("steps.notSaid")} options={options} />
    </>
  );
  return (
    <form onSubmit={(event) => void send(event)} className="look-form" noValidate>
      <label htmlFor={`${id}-rating`}>{t("steps.ratingNo")}</label>
      <Input id={`${id}-rating`} name="ratingNo" inputMode="numeric" maxLength={15} autoComplete="off" />
      {choice(
        "rule",
        t("steps.step"),
        HANDLING.map((value) => ({ value, text: both(RULE_NAMES[value]) })),
      )}
      {choice(
        "class",
        t("explain.class"),
        CLASSES.map((value) => ({ value, text: code("class", value) })),
      )}
      {choice(
        "channel",
        t("explain.channel"),
        CHANNELS.map((value) => ({ value, text: code("reviewChannel", value) })),
      )}
      <label htmlFor={`${id}-at`}>{t("steps.at")}</label>
      <Input id={`${id}-at`} name="at" type="datetime-local" />
      <p className="quiet">{t("steps.extensionOnly")}</p>
      <label htmlFor={`${id}-reason`}>{t("steps.reason")}</label>
      <Input.TextArea id={`${id}-reason`} name="reason" rows={2} maxLength={500} />
      <label htmlFor={`${id}-approver`}>{t("steps.approverOptional")}</label>
      <Input id={`${id}-approver`} name="approvedBy" maxLength={64} autoComplete="off" />
      <p className="quiet">{t("steps.onRecord")}</p>
      <FormEnd fault={fault} error={error} busy={busy} submit={t("steps.begin")} onCancel={onClose} />
    </form>
  );
};
