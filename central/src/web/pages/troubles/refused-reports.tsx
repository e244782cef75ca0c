import { useQueryClient } from "@tanstack/react-query";
import { Alert } from "antd";
import { type ReactNode, useState } from "react";
import type { z } from "zod";
import type { refusedListSchema, retakeAnswerSchema } from "../../../console/contract/troubles.ts";
import { call } from "../../api/call.ts";
import { usePages } from "../../api/use-answer.ts";
import { AskButton } from "../../elements/ask-button.tsx";
import { type FilterField, Filters, useFilters } from "../../elements/filters.tsx";
import { ListPages } from "../../elements/list-pages.tsx";
import { momentText } from "../../elements/moment.ts";
import { Nothing } from "../../elements/nothing.tsx";
import { type Column, Table } from "../../elements/table.tsx";
import { Time } from "../../elements/time.tsx";
import { useMay } from "../../frame/viewer.ts";
import { ERROR_WORDS } from "../../words/errors.ts";
import { useWords } from "../../words/use-words.ts";

type Refused = z.infer<typeof refusedListSchema>["refused"][number];
type Retaken = z.infer<typeof retakeAnswerSchema>;

const NAMES = ["kind", "state"] as const;

export const RefusedReports = (): ReactNode => {
  const { t, code } = useWords();
  const values = useFilters(NAMES);
  const reports = usePages("refusedReports", values);
  const [retaken, setRetaken] = useState<Retaken | null>(null);
  const fields: FilterField[] = [
    {
      name: "kind",
      label: t("frame.kind"),
      as: "choice",
      options: ["case", "rating"].map((value) => ({ value, text: code("refusedKind", value) })),
    },
    {
      name: "state",
      label: t("frame.state"),
      as: "choice",
      anything: code("refusedState", "open"),
      options: ["retaken", "all"].map((value) => ({ value, text: code("refusedState", value) })),
    },
  ];
  const open = reports.data?.pages[0]?.open;
  return (
    <>
      <p className="intro">{t("troubles.refusedIntro")}</p>
      <Filters fields={fields} values={values} />
      {retaken === null ? null : <RetakeNote answer={retaken} />}
      {open === undefined || open === 0 ? null : <p>{t("troubles.openCount", { count: open })}</p>}
      <ListPages
        asked={reports}
        rowsOf={(page) => page.refused}
        empty={<Nothing title={t("troubles.noRefused")} advice={t("troubles.noRefusedAdvice")} />}
      >
        {(rows) => <RefusedTable rows={rows} onRetaken={setRetaken} />}
      </ListPages>
    </>
  );
};

const RetakeNote = ({ answer }: { readonly answer: Retaken }): ReactNode => {
  const { code } = useWords();
  const isTaken = answer.answer !== "refused";
  const why = isTaken ? undefined : [answer.code, answer.field, answer.detail].filter((part) => part !== null).join(" · ");
  return (
    <Alert
      type={isTaken ? "success" : "warning"}
      showIcon
      role="status"
      className="note"
      title={code("retake", answer.answer)}
      description={why}
    />
  );
};

interface RefusedTableProps {
  readonly rows: readonly Refused[];
  readonly onRetaken: (answer: Retaken) => void;
}

const RefusedTable = ({ rows, onRetaken }: RefusedTableProps): ReactNode => {
  const { t, code, language } = useWords();
  const mayRetake = useMay("do:retake");
  const queries = useQueryClient();
  const retake = async (refusedNo: number): Promise<void> => {
    onRetaken(await call("retakeReport", { params: { refusedNo: String(refusedNo) } }));
    await queries.invalidateQueries({ queryKey: ["refusedReports"] });
  };
  const advice = (row: Refused): string => (language === "zh" ? (ERROR_WORDS[row.code]?.advice ?? row.advice) : row.advice);
  const columns: Column<Refused>[] = [
    { key: "time", title: t("troubles.received"), look: "nowrap", cell: ({ receivedAtMs }) => <Time at={receivedAtMs} /> },
    {
      key: "what",
      title: t("frame.kind"),
      cell: ({ kind, systemName }) => (
        <>
          <div>{code("refusedKind", kind)}</div>
          <div className="quiet">{systemName}</div>
        </>
      ),
    },
    {
      key: "why",
      title: t("troubles.why"),
      look: "wide",
      cell: (row) => (
        <>
          <div>
            {row.code} {language === "zh" ? (ERROR_WORDS[row.code]?.title ?? "") : ""}
          </div>
          <div className="quiet">
            {row.field}：{row.detail}
          </div>
        </>
      ),
    },
    { key: "advice", title: t("troubles.whatToDo"), look: "wide", cell: advice },
    {
      key: "act",
      title: t("frame.state"),
      cell: (row) =>
        row.retaken !== null ? (
          t("troubles.retaken", { time: momentText(row.retaken.atMs), outcome: code("retake", row.retaken.outcome) })
        ) : mayRetake ? (
          <AskButton
            text={t("troubles.retake")}
            question={t("troubles.retakeAsk")}
            explanation={t("troubles.retakeExplain")}
            onYes={() => retake(row.refusedNo)}
          />
        ) : (
          code("refusedState", "open")
        ),
    },
  ];
  return (
    <Table
      label={t("troubles.refusedTab")}
      columns={columns}
      rows={rows}
      rowKey={({ refusedNo }) => refusedNo}
      below={({ content }) =>
        content === null ? (
          <span className="quiet">{t("troubles.sealedContent")}</span>
        ) : (
          <details>
            <summary>{t("troubles.content")}</summary>
            <pre className="detail">{JSON.stringify(content, null, 2)}</pre>
          </details>
        )
      }
    />
  );
};
