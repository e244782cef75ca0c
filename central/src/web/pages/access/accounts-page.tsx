import { useQuery, useQueryClient } from "@tanstack/react-query";
import { Alert, Button, Modal } from "antd";
import { type ReactNode, useState } from "react";
import { type Account, accountListSchema, type StartPassword } from "../../../access/session-schema.ts";
import { ask } from "../../api/request.ts";
import { Answered } from "../../elements/answered.tsx";
import { Page } from "../../elements/page.tsx";
import { useWords } from "../../words/use-words.ts";
import { AccountForm } from "./account-form.tsx";
import { AccountTable } from "./account-table.tsx";

const KEY = ["accounts"] as const;

/** Who may sign in. IT makes accounts here; the first one is made on the command line. */
export const AccountsPage = (): ReactNode => {
  const { t } = useWords();
  const queries = useQueryClient();
  const accounts = useQuery({ queryKey: KEY, queryFn: ({ signal }) => ask(accountListSchema, "/accounts", { signal }) });
  const [edited, setEdited] = useState<Account | "new" | null>(null);
  const [told, setTold] = useState<StartPassword | null>(null);
  const refresh = (): Promise<void> => queries.invalidateQueries({ queryKey: KEY });
  const saved = async (start: StartPassword | null): Promise<void> => {
    setEdited(null);
    setTold(start);
    await refresh();
  };
  return (
    <Page
      title={t("title.accounts")}
      intro={t("accounts.intro")}
      extra={
        <Button type="primary" onClick={() => setEdited("new")}>
          {t("accounts.add")}
        </Button>
      }
    >
      {told === null ? null : <StartPasswordNote told={told} onClose={() => setTold(null)} />}
      <Answered asked={accounts}>
        {(answer) => <AccountTable accounts={answer.accounts} onEdit={setEdited} onStartPassword={setTold} onChanged={refresh} />}
      </Answered>
      <Modal
        open={edited !== null}
        title={edited === "new" ? t("accounts.add") : t("accounts.edit")}
        footer={null}
        onCancel={() => setEdited(null)}
        destroyOnHidden
      >
        {edited === null ? null : (
          <AccountForm account={edited === "new" ? null : edited} onSaved={saved} onCancel={() => setEdited(null)} />
        )}
      </Modal>
    </Page>
  );
};

const StartPasswordNote = ({ told, onClose }: { readonly told: StartPassword; readonly onClose: () => void }): ReactNode => {
  const { t } = useWords();
  return (
    <Alert
      type="warning"
      showIcon
      role="alert"
      className="note"
      closable={{ onClose, "aria-label": t("frame.close") }}
      title={
        <>
          {told.account.displayName}（{told.account.name}）{t("accounts.startPassword")}：
          <code className="start-password">{told.startPassword}</code>
        </>
      }
      description={t("accounts.startPasswordOnce")}
    />
  );
};
