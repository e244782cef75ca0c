import { Tag } from "antd";
import type { ReactNode } from "react";
import type { WindowPcAnswer } from "../../../console/contract/live.ts";
import { usePages } from "../../api/use-answer.ts";
import { useNow } from "../../elements/clock.ts";
import { Filters, useFilters } from "../../elements/filters.tsx";
import { ListPages } from "../../elements/list-pages.tsx";
import { agoOf } from "../../elements/moment.ts";
import { Nothing } from "../../elements/nothing.tsx";
import { Page } from "../../elements/page.tsx";
import { usePlaceFields } from "../../elements/place-fields.ts";
import { type Column, Table } from "../../elements/table.tsx";
import { Time } from "../../elements/time.tsx";
import { useMay } from "../../frame/viewer.ts";
import { useWords } from "../../words/use-words.ts";
import { ChainVerification } from "./chain-verification.tsx";
import { RetireButton } from "./retire-button.tsx";

export const WindowPcsPage = (): ReactNode => {
  const { t } = useWords();
  const values = useFilters(["hall", "window"]);
  const pcs = usePages("windowPcs", values);
  const places = usePlaceFields().filter(({ name }) => name !== "agency");
  return (
    <Page title={t("title.windowPcs")} intro={t("pcs.intro")}>
      <Filters fields={places} values={values} />
      <ListPages asked={pcs} rowsOf={(page) => page.windowPcs} empty={<Nothing title={t("pcs.none")} advice={t("live.noPcAdvice")} />}>
        {(rows) => <PcTable rows={rows} />}
      </ListPages>
    </Page>
  );
};

const PcTable = ({ rows }: { readonly rows: readonly WindowPcAnswer[] }): ReactNode => {
  const { t } = useWords();
  const mayVerify = useMay("see:ratings");
  const mayRetire = useMay("do:retire");
  const now = useNow(30_000);
  const columns: Column<WindowPcAnswer>[] = [
    {
      key: "window",
      title: t("frame.window"),
      look: "nowrap",
      cell: ({ windowNo, isGone }) => (
        <>
          <div>{t("frame.windowNo", { no: windowNo })}</div>
          {isGone ? <Tag>{t("pcs.gone")}</Tag> : null}
        </>
      ),
    },
    {
      key: "seen",
      title: t("pcs.lastSeen"),
      look: "nowrap",
      cell: ({ lastSeenAtMs }) => {
        if (lastSeenAtMs === null) return t("live.neverSeen");
        const [unit, count] = agoOf(lastSeenAtMs, now);
        return (
          <>
            <Time at={lastSeenAtMs} />
            <div className="quiet">{t(`frame.${unit}`, { count })}</div>
          </>
        );
      },
    },
    { key: "queue", title: t("pcs.queue"), look: "number", cell: ({ status }) => status?.waiting ?? "—" },
    { key: "entries", title: t("pcs.entries"), look: "number", cell: ({ highestGapless }) => highestGapless },
    { key: "aside", title: t("live.setAside"), look: "number", cell: ({ setAside }) => setAside },
    { key: "incidents", title: t("live.incidents"), look: "number", cell: ({ incidents, holes }) => incidents + holes },
    {
      key: "clock",
      title: t("pcs.clock"),
      look: "number",
      cell: ({ clockOffsetMs }) => (clockOffsetMs === null ? "—" : t("pcs.seconds", { count: Math.round(clockOffsetMs / 1000) })),
    },
    { key: "version", title: t("pcs.version"), cell: ({ status }) => status?.version ?? "—" },
  ];
  return (
    <Table
      label={t("title.windowPcs")}
      columns={columns}
      rows={rows}
      rowKey={({ windowPcId }) => windowPcId}
      below={(pc) => (
        <div className="row-acts">
          {mayVerify ? <ChainVerification windowPcId={pc.windowPcId} /> : null}
          {mayRetire && !pc.isGone ? <RetireButton pc={pc} /> : null}
        </div>
      )}
    />
  );
};
