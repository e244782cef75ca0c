import { Input } from "antd";
import { type FormEvent, type ReactNode, useId, useState } from "react";
import {
  type Account,
  accountNameSchema,
  type NewAccount,
  type StartPassword,
  startPasswordSchema,
} from "../../../access/session-schema.ts";
import { ROLES, type Role, type Scope } from "../../../access/viewer.ts";
import { ask, send } from "../../api/request.ts";
import { useAnswer } from "../../api/use-answer.ts";
import { Choice } from "../../elements/filters.tsx";
import { FormEnd } from "../../elements/form-end.tsx";
import { useWords } from "../../words/use-words.ts";

interface AccountFormProps {
  /** Null: a new one. */
  readonly account: Account | null;
  readonly onSaved: (start: StartPassword | null) => Promise<void>;
  readonly onCancel: () => void;
}

const ALL = "all";
const textOf = (scope: Scope): string =>
  scope.is === "all" ? ALL : scope.is === "agency" ? `agency ${scope.agencyCode}` : `hall ${scope.hallNo}`;
const scopeOf = (text: string): Scope => {
  if (text.startsWith("agency ")) return { is: "agency", agencyCode: text.slice(7) };
  if (text.startsWith("hall ")) return { is: "hall", hallNo: text.slice(5) };
  return { is: "all" };
};

export const AccountForm = ({ account, onSaved, onCancel }: AccountFormProps): ReactNode => {
  const { t, code } = useWords();
  const ids = { name: useId(), display: useId(), role: useId(), scope: useId() };
  const [role, setRole] = useState<Role>(account?.role ?? "hall");
  const [scope, setScope] = useState(account === null ? "" : textOf(account.scope));
  const [fault, setFault] = useState<string | null>(null);
  const [error, setError] = useState<unknown>(null);
  const [busy, setBusy] = useState(false);
  const scopes = useScopes();

  const faultOf = (name: string, displayName: string): string | null => {
    if (account === null && !accountNameSchema.safeParse(name).success) return t("accounts.nameRule");
    if (displayName === "") return `${t("accounts.displayName")}：${t("accounts.missing")}`;
    if (role === "hall" && !scope.startsWith("hall ")) return t("accounts.hallNeedsHall");
    if (role === "agency" && !scope.startsWith("agency ")) return t("accounts.agencyNeedsAgency");
    return scope === "" ? `${t("accounts.scope")}：${t("accounts.missing")}` : null;
  };

  const submit = async (event: FormEvent<HTMLFormElement>): Promise<void> => {
    event.preventDefault();
    const filled = new FormData(event.currentTarget);
    const [name, displayName] = [String(filled.get("name") ?? "").trim(), String(filled.get("displayName")).trim()];
    const seen = faultOf(name, displayName);
    setFault(seen);
    setError(null);
    if (seen !== null) return;
    setBusy(true);
    try {
      const access = { displayName, role, scope: scopeOf(scope) };
      if (account === null)
        await onSaved(await ask(startPasswordSchema, "/accounts", { method: "POST", body: { name, ...access } satisfies NewAccount }));
      else {
        await send(`/accounts/${account.accountNo}/access`, { method: "POST", body: access });
        await onSaved(null);
      }
    } catch (failure) {
      setError(failure);
      setBusy(false);
    }
  };
  return (
    <form className="stack" onSubmit={(event) => void submit(event)}>
      {account === null ? (
        <>
          <label htmlFor={ids.name}>{t("accounts.name")}</label>
          <Input
            id={ids.name}
            name="name"
            autoComplete="off"
            spellCheck={false}
            autoCapitalize="none"
            aria-describedby={`${ids.name}-rule`}
          />
          <p className="quiet" id={`${ids.name}-rule`}>
            {t("accounts.nameRule")}
          </p>
        </>
      ) : (
        <p>
          {t("accounts.name")}：{account.name}
        </p>
      )}
      <label htmlFor={ids.display}>{t("accounts.displayName")}</label>
      <Input id={ids.display} name="displayName" autoComplete="off" defaultValue={account?.displayName ?? ""} maxLength={64} />
      <label htmlFor={ids.role}>{t("accounts.role")}</label>
      <Choice
        id={ids.role}
        value={role}
        onChange={(value) => setRole(value as Role)}
        options={ROLES.map((value) => ({ value, text: code("role", value) }))}
      />
      <p className="quiet">{code("roleDoes", role)}</p>
      <label htmlFor={ids.scope}>{t("accounts.scope")}</label>
      <Choice id={ids.scope} value={scope} onChange={setScope} anything="—" options={scopes} />
      <FormEnd fault={fault} error={error} busy={busy} submit={t("frame.confirm")} onCancel={onCancel} />
    </form>
  );
};

/** Where an account may see: everything, an agency, or a hall. */
const useScopes = () => {
  const { t } = useWords();
  const { data } = useAnswer("places", {});
  const known = [
    { value: ALL, text: t("accounts.scopeAll") },
    ...(data?.agencies ?? []).map(({ agencyCode, name }) => ({
      value: `agency ${agencyCode}`,
      text: `${t("accounts.scopeAgency")}：${name}`,
    })),
    ...(data?.halls ?? []).map(({ hallNo, name }) => ({ value: `hall ${hallNo}`, text: `${t("accounts.scopeHall")}：${name}` })),
  ];
  return known;
};
