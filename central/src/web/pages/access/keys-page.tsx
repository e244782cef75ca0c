import { useQuery } from "@tanstack/react-query";
import { Tag } from "antd";
import type { ReactNode } from "react";
import { type KeyView, keyListSchema } from "../../../access/session-schema.ts";
import { ask } from "../../api/request.ts";
import { Answered } from "../../elements/answered.tsx";
import { Nothing } from "../../elements/nothing.tsx";
import { Page } from "../../elements/page.tsx";
import { type Column, Table } from "../../elements/table.tsx";
import { Time } from "../../elements/time.tsx";
import { useWords } from "../../words/use-words.ts";

/** The keys that seal what citizens write, as they are. They are made, used and retired on the command line, where the key file is. */
export const KeysPage = (): ReactNode => {
  const { t } = useWords();
  const keys = useQuery({ queryKey: ["keys"], queryFn: ({ signal }) => ask(keyListSchema, "/keys", { signal }) });
  return (
    <Page title={t("title.keys")} intro={t("keys.intro")}>
      <Answered asked={keys}>
        {(answer) => (answer.keys.length === 0 ? <Nothing title={t("keys.none")} /> : <KeyTable keys={answer.keys} />)}
      </Answered>
    </Page>
  );
};

const KeyTable = ({ keys }: { readonly keys: readonly KeyView[] }): ReactNode => {
  const { t, code } = useWords();
  const sealedText = (sealed: KeyView["sealed"]): string => {
    const there = Object.entries(sealed).filter(([, count]) => count > 0);
    return there.length === 0 ? t("frame.none") : there.map(([what, count]) => `${code("sealed", what)} ${count}`).join("；");
  };
  const columns: Column<KeyView>[] = [
    { key: "no", title: t("keys.no"), look: "number", cell: ({ keyNo }) => keyNo },
    { key: "made", title: t("keys.made"), look: "nowrap", cell: ({ madeAtMs }) => <Time at={madeAtMs} /> },
    { key: "state", title: t("frame.state"), cell: (key) => <KeyState view={key} /> },
    { key: "sealed", title: t("keys.sealed"), look: "wide", cell: ({ sealed }) => sealedText(sealed) },
  ];
  return (
    <Table
      label={t("title.keys")}
      columns={columns}
      rows={keys}
      rowKey={({ keyNo }) => keyNo}
      below={({ publicKey }) => (
        <details>
          <summary>{t("keys.publicKey")}</summary>
          <code>{publicKey}</code>
        </details>
      )}
    />
  );
};

const KeyState = ({ view }: { readonly view: KeyView }): ReactNode => {
  const { t } = useWords();
  return (
    <>
      {view.retiredAtMs === null ? null : <Tag>{t("keys.retired")}</Tag>}
      {view.seals ? <Tag color="success">{t("keys.seals")}</Tag> : null}
      {!view.seals && view.retiredAtMs === null && view.sealingSinceMs !== null ? <Tag>{t("keys.opens")}</Tag> : null}
      {view.waitingFor > 0 ? <Tag color="warning">{t("keys.waits", { count: view.waitingFor })}</Tag> : null}
      {!view.held && view.retiredAtMs === null ? <Tag color="error">{t("keys.notHeld")}</Tag> : null}
    </>
  );
};
