import { useInfiniteQuery } from "@tanstack/react-query";
import type { ReactNode } from "react";
import { Link } from "react-router";
import type { z } from "zod";
import { accessEventListSchema, lookListSchema } from "../../../access/session-schema.ts";
import { addressOf } from "../../api/call.ts";
import { ask } from "../../api/request.ts";
import { ListPages } from "../../elements/list-pages.tsx";
import { Nothing } from "../../elements/nothing.tsx";
import { Page } from "../../elements/page.tsx";
import { type Column, Table } from "../../elements/table.tsx";
import { Tabs, useTab } from "../../elements/tabs.tsx";
import { Time } from "../../elements/time.tsx";
import { useWords } from "../../words/use-words.ts";

type Look = z.infer<typeof lookListSchema>["looks"][number];
type AccessEvent = z.infer<typeof accessEventListSchema>["events"][number];

const PAGE_ROWS = 50;

/** Pages of a record that are asked for by the number of the last row. */
const useRecord = <P,>(path: string, schema: z.ZodType<P>, lastOf: (page: P) => number | undefined) =>
  useInfiniteQuery({
    queryKey: [path],
    queryFn: ({ signal, pageParam }) => ask(schema, addressOf(path, {}, { limit: PAGE_ROWS, before: pageParam }), { signal }),
    initialPageParam: "" as number | "",
    getNextPageParam: lastOf,
  });

export const AuditPage = (): ReactNode => {
  const { t } = useWords();
  const tab = useTab(["looks", "events"]);
  return (
    <Page title={t("title.audit")}>
      <Tabs
        label={t("title.audit")}
        tabs={[
          { name: "looks", text: t("audit.looks") },
          { name: "events", text: t("audit.events") },
        ]}
      />
      {tab === "looks" ? <Looks /> : <Events />}
    </Page>
  );
};

const Looks = (): ReactNode => {
  const { t, code } = useWords();
  const looks = useRecord("/audit/looks", lookListSchema, (page) =>
    page.looks.length < PAGE_ROWS ? undefined : page.looks.at(-1)?.lookNo,
  );
  const columns: Column<Look>[] = [
    { key: "time", title: t("frame.time"), look: "nowrap", cell: ({ atMs }) => <Time at={atMs} /> },
    {
      key: "who",
      title: t("audit.who"),
      cell: ({ displayName, name, role }) => (
        <>
          <div>{displayName}</div>
          <div className="quiet">
            {name} · {code("role", role)}
          </div>
        </>
      ),
    },
    {
      key: "subject",
      title: t("audit.subject"),
      look: "nowrap",
      cell: ({ subject, subjectNo }) => (
        <Link to={`/${subject}s/${encodeURIComponent(subjectNo)}`}>
          {code("lookSubject", subject)} {subjectNo}
        </Link>
      ),
    },
    { key: "purpose", title: t("audit.purpose"), look: "nowrap", cell: ({ purpose }) => code("purpose", purpose) },
    { key: "reason", title: t("audit.reason"), look: "wide", cell: ({ reason }) => reason },
    { key: "address", title: t("audit.address"), look: "nowrap", cell: ({ address }) => address },
  ];
  return (
    <>
      <p className="intro">{t("audit.looksIntro")}</p>
      <ListPages asked={looks} rowsOf={(page) => page.looks} empty={<Nothing title={t("audit.noLooks")} />}>
        {(rows) => <Table label={t("audit.looks")} columns={columns} rows={rows} rowKey={({ lookNo }) => lookNo} />}
      </ListPages>
    </>
  );
};

const Events = (): ReactNode => {
  const { t, code } = useWords();
  const events = useRecord("/audit/events", accessEventListSchema, (page) =>
    page.events.length < PAGE_ROWS ? undefined : page.events.at(-1)?.eventNo,
  );
  const columns: Column<AccessEvent>[] = [
    { key: "time", title: t("frame.time"), look: "nowrap", cell: ({ atMs }) => <Time at={atMs} /> },
    { key: "what", title: t("audit.what"), look: "nowrap", cell: ({ kind }) => code("event", kind) },
    { key: "who", title: t("audit.who"), cell: ({ name }) => name ?? "—" },
    { key: "by", title: t("audit.by"), cell: ({ by }) => by ?? "—" },
    { key: "detail", title: t("audit.detail"), look: "wide", cell: ({ detail }) => detail ?? "—" },
    { key: "address", title: t("audit.address"), look: "nowrap", cell: ({ address }) => address ?? "—" },
  ];
  return (
    <ListPages asked={events} rowsOf={(page) => page.events} empty={<Nothing title={t("audit.noEvents")} />}>
      {(rows) => <Table label={t("audit.events")} columns={columns} rows={rows} rowKey={({ eventNo }) => eventNo} />}
    </ListPages>
  );
};
