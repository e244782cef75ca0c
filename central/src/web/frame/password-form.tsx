import { useQueryClient } from "@tanstack/react-query";
import { Button, Input } from "antd";
import { type FormEvent, type ReactNode, useId, useState } from "react";
import { changePassword, SESSION_KEY, useSignInOffer } from "../api/session.ts";
import { FailureNote } from "../elements/failure-note.tsx";
import { useWords } from "../words/use-words.ts";

const LEAST = 12;

/** Changes one's own password. Central judges it; what can be seen here is told at once. */
export const PasswordForm = ({ onSaved }: { readonly onSaved?: () => void }): ReactNode => {
  const { t } = useWords();
  const queries = useQueryClient();
  const least = useSignInOffer().data?.passwordLeast ?? LEAST;
  const [error, setError] = useState<unknown>(null);
  const [fault, setFault] = useState<string | null>(null);
  const [busy, setBusy] = useState(false);
  const ids = { old: useId(), next: useId(), repeat: useId(), fault: useId() };

  const submit = async (event: FormEvent<HTMLFormElement>): Promise<void> => {
    event.preventDefault();
    const form = event.currentTarget;
    const filled = new FormData(form);
    const [old, next, repeat] = ["old", "next", "repeat"].map((name) => String(filled.get(name))) as [string, string, string];
    const seen = [...next].length < least ? t("login.tooShort", { least }) : next !== repeat ? t("login.different") : null;
    setFault(seen);
    setError(null);
    if (seen !== null) return;
    setBusy(true);
    try {
      const session = await changePassword(old, next);
      form.reset();
      onSaved?.();
      queries.setQueryData(SESSION_KEY, session);
    } catch (failure) {
      setError(failure);
    } finally {
      setBusy(false);
    }
  };

  const field = (id: string, name: string, label: string, autoComplete: string): ReactNode => (
    <div className="door-field">
      <label htmlFor={id}>{label}</label>
      <Input.Password id={id} name={name} size="large" autoComplete={autoComplete} required maxLength={128} />
    </div>
  );
  return (
    <form onSubmit={(event) => void submit(event)} className="password-form">
      {error === null ? null : <FailureNote error={error} />}
      {field(ids.old, "old", t("login.old"), "current-password")}
      {field(ids.next, "next", t("login.new"), "new-password")}
      <p className="quiet">{t("login.rule", { least })}</p>
      {field(ids.repeat, "repeat", t("login.repeat"), "new-password")}
      {fault === null ? null : (
        <p className="field-fault" role="alert">
          {fault}
        </p>
      )}
      <Button type="primary" htmlType="submit" size="large" loading={busy}>
        {t("login.save")}
      </Button>
    </form>
  );
};
