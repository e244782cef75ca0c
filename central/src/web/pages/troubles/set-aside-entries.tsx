import { type ReactNode, useState } from "react";
import type { z } from "zod";
import type { setAsideListSchema } from "../../../console/contract/troubles.ts";
import { usePages } from "../../api/use-answer.ts";
import { Filters, useFilters } from "../../elements/filters.tsx";
import { ListPages } from "../../elements/list-pages.tsx";
import { momentText } from "../../elements/moment.ts";
import { Nothing } from "../../elements/nothing.tsx";
import { usePlaceFields } from "../../elements/place-fields.ts";
import { type Column, Table } from "../../elements/table.tsx";
import { Time } from "../../elements/time.tsx";
import { useMay } from "../../frame/viewer.ts";
import { ERROR_WORDS } from "../../words/errors.ts";
import { useWords } from "../../words/use-words.ts";
import { DecideButtons, UndecidedFacts } from "./decide-entry.tsx";
import { EntryFileForm } from "./entry-file-form.tsx";
import { RetakeAllButton, RetakeEntryButton, type Retaken, RetakenNote } from "./retake-entries.tsx";

type Entry = z.infer<typeof setAsideListSchema>["setAside"][number];

export const SetAsideEntries = (): ReactNode => {
  const { t, code, language } = useWords();
  const zh = (error: string) => (language === "zh" ? ERROR_WORDS[error] : undefined);
  const values = useFilters(["hall", "window", "code", "state"]);
  const mayRetake = useMay("do:retake");
  const mayDecide = useMay("do:decide");
  const [retaken, setRetaken] = useState<Retaken | null>(null);
  const entries = usePages("setAside", values);
  const open = entries.data?.pages[0]?.open ?? 0;
  const places = usePlaceFields().filter(({ name }) => name !== "agency");
  const columns: Column<Entry>[] = [
    { key: "time", title: t("troubles.received"), look: "nowrap", cell: ({ receivedAtMs }) => <Time at={receivedAtMs} /> },
    {
      key: "where",
      title: t("frame.window"),
      look: "nowrap",
      cell: ({ windowNo, number, fromFile }) => (
        <>
          <div>{t("frame.windowNo", { no: windowNo })}</div>
          <div className="quiet">{t("troubles.number", { no: number })}</div>
          {fromFile ? <div className="quiet">{t("troubles.fromFile")}</div> : null}
        </>
      ),
    },
    {
      key: "why",
      title: t("troubles.why"),
      look: "wide",
      cell: ({ code: error, detail }) => (
        <>
          <div>
            {error} {zh(error)?.title ?? ""}
          </div>
          <div className="quiet">{detail}</div>
        </>
      ),
    },
    { key: "advice", title: t("troubles.whatToDo"), look: "wide", cell: ({ code: error, advice }) => zh(error)?.advice ?? advice },
    {
      key: "act",
      title: t("frame.state"),
      cell: (row) =>
        row.retaken !== null ? (
          <Settled row={row} retaken={row.retaken} />
        ) : mayRetake ? (
          <>
            {row.undecided === null ? null : <div className="quiet">{t("troubles.waitsForDecision")}</div>}
            <RetakeEntryButton setAsideNo={row.setAsideNo} onRetaken={setRetaken} />
          </>
        ) : row.undecided === null ? (
          code("refusedState", "open")
        ) : (
          t("troubles.waitsForDecision")
        ),
    },
  ];
  return (
    <>
      <p className="intro">{t("troubles.setAsideIntro")}</p>
      <Filters
        fields={[
          ...places,
          { name: "code", label: t("frame.error"), as: "text" },
          {
            name: "state",
            label: t("frame.state"),
            as: "choice",
            anything: code("refusedState", "open"),
            options: ["retaken", "all"].map((value) => ({ value, text: code("refusedState", value) })),
          },
        ]}
        values={values}
      />
      {mayRetake ? <EntryFileForm /> : null}
      {retaken === null ? null : <RetakenNote retaken={retaken} />}
      {open === 0 || !mayRetake ? null : <RetakeAllButton open={open} values={values} onRetaken={setRetaken} />}
      <ListPages
        asked={entries}
        rowsOf={(page) => page.setAside}
        empty={<Nothing title={t("troubles.noSetAside")} advice={t("troubles.noRefusedAdvice")} />}
      >
        {(rows) => (
          <Table
            label={t("troubles.setAsideTab")}
            columns={columns}
            rows={rows}
            rowKey={({ setAsideNo }) => setAsideNo}
            below={(row) => (
              <>
                {row.undecided === null ? null : <UndecidedFacts undecided={row.undecided} />}
                {row.undecided === null || !mayDecide ? null : (
                  <DecideButtons row={row} undecided={row.undecided} onDecided={(answer) => setRetaken({ is: "one", answer })} />
                )}
                {row.entry === null ? (
                  <p className="quiet">{t("troubles.hiddenLevel")}</p>
                ) : (
                  <details>
                    <summary>{t("troubles.content")}</summary>
                    <pre className="detail">{row.entry}</pre>
                  </details>
                )}
              </>
            )}
          />
        )}
      </ListPages>
    </>
  );
};

const Settled = ({ row, retaken }: { readonly row: Entry; readonly retaken: NonNullable<Entry["retaken"]> }): ReactNode => {
  const { t } = useWords();
  const { outcome, reason, by, atMs, toldAtMs } = retaken;
  const values = { time: momentText(atMs), by };
  if (reason !== null) return t(outcome === "left" ? "troubles.left" : "troubles.counted", { ...values, reason });
  return (
    <>
      <div>{t("troubles.retakenBy", values)}</div>
      {row.fromFile ? null : <div className="quiet">{toldAtMs === null ? t("troubles.untold") : t("troubles.told")}</div>}
    </>
  );
};
