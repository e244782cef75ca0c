import type { ReactNode } from "react";
import { Link } from "react-router";
import type { z } from "zod";
import { type replyListSchema, SMS_STATES, type smsListSchema } from "../../../console/contract/work.ts";
import { usePages } from "../../api/use-answer.ts";
import { Filters, useFilters } from "../../elements/filters.tsx";
import { ListPages } from "../../elements/list-pages.tsx";
import { Nothing } from "../../elements/nothing.tsx";
import { Page } from "../../elements/page.tsx";
import { type Column, Table } from "../../elements/table.tsx";
import { Tabs, useTab } from "../../elements/tabs.tsx";
import { Time } from "../../elements/time.tsx";
import { useWords } from "../../words/use-words.ts";

type Message = z.infer<typeof smsListSchema>["messages"][number];
type Reply = z.infer<typeof replyListSchema>["replies"][number];

export const SmsPage = (): ReactNode => {
  const { t } = useWords();
  const tab = useTab(["sent", "replies"]);
  return (
    <Page title={t("title.sms")} intro={t("sms.intro")}>
      <Tabs
        label={t("title.sms")}
        tabs={[
          { name: "sent", text: t("sms.sent") },
          { name: "replies", text: t("sms.replies") },
        ]}
      />
      {tab === "sent" ? <Messages /> : <Replies />}
    </Page>
  );
};

const CaseLink = ({ caseNo }: { readonly caseNo: string | null }): ReactNode =>
  caseNo === null ? "—" : <Link to={`/cases/${encodeURIComponent(caseNo)}`}>{caseNo}</Link>;

const Messages = (): ReactNode => {
  const { t, code } = useWords();
  const values = useFilters(["state", "caseNo"]);
  const messages = usePages("smsMessages", values);
  const columns: Column<Message>[] = [
    { key: "due", title: t("sms.due"), look: "nowrap", cell: ({ dueMs }) => <Time at={dueMs} /> },
    { key: "kind", title: t("frame.kind"), look: "nowrap", cell: ({ kind }) => code("smsKind", kind) },
    {
      key: "case",
      title: t("frame.caseNo"),
      look: "wide",
      cell: ({ caseNo, item }) => (
        <>
          <CaseLink caseNo={caseNo} />
          {item === null ? null : <div className="quiet">{item}</div>}
        </>
      ),
    },
    {
      key: "state",
      title: t("frame.state"),
      cell: ({ state, fault }) => (
        <>
          {code("sms", state)}
          {fault === null ? null : <div className="quiet">{fault}</div>}
        </>
      ),
    },
    { key: "attempts", title: t("sms.attempts"), look: "number", cell: ({ attempts }) => attempts },
    {
      key: "settled",
      title: t("sms.settled"),
      look: "nowrap",
      cell: ({ settledAtMs }) => (settledAtMs === null ? "—" : <Time at={settledAtMs} />),
    },
  ];
  return (
    <>
      <Filters
        fields={[
          {
            name: "state",
            label: t("frame.state"),
            as: "choice",
            options: SMS_STATES.map((value) => ({ value, text: code("sms", value) })),
          },
          { name: "caseNo", label: t("frame.caseNo"), as: "text" },
        ]}
        values={values}
      />
      <ListPages asked={messages} rowsOf={(page) => page.messages} empty={<Nothing title={t("sms.none")} advice={t("sms.noneAdvice")} />}>
        {(rows) => <Table label={t("sms.sent")} columns={columns} rows={rows} rowKey={({ messageNo }) => messageNo} />}
      </ListPages>
    </>
  );
};

const Replies = (): ReactNode => {
  const { t, code } = useWords();
  const replies = usePages("smsReplies", {});
  const columns: Column<Reply>[] = [
    { key: "received", title: t("sms.received"), look: "nowrap", cell: ({ receivedAtMs }) => <Time at={receivedAtMs} /> },
    {
      key: "outcome",
      title: t("sms.outcome"),
      look: "wide",
      cell: (reply) => code("reply", reply.outcome) + (reply.code === null ? "" : ` ${reply.code}`),
    },
    { key: "case", title: t("frame.caseNo"), cell: ({ caseNo }) => <CaseLink caseNo={caseNo} /> },
    {
      key: "rating",
      title: t("sms.rating"),
      cell: ({ rating }) => (rating === null ? "—" : <Link to={`/ratings/${rating}`}>{rating}</Link>),
    },
  ];
  return (
    <ListPages asked={replies} rowsOf={(page) => page.replies} empty={<Nothing title={t("sms.noReplies")} />}>
      {(rows) => <Table label={t("sms.replies")} columns={columns} rows={rows} rowKey={({ replyNo }) => replyNo} />}
    </ListPages>
  );
};
