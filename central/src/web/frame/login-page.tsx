import { useQueryClient } from "@tanstack/react-query";
import { Alert, Button, Input } from "antd";
import { type FormEvent, type ReactNode, useEffect, useId, useRef, useState } from "react";
import { useSearchParams } from "react-router";
import { type Failure, failureOf } from "../api/failure.ts";
import { SESSION_KEY, signIn, useSignInOffer } from "../api/session.ts";
import { FailureNote } from "../elements/failure-note.tsx";
import { ERROR_WORDS } from "../words/errors.ts";
import { useWords } from "../words/use-words.ts";
import { DoorPage } from "./door-page.tsx";

interface LoginPageProps {
  /** Somebody was signed in here until now. */
  readonly ended: boolean;
}

export const LoginPage = ({ ended }: LoginPageProps): ReactNode => {
  const { t } = useWords();
  const queries = useQueryClient();
  const offer = useSignInOffer();
  const [search] = useSearchParams();
  const [error, setError] = useState<unknown>(null);
  const [missing, setMissing] = useState<"name" | "password" | null>(null);
  const [busy, setBusy] = useState(false);
  const form = useRef<HTMLFormElement>(null);
  const [nameId, passwordId] = [useId(), useId()];

  const submit = async (event: FormEvent<HTMLFormElement>): Promise<void> => {
    event.preventDefault();
    const filled = new FormData(event.currentTarget);
    const [name, password] = [String(filled.get("name")).trim(), String(filled.get("password"))];
    const empty = name === "" ? "name" : password === "" ? "password" : null;
    setMissing(empty);
    if (empty !== null) return form.current?.querySelector<HTMLInputElement>(`[name=${empty}]`)?.focus();
    setBusy(true);
    try {
      const session = await signIn(name, password);
      queries.removeQueries({ predicate: ({ queryKey }) => queryKey[0] !== SESSION_KEY[0] && queryKey[0] !== "sign-in" });
      queries.setQueryData(SESSION_KEY, session);
    } catch (failure) {
      setError(failure);
      setBusy(false);
      form.current?.querySelector<HTMLInputElement>("[name=password]")?.select();
    }
  };

  const oidc = offer.data?.oidc ?? null;
  const failedCode = /^WR\d{4}$/.exec(search.get("sign-in-failed") ?? "")?.[0] ?? null;
  return (
    <DoorPage heading={t("login.heading")}>
      {ended && error === null ? <Alert type="info" showIcon title={t("login.ended")} className="note" /> : null}
      {error === null ? null : <LoginFailure error={error} />}
      {error === null && failedCode !== null ? <ProviderFailure code={failedCode} /> : null}
      <form ref={form} onSubmit={(event) => void submit(event)} noValidate>
        <div className="door-field">
          <label htmlFor={nameId}>{t("login.name")}</label>
          <Input
            id={nameId}
            name="name"
            size="large"
            autoComplete="username"
            autoCapitalize="none"
            spellCheck={false}
            autoFocus
            aria-invalid={missing === "name"}
            aria-describedby={missing === "name" ? `${nameId}-missing` : undefined}
          />
          {missing === "name" ? (
            <p className="field-fault" id={`${nameId}-missing`} role="alert">
              {t("login.nameMissing")}
            </p>
          ) : null}
        </div>
        <div className="door-field">
          <label htmlFor={passwordId}>{t("login.password")}</label>
          <Input.Password
            id={passwordId}
            name="password"
            size="large"
            autoComplete="current-password"
            aria-invalid={missing === "password"}
            aria-describedby={missing === "password" ? `${passwordId}-missing` : undefined}
          />
          {missing === "password" ? (
            <p className="field-fault" id={`${passwordId}-missing`} role="alert">
              {t("login.passwordMissing")}
            </p>
          ) : null}
        </div>
        <Button type="primary" htmlType="submit" size="large" block loading={busy}>
          {t("login.submit")}
        </Button>
      </form>
      {oidc === null ? null : (
        <>
          <p className="door-or">{t("login.oidcOr")}</p>
          <Button size="large" block href={oidc.path}>
            {oidc.label}
          </Button>
        </>
      )}
      <p className="quiet">{t("login.help")}</p>
    </DoorPage>
  );
};

/** The organisation's provider, or central, sent the browser back without a session. */
const ProviderFailure = ({ code }: { readonly code: string }): ReactNode => {
  const { t, language } = useWords();
  const known = language === "zh" ? ERROR_WORDS[code] : undefined;
  return (
    <Alert
      type="error"
      showIcon
      role="alert"
      className="note"
      title={`${code} ${known?.title ?? t("login.oidcFailed")}`}
      description={known?.advice ?? t("login.oidcFailedAdvice")}
    />
  );
};

/** A lock says how long it lasts and counts down; what else failed is told as everywhere. */
const LoginFailure = ({ error }: { readonly error: unknown }): ReactNode => {
  const { t } = useWords();
  const failure = failureOf(error);
  if (failure.is !== "told") return <FailureNote error={error} />;
  if (failure.code === "WR7052")
    return <Alert type="error" showIcon role="alert" className="note" title={t("login.wrong")} description={t("login.wrongAdvice")} />;
  if (failure.code === "WR7053" || failure.code === "WR7029") return <Locked key={failure.detail} failure={failure} />;
  return <FailureNote error={error} />;
};

const Locked = ({ failure }: { readonly failure: Extract<Failure, { is: "told" }> }): ReactNode => {
  const { t } = useWords();
  const [left, setLeft] = useState(failure.retryAfterSeconds);
  useEffect(() => {
    setLeft(failure.retryAfterSeconds);
    const timer = setInterval(() => setLeft((seconds) => (seconds === null ? null : Math.max(0, seconds - 1))), 1000);
    return () => clearInterval(timer);
  }, [failure]);
  const wait = left === null ? "" : left > 90 ? t("login.minutes", { count: Math.ceil(left / 60) }) : t("login.seconds", { count: left });
  return (
    <Alert
      type="warning"
      showIcon
      role="alert"
      className="note"
      title={t("login.locked")}
      description={left === null ? t("login.lockedAdviceLong") : t("login.lockedAdvice", { wait })}
    />
  );
};
