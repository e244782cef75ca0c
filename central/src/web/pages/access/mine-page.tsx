import { useQuery, useQueryClient } from "@tanstack/react-query";
import { Alert, Button, Tag } from "antd";
import { type ReactNode, useState } from "react";
import type { z } from "zod";
import { sessionListSchema } from "../../../access/session-schema.ts";
import { ask, send } from "../../api/request.ts";
import { Answered } from "../../elements/answered.tsx";
import { Facts } from "../../elements/facts.tsx";
import { FailureNote } from "../../elements/failure-note.tsx";
import { Page } from "../../elements/page.tsx";
import { type Column, Table } from "../../elements/table.tsx";
import { Time } from "../../elements/time.tsx";
import { PasswordForm } from "../../frame/password-form.tsx";
import { useSessionAnswer } from "../../frame/viewer.ts";
import { useWords } from "../../words/use-words.ts";

type Session = z.infer<typeof sessionListSchema>["sessions"][number];

const KEY = ["sessions"] as const;

/** One's own account: who one is, where one is signed in, another password. */
export const MinePage = (): ReactNode => {
  const { t, code } = useWords();
  const { viewer, way } = useSessionAnswer();
  const [saved, setSaved] = useState(false);
  return (
    <Page title={t("title.mine")}>
      <section className="card">
        <h2>{t("mine.who")}</h2>
        <Facts
          facts={[
            [t("accounts.displayName"), viewer.displayName],
            [t("accounts.name"), viewer.name],
            [t("accounts.role"), code("role", viewer.role)],
          ]}
        />
      </section>
      <section className="card">
        <h2>{t("mine.sessions")}</h2>
        <Sessions />
      </section>
      <section className="card">
        <h2>{t("mine.password")}</h2>
        {saved ? <Alert type="success" showIcon role="status" className="note" title={t("login.saved")} /> : null}
        {way === "oidc" ? <p>{t("mine.oidcPassword")}</p> : <PasswordForm onSaved={() => setSaved(true)} />}
      </section>
    </Page>
  );
};

const Sessions = (): ReactNode => {
  const { t, code } = useWords();
  const queries = useQueryClient();
  const sessions = useQuery({ queryKey: KEY, queryFn: ({ signal }) => ask(sessionListSchema, "/sessions", { signal }) });
  const [error, setError] = useState<unknown>(null);
  const end = async (path: string): Promise<void> => {
    setError(null);
    try {
      await send(path, { method: "DELETE" });
      await queries.invalidateQueries({ queryKey: KEY });
    } catch (failure) {
      setError(failure);
    }
  };
  const columns: Column<Session>[] = [
    {
      key: "device",
      title: t("mine.device"),
      look: "wide",
      cell: ({ device, isThis }) => (
        <>
          {isThis ? <Tag color="success">{t("mine.thisOne")}</Tag> : null} {device}
        </>
      ),
    },
    { key: "address", title: t("mine.address"), look: "nowrap", cell: ({ address }) => address },
    { key: "way", title: t("frame.kind"), look: "nowrap", cell: ({ way }) => code("way", way) },
    { key: "started", title: t("mine.started"), look: "nowrap", cell: ({ startedAtMs }) => <Time at={startedAtMs} /> },
    { key: "seen", title: t("mine.lastSeen"), look: "nowrap", cell: ({ lastSeenAtMs }) => <Time at={lastSeenAtMs} /> },
    {
      key: "end",
      title: t("accounts.actions"),
      cell: ({ sessionNo, isThis }) =>
        isThis ? null : <Button onClick={() => void end(`/sessions/${sessionNo}`)}>{t("mine.end")}</Button>,
    },
  ];
  return (
    <Answered asked={sessions}>
      {(answer) => (
        <>
          {error === null ? null : <FailureNote error={error} />}
          <Table label={t("mine.sessions")} columns={columns} rows={answer.sessions} rowKey={({ sessionNo }) => sessionNo} />
          {answer.sessions.length > 1 ? <Button onClick={() => void end("/sessions")}>{t("mine.endOthers")}</Button> : null}
        </>
      )}
    </Answered>
  );
};
