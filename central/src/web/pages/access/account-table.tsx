import { Button, Tag } from "antd";
import type { ReactNode } from "react";
import { type Account, type StartPassword, startPasswordSchema } from "../../../access/session-schema.ts";
import { ask, send } from "../../api/request.ts";
import { AskButton } from "../../elements/ask-button.tsx";
import { momentText } from "../../elements/moment.ts";
import { type Column, Table } from "../../elements/table.tsx";
import { Time } from "../../elements/time.tsx";
import { useWords } from "../../words/use-words.ts";

interface AccountTableProps {
  readonly accounts: readonly Account[];
  readonly onEdit: (account: Account) => void;
  readonly onStartPassword: (told: StartPassword) => void;
  readonly onChanged: () => Promise<void>;
}

export const AccountTable = ({ accounts, onEdit, onStartPassword, onChanged }: AccountTableProps): ReactNode => {
  const { t, code } = useWords();
  const scopeText = ({ scope }: Account): string =>
    scope.is === "all"
      ? t("accounts.scopeAll")
      : scope.is === "agency"
        ? t("frame.agencyScope", { code: scope.agencyCode })
        : t("frame.hallScope", { no: scope.hallNo });
  const columns: Column<Account>[] = [
    {
      key: "who",
      title: t("accounts.displayName"),
      look: "nowrap",
      cell: ({ displayName, name }) => (
        <>
          <div>{displayName}</div>
          <div className="quiet">{name}</div>
        </>
      ),
    },
    {
      key: "role",
      title: t("accounts.role"),
      cell: (account) => (
        <>
          <div>{code("role", account.role)}</div>
          <div className="quiet">{scopeText(account)}</div>
        </>
      ),
    },
    { key: "status", title: t("accounts.status"), cell: (account) => <Status account={account} /> },
    { key: "sessions", title: t("accounts.sessions"), look: "number", cell: ({ sessions }) => sessions },
    {
      key: "last",
      title: t("accounts.lastSignIn"),
      look: "nowrap",
      cell: ({ lastSignInAtMs }) => (lastSignInAtMs === null ? t("accounts.never") : <Time at={lastSignInAtMs} />),
    },
    {
      key: "actions",
      title: t("accounts.actions"),
      look: "wide",
      cell: (account) => (
        <div className="row-buttons">
          <Button size="small" onClick={() => onEdit(account)}>
            {t("accounts.edit")}
          </Button>
          <Actions account={account} onStartPassword={onStartPassword} onChanged={onChanged} />
        </div>
      ),
    },
  ];
  return <Table label={t("title.accounts")} columns={columns} rows={accounts} rowKey={({ accountNo }) => accountNo} />;
};

const Status = ({ account }: { readonly account: Account }): ReactNode => {
  const { t } = useWords();
  if (account.disabledAtMs !== null) return <Tag>{t("accounts.disabled")}</Tag>;
  if (account.lockedUntilMs !== null) return <Tag color="error">{t("accounts.locked", { time: momentText(account.lockedUntilMs) })}</Tag>;
  if (account.mustChangePassword) return <Tag color="warning">{t("accounts.mustChange")}</Tag>;
  return <Tag color="success">{t("accounts.active")}</Tag>;
};

type Action = "disable" | "enable" | "unlock" | "reset" | "end-sessions";

const Actions = ({
  account,
  onStartPassword,
  onChanged,
}: Omit<AccountTableProps, "accounts" | "onEdit"> & { readonly account: Account }): ReactNode => {
  const { t } = useWords();
  const name = account.displayName;
  const act = async (action: Action): Promise<void> => {
    const path = `/accounts/${account.accountNo}/${action}`;
    if (action === "reset") onStartPassword(await ask(startPasswordSchema, path, { method: "POST" }));
    else await send(path, { method: "POST" });
    await onChanged();
  };
  const isDisabled = account.disabledAtMs !== null;
  return (
    <>
      {account.lockedUntilMs === null || isDisabled ? null : (
        <AskButton
          size="small"
          text={t("accounts.unlock")}
          question={t("accounts.unlockAsk", { name })}
          explanation={t("accounts.unlockExplain")}
          onYes={() => act("unlock")}
        />
      )}
      {isDisabled ? null : (
        <AskButton
          size="small"
          text={t("accounts.reset")}
          question={t("accounts.resetAsk", { name })}
          explanation={t("accounts.resetExplain")}
          onYes={() => act("reset")}
        />
      )}
      {account.sessions === 0 ? null : (
        <AskButton
          size="small"
          text={t("accounts.endSessions")}
          question={t("accounts.endAsk", { name })}
          explanation={t("accounts.endExplain")}
          onYes={() => act("end-sessions")}
        />
      )}
      {isDisabled ? (
        <AskButton
          size="small"
          text={t("accounts.enable")}
          question={t("accounts.enableAsk", { name })}
          explanation={t("accounts.enableExplain")}
          onYes={() => act("enable")}
        />
      ) : (
        <AskButton
          size="small"
          danger
          text={t("accounts.disable")}
          question={t("accounts.disableAsk", { name })}
          explanation={t("accounts.disableExplain")}
          onYes={() => act("disable")}
        />
      )}
    </>
  );
};
